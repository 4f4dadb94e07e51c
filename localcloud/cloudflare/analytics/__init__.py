"""Cloudflare's GraphQL Analytics API, with the one dataset that a Worker's requests are in."""
