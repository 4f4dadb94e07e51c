# mypy: ignore-errors
# ruff: noqa: PLC0415, S311, T201
"""The Worker of the host's tests: one path a behaviour."""

import asyncio

import js

from workers import Response, WorkerEntrypoint, wait_until

STARTED_AT_TOP_LEVEL = object()
state = {"requests": 0, "active": 0, "most": 0, "background": 0, "top": id(STARTED_AT_TOP_LEVEL)}
gate = {}


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        url = js.URL.new(request.url)
        state["requests"] += 1
        handler = getattr(self, url.pathname.strip("/").replace("-", "_") or "root")
        return await handler(request, url)

    async def root(self, request, url):
        return Response(VERSION, headers={"x-greeting": self.env.GREETING})

    async def seen(self, request, url):
        return Response.from_json({"url": request.url, "method": str(request.method), "headers": dict(request.headers)})

    async def state(self, request, url):
        fresh = not hasattr(self, "touched")
        self.touched = True
        return Response.from_json({**state, "fresh": fresh, "same": state["top"] == id(STARTED_AT_TOP_LEVEL)})

    async def env_(self, request, url):
        return Response.from_json({"greeting": self.env.GREETING, "limit": self.env.LIMITS.max, "id": self.env.META.id})

    async def length(self, request, url):
        return Response(str(len(await request.bytes())))

    async def empty(self, request, url):
        return Response(None, status=204)

    async def boom(self, request, url):
        raise ValueError("boom")

    async def split(self, request, url):
        """An answer that HTTP cannot carry, or that would end in the next one."""
        if url.searchParams.get("length"):
            return Response("0123456789", headers={"content-length": url.searchParams.get("length")})
        return Response("x", headers={"x-reflected": url.searchParams.get("value")})

    async def error(self, request, url):
        return js.Response.error()

    async def nothing(self, request, url):
        return None

    async def redirect(self, request, url):
        return Response("", status=302, headers={"location": url.searchParams.get("to")})

    async def suspended(self, request, url):
        """Waits without `await` for what another callback does that is ready at the same time."""
        from pyodide.ffi import run_sync

        event = asyncio.Event()
        asyncio.get_running_loop().call_soon(event.set)
        run_sync(event.wait())
        return Response("woken")

    async def nap(self, request, url):
        await asyncio.sleep(0.4)
        return Response("rested")

    async def meet(self, request, url):
        """Answers when a second request is here at the same time."""
        state["active"] += 1
        event = gate.setdefault("meet", asyncio.Event())
        if state["active"] == 2:
            event.set()
        await event.wait()
        return Response("met")

    async def later(self, request, url):
        async def work():
            await asyncio.sleep(0.05)
            state["background"] += 1

        self.ctx.waitUntil(work())
        wait_until(work())
        return Response("answered")

    async def open(self, request, url):
        gate.setdefault("open", asyncio.Event()).set()
        return Response("opened")

    async def stream(self, request, url):
        """The second chunk comes only after /open."""
        transform = js.TransformStream.new()
        writer = transform.writable.getWriter()
        encoder = js.TextEncoder.new()

        async def write():
            await writer.write(encoder.encode("first"))
            await gate.setdefault("open", asyncio.Event()).wait()
            await writer.write(encoder.encode("second"))
            await writer.close()

        self.ctx.waitUntil(write())
        return Response(transform.readable)

    async def random(self, request, url):
        import random
        import uuid

        return Response(f"{random.random()} {uuid.uuid4()}")

    async def late(self, request, url):
        import ssl

        import helper

        return Response(f"{helper.NAME} {ssl.SSLError.__base__.__name__}")

    async def reach(self, request, url):
        names = ["process", "require", "Buffer"]
        return Response.from_json([name for name in names if hasattr(js, name)])

    async def thread(self, request, url):
        import threading

        try:
            threading.Thread(target=print).start()
        except RuntimeError as error:
            return Response(str(error))

    async def clock(self, request, url):
        """What four clocks say while code computes, and after a wait."""
        import datetime
        import time

        def clocks():
            today = datetime.datetime.now(datetime.UTC).timestamp()
            return [time.time(), time.monotonic(), today, js.Date.now(), js.performance.now(), js.Date.new().getTime()]

        before = clocks()
        for _ in range(300_000):
            pass
        computed = clocks()
        await asyncio.sleep(0.05)
        waited = clocks()
        return Response.from_json([before, computed, waited])

    async def compute(self, request, url):
        """Some tenths of a second of the processor, before or after the answer."""

        def work():
            for _ in range(2_000_000):
                pass

        async def later():
            await asyncio.sleep(0.05)
            work()

        if url.searchParams.get("later"):
            self.ctx.waitUntil(later())
        else:
            work()
            await asyncio.sleep(0)
        return Response("computed")

    async def spin(self, request, url):
        while True:
            pass

    async def hog(self, request, url):
        held = []
        while True:
            held.append(bytearray(4_000_000))

    async def wait(self, request, url):
        await asyncio.sleep(30)
        return Response("waited")

    async def print(self, request, url):
        print("printed")
        js.console.warn("warned")
        return Response("ok")


VERSION = "one"
