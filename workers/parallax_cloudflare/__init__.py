"""Cloudflare's port adapters, and how the Worker finds its application.

Nothing here imports ``app`` when it runs: any ASGI application may be deployed in its place, and may well be a package
of that name itself. Adapters fit the protocols of ``app.ports`` by their shape; a test holds them to it. The package's
own long name keeps it apart from the application's modules, which are deployed beside it.
"""
