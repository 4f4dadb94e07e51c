# mypy: ignore-errors
# ruff: noqa: BLE001, SLF001
"""The Worker of the AI binding's tests."""

import asyncio

import js

from workers import Response, WorkerEntrypoint

MODEL = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        url = js.URL.new(request.url)
        return await getattr(self, url.pathname.strip("/"))(url.searchParams)

    async def run(self, query):
        """The result, and what of Python's types it is."""
        ai = self.env.AI
        result = await ai.run(query.get("model") or MODEL, {"prompt": "Hello", "max_tokens": 20, "seed": None})
        told = {"type": type(result).__name__, "text": result["response"], "usage": result.usage}
        return Response.from_json({**told, "id": ai._binding.lastRequestId})

    async def error(self, query):
        try:
            await self.env.AI.run(
                query.get("model") or MODEL, {"prompt": "Hello", "stream": query.get("stream") == "1"}
            )
        except Exception as error:
            return Response.from_json({"type": type(error).__name__, "name": error.name, "message": error.message})
        return Response("no error")

    async def stream(self, query):
        return Response(await self.env.AI.run(MODEL, {"prompt": "Hello", "stream": True}))

    async def read(self, query):
        """Reads the stream piece by piece, as an adapter does."""
        stream = await self.env.AI.run(MODEL, {"messages": [{"role": "user", "content": "Hello"}], "stream": True})
        reader = stream.getReader()
        pieces = []
        try:
            while not (read := await reader.read()).done:
                pieces.append(bytes(read.value).decode())
                if query.get("stop"):
                    await reader.cancel()
                    break
        except Exception as error:
            pieces.append(f"broke off: {error}")
        return Response.from_json(pieces)

    async def raw(self, query):
        answer = await self.env.AI.run(MODEL, {"prompt": "Hello"}, {"returnRawResponse": True})
        return Response(f"{answer.status} {await answer.text()}")

    async def options(self, query):
        try:
            await self.env.AI.run(MODEL, {"prompt": "Hello"}, {query.get("name"): {"id": "mine"}})
        except Exception as error:
            return Response(f"{error.name}: {error.message}")
        return Response("no error")

    async def many(self, query):
        asked = [self.env.AI.run(MODEL, {"prompt": str(number)}) for number in range(int(query.get("number")))]
        return Response.from_json([result.response for result in await asyncio.gather(*asked)])
