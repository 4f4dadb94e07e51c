"""What runs in a function's process: the standard library and awslambdaric only; never imported by the host."""
