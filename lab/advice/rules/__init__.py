"""The rows of the decision table, one a file. No figure stands in them: facts, prices and the workload have them."""
