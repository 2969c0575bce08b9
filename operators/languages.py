"""Tell which language a short text is written in, from the words and endings that give a language away."""

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

Spoken = Literal["nb", "nn", "en", "sv", "da", "pl"]
"""Languages that are recognised; the desk answers in the first three."""

SPOKEN: Final[tuple[Spoken, ...]] = get_args(Spoken)

SURE: Final = 5.0
STRONG: Final = 3.0
USUAL: Final = 1.0
ENDING: Final = 0.5
PART: Final = 0.25
READ_AT_MOST: Final = 4000
"""Characters looked at: the language of a letter is plain from its beginning."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")


def detect(text: str) -> Spoken:
    """Return the language `text` is written in; bokmål where nothing tells.

    A word known to several languages counts for each of them, so that it decides nothing; addresses are left
    out, since they are the same in every language. Ties go to the language named first in `SPOKEN`.
    """
    scores = evidence(text)
    return max(SPOKEN, key=lambda lang: (scores[lang], -SPOKEN.index(lang)))


def evidence(text: str) -> dict[Spoken, float]:
    """Return how much in `text` speaks for each language; the unit is a fraction of a common word."""
    scores = dict(_priors())
    words = Counter(_WORD.findall(_ADDRESS.sub(" ", text[:READ_AT_MOST]).casefold().replace("’", "'")))
    known = _words()
    for word, times in words.items():
        weights = known.get(word)
        if weights:
            shared = len(weights) ** 0.5
            for lang, weight in weights.items():
                scores[lang] += times * weight / shared
        elif len(word) > 3:
            for lang, (endings, parts) in _shapes().items():
                if word.endswith(endings):
                    scores[lang] += times * ENDING
                scores[lang] += times * PART * sum(part in word for part in parts)
    return scores


@cache
def _data() -> dict[Spoken, dict[str, Any]]:
    content = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))
    return {lang: content[lang] for lang in SPOKEN}


@cache
def _priors() -> dict[Spoken, float]:
    return {lang: float(entry["prior"]) for lang, entry in _data().items()}


@cache
def _words() -> dict[str, dict[Spoken, float]]:
    known: dict[str, dict[Spoken, float]] = {}
    for lang, entry in _data().items():
        for key, weight in (("usual", USUAL), ("strong", STRONG), ("sure", SURE)):
            for word in entry.get(key, "").split():
                known.setdefault(word, {})[lang] = weight
    return known


@cache
def _shapes() -> dict[Spoken, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {lang: (tuple(entry["endings"]), tuple(entry["parts"])) for lang, entry in _data().items()}
