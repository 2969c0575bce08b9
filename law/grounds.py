"""The register of grounds for not doing what a person asks; an officer must pick one, free text is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from law.language import Words, as_words, catalogue
from law.rights import Right

_OTHER = "OTHER:"


class UnknownGround(KeyError):
    """No ground has this code."""


class Kind(StrEnum):
    """What a ground leads to. Only REFUSAL is a refusal that needs the Art. 12(4) letter as such."""

    REFUSAL = "refusal"
    PENDING = "pending"
    FEE = "fee"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact the officer must state with the ground."""

    id: str
    label: Words


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground of the register.

    `provision` cites the law, `label` names it to the officer, `text` says it to the person in a sentence.
    `subcodes` are the periods or statutes that make it concrete; `needs_subcode`: one of them, or
    "OTHER:<statute and section>", must be given. `approvals`: how many officers must agree. `disputed`:
    rights for which the ground holds only by analogy, which takes two. `partial_only`: it never carries a
    full refusal.
    """

    code: str
    rights: frozenset[Right]
    kind: Kind
    provision: str
    label: Words
    text: Words
    evidence: tuple[Evidence, ...]
    needs_subcode: bool
    subcodes: tuple[str, ...]
    approvals: int
    disputed: frozenset[Right]
    partial_only: bool

    def approvals_for(self, right: Right) -> int:
        """How many officers must agree for this right. ValueError where the ground does not apply to it."""
        if right not in self.rights:
            raise ValueError(f"{self.code} does not apply to {right}")
        return max(self.approvals, 2) if right in self.disputed else self.approvals

    def missing(self, given: Mapping[str, str]) -> tuple[Evidence, ...]:
        """The evidence not given, or given as nothing but blanks."""
        return tuple(item for item in self.evidence if not given.get(item.id, "").strip())

    def accepts(self, subcode: str | None) -> bool:
        """Whether the sub-code, if any, will do: a listed one, or OTHER with a statute where one is due."""
        if subcode is None:
            return not self.needs_subcode
        if subcode.startswith(_OTHER):
            return self.needs_subcode and bool(subcode.removeprefix(_OTHER).strip())
        return subcode in self.subcodes


@cache
def register() -> tuple[Ground, ...]:
    """The whole register, in its order."""
    table = catalogue("grounds.toml")
    labels = {key: as_words(value) for key, value in table["evidence"].items()}
    return tuple(_ground(row, labels) for row in table["ground"])


def grounds(right: Right, *, marketing: bool = False) -> tuple[Ground, ...]:
    """The grounds an officer may choose from.

    None for a withdrawn consent (Art. 7(3)), a complaint (Art. 77), or, with `marketing`, an objection to
    direct marketing (Art. 21(2)-(3)): the law has no ground there and none may be offered.
    """
    if marketing and right is Right.OBJECTION:
        return ()
    return tuple(ground for ground in register() if right in ground.rights)


def ground(code: str) -> Ground:
    """The ground with this code, such as "G17-3B". UnknownGround otherwise."""
    for found in register():
        if found.code == code:
            return found
    raise UnknownGround(code)


def _ground(row: Mapping[str, object], labels: Mapping[str, Words]) -> Ground:
    approvals = row.get("approvals", 1)
    if not isinstance(approvals, int):
        raise ValueError(f"grounds.toml: {row['code']}: approvals must be a number")
    return Ground(
        code=str(row["code"]),
        rights=_rights(row["rights"]),
        kind=Kind(str(row.get("kind", Kind.REFUSAL))),
        provision=str(row["provision"]),
        label=as_words(row["label"]),
        text=as_words(row["text"]),
        evidence=tuple(Evidence(key, labels[key]) for key in _strings(row["evidence"])),
        needs_subcode=row.get("needs_subcode") is True,
        subcodes=_strings(row.get("subcodes", [])),
        approvals=approvals,
        disputed=_rights(row.get("disputed", [])),
        partial_only=row.get("partial_only") is True,
    )


def _rights(value: object) -> frozenset[Right]:
    return frozenset(Right(name) for name in _strings(value))


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"grounds.toml: a list is needed, not {value!r}")
    return tuple(str(item) for item in value)
