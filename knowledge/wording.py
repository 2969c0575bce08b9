"""Say an answer in the asker's language: the sentences around a quotation, from the catalogues beside this
module."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.documents import Passage
from law.language import Lang


def sentence(lang: Lang, part: str, key: str, **values: str) -> str:
    """Return one sentence of the catalogue of `lang`; raises KeyError for one it does not hold.

    Values are put in as they are: a brace in them means nothing.
    """
    text: str = _catalogue(lang)[part][key]
    return re.sub(r"\{(\w+)\}", lambda m: values[m[1]], text)


def where(lang: Lang, passage: Passage) -> str:
    """Return where a passage stands, in words: its document, section number and heading."""
    heading = passage.heading.rstrip(" .:")
    if passage.section:
        return sentence(
            lang, "where", "numbered", document=passage.document, number=passage.section, heading=heading
        )
    if heading and heading != passage.document:
        return sentence(lang, "where", "heading", document=passage.document, heading=heading)
    return sentence(lang, "where", "document", document=passage.document)


def clause(lang: Lang, named: str) -> str:
    """Return a clause in words: by its number, or by its heading where it has none."""
    return sentence(lang, "clause", "numbered" if named[:1].isdigit() else "heading", clause=named)


def article(lang: Lang, named: str) -> str:
    """Return an article in words: a bare number is one of the GDPR, anything else names its own act."""
    return sentence(lang, "article", "gdpr" if named[:1].isdigit() else "other", article=named)


@cache
def _catalogue(lang: Lang) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(f"answers.{lang}.toml").read_text(encoding="utf-8"))
