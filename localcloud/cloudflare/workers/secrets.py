"""The rules of a script's secrets: each change is a new version of the script, which sees the new value."""

from collections.abc import Mapping
from typing import Any

from localcloud.cloudflare.workers.bindings import SECRET, check_secret
from localcloud.cloudflare.workers.exceptions import BindingNameInUseError, BindingNotFoundError
from localcloud.cloudflare.workers.models import Scripts

_WHY = "secret"


class Secrets:
    """Names and types only ever come out of here."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def all(self, script: str) -> list[dict[str, Any]]:
        """Raises ScriptNotFoundError."""
        bindings = self._scripts.get(script).version.settings["bindings"]
        return [{"name": binding["name"], "type": SECRET} for binding in bindings if binding["type"] == SECRET]

    def get(self, script: str, name: str) -> dict[str, Any]:
        """Raises ScriptNotFoundError, BindingNotFoundError."""
        for secret in self.all(script):
            if secret["name"] == name:
                return secret
        raise BindingNotFoundError(name)

    async def change(self, script: str, changes: Mapping[str, object]) -> None:
        """Sets secrets, and deletes those that are None, in one new version.

        Raises ScriptNotFoundError, ValidationError, BindingNameInUseError, BindingNotFoundError.
        """
        wanted = {name: None if value is None else check_secret(name, value) for name, value in changes.items()}

        def edit(before: list[dict[str, Any]]) -> list[dict[str, Any]]:
            bindings = {binding["name"]: binding for binding in before}
            for name, binding in wanted.items():
                found = bindings.get(name)
                if found is not None and found["type"] != SECRET:
                    raise BindingNameInUseError(name)
                if binding is not None:
                    bindings[name] = binding
                elif bindings.pop(name, None) is None:
                    raise BindingNotFoundError(name)
            return list(bindings.values())

        await self._scripts.change_bindings(script, edit, _WHY)
