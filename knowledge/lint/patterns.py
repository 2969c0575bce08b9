"""The little language the linter's rules are written in, and how a pattern becomes a regular expression.

Words stand as they are; `*` is any letters, `…` a gap of at most 90 characters inside the sentence, a space any
white space (« ?»: or none), `(a|b)` a choice, `?` makes what stands before it optional and `{name}` is a word of
vocabulary.toml. Beyond that it is a regular expression, met without regard to capital letters.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

GAP: Final = r"\W(?:.{0,90}?\W)?"


@cache
def pattern(words: str) -> re.Pattern[str]:
    """Compile one pattern; it begins and ends at the edge of a word. KeyError for an unknown `{name}`."""
    return re.compile(rf"(?<!\w)(?:{_expanded(words)})(?!\w)", re.IGNORECASE | re.DOTALL)


def _expanded(words: str) -> str:
    while named := re.search(r"\{([a-z_]+)\}", words):
        words = words.replace(named[0], f"(?:{vocabulary()[named[1]]})")
    words = re.sub(r"\s*…\s*", "…", words.strip())
    return words.replace("*", r"\w*").replace("…", GAP).replace(" ?", r"\s*").replace(" ", r"\s+")


@cache
def vocabulary() -> Mapping[str, str]:
    """The named word groups of vocabulary.toml, as they are written there."""
    content = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))
    return {name: re.sub(r"\s*\n\s*", "", str(words).strip()) for name, words in content.items()}


def any_of(patterns: Sequence[str], text: str) -> bool:
    """Whether one of the patterns is met in the text."""
    return any(pattern(one).search(text) for one in patterns)


def all_of(patterns: Sequence[str], text: str) -> bool:
    """Whether every one of the patterns is met in the text, in whatever order."""
    return all(pattern(one).search(text) for one in patterns)
