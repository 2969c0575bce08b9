"""Learn when a message is written for somebody else: `python -m intake.learn_behalf [--write]` (needs the extra `learn`).

Reads our messages for others and such as only speak of others (`phrases/behalf.<lang>.toml`), and the ways of asking
of `phrases/asked/`: some say themselves that they are for another, of others `phrases/behalf.asked.toml` tells it.
Prints how messages that were held back are read; with --write makes behalf.npz anew: the same bytes from the same messages.
"""

import argparse
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from intake.behalf import LIKELY, WEIGHTS, Voice, evidence, voice
from intake.examples import LANGUAGES, Example, our_examples
from intake.fingerprint import BEHALF_FROM, fingerprint
from intake.fitting import known, matrix, write
from intake.hearing import hear
from intake.learnt import Learnt, Numbers
from intake.likeness import groups
from intake.particulars import authority
from intake.phrases import FOLDER

STRENGTH: Final = 25.0
"""Inverse of the penalty on weights."""
FOLDS: Final = 4
OURS: Final = 6.0
"""How much a message counts that was written to tell the two apart, beside one of `asked/`."""
SILENT: Final = np.zeros(1, np.float32)


@dataclass(frozen=True, slots=True)
class Written:
    """A message, and whether it is written for another; `ours` was written to tell that."""

    text: str
    for_another: bool
    lang: str
    ours: bool


def our_messages(folder: Path = FOLDER) -> tuple[Written, ...]:
    """Return the labelled messages; ValueError where a label belongs to no message, or to several."""
    found: list[Written] = []
    for lang in LANGUAGES:
        content = tomllib.loads((folder / f"behalf.{lang}.toml").read_text(encoding="utf-8"))
        for label in ("for_another", "for_oneself"):
            found += [Written(text, label == "for_another", lang, True) for text in content[label]]
    content = tomllib.loads((folder / "behalf.asked.toml").read_text(encoding="utf-8"))
    asked = [one for one in our_examples(folder / "asked") if one.lang]
    another, unclear = (_begun(asked, content[label]) for label in ("for_another", "unclear"))
    for one in asked:
        if (one.lang, one.text) not in unclear:
            told = one.for_another or (one.lang, one.text) in another
            found.append(Written(one.text, told, one.lang, False))
    return tuple(found)


def _begun(asked: Sequence[Example], openings: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
    """The language and the text of the messages that begin in the ways told; ValueError where none does."""
    found: set[tuple[str, str]] = set()
    for lang, ways in openings.items():
        for way in ways:
            met = {
                (one.lang, one.text) for one in asked if one.lang == lang and one.text.strip().startswith(way)
            }
            if not met:
                raise ValueError(f"behalf.asked.toml: no message begins {way!r}")
            found |= met
    return found


def learn(
    voices: Sequence[Voice], labels: Sequence[Written], blend: Numbers, target: Path, made_from: str
) -> None:
    """Fit the logistic to messages and write its weights, with those of the `blend`, to `target`."""
    heard = [one.whole() for one in voices]
    columns, idf = known(heard, least=2)
    model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, max_iter=300)
    counts = [OURS if one.ours else 1.0 for one in labels]
    model.fit(matrix(heard, columns, idf), [one.for_another for one in labels], counts)
    write(target, ["for_another"], made_from, columns, idf, model.coef_.T, model.intercept_, blend)


def blended(labels: Sequence[Written], weighed: Numbers) -> Numbers:
    """Return how much each piece of evidence counts, learnt from messages that were held back; the constant last."""
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(weighed, [one.for_another for one in labels], [OURS if one.ours else 1.0 for one in labels])
    blend: Numbers = np.append(model.coef_[0], model.intercept_[0]).astype(np.float32)
    return blend


def held_back(voices: Sequence[Voice], labels: Sequence[Written], folds: NDArray[np.int64]) -> Numbers:
    """Return the evidence about each message, from weights that had seen neither it nor its like."""
    weighed: list[Numbers] = [np.zeros((1, 1), np.float32)] * len(voices)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "trial.npz"
        for fold in range(FOLDS):
            rest = np.flatnonzero(folds != fold).tolist()
            learn([voices[at] for at in rest], [labels[at] for at in rest], SILENT, target, "")
            trial = Learnt(target)
            for at in np.flatnonzero(folds == fold).tolist():
                weighed[at] = evidence(voices[at], trial)
    return np.concatenate(weighed)


def measured(labels: Sequence[Written], weighed: Numbers, folds: NDArray[np.int64]) -> str:
    """Return how messages are read when neither the weights nor the blend have seen them."""
    read = np.zeros(len(labels), bool)
    for fold in range(FOLDS):
        rest = np.flatnonzero(folds != fold).tolist()
        blend = blended([labels[at] for at in rest], weighed[rest])
        held = np.flatnonzero(folds == fold)
        read[held] = 1 / (1 + np.exp(-(weighed[held] @ blend[:-1] + blend[-1]))) >= LIKELY
    wanted = np.array([one.for_another for one in labels])
    told = []
    for name, chosen in (("ours", True), ("asked", False)):
        these = np.array([one.ours is chosen for one in labels])
        right = (read & wanted & these).sum()
        told.append(
            f"{name}: {these.sum()} held back, precision {right / (read & these).sum():.3f}, "
            f"recall {right / (wanted & these).sum():.3f}, right {(read == wanted)[these].mean():.3f}"
        )
    return "; ".join(told)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m intake.learn_behalf", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write behalf.npz")
    parser.add_argument("--to", type=Path, default=WEIGHTS, help="where to write")
    options = parser.parse_args(arguments)
    labels = our_messages()
    voices = [voice(hear(one.text, learnt=False), authority(one.text)) for one in labels]
    folds = np.array(groups([one.text for one in labels])) % FOLDS
    weighed = held_back(voices, labels, folds)
    sys.stdout.write(f"{measured(labels, weighed, folds)}\n")
    if options.write:
        learn(voices, labels, blended(labels, weighed), options.to, fingerprint(patterns=BEHALF_FROM))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
