"""The comparison of deployments: today the feature matrix; latency, cost, lock-in and the report come next."""

from lab.matrix import Row, read_matrix

__all__ = ["Row", "read_matrix"]
