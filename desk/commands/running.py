"""`serve`, `web`, `worker`, `telegram` and `demo`: the desk at work."""

import asyncio
from collections.abc import Collection

import typer

from desk.commands.printing import fail
from desk.keys import KeysUnusable
from desk.log import set_up_log
from desk.serving import PARTS, NotReady
from desk.serving import serve as serve_parts
from desk.settings import load_settings
from desk.wiring import build
from fulfilment.adapter import Misconfigured


def serve() -> None:
    """Run web, worker, mail and Telegram in one process."""
    run_parts(PARTS)


def web() -> None:
    """Run the web alone (PostgreSQL only)."""
    run_parts(("web",))


def worker() -> None:
    """Run a worker alone (PostgreSQL only)."""
    run_parts(("worker",))


def telegram() -> None:
    """Run the Telegram bots alone (PostgreSQL only)."""
    run_parts(("telegram",))


def demo() -> None:
    """Run everything with invented systems, people and a mailbox, and print where to look."""
    from desk.demo.running import run_demo  # an overlay: product code knows nothing of it

    settings = load_settings()
    set_up_log(settings.log_level)
    try:
        asyncio.run(run_demo(settings))
    except (NotReady, KeysUnusable, Misconfigured) as fault:
        raise fail(str(fault)) from None


def run_parts(parts: Collection[str]) -> None:
    """Run these parts of the desk until told to stop."""
    settings = load_settings()
    set_up_log(settings.log_level)
    try:
        asyncio.run(_start(parts))
    except (NotReady, KeysUnusable, Misconfigured) as fault:
        raise fail(str(fault)) from None


async def _start(parts: Collection[str]) -> None:
    desk = build(load_settings())
    await serve_parts(desk, parts, started=lambda port: typer.echo(f"rettsvar listens on port {port}"))
