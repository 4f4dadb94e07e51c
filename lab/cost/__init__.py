"""What a workload costs on each platform, by a table of prices."""
