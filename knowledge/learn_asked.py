"""Learn what companies are asked: `python -m knowledge.learn_asked [FOLDER ...] [--write]` (needs the extra `learn`).

Reads each company's asked.toml and facts.toml (by default of every company in operators/). Prints how often a way of
asking that was held back is told right; with --write makes asked.npz beside them anew.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from knowledge.asked import SILENT, WEIGHTS, beside, mark
from knowledge.learning import Example, Learnt
from knowledge.subjects import subjects, tokens_of
from knowledge.words import words_of
from operators.asked import FILE, read_asked
from operators.profile import Operator, load, operators_root

HELD_BACK: Final = 5
"""One way of asking in so many is held back to measure on."""


def ways_of(operator: Operator) -> list[tuple[str, str]]:
    """Return the ways of asking of a company, as (fact or silence, words), in the order of its file."""
    asked = read_asked(operator.folder, {fact.id for fact in operator.facts})
    silences = [(SILENT + one.about, words) for one in asked.silences for words in one.ways]
    return [*asked.facts, *silences]


def learnt(operator: Operator, ways: Sequence[tuple[str, str]]) -> Learnt:
    """Return what was learnt from ways of asking, and from the company's own sentences."""
    asked = {name for name, _ in ways}
    sentences = [(f.id, words) for f in operator.facts if f.id in asked for words in f.words.values()]
    return Learnt([example(*one) for one in [*ways, *dict.fromkeys(sentences)]])


def example(name: str, way: str) -> Example:
    """Return a way of asking as it is learnt from."""
    words = words_of(way)
    return Example(name, tokens_of(words), beside(subjects().of(words)))


def write(operator: Operator, ways: Sequence[tuple[str, str]], target: Path) -> None:
    """Learn from ways of asking and write the weights."""
    vocabulary = {w.text for _, way in ways for w in words_of(way)}
    learnt(operator, ways).write(target, mark(operator.folder, subjects().made_from), vocabulary)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.learn_asked", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*", help="folders of companies")
    parser.add_argument("--write", action="store_true", help="write asked.npz")
    options = parser.parse_args(arguments)
    every = sorted(path.parent for path in operators_root().glob(f"*/{FILE}"))
    for folder in options.folders or every:
        operator = load(folder)
        ways = ways_of(operator)
        held_back = [example(*way) for i, way in enumerate(ways) if i % HELD_BACK == 0]
        trial = learnt(operator, [way for i, way in enumerate(ways) if i % HELD_BACK])
        first, third = trial.found(held_back, 1), trial.found(held_back, 3)
        sys.stdout.write(
            f"{operator.id}: {len(ways)} ways of asking, {len(trial.names)} facts and silences, {len(held_back)} held"
            f" back: right {first:.3f}, among the first three {third:.3f}\n"
        )
        if options.write:
            write(operator, ways, folder / WEIGHTS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
