"""Cloudflare: a Python Worker."""

from components.cloudflare.http_api import HttpApi, HttpApiArgs

__all__ = ["HttpApi", "HttpApiArgs"]
