"""Learn what people ask: `python -m intake.learn_reading [--examples FILE] [--write]` (needs the extra `learn`).

Reads our ways of asking (`phrases/asked/`), and with --examples also what officers have corrected. Prints how often an
example that was held back, with all that is like it, is read exactly; with --write makes reading.npz anew: the same
bytes from the same examples.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from intake.deciding import decided, evidence, judged
from intake.examples import TYPES, Example, corrected_examples, our_examples, told_beside
from intake.features import together
from intake.fingerprint import fingerprint
from intake.fitting import known, matrix, write
from intake.hearing import Heard, hear
from intake.learnt import WEIGHTS, Learnt, Numbers
from intake.likeness import groups
from intake.weighing import RIGHTS

STRENGTH: Final = 25.0
"""Inverse of the penalty on weights."""
FOLDS: Final = 5
WHO: Final = 10
"""One example in so many is learnt from once more with who the sender is."""
HELD_BACK: Final = ("nb", "nn", "en")
"""Languages whose examples are held back in turn; the others' are close to theirs, and are only learnt from."""
ASKS: Final = "asks"
"""The name of the logistic that tells whether anything is asked."""


@dataclass(frozen=True, slots=True)
class Heeded:
    """An example, how it was heard, and the fold it is held back with; None where it never is."""

    example: Example
    heard: Heard
    fold: int | None


def heeded(examples: Sequence[Example]) -> list[Heeded]:
    """Return examples as they are heard; those that are alike are held back together.

    The rules were written by the sentences of `known.txt`, so that these tell nothing of how far rules are to be
    trusted: they are learnt from, but never held back.
    """
    found = []
    for example, group in zip(examples, groups([one.text for one in examples]), strict=True):
        back = example.lang in HELD_BACK and example.kind not in ("known", "corrected")
        found.append(Heeded(example, hear(example.text), group % FOLDS if back else None))
    return found


def with_who(items: Sequence[Heeded]) -> list[Heeded]:
    """Return a part of the examples once more, with a sentence by which the sender can be found."""
    told = told_beside()
    more = []
    for at, one in enumerate(items):
        lines = told.get(one.example.lang, [])
        if lines and at % WHO == 0:
            text = f"{one.example.text.rstrip()}\n{lines[at // WHO % len(lines)]}"
            more.append(Heeded(replace(one.example, text=text), hear(text), one.fold))
    return more


def learn(items: Sequence[Heeded], blend: Numbers, target: Path, made_from: str) -> None:
    """Fit a logistic a type to examples and write the weights, with those of the `blend`, to `target`."""
    features = [together(one.heard.asking) for one in items if one.heard.asking]
    asked = [one.example.types for one in items if one.heard.asking]
    columns, idf = known(features)
    counted = matrix(features, columns, idf)
    names = (*TYPES, ASKS)
    weights, constant = np.zeros((len(columns), len(names))), np.zeros(len(names))
    for at, name in enumerate(names):
        model = LogisticRegression(
            C=STRENGTH, solver="liblinear", dual=True, tol=0.01, random_state=0, max_iter=1000
        )  # the dual is solved thrice as fast, to the same weights
        model.fit(counted, [bool(types) if name == ASKS else name in types for types in asked])
        weights[:, at], constant[at] = model.coef_[0], model.intercept_[0]
    write(target, names, made_from, columns, idf, weights, constant, blend)


def blended(items: Sequence[Heeded], weighed: Sequence[Numbers]) -> Numbers:
    """Return how much each piece of evidence counts, learnt from examples that were held back; the constant last."""
    rows = np.concatenate(weighed)
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(rows, [name in one.example.types for one in items for name in TYPES])
    blend: Numbers = np.append(model.coef_[0], model.intercept_[0]).astype(np.float32)
    return blend


def held_back(
    items: Sequence[Heeded], more: Sequence[Heeded], folder: Path
) -> tuple[list[Heeded], list[Numbers], list[Path]]:
    """Return what was held back, the evidence about each from weights that had not seen it, and those weights."""
    without, weighed, trials = [], [], []
    silent = np.zeros(1, np.float32)
    for fold in range(FOLDS):
        trials.append(folder / f"{fold}.npz")
        learn([one for one in [*items, *more] if one.fold != fold], silent, trials[-1], "")
        trial = Learnt(trials[-1])
        for one in items:
            if one.fold == fold and one.heard.asking:
                without.append(one)
                weighed.append(evidence(one.heard, judged(one.heard, trial)))
    return without, weighed, trials


def measured(without: Sequence[Heeded], weighed: Sequence[Numbers], trials: Sequence[Path]) -> str:
    """Return how held-back examples are read when neither the weights nor the blend have seen them."""
    right, idle, wrong = 0, 0, 0
    by_lang: dict[str, list[bool]] = {}
    for fold, path in enumerate(trials):
        rest = [at for at, one in enumerate(without) if one.fold != fold]
        trial = Learnt(path).with_blend(blended([without[at] for at in rest], [weighed[at] for at in rest]))
        for one in without:
            if one.fold != fold:
                continue
            types = decided(one.heard, trial).types
            exact = types == (one.example.types or ("none",))
            by_lang.setdefault(one.example.lang, []).append(exact)
            right += exact
            if not one.example.types:
                idle += 1
                wrong += bool(set(types) & set(RIGHTS))
    langs = ", ".join(f"{lang} {np.mean(exact):.3f}" for lang, exact in sorted(by_lang.items()))
    return (
        f"{len(without)} held back: read exactly {right / len(without):.3f} ({langs}), "
        f"a right read in {wrong / idle:.3f} of idle ones"
    )


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m intake.learn_reading", description=__doc__)
    parser.add_argument("--examples", type=Path, help="corrected examples, TOML or JSON lines")
    parser.add_argument("--write", action="store_true", help="write reading.npz")
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="where to write")
    options = parser.parse_args(arguments)
    corrected = corrected_examples(options.examples) if options.examples else ()
    items = heeded([*our_examples(), *corrected])
    more = with_who(items)
    with tempfile.TemporaryDirectory() as folder:
        without, weighed, trials = held_back(items, more, Path(folder))
        sys.stdout.write(f"{len(items)} examples, {measured(without, weighed, trials)}\n")
    if options.write:
        learn([*items, *more], blended(without, weighed), options.to, fingerprint(options.examples))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
