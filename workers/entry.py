"""The Worker's main module: hands requests to the ASGI application through Cloudflare's own SDK.

It and the package beside it are deployed at the top of the Worker. ``workers`` is the name of the SDK, which is why
this folder is no package.

All imports happen here, at the top level: Cloudflare runs it once at upload and starts every isolate from a snapshot
of the memory after it. For the same reason nothing that differs between isolates is made here, and no JavaScript
object is kept: ``workers.env`` is read in passing.
"""

import workers.asgi
from parallax_cloudflare.bootstrap import deployed_application

import workers

__all__ = ["Default"]

# The SDK makes the class. Its fetch serves WebSockets too, and runs the application's lifespan around each request.
Default = workers.asgi.entrypoint(deployed_application(workers.env))
