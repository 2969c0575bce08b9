"""One connection of a door, as aiosmtpd speaks it, with the limits of ours."""

import asyncio
from typing import Any, Final

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

LINE: Final = 4_000_000
"""Bytes of one line. The standard's 998 would refuse for good what many a sender's program writes."""


async def stop_accepting(server: asyncio.Server) -> None:
    """Listen no more. Every connection that was accepted has begun when this returns, so that it can be ended.

    A closed `asyncio.Server` drops what it accepted a moment before, without closing its socket: the accepting task
    fails at its first step, or is cancelled before it. So it hears no more first, and is closed a moment later.
    """
    for listener in server.sockets:
        asyncio.get_running_loop().remove_reader(listener)
    await asyncio.sleep(0)  # the connection has an owner
    server.close()
    await asyncio.sleep(0)  # and its protocol knows of it


class Line(SMTP):
    """One connection: no more of them than may be, no line too long for our senders."""

    line_length_limit = LINE

    def __init__(self, handler: object, open_lines: set["Line"], most: int, **settings: Any) -> None:
        super().__init__(handler, **settings)
        self._open_lines, self._most = open_lines, most
        self._turned_away = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or turn away; STARTTLS comes here a second time."""
        if self not in self._open_lines and len(self._open_lines) >= self._most:
            assert isinstance(transport, asyncio.Transport)
            self._turned_away = True
            transport.write(b"421 4.3.2 Too many connections, try again later\r\n")
            transport.close()
            return
        self._open_lines.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """The end."""
        self._open_lines.discard(self)
        if not self._turned_away:
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Nothing is listened to after it has been turned away."""
        if not self._turned_away:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        """The client has said all."""
        return None if self._turned_away else super().eof_received()

    def hang_up(self) -> None:
        """End the connection, once what was said has been sent."""
        if self.transport is not None:
            self.transport.close()

    def break_off(self) -> None:
        """End the connection at once, whatever has not been sent or heard."""
        if self.transport is not None:
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()


class SmtpLine(Line):
    """SMTP as it is."""


class LmtpLine(Line, LMTP):
    """LMTP: after the data there is one answer for each recipient, whatever the answer is (RFC 2033 4.2)."""

    _owed = 0

    async def push(self, status: Any) -> None:
        """Answer; what aiosmtpd says once about the data is said for every recipient."""
        if isinstance(status, str) and self.envelope is not None:
            if status.startswith("354"):
                self._owed = len(self.envelope.rcpt_tos)
            elif self._owed:
                owed, self._owed = self._owed, 0
                if "\r\n" not in status:
                    status = "\r\n".join([status] * owed)
        await super().push(status)
