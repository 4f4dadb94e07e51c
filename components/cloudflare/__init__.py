"""Cloudflare: a Python Worker, and what it may use."""

from components.cloudflare.grant import Grant
from components.cloudflare.http_api import HttpApi, HttpApiArgs
from components.cloudflare.secrets import Secrets
from components.cloudflare.state import State, StateArgs
from components.cloudflare.text_model import TextModel

__all__ = ["Grant", "HttpApi", "HttpApiArgs", "Secrets", "State", "StateArgs", "TextModel"]
