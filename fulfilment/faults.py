"""Words an officer understands for the fault on a step."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from law.language import Lang, say


def say_fault(fault: str, lang: Lang) -> str:
    """The text for a step's `fault`, such as "try_later:unreachable"; an unknown one counts as internal."""
    kind, _, about = fault.partition(":")
    entry = _texts().get(kind) or _texts()["internal"]
    return say(entry.get("about", {}).get(about, entry), lang)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("faults.toml").read_text("utf-8"))
