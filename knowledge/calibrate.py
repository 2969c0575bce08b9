"""Learn when to answer: `python -m knowledge.calibrate TERMS_DIR QUESTIONS.jsonl [--ranking] [--write]`.

Asks the questions (id, operator, question, answerable, gold) and our own phrases of every company, and fits
the confidence in weights.json to what came back; what it prints is measured by cross-validation. With
--ranking the weights of the ranking are searched for first. Questions are read, never kept.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from knowledge.answers import MOST_CITATIONS, Knowledge
from knowledge.asides import aside
from knowledge.confidence import FIGURES, figures
from knowledge.quoting import quotation
from knowledge.shelf import load_shelf
from knowledge.views import Weights, default_weights
from knowledge.words import fold
from operators.profile import load_all, operators_root

FOLDS: Final = 10
PENALTY: Final = 5.0
OWN: Final = 1.0
"""Weight of all our phrases together, of that of the questions that cannot be answered: they are far more
alike."""

WORST_FALSE: Final = 0.3
"""Share of the questions without an answer that we are ready to quote something for; the threshold follows from
it, since a refusal costs more than a quotation that someone can see is beside the point."""

STEPS: Final[Mapping[str, tuple[float, ...]]] = {
    "gram": (0.5, 1.0, 1.5, 2.0, 3.0),
    "idea": (0.4, 0.7, 1.0, 1.3, 1.6, 2.0),
    "passage": (0.0, 0.2, 0.4, 0.6, 0.8),
    "section": (0.0, 0.1, 0.2, 0.3, 0.5),
    "heading": (0.0, 0.15, 0.3, 0.5, 0.8),
    "told": (0.0, 4.0, 8.0, 12.0, 16.0, 24.0),
    "topic": (8.0, 12.0, 16.0, 24.0, 32.0),
    "kind": (0.0, 0.5, 1.0, 1.5, 2.5),
    "missing_kind": (0.0, 0.5, 1.0, 2.0),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A question's figures and whether the documents answer it; `held_out` ones are measured, others only
    taught."""

    figures: tuple[float, ...]
    answerable: bool
    held_out: bool
    weight: float = 1.0


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.calibrate", description=__doc__)
    parser.add_argument("terms", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--ranking", action="store_true", help="search for the weights of the ranking first")
    parser.add_argument("--write", action="store_true", help="write weights.json")
    options = parser.parse_args(arguments)
    operators = load_all(operators_root())
    known = {id: Knowledge(op, load_shelf(op, [options.terms])) for id, op in operators.items()}
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    items = [item for item in map(json.loads, filter(None, lines)) if item["operator"] in known]
    ranking = best_ranking(known, items) if options.ranking else default_weights()
    samples = sampled(known, items, ranking)
    held = [s for s in samples if s.held_out]
    confidences = cross_validated(samples)
    threshold = threshold_for(confidences, held)
    sys.stdout.write(report(confidences, held, threshold))
    if options.write:
        weights, constant = fit(samples)
        confidence = {"weights": weights, "constant": constant, "threshold": round(threshold, 3)}
        content = {"ranking": asdict(ranking), "confidence": confidence}
        target = Path(__file__).with_name("weights.json")
        target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


def sampled(
    known: Mapping[str, Knowledge], items: Sequence[Mapping[str, Any]], ranking: Weights
) -> list[Sample]:
    """Return the figures of every question, and of our own phrases asked of every company."""
    own = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
    samples = [
        Sample(_figures(known[item["operator"]], item["question"], ranking), item["answerable"], True)
        for item in items
    ]
    for one in known.values():
        for phrases in own.values():
            for phrase in phrases.strip().splitlines():
                samples.append(Sample(_figures(one, phrase, ranking), False, False))
    phrases_in_all = sum(not s.held_out for s in samples)
    share = OWN * sum(s.held_out and not s.answerable for s in samples) / max(1, phrases_in_all)
    return [s if s.held_out else replace(s, weight=share) for s in samples]


def fit(samples: Sequence[Sample]) -> tuple[dict[str, float], float]:
    """Return the weights and the constant of a logistic over the samples.

    Both sides count the same in sum.
    """
    x = np.array([s.figures for s in samples])
    y = np.array([float(s.answerable) for s in samples])
    each = np.array([s.weight for s in samples])
    each = np.where(y == 1, each, each * (each[y == 1].sum() / each[y == 0].sum()))
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


def cross_validated(samples: Sequence[Sample]) -> NDArray[np.float64]:
    """Return the confidence of each held-out sample from a fit that did not see it."""
    held = [s for s in samples if s.held_out]
    taught = [s for s in samples if not s.held_out]
    out = np.zeros(len(held))
    for k in range(FOLDS):
        weights, constant = fit([s for i, s in enumerate(held) if i % FOLDS != k] + taught)
        w = np.array([weights[name] for name in FIGURES])
        for i in range(k, len(held), FOLDS):
            out[i] = 1 / (1 + np.exp(-(constant + w @ np.array(held[i].figures))))
    return out


def threshold_for(confidences: NDArray[np.float64], held: Sequence[Sample]) -> float:
    """Return the lowest confidence to answer from that gives no more than `WORST_FALSE` false answers."""
    bad = np.sort([c for c, s in zip(confidences, held, strict=True) if not s.answerable])[::-1]
    return float(bad[int(WORST_FALSE * len(bad))]) + 0.001 if len(bad) else 0.5


def report(confidences: NDArray[np.float64], held: Sequence[Sample], threshold: float) -> str:
    """Return what was measured, in lines."""
    good = np.array([c for c, s in zip(confidences, held, strict=True) if s.answerable])
    bad = np.array([c for c, s in zip(confidences, held, strict=True) if not s.answerable])
    above = float((good[:, None] > bad[None, :]).mean() + 0.5 * (good[:, None] == bad[None, :]).mean())
    return (
        f"threshold {threshold:.3f}  refusal {float((good < threshold).mean()):.3f}"
        f"  false answers {float((bad >= threshold).mean()):.3f}  AUROC {above:.3f}\n"
    )


def best_ranking(known: Mapping[str, Knowledge], items: Sequence[Mapping[str, Any]]) -> Weights:
    """Return weights found by changing one at a time while more questions get the right passage."""
    asked = [
        (known[i["operator"]], known[i["operator"]].search.query(i["question"]), i["gold"]) for i in items
    ]
    asked = [entry for entry in asked if entry[2]]
    best, best_value = default_weights(), -1.0
    for _ in range(2):
        for name, values in STEPS.items():
            for value in values:
                trial = replace(best, **{name: value})
                got = sum(_worth(k, q, gold, trial) for k, q, gold in asked) / len(asked)
                if got > best_value + 1e-9:
                    best, best_value = trial, got
    sys.stdout.write(f"ranking {best_value:.3f} {asdict(best)}\n")
    return best


def _worth(one: Knowledge, query: Any, gold: Sequence[Mapping[str, str]], weights: Weights) -> float:
    found = one.search.find(query, MOST_CITATIONS, weights)
    for rank, f in enumerate(found):
        quote = fold(quotation(f.passage.text, one.search.sentences(f.passage), f.best))
        if any(" ".join(fold(g["quote"]).split()) in " ".join(quote.split()) for g in gold):
            return (1.0, 0.4, 0.3)[rank]
    return 0.0


def _figures(one: Knowledge, question: str, ranking: Weights) -> tuple[float, ...]:
    query = one.search.query(question)
    found = one.search.find(query, MOST_CITATIONS, ranking)
    values = figures(one.search, query, found, is_aside=aside(question) is not None)
    return tuple(values[name] for name in FIGURES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
