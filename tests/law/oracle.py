"""Reads the shared oracle of deadlines, and skips with a reason where a checkout has none beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

ORACLE = Path(__file__).resolve().parents[3] / "shared" / "law" / "deadline_vectors.json"


def section(name: str) -> list[Any]:
    """The entries of one section; one skipped entry, saying why, where the oracle is not there."""
    if not ORACLE.exists():
        reason = "../shared/law/deadline_vectors.json is not beside this checkout"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason), id="no-oracle")]
    found = json.loads(ORACLE.read_text(encoding="utf-8"))[name]
    if isinstance(found, dict):
        return [pytest.param((key, value), id=key) for key, value in found.items()]
    return [pytest.param(entry, id=entry["id"]) for entry in found]
