"""Carries out due work durably; the only place that knows DBOS.

Our committed rows decide what is to be done. A sweep starts each due attempt as a short workflow with the
id `<kind>:<row>:<attempt>`: starting it twice is a no-op, and the next attempt has another id. A process
that is killed finds its started attempts again by its executor id; each attempt is written to be repeatable.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, WorkflowHandleAsync

from bot.hub import Channel
from desk import sweep
from desk.log import log
from desk.sweep import Start
from desk.telling import Teller
from desk.wiring import Desk

KEEP_FINISHED = timedelta(minutes=10)
AT_ONCE = 8  # attempts in flight from this process; as many letters besides

Attempt = Callable[[Desk, str], Awaitable[None]]

KINDS: Mapping[str, Attempt] = {
    "letter": sweep.send_letter,
    "mail": sweep.mail,
    "plan": sweep.plan,
    "step": sweep.step,
    "settle": sweep.settle,
}


class Worker:
    """Sweeps and carries out until told to stop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._flying: dict[str, asyncio.Task[Any]] = {}
        self._spent: Counter[str] = Counter()
        self._run = _register(desk)
        self._teller = Teller(desk, Channel.WEBCHAT)
        self._swept = 0

    def launch(self) -> None:
        """Start DBOS on the running event loop (on another, aiogram and our engines would not work)."""
        settings = self._desk.settings
        config = DBOSConfig(
            name="rettsvar",
            system_database_url=settings.work_database,
            application_version="1",
            executor_id=settings.node,
            serializer=DBOSPortableJSONSerializer(),
            notification_listener_polling_interval_sec=0.2,
            console_log_level="ERROR",
            log_level="ERROR",
        )
        DBOS(config=config)
        DBOS.launch()

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep at every wake-up and at least every `sweep_seconds`, until `stop` is set."""
        desk = self._desk
        while not stop.is_set():
            desk.woken.clear()
            try:
                await self.sweep()
            except Exception as fault:  # noqa: BLE001  the one broad catch: the sweep must go on
                log.error("sweep failed", exc_type=type(fault).__name__)
            waiters = [asyncio.ensure_future(stop.wait()), asyncio.ensure_future(desk.woken.wait())]
            await asyncio.wait(
                waiters, timeout=desk.settings.sweep_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            for waiter in waiters:
                waiter.cancel()

    async def sweep(self) -> None:
        """Start every due attempt that is not in flight here. A system that hangs holds up no letter: codes wait."""
        for start in await sweep.due(self._desk):
            if start.workflow_id not in self._flying and self._room(start.kind):
                await self._start(start)
        await self._teller.sweep()
        self._swept += 1
        if self._swept % 300 == 0:
            await self._tidy()

    def _room(self, kind: str) -> bool:
        """Whether one more may be in flight; letters have places of their own."""
        letters = sum(one.startswith("letter:") for one in self._flying)
        return (letters if kind == "letter" else len(self._flying) - letters) < AT_ONCE

    async def _start(self, start: Start) -> None:
        spent = self._spent[start.workflow_id]
        with SetWorkflowID(f"{start.workflow_id}.{spent}" if spent else start.workflow_id):
            handle = await DBOS.start_workflow_async(self._run, start.kind, start.row)
        task = asyncio.create_task(self._finish(start.workflow_id, handle))
        self._flying[start.workflow_id] = task

    async def _finish(self, workflow_id: str, handle: WorkflowHandleAsync[None]) -> None:
        """Wait for an attempt. One that ended without a word on its row is due as it was, and its id is used up:
        the next sweep starts it under a new one. It is not woken for that, so that a database that is away is
        not hammered."""
        try:
            await handle.get_result(polling_interval_sec=0.05)
        except Exception as fault:  # noqa: BLE001  the one broad catch: not even the failure could be recorded
            log.error(
                "attempt not recorded", kind=workflow_id.partition(":")[0], exc_type=type(fault).__name__
            )
            self._spent[workflow_id] += 1
        else:
            self._spent.pop(workflow_id, None)
            self._desk.woken.set()
        finally:
            self._flying.pop(workflow_id, None)

    async def _tidy(self) -> None:
        """Delete finished workflows; they hold ids only, but nothing needs them."""
        before = (self._desk.clock() - KEEP_FINISHED).isoformat()
        done = await DBOS.list_workflows_async(
            status=["SUCCESS", "ERROR"], end_time=before, limit=500, load_input=False, load_output=False
        )
        if done:
            await DBOS.delete_workflows_async([one.workflow_id for one in done])

    async def close(self) -> None:
        """Let attempts in flight end, at most five seconds, and stop DBOS."""
        flying = list(self._flying.values())
        if flying:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*flying, return_exceptions=True), 5)
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)


def _register(desk: Desk) -> Callable[[str, str], Any]:
    """Our one workflow: one attempt of one row."""

    @DBOS.step(name="attempt")
    async def attempt(kind: str, row: str) -> None:
        try:
            await KINDS[kind](desk, row)
        except Exception as fault:  # noqa: BLE001  the one broad catch, recorded on the row
            log.error("attempt failed", kind=kind, exc_type=type(fault).__name__)
            await sweep.failed(desk, kind, row, type(fault).__name__)

    @DBOS.workflow(name="attempt_of_row", max_recovery_attempts=50)
    async def attempt_of_row(kind: str, row: str) -> None:
        await attempt(kind, row)

    return attempt_of_row
