"""An SMTP server in a thread of its own that, when it stops, leaves no connection open behind it."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable
from typing import Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from desk.incoming.lines import Line, SmtpLine, stop_accepting

LOOPBACK: Final = "127.0.0.1"
PATIENCE: Final = 30.0  # seconds to come up or to go, on a machine that has other work too
MOST: Final = 1_000  # connections at once


class Listening(Controller):
    """Listens on loopback with `handler`'s hooks; `port` is chosen by the system when given 0, and known at once.

    The socket is bound here and held, so that nobody takes the port before the first client comes. `settings` are
    aiosmtpd's. Raises OSError where the port is taken.
    """

    def __init__(
        self, handler: object, port: int = 0, *, tls: ssl.SSLContext | None = None, **settings: Any
    ) -> None:
        self._bound = socket.create_server((LOOPBACK, port))
        self._lines: set[Line] = set()
        # A given name spares the search for this machine's own, which may wait for a name server.
        super().__init__(
            handler,
            hostname=LOOPBACK,
            port=self._bound.getsockname()[1],
            ssl_context=tls,
            server_hostname="localhost",
            ready_timeout=PATIENCE,
            **settings,
        )

    def start(self) -> None:
        """Serve in a thread, from when this returns. Raises TimeoutError."""
        try:
            super().start()
        except BaseException:
            self._bound.close()
            raise

    def stop(self, no_assert: bool = False) -> None:
        """Hang up on everybody, then end the thread."""
        # Alone, aiosmtpd ends its loop under open connections, and they stay open until they are collected.
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(PATIENCE)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        await stop_accepting(self.server)
        own = asyncio.current_task()
        while True:
            tasks = asyncio.all_tasks() - {own}
            if not tasks and not self._lines:
                return
            for line in [*self._lines]:
                line.break_off()
            for task in tasks:  # also those that still shake hands, and have no line
                task.cancel()
            await asyncio.sleep(0)

    def factory(self) -> SMTP:
        """One connection."""
        return SmtpLine(self.handler, self._lines, MOST, **self.SMTP_kwargs)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._bound, ssl=self.ssl_context)
