"""What the virus scanner is asked and what its answers mean, against one that speaks its protocol on loopback."""

import asyncio
import struct

import pytest

from desk.clamd import CHUNK, ScannerFault, scan
from tests.serving import serving


async def received(reader: asyncio.StreamReader) -> bytes:
    """What a client sends by INSTREAM: chunks with their length, until an empty one."""
    assert await reader.readexactly(10) == b"zINSTREAM\0"
    content = b""
    while length := struct.unpack("!L", await reader.readexactly(4))[0]:
        content += await reader.readexactly(length)
    return content


async def honest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Finds a virus where the content says so."""
    content = await received(reader)
    writer.write(b"stream: Test.Virus FOUND\0" if b"VIRUS" in content else b"stream: OK\0")
    await writer.drain()


async def test_a_clean_file_and_an_infected_one_are_told() -> None:
    """Over more than one chunk, and for a file of nothing."""
    async with serving(honest) as port:
        assert await scan(b"x" * (2 * CHUNK) + b"VIRUS", "127.0.0.1", port) == "Test.Virus"
        assert await scan(b"x" * (2 * CHUNK), "127.0.0.1", port) == ""
        assert await scan(b"", "127.0.0.1", port) == ""


async def test_what_could_not_be_scanned_is_not_clean() -> None:
    """An error, a broken talk, silence and nobody at home raise; the next file is scanned again."""

    async def refuses(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"INSTREAM size limit exceeded. ERROR\0")
        await received(reader)

    async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(5)

    async def is_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    for talk in (refuses, hangs_up, is_silent):
        async with serving(talk) as port:
            with pytest.raises(ScannerFault):
                await scan(b"x", "127.0.0.1", port, seconds=0.2)
    with pytest.raises(ScannerFault):
        await scan(b"x", "127.0.0.1", port)
    async with serving(honest) as port:
        assert await scan(b"x", "127.0.0.1", port) == ""
