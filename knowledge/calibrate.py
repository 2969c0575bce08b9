"""Set the weights of the ranking and when to answer: `python -m knowledge.calibrate TERMS_DIR --scratch DIR
[--questions FILE] [--ranking] [--write]` (needs the extra `learn`).

What companies are asked (asked.toml) tells what answers a question, and what nothing answers. There are two
confidences: for a company that was learnt about, set by those of its ways of asking that a trial was not taught; and
for one that was not, set by the same ways put to it as if nothing had been learnt, half of them as if it had no facts
either. Labelled questions, where given, count as much as all of that; they are read and not kept, and a set that is to
be measured on must not be given.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.asked import asked_of
from knowledge.confidence import FIGURES
from knowledge.putting import Company, Put, asked_ways, companies, labelled, unheard_ways
from knowledge.views import Weights, default_weights
from operators.profile import load_all, operators_root

PENALTY: Final = 5.0
RANKED: Final = 1500
"""Ways asked of each ranking that is tried."""

WORST_FALSE: Final = 0.06
"""Share of the questions without an answer that we are ready to quote something for; the threshold follows from it."""

WORST_UNHEARD: Final = 0.2
"""The same for a company that nothing was learnt about: there near misses look like answers, and fewer would be
answered at all."""

STEPS: Final[Mapping[str, tuple[float, ...]]] = {
    "gram": (0.5, 1.0, 1.5),
    "idea": (1.0, 1.3, 1.6, 2.0),
    "heading": (0.0, 0.3, 0.5, 0.8),
    "told": (4.0, 8.0, 12.0, 16.0, 24.0),
    "topic": (8.0, 12.0, 16.0, 24.0, 32.0),
    "asked": (10.0, 20.0, 30.0, 45.0, 60.0),
    "kind": (0.0, 1.0, 2.0, 4.0, 7.0),
    "missing_kind": (0.0, 1.0, 2.0, 4.0, 7.0),
}

Rows = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Figures, one row a question, and 1 for each that something answers."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.calibrate", description=__doc__)
    parser.add_argument("terms", type=Path)
    parser.add_argument("--scratch", type=Path, required=True, help="where trial weights may be put")
    parser.add_argument("--questions", type=Path, help="labelled questions, JSON lines")
    parser.add_argument("--ranking", action="store_true", help="search for the weights of the ranking too")
    parser.add_argument("--write", action="store_true", help="write weights.json")
    options = parser.parse_args(arguments)
    every = companies(load_all(operators_root()), options.terms)
    given = [one for company in every for one in _labelled(company, options.questions, learnt=True)]
    plain = [one for company in every for one in _labelled(company, options.questions, learnt=False)]
    own = [one for company in every for one in asked_ways(company, options.scratch)]
    unheard = [one for company in every for one in unheard_ways(company)]
    ranking = best_ranking([own, given]) if options.ranking else default_weights()
    confidence = {
        "asked": confidence_by(own, given, ranking, "companies that were learnt about"),
        "unasked": confidence_by(unheard, plain, ranking, "others", WORST_UNHEARD),
    }
    if options.write:
        content = {"ranking": asdict(ranking), "confidence": confidence}
        target = Path(__file__).with_name("weights.json")
        target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


def _labelled(company: Company, path: Path | None, *, learnt: bool) -> list[Put]:
    asked = asked_of(company.operator) if learnt else None
    if path is None or (learnt and asked is None):
        return []
    return list(labelled(company, path, asked))


def confidence_by(
    ours: Sequence[Put], given: Sequence[Put], ranking: Weights, of: str, worst: float = WORST_FALSE
) -> Mapping[str, Any]:
    """Return the weights, the constant and the threshold of a confidence, and print what was measured on the half of
    our own that it was not fitted to."""
    x, y = rows(ours, ranking)
    lx, ly = rows(given, ranking)
    first = np.arange(len(y)) % 2 == 0
    each = np.concatenate([np.full(int(first.sum()), 1 / first.sum()), np.full(len(ly), 1 / max(1, len(ly)))])
    weights, constant = fit(np.vstack([x[first], lx]), np.concatenate([y[first], ly]), each)
    unseen, seen = sure(x[~first], weights, constant), sure(lx, weights, constant)
    threshold = threshold_for(seen, ly, worst) if len(ly) else threshold_for(unseen, y[~first], worst)
    sys.stdout.write(f"{of}, our own ways: " + report(unseen, y[~first], threshold))
    if len(ly):
        sys.stdout.write(f"{of}, labelled, seen: " + report(seen, ly, threshold))
    return {"weights": weights, "constant": constant, "threshold": round(threshold, 3)}


def rows(put: Sequence[Put], ranking: Weights) -> Rows:
    """Return the figures of questions and whether anything answers them."""
    x = np.array([one.figures(ranking) for one in put]).reshape(-1, len(FIGURES))
    return x, np.array([float(one.answerable) for one in put])


def best_ranking(groups: Sequence[Sequence[Put]]) -> Weights:
    """Return weights found by changing one at a time while more questions get a right passage first; each group of
    questions counts the same."""
    answered = [[one for one in group if one.answers] for group in groups]
    asked = [group[:: max(1, len(group) // RANKED)] for group in answered if group]
    best, best_value = default_weights(), -1.0
    for _ in range(2):
        for name, values in STEPS.items():
            for value in values:
                trial = replace(best, **{name: value})
                got = sum(sum(one.worth(trial) for one in group) / len(group) for group in asked) / len(asked)
                if got > best_value + 1e-9:
                    best, best_value = trial, got
    sys.stdout.write(f"ranking {best_value:.3f} of {[len(group) for group in asked]} {asdict(best)}\n")
    return best


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


def threshold_for(confidence: NDArray[np.float64], y: NDArray[np.float64], worst: float) -> float:
    """Return the lowest confidence to answer from that gives no more than this share of false answers."""
    bad = np.sort(confidence[y == 0])[::-1]
    return float(bad[int(worst * len(bad))]) + 0.001 if len(bad) else 0.5


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
