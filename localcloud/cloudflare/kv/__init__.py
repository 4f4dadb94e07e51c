"""Workers KV: namespaces, and values by REST from the same storage that Workers see."""
