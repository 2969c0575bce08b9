"""Runs the parts of the desk in one process until it is told to stop."""

import asyncio
import contextlib
import importlib
import signal
import socket
from collections.abc import Callable, Collection, Coroutine, Iterator
from typing import TYPE_CHECKING

import uvicorn
from fastapi import APIRouter

from desk import migrate
from desk.app import make_app
from desk.incoming.running import run_incoming
from desk.log import log
from desk.taking_in import Keeper
from desk.wiring import Desk

if TYPE_CHECKING:
    from desk.worker import Worker

PARTS = ("web", "worker", "mail", "telegram")


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
        routers = list(extra)
        if desk.settings.telegram and {"web", "telegram"} & set(parts):
            from desk.telegram import Bots  # aiogram takes its time too, and most desks have no bot

            bots = Bots(desk)
            stack.push_async_callback(bots.close)
            routers.append(bots.router())
            if "telegram" in parts:
                tasks.append(asyncio.create_task(bots.run(stop), name="telegram"))
        if "web" in parts:
            answering = asyncio.Event()
            tasks.append(asyncio.create_task(_web(desk, routers, stop, started, answering), name="web"))
            await _first(answering.wait(), tasks[-1])
        if "worker" in parts:
            tasks.append(asyncio.create_task(_work(desk, stop), name="worker"))
        if "mail" in parts:
            take_in = Keeper(desk)
            incoming = run_incoming(desk.settings, desk.operators, take_in, stop, clock=desk.clock)
            tasks.append(asyncio.create_task(incoming, name="mail"))
        warming = asyncio.create_task(desk.in_force.keep(stop, desk.clock), name="documents")
        stopped = asyncio.create_task(stop.wait(), name="stop")
        done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        desk.woken.set()
        stopped.cancel()
        await asyncio.gather(*tasks, warming)
        log.info("stopped", name=", ".join(sorted(task.get_name() for task in done)))


async def _first(something: Coroutine[None, None, object], task: asyncio.Task[None]) -> None:
    """Wait for something, or for a task that ends too early, whose fault is raised."""
    waiting = asyncio.ensure_future(something)
    await asyncio.wait([waiting, task], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        await task


async def _work(desk: Desk, stop: asyncio.Event) -> None:
    """The worker. DBOS takes over a second to import: the web answers meanwhile, and alone needs none of it."""
    module = await asyncio.to_thread(importlib.import_module, "desk.worker")
    worker: Worker = module.Worker(desk)
    worker.launch()
    try:
        await worker.run(stop)
    finally:
        await worker.close()


async def _web(
    desk: Desk,
    routers: Collection[APIRouter],
    stop: asyncio.Event,
    started: Callable[[int], None] | None,
    answering: asyncio.Event,
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
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as fault:
        raise NotReady(f"cannot listen on {settings.host}:{settings.port}: {fault.strerror}") from None
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    await _first(server.up.wait(), serving)
    answering.set()
    if started is not None:
        started(listener.getsockname()[1])
    await stop.wait()
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    """uvicorn that says when it is up, without signal handlers of its own: one event stops every part."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and tell."""
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `serve`."""
        yield
