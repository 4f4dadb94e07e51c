"""API Gateway's HTTP APIs: control plane and data plane."""
