"""Secrets Manager: secrets and their versions, each value encrypted under a key of KMS."""
