"""Workers AI: its catalogue, its REST endpoint, and what the binding of the type `ai` speaks to."""
