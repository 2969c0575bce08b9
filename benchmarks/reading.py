"""What reading a message costs: `intake.reading.read` beside its rules alone, in the same run.

With the labelled messages beside the project these are read; without, our own examples.
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from intake.examples import our_examples
from intake.hearing import hear
from intake.identifiers import identify
from intake.reading import read
from operators.languages import detect

LABELLED = Path(__file__).resolve().parents[2] / "shared" / "devset" / "messages.jsonl"
ROUNDS = 3
Written = Mapping[str, Any]


def main() -> None:
    """Print half of the messages and 99 of 100, in milliseconds, for each channel and way, and the ratio."""
    messages = labelled() if LABELLED.is_file() else [{"body": one.text} for one in our_examples()[::10]]
    started = time.perf_counter()
    read("hei")
    say(f"first message {time.perf_counter() - started:.2f} s")
    for channel in sorted({one.get("channel") or "chat" for one in messages}):
        these = [one for one in messages if (one.get("channel") or "chat") == channel]
        whole, alone = measured(whole_reading, these), measured(rules_alone, these)
        say(
            f"{channel}: {len(these)} messages, read {at(whole, 50):.1f} / {at(whole, 99):.1f} ms, rules alone "
            f"{at(alone, 50):.1f} / {at(alone, 99):.1f} ms (half / 99 of 100 below): "
            f"{statistics.fmean(whole) / statistics.fmean(alone):.2f} times as long"
        )


def whole_reading(one: Written) -> None:
    """Read as the desk does."""
    read(one["body"], subject=one.get("subject"), channel=one.get("channel") or "chat")


def rules_alone(one: Written) -> None:
    """What reading was before anything was learnt: hear, tell the language, find who is concerned."""
    heard = hear(one["body"], subject=one.get("subject"), channel=one.get("channel") or "chat", learnt=False)
    detect(f"{heard.parts.said}\n{heard.title}")
    identify(heard.parts, title=heard.title, change=heard.change)


def measured(way: Callable[[Written], None], messages: Sequence[Written]) -> list[float]:
    """Return milliseconds a message, the best of the rounds after one that warms up."""
    for one in messages:
        way(one)
    gc.collect()
    best = [float("inf")] * len(messages)
    for _ in range(ROUNDS):
        for number, one in enumerate(messages):
            started = time.perf_counter()
            way(one)
            best[number] = min(best[number], (time.perf_counter() - started) * 1e3)
    return best


def at(times: Sequence[float], share: int) -> float:
    """Return the time that so many of a hundred stay below."""
    return sorted(times)[min(len(times) - 1, len(times) * share // 100)]


def labelled() -> list[Written]:
    """Return the labelled messages."""
    return [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines() if line.strip()]


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
