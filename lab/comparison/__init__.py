"""One comparison from its options to its report: measuring, and putting together what was measured."""
