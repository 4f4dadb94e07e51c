"""Pulumi's provider protocol: values, input checks, names, diffs, and the gRPC service itself."""
