"""AWS Lambda's entry points, one event source a file, and the AWS port adapters.

Nothing here imports ``app`` when it runs: any ASGI application may be deployed in its place, and may well be a package
of that name itself. Adapters fit the protocols of ``app.ports`` by their shape; a test holds them to it.
"""
