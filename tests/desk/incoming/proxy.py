"""A line between client and server that breaks where a test says, or a server that says nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.serving import serving


class Proxy:
    """Passes everything on; the first line breaks after `breaks_after` bytes from the server."""

    def __init__(self, server: int, breaks_after: int) -> None:
        self._server, self._left = server, breaks_after
        self.port = 0
        self.broken = 0

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        upstream, onward = await asyncio.open_connection("127.0.0.1", self._server)

        async def pass_on(source: asyncio.StreamReader, to: asyncio.StreamWriter, *, counted: bool) -> None:
            with contextlib.suppress(OSError):
                while data := await source.read(4096):
                    if counted and not self.broken:
                        self._left -= len(data)
                        if self._left < 0:
                            self.broken += 1
                            break
                    to.write(data)
                    await to.drain()
            for one in (writer, onward):
                one.close()

        try:
            await asyncio.gather(
                pass_on(upstream, writer, counted=True), pass_on(reader, onward, counted=False)
            )
        finally:
            onward.close()


@contextlib.asynccontextmanager
async def breaking_line(server: int, breaks_after: int) -> AsyncIterator[Proxy]:
    """A proxy before a server on loopback."""
    proxy = Proxy(server, breaks_after)
    async with serving(proxy.take) as port:
        proxy.port = port
        yield proxy


@contextlib.asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """The port of a server that takes connections and says nothing until the block ends."""

    async def take(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with serving(take) as port:
        yield port
