"""KMS: symmetric keys, their aliases, and what is encrypted under them."""
