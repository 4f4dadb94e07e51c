"""The decision table, applied to a workload."""
