"""Plans and outcomes as sealed JSON in their rows, and back."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from fulfilment.adapter import Controller, Outcome, Record
from fulfilment.plan import Plan, as_written
from fulfilment.records import PlanRecord, StepRecord
from intake.vault import Vault


@dataclass(frozen=True, slots=True)
class Done:
    """What a step keeps: its outcome, the rows of an export until they are packed, and an officer's words.

    `controllers` are the customers whom the request has been, or is to be, forwarded to.
    """

    outcome: Outcome
    records: tuple[Record, ...] = ()
    note: str | None = None
    controllers: tuple[Controller, ...] = ()


@cache
def _plans() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


@cache
def _dones() -> TypeAdapter[Done]:
    return TypeAdapter(Done)


def seal_plan(vault: Vault, row: PlanRecord, plan: Plan) -> bytes:
    """The plan for its row's `content`."""
    return vault.seal(row.dossier_id, f"plan.content:{row.id}", _dumped(plan))


def open_plan(vault: Vault, row: PlanRecord) -> Plan:
    """The plan of a row. Raises KeyGone after the dossier was erased."""
    kept = json.loads(vault.open(row.dossier_id, f"plan.content:{row.id}", row.content))
    for forward in kept["forwards"]:
        forward["controllers"] = _customers(forward["controllers"])
    return _plans().validate_json(json.dumps(kept))


def seal_done(vault: Vault, row: StepRecord, done: Done) -> bytes:
    """What became of a step, for its row's `outcome`."""
    return vault.seal(row.dossier_id, f"step.outcome:{row.id}", _dumped(done))


def open_done(vault: Vault, row: StepRecord) -> Done | None:
    """What became of a step; None before its first attempt got that far. Raises KeyGone."""
    if row.outcome is None:
        return None
    kept = json.loads(vault.open(row.dossier_id, f"step.outcome:{row.id}", row.outcome))
    kept["controllers"] = _customers(kept["controllers"])
    return _dones().validate_json(json.dumps(kept))


def _dumped(value: Plan | Done) -> str:
    return json.dumps(as_written(value), ensure_ascii=False, sort_keys=True, default=_text)


def _customers(kept: Iterable[Any]) -> list[dict[str, Any]]:
    """Customers as `as_written` keeps them, made whole."""
    return [{"name": one} if isinstance(one, str) else one for one in kept]


def _text(value: Any) -> str:
    return str(value.isoformat())
