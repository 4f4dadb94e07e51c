"""Cloudflare on this machine: the v4 API, and a host that runs Workers."""
