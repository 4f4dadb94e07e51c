"""The Platform port on Cloudflare Workers."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

UNKNOWN = "unknown"
# The name of the binding that components/cloudflare gives the Worker: {"id", "tag", "timestamp"} of its version.
VERSION_BINDING = "CF_VERSION_METADATA"


@dataclass(frozen=True)
class Isolate:
    """This isolate. Its id is made when first asked for, which is during a request.

    Isolates start from one snapshot of the memory after the top level ran: an id drawn there would be the same in all
    of them, and Cloudflare gives no entropy to top-level code.

    Source: Cloudflare's documentation, "How Python Workers work".
    """

    @cached_property
    def instance(self) -> str:
        """16 hexadecimal digits."""
        return os.urandom(8).hex()


@dataclass(frozen=True, slots=True)
class WorkerPlatform:
    """This isolate, as one request sees it: another request may have come through another data centre.

    Most requests ask for none of this, and each look into ``env`` crosses into JavaScript: all is read when asked for.

    :param headers: the request's, as ASGI has them.
    :param env: the Worker's bindings.
    """

    isolate: Isolate
    headers: Iterable[tuple[bytes, bytes]]
    env: object
    cloud: ClassVar[str] = "cloudflare"

    @property
    def region(self) -> str:
        """The data centre's code, such as ``FRA``, from the request header ``CF-Ray`` (``230b030023ae2822-FRA``).

        Cloudflare sets the header itself; without it, as in an editor's preview, the place is ``unknown``.

        Source: Cloudflare's documentation, "Cloudflare HTTP headers", CF-Ray.
        """
        ray = next((value for name, value in self.headers if name == b"cf-ray"), b"")
        return ray.rpartition(b"-")[2].decode("latin-1") or UNKNOWN

    @property
    def version(self) -> str:
        """The Worker version's id, from a binding of the type version_metadata; without one it is ``unknown``."""
        return getattr(getattr(self.env, VERSION_BINDING, None), "id", UNKNOWN)

    @property
    def instance(self) -> str:
        """16 hexadecimal digits."""
        return self.isolate.instance
