"""One TOML table read strictly: each key is taken once, in its type, and what is left over is an error."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from law.language import LANGS, Words

E = TypeVar("E", bound=StrEnum)


class ProfileError(ValueError):
    """A company's TOML cannot be used; the message names the file, the key and what is wrong with it."""

    def __init__(self, file: str, where: str, why: str) -> None:
        super().__init__(f"{file}: {where}: {why}" if where else f"{file}: {why}")
        self.file = file
        self.where = where
        self.why = why


@dataclass(slots=True)
class Table:
    """A table on its way to becoming a value: `file` and `where` say where we are, for the error."""

    file: str
    where: str
    values: Mapping[str, object]
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, path: Path) -> "Table":
        """Read a whole file. Raises ProfileError when it is missing, not UTF-8 or not TOML."""
        name = f"{path.parent.name}/{path.name}"
        try:
            return cls(name, "", tomllib.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError as fault:
            raise ProfileError(name, "", "the file is missing") from fault
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            raise ProfileError(name, "", f"not readable as TOML: {fault}") from fault

    def at(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def wrong(self, key: str, why: str) -> ProfileError:
        """The error to raise about one key of this table."""
        return ProfileError(self.file, self.at(key), why)

    def maybe(self, key: str) -> object | None:
        self.taken.add(key)
        return self.values.get(key)

    def _need(self, key: str) -> object:
        found = self.maybe(key)
        if found is None:
            raise self.wrong(key, "is missing")
        return found

    def text(self, key: str) -> str:
        """A string that says something; "" and blanks are errors."""
        found = self._need(key)
        if not isinstance(found, str) or not found.strip():
            raise self.wrong(key, f"must be text that says something, not {found!r}")
        return found

    def maybe_text(self, key: str) -> str | None:
        return self.text(key) if key in self.values else None

    def flag(self, key: str, default: bool) -> bool:
        found = self.maybe(key)
        if found is None:
            return default
        if not isinstance(found, bool):
            raise self.wrong(key, f"must be true or false, not {found!r}")
        return found

    def number(self, key: str, default: int = 0) -> int:
        """A whole number, not negative."""
        found = self.maybe(key)
        if found is None:
            return default
        if isinstance(found, bool) or not isinstance(found, int) or found < 0:
            raise self.wrong(key, f"must be a whole number from 0 up, not {found!r}")
        return found

    def maybe_day(self, key: str) -> date | None:
        found = self.maybe(key)
        if found is None:
            return None
        if type(found) is not date:
            raise self.wrong(key, f"must be a date such as 2021-04-17, not {found!r}")
        return found

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        found = self._need(key) if needed else self.maybe(key)
        if found is None:
            return ()
        if not isinstance(found, list):
            raise self.wrong(key, "must be a list of texts")
        for one in found:
            if not isinstance(one, str) or not one.strip():
                raise self.wrong(key, f"holds {one!r}, which is not text that says something")
        if len(set(found)) < len(found):
            raise self.wrong(key, "names the same thing twice")
        return tuple(found)

    def sub(self, key: str) -> "Table":
        found = self._need(key)
        if not isinstance(found, dict):
            raise self.wrong(key, "must be a table")
        return Table(self.file, self.at(key), found)

    def maybe_sub(self, key: str) -> "Table | None":
        return self.sub(key) if key in self.values else None

    def rows(self, key: str) -> Iterator["Table"]:
        """Each `[[key]]`, named by its own id where it has one, else by its place."""
        found = self.maybe(key)
        if found is None:
            return
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise self.wrong(key, f"must be tables, written [[{key}]]")
        seen: set[str] = set()
        for place, row in enumerate(found):
            id = row.get("id")
            name = id if isinstance(id, str) else str(place)
            if name in seen:
                raise self.wrong(f"{key}[{name}]", "this id is used twice")
            seen.add(name)
            yield Table(self.file, self.at(f"{key}[{name}]"), row)

    def words(self, key: str) -> Words:
        """The same text in bokmål, nynorsk and English; a missing language is an error."""
        said = self.sub(key)
        words: dict[str, str] = {lang: said.text(lang) for lang in LANGS}
        said.done()
        return words

    def maybe_words(self, key: str) -> Words | None:
        return self.words(key) if key in self.values else None

    def pairs(self, key: str, keys: Iterable[str] | None = None) -> dict[str, str]:
        """A table of name = "text"; with `keys`, no other name is known."""
        said = self.maybe_sub(key)
        if said is None:
            return {}
        known = None if keys is None else tuple(keys)
        for name in said.values:
            if known is not None and name not in known:
                raise said.wrong(name, f"is not one of {', '.join(known)}")
        return {name: said.text(name) for name in said.values}

    def one_of(self, key: str, kinds: type[E], default: E | None = None) -> E:
        if default is not None and key not in self.values:
            return default
        found = self.text(key)
        try:
            return kinds(found)
        except ValueError as fault:
            raise self.wrong(key, f"{found!r} is not one of {', '.join(kinds)}") from fault

    def known(self, key: str, look_up: Callable[[str], object]) -> str:
        """A code the law knows: `look_up` raises LookupError for one it does not."""
        found = self.text(key)
        try:
            look_up(found)
        except LookupError as fault:
            raise self.wrong(key, f"{found!r} is not a code the law's tables know") from fault
        return found

    def done(self) -> None:
        """Close the table. Raises ProfileError for the first key nobody asked for."""
        for key in self.values:
            if key not in self.taken:
                raise self.wrong(key, "is not a key known here")
