"""Ask a clamd daemon whether a file carries a known virus (INSTREAM, clamd(8))."""

import asyncio
import struct
from typing import Final

CHUNK: Final = 64 * 1024
ANSWER_AT_MOST: Final = 4_096


class ScannerFault(Exception):
    """The scanner cannot be reached, gave up or said something unknown: nothing is known of the file."""


async def scan(content: bytes, host: str, port: int, *, seconds: float = 30) -> str:
    """Return the name of what clamd found in `content`, or "" for a clean file.

    Raises `ScannerFault`: a file that could not be scanned is not clean. `seconds` bound the whole talk.
    """
    try:
        async with asyncio.timeout(seconds):
            answer = await _ask(content, host, port)
    except (OSError, TimeoutError, asyncio.LimitOverrunError, asyncio.IncompleteReadError) as fault:
        raise ScannerFault(str(fault) or type(fault).__name__) from fault
    words = answer.rstrip(b"\0\n").decode("utf-8", errors="replace").removeprefix("stream: ")
    if words == "OK":
        return ""
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND")
    raise ScannerFault(words[:200] or "no answer")


async def _ask(content: bytes, host: str, port: int) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"zINSTREAM\0")
        view = memoryview(content)
        for at in range(0, len(view), CHUNK):
            chunk = view[at : at + CHUNK]
            writer.write(struct.pack("!L", len(chunk)))
            writer.write(chunk)
            await writer.drain()
        writer.write(struct.pack("!L", 0))
        await writer.drain()
        return await reader.read(ANSWER_AT_MOST)
    finally:
        writer.close()
