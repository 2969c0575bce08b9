"""Our own endpoint for chat completions, spoken to over real HTTP: behaves, or misbehaves as the test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.serving import serving

Behaviour = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came: head, and body."""

    head: str
    body: Mapping[str, Any]

    @property
    def read(self) -> Mapping[str, Any]:
        """What the model is given to read: question, company, passages."""
        found: Mapping[str, Any] = json.loads(self.body["messages"][-1]["content"])
        return found

    def passage(self, words: str) -> str:
        """The id of the passage that holds these words; the first one's where none does."""
        passages = self.read["passages"]
        return str(next((p["id"] for p in passages if words in p["text"]), passages[0]["id"]))


@dataclass(slots=True)
class FakeModel:
    """An endpoint. `url` is its address up to /v1, `asked` what it was asked; set `behaves` to what it does."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    behaves: Behaviour | None = None
    at_once: int = 0
    most_at_once: int = 0

    def says(self, content: str) -> None:
        """Complete every chat with this text."""
        self.behaves = lambda _, writer: send(writer, completion(content))

    def replies(self, sentence: str, *quotes: str) -> None:
        """Answer, with each quotation under the passage that holds it."""

        async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
            placed = [{"passage": asked.passage(quote), "quote": quote} for quote in quotes]
            content = {"answered": True, "quotes": placed, "sentence": sentence}
            await send(writer, completion(json.dumps(content)))

        self.behaves = behave

    def finds_nothing(self) -> None:
        """Say that the passages do not answer."""
        self.says('{"answered": false, "quotes": [], "sentence": ""}')

    def fails(self, status: str = "500 Internal Server Error") -> None:
        """Answer with a status."""
        self.behaves = lambda _, writer: send(writer, b"{}", status)

    def sends(self, body: bytes, *headers: str) -> None:
        """Answer with this body, whatever it is."""
        self.behaves = lambda _, writer: send(writer, body, "200 OK", *headers)

    def answers_in_pairs(self, body: bytes) -> None:
        """Answer two that wait at the same time, and nobody alone."""
        pair = asyncio.Barrier(2)

        async def behave(_: Asked, writer: asyncio.StreamWriter) -> None:
            await pair.wait()
            await send(writer, body)

        self.behaves = behave

    def hangs_up(self) -> None:
        """Close the connection without a word."""

        async def behave(_: Asked, writer: asyncio.StreamWriter) -> None:
            writer.close()

        self.behaves = behave

    def dawdles(self) -> None:
        """Begin to answer, go on byte by byte, and never end."""

        async def behave(_: Asked, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.01)

        self.behaves = behave

    def floods(self) -> None:
        """Answer with more and more, for as long as somebody listens."""

        async def behave(_: Asked, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
            while not writer.is_closing():
                writer.write(b" " * 65536)
                await writer.drain()

        self.behaves = behave

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one question."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lengths = (
                line.split(":")[1] for line in head.splitlines() if line.lower().startswith("content-length")
            )
            body = await reader.readexactly(int(next(lengths, "0")))
            asked = Asked(head, json.loads(body or b"{}"))
            self.asked.append(asked)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            assert self.behaves is not None
            await self.behaves(asked, writer)
        except ConnectionError:
            return  # the desk has hung up
        finally:
            self.at_once -= 1


def completion(content: str) -> bytes:
    """A chat completion with this text."""
    message = {"role": "assistant", "content": content}
    return json.dumps({"object": "chat.completion", "choices": [{"index": 0, "message": message}]}).encode()


async def send(writer: asyncio.StreamWriter, body: bytes, status: str = "200 OK", *headers: str) -> None:
    """One whole answer."""
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers))
    writer.write(head.encode() + b"\r\n\r\n" + body)
    await writer.drain()


@asynccontextmanager
async def fake_model() -> AsyncIterator[FakeModel]:
    """An endpoint on a free port of the loopback."""
    model = FakeModel()
    async with serving(model.serve) as port:
        model.url = f"http://127.0.0.1:{port}/v1"
        yield model
