"""Open-loop load: requests leave on a schedule, and latency counts from the time at which they were to leave."""
