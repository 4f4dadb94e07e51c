"""The package of this name in Cloudflare's runtime, as far as the SDK's own patches need it.

`workers-runtime-sdk` brings a `.pth` file that imports its patches where `_cloudflare` can be found (anyio without
threads, packages that draw randomness when imported). The names are those of cloudflare/workerd,
src/pyodide/internal/topLevelEntropy.
"""
