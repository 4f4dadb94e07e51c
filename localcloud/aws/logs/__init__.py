"""CloudWatch Logs: groups, streams and events, and the sink of all other services."""
