"""Turn the sentences of a message into what the learnt reading weighs: pieces of words, words, and the cues in them.

Words of neighbouring languages and of dialects are brought to one spelling (`phrases/neighbours.toml`), so that what
was learnt in bokmål also speaks for nynorsk, Danish and Swedish. Every feature is a number of a bucket (CRC-32).
"""

import re
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from intake.matching import negated
from intake.phrases import FOLDER
from intake.sentences import Sentence

BUCKETS: Final = 1 << 16
"""Numbers a feature may have; two that share one are told apart by what stands beside them."""
SHORT, LONG = 2, 5
"""Letters in the pieces of words."""
READ_AT_MOST: Final = 100
"""Words of a sentence that are weighed."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Features:
    """Buckets by kind, each once: pieces of words, words and pairs of them, word classes (as met, or turned round)."""

    pieces: frozenset[int]
    words: frozenset[int]
    cues: frozenset[int]

    def blocks(self) -> tuple[frozenset[int], ...]:
        """Return the kinds in the order in which `learnt.SHARES` weighs them."""
        return (self.pieces, self.words, self.cues)


def features(sentence: Sentence) -> Features:
    """Return the features of a sentence."""
    spoken = [_folded(word) for word in _WORD.findall(sentence.text)[:READ_AT_MOST]]
    pairs = zip(["^", *spoken], [*spoken, "$"], strict=True)
    return Features(
        frozenset(piece for word in spoken for piece in _pieces(word)),
        frozenset([_bucket(word) for word in spoken] + [_bucket(f"{one} {next_}") for one, next_ in pairs]),
        frozenset(_cues(sentence)),
    )


def together(sentences: Sequence[Features]) -> Features:
    """Return the features of several sentences as one."""
    return Features(
        *(frozenset().union(*kind) for kind in zip(*(one.blocks() for one in sentences), strict=True))
    )


NOTHING: Final = Features(frozenset(), frozenset(), frozenset())


def _cues(sentence: Sentence) -> set[int]:
    found = {_bucket(name) for name in sentence.spans}
    for name, spans in sentence.spans.items():
        if sentence.spans.get("negation") and all(negated(sentence, (span, span)) for span in spans[:2]):
            found.add(_bucket(f"not {name}"))
    return found


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> tuple[int, ...]:
    edged = f"<{word[:60]}>"
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
    parted = (line.partition(": ") for line in text.split("\n") if line)
    return [(head, rest.split()) for head, _, rest in parted]
