"""Runs the parts of the desk in one process until it is told to stop."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Collection

import uvicorn
from fastapi import APIRouter

from desk import migrate
from desk.app import make_app
from desk.log import log
from desk.wiring import Desk

PARTS = ("web", "worker", "telegram")


class NotReady(Exception):
    """The desk cannot start; the text says what to do."""


async def prepare(desk: Desk, parts: Collection[str]) -> None:
    """Bring an embedded database to the newest form; refuse an old shared one, and SQLite for several processes."""
    if desk.settings.embedded:
        if set(parts) != set(PARTS):
            raise NotReady("separate processes need PostgreSQL: set database_url, or use `rettsvar serve`")
        await migrate.upgrade(desk.database.engine)
        return
    current, newest = await migrate.standing(desk.database.engine)
    if current != newest:
        raise NotReady("the database is not in the newest form: run `rettsvar migrate`")


async def serve(
    desk: Desk,
    parts: Collection[str] = PARTS,
    *,
    extra: Collection[APIRouter] = (),
    started: Callable[[int], None] | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Run the parts. `started` is called with the web port once requests are answered."""
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await prepare(desk, parts)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(desk.close)
        tasks: list[asyncio.Task[None]] = []
        if "worker" in parts:
            from desk.worker import Worker  # DBOS takes over a second to import; the web alone needs none

            worker = Worker(desk)
            worker.launch()
            stack.push_async_callback(worker.close)
            tasks.append(asyncio.create_task(worker.run(stop), name="worker"))
        routers = list(extra)
        if "telegram" in parts and desk.settings.telegram:
            from desk.telegram import Bots  # aiogram likewise

            bots = Bots(desk)
            stack.push_async_callback(bots.close)
            routers.append(bots.router())
            tasks.append(asyncio.create_task(bots.run(stop), name="telegram"))
        if "web" in parts:
            tasks.append(asyncio.create_task(_web(desk, routers, stop, started), name="web"))
        stopped = asyncio.create_task(stop.wait(), name="stop")
        done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        desk.woken.set()
        stopped.cancel()
        await asyncio.gather(*tasks)
        log.info("stopped", name=", ".join(sorted(task.get_name() for task in done)))


async def _web(
    desk: Desk, routers: Collection[APIRouter], stop: asyncio.Event, started: Callable[[int], None] | None
) -> None:
    settings = desk.settings
    config = uvicorn.Config(
        make_app(desk, *routers),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        lifespan="off",
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    if serving.done():
        await serving
        raise NotReady(f"nothing can listen on {settings.host}:{settings.port}: is it in use?")
    port = server.servers[0].sockets[0].getsockname()[1]
    if started is not None:
        started(port)
    await stop.wait()
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: one event stops every part."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield
