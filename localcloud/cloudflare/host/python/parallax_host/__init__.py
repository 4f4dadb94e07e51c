"""What the Worker host runs in each interpreter beside the script."""
