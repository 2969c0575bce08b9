"""The desk's own words in a conversation, from the catalogue in the person's language."""

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path

from law.language import LANGS, Lang


@functools.cache
def catalogue(lang: Lang) -> Mapping[str, str]:
    """Every sentence by its key."""
    with (Path(__file__).parent / f"replies.{lang}.toml").open("rb") as file:
        texts: dict[str, str] = tomllib.load(file)
    return texts


def say(key: str, lang: Lang, **values: str) -> str:
    """One sentence with its values filled in. Raises KeyError for a key or a value that is missing."""
    return catalogue(lang)[key].format(**values)


def choice_label(choice: str, lang: Lang) -> str:
    """What a button says, by its id: "human", "right:access", or "yes:CLV-2026-0001" (which case it stands by).

    Empty for an id that no button of ours has.
    """
    kind, _, value = choice.partition(":")
    return catalogue(lang).get(f"choice_{value if kind == 'right' else kind}", "")


def heard(key: str, text: str) -> bool:
    """Whether a short message is one of the words listed under a key, such as yes or no, in any language."""
    word = " ".join(text.casefold().replace(",", " ").split()).strip(" .!")
    return any(word in catalogue(lang)[key].split("|") for lang in LANGS)
