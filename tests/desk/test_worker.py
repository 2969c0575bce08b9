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


async def test_an_attempt_whose_failure_could_not_be_recorded_is_tried_again(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was away for the attempt and for the note of it: the row is as it was, and is taken up again."""
    tried: list[str] = []

    async def attempt(_desk: Desk, row: str) -> None:
        tried.append(row)
        if len(tried) < 3:
            raise OSError("no database")

    async def what_is_due(_desk: Desk) -> Sequence[Start]:
        return [Start("letter", "one", 0)] if len(tried) < 3 else []

    async def unrecorded(_desk: Desk, _kind: str, _row: str, _why: str) -> None:
        raise OSError("no database")

    monkeypatch.setattr(sweep, "due", what_is_due)
    monkeypatch.setattr(sweep, "failed", unrecorded)
    monkeypatch.setitem(worker.KINDS, "letter", attempt)
    desk = await make_desk(tmp_path, Clock(now), systems=False, operators=("fjordlys",))
    running = Worker(desk)
    running.launch()
    try:
        for _ in range(3):
            await running.sweep()
            if flying := list(running._flying.values()):  # it may have ended meanwhile
                await asyncio.wait(flying, timeout=10)
    finally:
        await running.close()
        await desk.close()
    assert tried == ["one"] * 3
