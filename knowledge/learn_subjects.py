"""Learn what questions are about: `python -m knowledge.learn_subjects [--write]` (needs the extra `learn`).

Reads our own ways of asking (asks.*.toml), the wordings of the law's statements and phrases.toml (what is no question
for us). Prints how often a way of asking that was held back is told right; with --write makes subjects.npz anew,
the same bytes for the same phrases.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from knowledge.learning import Example, Learnt
from knowledge.subjects import WEIGHTS, tokens_of
from knowledge.ways import all_ways, fingerprint
from knowledge.words import words_of

HELD_BACK: Final = 6
"""One way of asking in so many is held back to measure on."""

RARE: Final = 2
"""Ways of asking a word must be in to be learnt."""

Ways = Sequence[tuple[str, str]]


def learnt(ways: Ways) -> Learnt:
    """Return what was learnt from ways of asking, as (subject, words)."""
    return Learnt(_examples(ways), RARE)


def write(ways: Ways, target: Path = WEIGHTS) -> None:
    """Learn from ways of asking and write the weights."""
    learnt(ways).write(target, fingerprint(ways), {w.text for _, way in ways for w in words_of(way)})


def _examples(ways: Ways) -> list[Example]:
    return [Example(owner, tokens_of(words_of(way))) for owner, way in ways]


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.learn_subjects", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write subjects.npz")
    options = parser.parse_args(arguments)
    ways = all_ways()
    held_back = _examples([way for i, way in enumerate(ways) if i % HELD_BACK == 0])
    trial = learnt([way for i, way in enumerate(ways) if i % HELD_BACK])
    first, third = trial.found(held_back, 1), trial.found(held_back, 3)
    sys.stdout.write(
        f"{len(ways)} ways of asking, {len(trial.names)} subjects, {len(held_back)} held back:"
        f" right {first:.3f}, among the first three {third:.3f}\n"
    )
    if options.write:
        write(ways)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
