"""D1: databases, and queries by REST on the same rows that Workers see."""
