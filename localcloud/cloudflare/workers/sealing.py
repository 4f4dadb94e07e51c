"""Secret bindings as they are kept (sealed), as the host gets them (plain), and as the API shows them (neither)."""

from collections.abc import Iterable, Mapping
from typing import Any

from localcloud.cloudflare.vault import SealBrokenError, Vault
from localcloud.cloudflare.workers.bindings import SECRET
from localcloud.cloudflare.workers.exceptions import ValidationError

Binding = dict[str, Any]


def seal(bindings: Iterable[Mapping[str, Any]], vault: Vault, script: str) -> list[Binding]:
    """With every plain text of a secret replaced; what is sealed already stays."""
    return [
        {"name": binding["name"], "type": SECRET, "sealed": vault.seal(binding["text"], _owner(script))}
        if binding["type"] == SECRET and "text" in binding
        else dict(binding)
        for binding in bindings
    ]


def unseal(bindings: Iterable[Mapping[str, Any]], vault: Vault, script: str) -> list[Binding]:
    """The reverse. Raises ValidationError for a secret of another key."""
    return [_plain(binding, vault, script) if binding["type"] == SECRET else dict(binding) for binding in bindings]


def shown(bindings: Iterable[Mapping[str, Any]]) -> list[Binding]:
    """Without any secret's text, sealed or plain: Cloudflare never tells it."""
    return [
        {"name": binding["name"], "type": SECRET} if binding["type"] == SECRET else dict(binding)
        for binding in bindings
    ]


def _plain(binding: Mapping[str, Any], vault: Vault, script: str) -> Binding:
    try:
        text = vault.open(binding["sealed"], _owner(script))
    except SealBrokenError:
        raise ValidationError(
            f"the secret '{binding['name']}' of {script} was sealed with another key than the one that is there; "
            "set it again"
        ) from None
    return {"name": binding["name"], "type": SECRET, "text": text}


def _owner(script: str) -> str:
    return f"workers/{script}"
