"""The comparison of deployments, by their URLs: `python -m lab`."""

from lab.matrix import Row, read_matrix

__all__ = ["Row", "read_matrix"]
