"""Set the weights of the ranking and when to answer: `python -m knowledge.calibrate TERMS_DIR --scratch DIR
[--questions FILE] [--ranking] [--write]` (needs the extra `learn`).

What questions are about is learnt from five sixths of our ways of asking; the last sixth is asked of every company. A
company's own facts tell which passages answer: those with the way's topic. Where no fact has the topic, nothing
answers. Half of it all is asked as of a company that has no facts yet, so that a new one is served too. Labelled
questions (id, operator, question, answerable), where given, count as much for the confidence as all of that; they are
read and not kept, and a set that is to be measured on must not be given.

The weights of the ranking that are there were chosen by hand between the best for our own ways and the best for
labelled questions, which ask more for words and less for topics.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from knowledge.answers import Knowledge
from knowledge.asides import aside
from knowledge.clauses import Clauses
from knowledge.confidence import FIGURES, Spoken, figures
from knowledge.learn_subjects import HELD_BACK, write
from knowledge.notes import notes_of, spoken_of, told_by
from knowledge.question import Query
from knowledge.search import Search
from knowledge.shelf import load_shelf
from knowledge.subjects import LAW, OTHER, Subjects
from knowledge.views import Weights, default_weights
from knowledge.ways import all_ways
from operators.profile import Operator, load_all, operators_root

MOST: Final = 3
PENALTY: Final = 5.0
RANKED: Final = 1500
"""Ways asked of each ranking that is tried."""

WORST_FALSE: Final = 0.2
"""Share of the questions without an answer that we are ready to quote something for; the threshold follows from it."""

STEPS: Final[Mapping[str, tuple[float, ...]]] = {
    "gram": (0.5, 1.0, 1.5, 2.0),
    "idea": (0.7, 1.0, 1.3, 1.6, 2.0),
    "passage": (0.0, 0.2, 0.4, 0.6),
    "section": (0.0, 0.1, 0.2, 0.3),
    "heading": (0.0, 0.3, 0.5, 0.8),
    "told": (8.0, 12.0, 16.0, 24.0),
    "topic": (12.0, 16.0, 24.0, 32.0, 48.0),
    "asked": (0.0, 10.0, 20.0, 30.0, 45.0, 60.0),
    "kind": (0.0, 0.5, 1.0, 2.0),
    "missing_kind": (0.0, 0.5, 1.0, 2.0),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A way of asking put to one company, and the passages that answer it; none where nothing does."""

    search: Search
    query: Query
    words: str
    spoken: Spoken
    answers: frozenset[int] = frozenset()
    answerable: bool = False


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.calibrate", description=__doc__)
    parser.add_argument("terms", type=Path)
    parser.add_argument("--scratch", type=Path, required=True, help="where trial weights may be put")
    parser.add_argument("--questions", type=Path, help="labelled questions, JSON lines")
    parser.add_argument("--ranking", action="store_true", help="search for the weights of the ranking too")
    parser.add_argument("--write", action="store_true", help="write weights.json")
    options = parser.parse_args(arguments)
    ways = all_ways()
    trial = options.scratch / "trial.npz"
    taught = [way for i, way in enumerate(ways) if i % HELD_BACK]
    write(taught, trial)
    operators = load_all(operators_root())
    asked = list(put_to_all(operators, options.terms, Subjects(trial), ways[::HELD_BACK]))
    answered = [one for one in asked if one.answers][:: max(1, len(asked) // RANKED)]
    ranking = best_ranking(answered) if options.ranking else default_weights()
    x = np.array([_figures(one, ranking) for one in asked])
    y = np.array([float(bool(one.answers)) for one in asked])
    first = np.arange(len(asked)) // 2 % 2 == 0  # with and without facts in both
    labelled = questions_of(options.questions, operators, options.terms) if options.questions else []
    lx = np.array([_figures(one, ranking) for one in labelled]).reshape(-1, len(FIGURES))
    ly = np.array([float(one.answerable) for one in labelled])
    each = np.concatenate([np.full(int(first.sum()), 1 / first.sum()), np.full(len(ly), 1 / max(1, len(ly)))])
    weights, constant = fit(np.vstack([x[first], lx]), np.concatenate([y[first], ly]), each)
    confidence = sure(x[~first], weights, constant)
    threshold = (
        threshold_for(sure(lx, weights, constant), ly) if labelled else threshold_for(confidence, y[~first])
    )
    sys.stdout.write("our own ways: " + report(confidence, y[~first], threshold))
    if labelled:
        sys.stdout.write("labelled, seen: " + report(sure(lx, weights, constant), ly, threshold))
    if options.write:
        held = {"weights": weights, "constant": constant, "threshold": round(threshold, 3)}
        target = Path(__file__).with_name("weights.json")
        content = {"ranking": asdict(ranking), "confidence": held}
        target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


def put_to_all(
    operators: Mapping[str, Operator], terms: Path, subjects: Subjects, ways: Sequence[tuple[str, str]]
) -> list[Asked]:
    """Ask every company every way, every other one as if the company had no facts."""
    asked: list[Asked] = []
    for operator in operators.values():
        passages = [p for document in load_shelf(operator, [terms]) for p in document.passages]
        told, clauses = told_by(operator), Clauses(passages)
        known, bare = (Search(passages, notes, subjects) for notes in (notes_of(operator, clauses), ()))
        for i, (topic, words) in enumerate(ways):
            if topic.startswith(LAW):
                continue
            search = known if i % 2 else bare
            here = [t for t in told if topic in t.topics and topic != OTHER]
            found = [clauses.stating(t.clause, t.evidence) for t in here if t.stated]
            answers = frozenset(place for some in found for place in some)
            spoken = spoken_of(told) if search is known else Spoken()
            asked.append(Asked(search, search.query(words), words, spoken, answers, bool(answers)))
    return asked


def questions_of(path: Path, operators: Mapping[str, Operator], terms: Path) -> list[Asked]:
    """Return labelled questions put to their companies, with the weights that are in use."""
    known = {id: Knowledge(one, load_shelf(one, [terms])) for id, one in operators.items()}
    asked: list[Asked] = []
    for line in filter(None, path.read_text(encoding="utf-8").splitlines()):
        item = json.loads(line)
        one, words = known[item["operator"]], item["question"]
        search = one.search
        spoken = spoken_of(told_by(one.operator))
        asked.append(Asked(search, search.query(words), words, spoken, answerable=item["answerable"]))
    return asked


def best_ranking(asked: Sequence[Asked]) -> Weights:
    """Return weights found by changing one at a time while more ways get a right passage first."""
    best, best_value = default_weights(), -1.0
    for _ in range(2):
        for name, values in STEPS.items():
            for value in values:
                trial = replace(best, **{name: value})
                got = sum(_worth(one, trial) for one in asked) / len(asked)
                if got > best_value + 1e-9:
                    best, best_value = trial, got
    sys.stdout.write(f"ranking {best_value:.3f} of {len(asked)} {asdict(best)}\n")
    return best


def _worth(asked: Asked, weights: Weights) -> float:
    found = asked.search.find(asked.query, MOST, weights)
    ranks = (rank for rank, f in enumerate(found) if asked.search.place(f.passage) in asked.answers)
    return next((1 / (1 + rank) ** 1.5 for rank in islice(ranks, 1)), 0.0)


def _figures(asked: Asked, ranking: Weights) -> list[float]:
    found = asked.search.find(asked.query, MOST, ranking)
    values = figures(asked.search, asked.query, found, asked.spoken, is_aside=aside(asked.words) is not None)
    return [values[name] for name in FIGURES]


def fit(
    x: NDArray[np.float64], y: NDArray[np.float64], share: NDArray[np.float64]
) -> tuple[dict[str, float], float]:
    """Return the weights and the constant of a logistic; both sides count the same in sum, each row its share."""
    balance = share[y == 1].sum() / share[y == 0].sum()
    each = np.where(y == 1, share, share * balance) * len(y) / 2
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    z = np.hstack([(x - mean) / spread, np.ones((len(x), 1))])
    beta = np.zeros(z.shape[1])
    penalty = np.diag([PENALTY] * (z.shape[1] - 1) + [0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ beta))
        gradient = z.T @ (each * (p - y)) + penalty @ beta
        hessian = (z * (each * p * (1 - p))[:, None]).T @ z + penalty + 1e-9 * np.eye(len(beta))
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    weights = beta[:-1] / spread
    constant = float(beta[-1] - (weights * mean).sum())
    return {name: round(float(w), 4) for name, w in zip(FIGURES, weights, strict=True)}, round(constant, 4)


def sure(x: NDArray[np.float64], weights: Mapping[str, float], constant: float) -> NDArray[np.float64]:
    """Return the confidence of each row of figures."""
    scores: NDArray[np.float64] = 1 / (1 + np.exp(-(constant + x @ np.array([weights[n] for n in FIGURES]))))
    return scores


def threshold_for(confidence: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return the lowest confidence to answer from that gives no more than `WORST_FALSE` false answers."""
    bad = np.sort(confidence[y == 0])[::-1]
    return float(bad[int(WORST_FALSE * len(bad))]) + 0.001 if len(bad) else 0.5


def report(confidence: NDArray[np.float64], y: NDArray[np.float64], threshold: float) -> str:
    """Return what was measured on ways that the fit did not see, in lines."""
    good, bad = confidence[y == 1], confidence[y == 0]
    above = float((good[:, None] > bad[None, :]).mean() + 0.5 * (good[:, None] == bad[None, :]).mean())
    return (
        f"threshold {threshold:.3f}  {len(good)} with an answer: refused {float((good < threshold).mean()):.3f}"
        f"  {len(bad)} without: answered {float((bad >= threshold).mean()):.3f}  AUROC {above:.3f}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
