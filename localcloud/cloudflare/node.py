"""Which Node runs the Worker host: version 24 or newer, as the isolates need JavaScript Promise Integration."""

import asyncio
import re
import shutil
from pathlib import Path

from localcloud.child import StartError, child_environment
from localcloud.paths import ROOT

OLDEST = 24
_ANSWERS_WITHIN = 10.0


async def find_node(wished: Path | None) -> Path:
    """`wished`, or the first that is new enough of: PATH's, and what set-up put below the repository (npm's `node`).

    Raises StartError (NodeMissing) with what was found instead.
    """
    on_path = shutil.which("node")
    installed = sorted((ROOT / ".tools" / "node" / "node_modules").glob("node-*/bin/node"))
    candidates = [wished] if wished else [*([Path(on_path)] if on_path else []), *installed]
    found = []
    for path in candidates:
        version = await _major_version(path)
        if version is not None and version >= OLDEST:
            return path
        found.append(f"{path} is {'missing, or does not run' if version is None else f'version {version}'}")
    advice = f"the Worker host needs Node {OLDEST} or newer: run `make up`, or name one with --node"
    seen = "; ".join(found) or "none is on PATH"
    raise StartError("cloudflare", "NodeMissing", f"{seen}; {advice}")


async def _major_version(path: Path) -> int | None:
    try:
        process = await asyncio.create_subprocess_exec(
            path,
            "--version",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=child_environment(),
        )
    except OSError:
        return None
    try:
        output, _ = await asyncio.wait_for(process.communicate(), _ANSWERS_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()
        return None
    found = re.match(rb"v(\d+)\.", output)
    return int(found[1]) if found else None
