"""`serve`, `web`, `worker`, `telegram` and `demo`: the desk at work."""

import asyncio
from collections.abc import Collection

import typer

from desk.commands.printing import fail
from desk.keys import KeysUnusable
from desk.log import set_up_log
from desk.serving import PARTS, NotReady
from desk.serving import serve as run_parts
from desk.settings import load_settings
from desk.wiring import build


def serve() -> None:
    """Run web, worker and Telegram in one process."""
    _run(PARTS)


def web() -> None:
    """Run the web alone (PostgreSQL only)."""
    _run(("web",))


def worker() -> None:
    """Run a worker alone (PostgreSQL only)."""
    _run(("worker",))


def telegram() -> None:
    """Run the Telegram bots alone (PostgreSQL only)."""
    _run(("telegram",))


def demo() -> None:
    """Run everything with invented systems, people and a mailbox, and print where to look."""
    from desk.demo.running import run_demo  # an overlay: product code knows nothing of it

    settings = load_settings()
    set_up_log(settings.log_level)
    try:
        asyncio.run(run_demo(settings))
    except (NotReady, KeysUnusable) as fault:
        raise fail(str(fault)) from None


def _run(parts: Collection[str]) -> None:
    settings = load_settings()
    set_up_log(settings.log_level)
    try:
        asyncio.run(_start(parts))
    except (NotReady, KeysUnusable) as fault:
        raise fail(str(fault)) from None


async def _start(parts: Collection[str]) -> None:
    desk = build(load_settings())
    await run_parts(desk, parts, started=lambda port: typer.echo(f"rettsvar listens on port {port}"))
