"""Read labelled examples of what people write: our own ways of asking, and those a privacy officer has corrected.

Ours lie in `phrases/asked/<class>.<lang>.toml` (or `<class>.<part>.<lang>.toml`), each a list `phrases`, for `none` one
list a kind (`[cancel]`), for `mixed` tables of `text`, `types` and perhaps `for_another`; `known.txt` holds sentences
that the rules were written by. Corrected ones come as TOML (`[[example]]`) or JSON lines, with `text`, `types`, and
`lang` where it is known; such a file holds people's words and belongs to its company, never to this project.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from intake.phrases import FOLDER
from intake.weighing import RIGHTS

TYPES: Final = (*RIGHTS, "question", "status", "human")
"""What a message can ask for; one that asks for nothing has no type."""

ASKED: Final = FOLDER / "asked"
KNOWN: Final = "known.txt"
LANGUAGES: Final = ("nb", "nn", "en", "sv", "da", "pl")


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what it asks for: `types` sorted, empty where it asks for nothing; `kind` is the list it is from."""

    text: str
    types: tuple[str, ...]
    lang: str
    kind: str
    for_another: bool = False
    """It says with the example that the matter concerns another; `behalf.asked.toml` tells it of more."""


def our_examples(folder: Path = ASKED) -> tuple[Example, ...]:
    """Return the examples of the phrase files, in the order of the files' names; ValueError where one is malformed."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.*.toml")):
        kind, _, lang = path.stem.rpartition(".")
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        if kind.startswith("none"):
            for sub, group in content.items():
                found += [_example(text, [], lang, f"none.{sub}", path) for text in group["phrases"]]
        elif kind.partition(".")[0] == "mixed":
            found += [
                replace(
                    _example(one["text"], one["types"], lang, kind, path),
                    for_another=one.get("for_another", False),
                )
                for one in content["phrases"]
            ]
        else:
            found += [
                _example(text, [kind.partition(".")[0]], lang, kind, path) for text in content["phrases"]
            ]
    for line in (folder / KNOWN).read_text(encoding="utf-8").splitlines():
        types, bar, text = line.partition("|")
        if bar:
            found.append(_example(text, types.split(","), "", "known", folder / KNOWN))
    return tuple(found)


def told_beside(folder: Path = ASKED) -> dict[str, list[str]]:
    """Return what people add so that they can be found, by language; it asks for nothing."""
    return tomllib.loads((folder / "who.toml").read_text(encoding="utf-8"))


def corrected_examples(path: Path) -> tuple[Example, ...]:
    """Return what officers have corrected, from a TOML or JSON-lines file; ValueError names what is malformed."""
    items = _toml(path) if path.suffix == ".toml" else _lines(path)
    return tuple(
        _example(item.get("text"), item.get("types"), item.get("lang", ""), "corrected", path)
        for item in items
    )


def written(examples: Sequence[Example]) -> str:
    """Return examples as JSON lines, as `corrected_examples` reads them."""
    return "".join(
        json.dumps(
            {"text": one.text, "types": list(one.types) or ["none"], "lang": one.lang}, ensure_ascii=False
        )
        + "\n"
        for one in examples
    )


def _toml(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name}: {error}") from error
    yield from content.get("example", [])


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                item = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path.name}: line {number} is no JSON") from error
            if not isinstance(item, dict):
                raise ValueError(f"{path.name}: line {number} is no object")
            yield item


def _example(text: object, types: object, lang: object, kind: str, path: Path) -> Example:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{path.name}: an example has no text")
    if not isinstance(types, list) or not all(isinstance(one, str) for one in types):
        raise ValueError(f"{path.name}: types must be a list: {text[:40]!r}")
    asked = tuple(sorted({one for one in types if one != "none"}))
    unknown = set(asked) - set(TYPES)
    if unknown or (kind == "corrected" and not types):
        raise ValueError(f"{path.name}: no such types {sorted(unknown)}: {text[:40]!r}")
    if lang not in ("", *LANGUAGES):
        raise ValueError(f"{path.name}: no such language {lang!r}: {text[:40]!r}")
    return Example(text, asked, str(lang), kind)
