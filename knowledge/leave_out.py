"""How well a company is served that nobody has learnt about: `python -m knowledge.leave_out TERMS_DIR QUESTIONS`
(needs the extra `learn`).

Each company in turn is asked its labelled questions with the weights and the confidence that the others' questions and
ways of asking set, and nothing learnt from its own; once with its facts, as an engineer describes a company, and once
without.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.answers import Answer, Knowledge
from knowledge.calibrate import WORST_UNHEARD, best_ranking, confidence_by
from knowledge.clauses import plain
from knowledge.confidence import Model
from knowledge.putting import companies, labelled, unheard_ways
from knowledge.shelf import load_shelf
from operators.profile import load_all, operators_root

NORMAL = 1.96


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.leave_out", description=__doc__)
    parser.add_argument("terms", type=Path)
    parser.add_argument("questions", type=Path, help="labelled questions, JSON lines")
    options = parser.parse_args(arguments)
    operators = load_all(operators_root())
    every = companies(operators, options.terms)
    unheard = [one for company in every for one in unheard_ways(company)]
    given = [one for company in every for one in labelled(company, options.questions, None)]
    items = [json.loads(line) for line in options.questions.read_text("utf-8").splitlines() if line.strip()]
    told: dict[str, list[bool]] = {"with its facts": [], "without facts": []}
    for id in sorted({item["operator"] for item in items}):
        ours, theirs = ([one for one in group if one.company != id] for group in (unheard, given))
        ranking = best_ranking([ours, theirs])
        model = Model(**confidence_by(ours, theirs, ranking, f"without {id}", WORST_UNHEARD))
        known = operators[id]
        asked = [item for item in items if item["operator"] == id and item["answerable"]]
        for name, operator in {"with its facts": known, "without facts": replace(known, facts=())}.items():
            knowledge = Knowledge(operator, load_shelf(known, [options.terms]), model=model, weights=ranking)
            right = [_right_first(knowledge, item) for item in asked]
            told[name] += right
            sys.stdout.write(f"  {id}, {name}: {_share(right)}\n")
            sys.stdout.flush()
    for name, right in told.items():
        sys.stdout.write(f"all, {name}: {_share(right)}\n")
    return 0


def _right_first(knowledge: Knowledge, item: Mapping[str, Any]) -> bool:
    """Whether the first quotation holds, or lies in, what was labelled as the answer."""
    reply = knowledge.ask(item["question"], item["lang"])
    if not isinstance(reply, Answer) or not reply.citations:
        return False
    quote = plain(reply.citations[0].quote)
    return any(plain(gold["quote"]) in quote or quote in plain(gold["quote"]) for gold in item["gold"])


def _share(right: Sequence[bool]) -> str:
    """Return the share that is right with its interval (Wilson, 95 %)."""
    n, k = len(right), sum(right)
    middle, spread = (
        k / n + NORMAL**2 / (2 * n),
        NORMAL * math.sqrt(k / n * (1 - k / n) / n + (NORMAL / (2 * n)) ** 2),
    )
    low, high = ((middle + sign * spread) / (1 + NORMAL**2 / n) for sign in (-1, 1))
    return f"{k} of {n} right first, {k / n:.1%} ({low:.0%}-{high:.0%})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
