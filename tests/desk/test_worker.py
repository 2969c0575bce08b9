"""The worker: how much it starts at once. What it carries out is tried on running desks, in tests/journeys."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from desk import sweep, worker
from desk.sweep import Start
from desk.wiring import Desk
from desk.worker import AT_ONCE, Worker
from tests.desk.desks import Clock, make_desk


async def test_a_system_that_hangs_holds_up_no_letter(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every place for steps is taken by calls that do not return; a code is sent all the same."""
    hanging = [Start("step", f"{number}", 1) for number in range(AT_ONCE + 3)]
    due = list(hanging)

    async def what_is_due(_desk: Desk) -> Sequence[Start]:
        return due

    async def never(running: Worker, start: Start) -> None:
        running._flying[start.workflow_id] = asyncio.create_task(asyncio.Event().wait())

    monkeypatch.setattr(worker, "_register", lambda _desk: None)
    monkeypatch.setattr(sweep, "due", what_is_due)
    monkeypatch.setattr(Worker, "_start", never)
    desk = await make_desk(tmp_path, Clock(now), systems=False, operators=("fjordlys",))
    running = Worker(desk)
    await running.sweep()
    due.insert(0, Start("letter", "code", 0))
    await running.sweep()
    assert sorted(running._flying) == sorted(
        ["letter:code:0", *(one.workflow_id for one in hanging[:AT_ONCE])]
    )
    for task in running._flying.values():
        task.cancel()
    await desk.close()
