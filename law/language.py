"""The three languages the desk writes, and how a text that exists in all of them is said in one."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast

Lang = Literal["nb", "nn", "en"]
Words = Mapping[str, str]

LANGS: Final[tuple[Lang, ...]] = ("nb", "nn", "en")
DEFAULT: Final[Lang] = "nb"


def as_lang(code: str | None) -> Lang:
    """The language we write for a language tag: nn for nn, nb for no, nb, sv, da and no tag, else en."""
    if not code:
        return DEFAULT
    start = code.lower().replace("_", "-").split("-")[0]
    if start == "nn":
        return "nn"
    return "nb" if start in {"no", "nb", "sv", "da"} else "en"


def say(words: Words, lang: str) -> str:
    """The text in `lang`; bokmål where that language is missing. KeyError when bokmål is missing too."""
    return words[lang] if lang in words else words[DEFAULT]


def as_words(value: object) -> Words:
    """A TOML table `{nb, nn, en}` as Words; one plain string counts for all three. ValueError otherwise."""
    if isinstance(value, str):
        return {"nb": value, "nn": value, "en": value}
    if isinstance(value, Mapping) and set(value) == set(LANGS) and all(map(_is_text, value.values())):
        return cast(Words, value)
    raise ValueError(f"a text needs nb, nn and en, got {value!r}")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


@cache
def catalogue(name: str) -> dict[str, Any]:
    """The content of `law/<name>`, a TOML file beside this module, read once."""
    with (Path(__file__).parent / name).open("rb") as file:
        return tomllib.load(file)
