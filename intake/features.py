"""Turn the sentences of a message into what the learnt reading weighs: pieces of words, words, cues and what rules said.

Words of neighbouring languages and of dialects are brought to one spelling (`phrases/neighbours.toml`), so that what
was learnt in bokmål also speaks for nynorsk, Danish and Swedish. Every feature is a number of a bucket (CRC-32).
"""

import math
import re
import tomllib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from intake.phrases import FOLDER
from intake.sentences import Sentence, negated
from intake.weighing import ENOUGH, Scores

BUCKETS: Final = 1 << 16
"""Numbers a feature may have; two that share one are told apart by what stands beside them."""
SHORT, LONG = 2, 5
"""Letters in the pieces of words."""
READ_AT_MOST: Final = 400
"""Words that are weighed; what a letter asks stands in fewer."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Features:
    """Buckets by kind, each once: pieces of words, words and pairs of them, word classes, what the rules read."""

    pieces: frozenset[int]
    words: frozenset[int]
    cues: frozenset[int]
    marks: frozenset[int]

    def blocks(self) -> tuple[frozenset[int], ...]:
        """Return the kinds in the order in which `learnt.SHARES` weighs them."""
        return (self.pieces, self.words, self.cues, self.marks)


def features(sentences: Sequence[Sentence], said: Iterable[str]) -> Features:
    """Return the features of `sentences`; `said` are the marks the rules left on them (see `marks`)."""
    pieces: set[int] = set()
    words: set[int] = set()
    cues: set[int] = set()
    left = READ_AT_MOST
    for sentence in sentences:
        spoken = [_folded(word) for word in _WORD.findall(sentence.text)[:left]]
        left -= len(spoken)
        for word in spoken:
            pieces.update(_pieces(word))
        words.update(_bucket(f"w {word}") for word in spoken)
        words.update(_bucket(f"w {a} {b}") for a, b in zip(["^", *spoken], [*spoken, "$"], strict=True))
        cues.update(_cues(sentence))
    return Features(
        frozenset(pieces), frozenset(words), frozenset(cues), frozenset(_bucket(f"m {mark}") for mark in said)
    )


def marks(scores: Scores, types: Iterable[str], ordinals: set[int] | None = None) -> set[str]:
    """Return what the rules say, as words: what has points, whether enough of them, and what they decided.

    With `ordinals` only what those sentences gave counts, and no decision.
    """
    found: set[str] = set()
    for name, points in scores.points.items():
        if ordinals is None or scores.where.get(name, set()) & ordinals:
            found.add(f"{name} {'enough' if points >= ENOUGH else 'some'}")
    found.update(f"earlier {name}" for name in scores.earlier)
    if ordinals is None:
        found.update(f"read {name}" for name in types)
    return found


def _cues(sentence: Sentence) -> set[int]:
    found: set[int] = set()
    for name, spans in sentence.spans.items():
        turned = all(negated(sentence, (span, span)) for span in spans[:2])
        found.add(_bucket(f"c {name}"))
        if turned:
            found.add(_bucket(f"c not {name}"))
    return found


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> tuple[int, ...]:
    edged = f"<{word}>"
    return tuple(
        {
            zlib.crc32(edged[start : start + length].encode()) % BUCKETS
            for length in range(SHORT, LONG + 1)
            for start in range(max(1, len(edged) - length + 1))
        }
    )


@lru_cache(maxsize=50_000)
def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS


@lru_cache(maxsize=20_000)
def _folded(word: str) -> str:
    known = _neighbours()
    if word in known.words:
        return known.words[word]
    for ending, usual in known.endings:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + usual
    return word


@dataclass(frozen=True, slots=True)
class _Neighbours:
    words: Mapping[str, str]
    endings: tuple[tuple[str, str], ...]


@cache
def _neighbours() -> _Neighbours:
    content = tomllib.loads((FOLDER / "neighbours.toml").read_text(encoding="utf-8"))
    words = {word: usual for usual, ways in _lines(content["words"]) for word in ways}
    endings = tuple((ending, usual[0]) for ending, usual in _lines(content["endings"]))
    return _Neighbours(words, endings)


def _lines(text: str) -> list[tuple[str, list[str]]]:
    return [
        (head, rest.split()) for head, _, rest in (line.partition(": ") for line in text.split("\n") if line)
    ]


def length(weights: Sequence[float]) -> float:
    """Return the Euclidean length of `weights`, 1 where there are none."""
    return math.hypot(*weights) or 1.0
