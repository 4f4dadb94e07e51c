"""The Secrets port on Cloudflare: secret bindings, each under its declared name.

A binding's value is the Worker version's own: a new one comes with a new version, and with new isolates.
Source: Cloudflare's documentation, "Secrets" (Workers).
"""


class BindingSecrets:
    """Secret values by their declared names, for one request.

    :param env: the Worker's bindings.
    """

    def __init__(self, env: object) -> None:
        self._env = env

    async def read(self, name: str) -> str:
        """The value. Raises KeyError for a name that no secret is bound to."""
        value = getattr(self._env, name, None)
        if not isinstance(value, str):
            raise KeyError(name)
        return value

    async def reread(self, name: str) -> str:
        """The same: nothing newer can be had."""
        return await self.read(name)
