"""The company the desk works for: its profile, read from the TOML in its folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from law.language import LANGS, Words
from law.rights import Right, card
from operators.check import Problem, check
from operators.register import (
    Conflict,
    Fact,
    Processing,
    Promise,
    Recipient,
    Register,
    Role,
    Severity,
    read_conflicts,
    read_facts,
    read_register,
)
from operators.systems import Holding, Keep, System, Treatment, read_systems
from operators.table import ProfileError, Table

__all__ = [
    "Conflict", "Contact", "ExpectedDocument", "Fact", "Holding", "Keep", "Operator", "Problem", "Processing",
    "ProcessorRule", "ProfileError", "Promise", "Recipient", "Register", "Release", "Role", "Severity",
    "System", "Treatment", "check", "load", "load_all", "operators_root",
]  # fmt: skip

Decider = Literal["auto", "officer"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Where to reach somebody; None is what the documents do not say."""

    person: str | None
    email: str | None
    phone: str | None
    address: str | None

    @property
    def reachable(self) -> bool:
        return bool(self.email or self.phone or self.address)


@dataclass(frozen=True, slots=True)
class ExpectedDocument:
    """A document the profile was written from: its file name, title, language and date, if it bears one."""

    file: str
    title: str
    lang: str
    dated: date | None


@dataclass(frozen=True, slots=True)
class Release:
    """Who lets a plan run: the program by itself ("auto") or an officer."""

    by: Mapping[Right, Decider]

    def of(self, right: Right) -> Decider:
        return self.by[right]


@dataclass(frozen=True, slots=True)
class ProcessorRule:
    """What happens to a request about data the company only processes for others (GDPR Art. 28(3)(e)).

    `people` says whose data that is, `controller` who decides over it, `words` what the person is told;
    the request is sent on within `forward_days` working days.
    """

    people: Words
    controller: Words
    words: Words
    forward_days: int


@dataclass(frozen=True, slots=True)
class Operator:
    """A company and all the desk knows about it; `folder` is where its TOML lies.

    `org_number` is nine digits; `year_end` is the accounting year's last day, "MM-DD"; `roles` says in words
    where it is controller and where processor, `acts_as` says it in codes.
    """

    id: str
    name: str
    legal_name: str
    prefix: str
    languages: tuple[str, ...]
    org_number: str | None
    fictional: bool
    documents: tuple[ExpectedDocument, ...]
    contact: Contact
    dpo: Contact | None
    roles: Words
    channels: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    register: tuple[Processing, ...]
    facts: tuple[Fact, ...]
    promises: tuple[Promise, ...]
    conflicts: tuple[Conflict, ...]
    systems: tuple[System, ...]
    release: Release
    processor: ProcessorRule | None
    year_end: str
    privacy_url: str | None
    folder: Path

    @property
    def acts_as(self) -> frozenset[Role]:
        return frozenset(processing.role for processing in self.register)

    @property
    def terms_folder(self) -> Path | None:
        """The company's own documents where they live in this repository; None: they come from outside."""
        terms = self.folder / "terms"
        return terms if terms.is_dir() else None

    def recipient(self, id: str) -> Recipient:
        return next(one for one in self.recipients if one.id == id)

    def processing(self, id: str) -> Processing:
        return next(one for one in self.register if one.id == id)

    def system(self, id: str) -> System:
        return next(one for one in self.systems if one.id == id)


def operators_root() -> Path:
    """The folder that holds one folder for each company."""
    return Path(__file__).parent


def load(folder: Path, overlay: Path | None = None) -> Operator:
    """Read one company from operator.toml, register.toml, systems.toml, facts.toml and conflicts.toml.

    The last two may be missing. Where an `overlay` folder has a systems.toml, it replaces the folder's.
    Raises ProfileError, naming file and key, for whatever is unknown, missing or of the wrong kind.
    """
    top = Table.of(folder / "operator.toml")
    register = read_register(Table.of(folder / "register.toml"))
    replaced = overlay is not None and (overlay / "systems.toml").is_file()
    systems = Table.of((overlay if replaced and overlay else folder) / "systems.toml")
    facts, promises = read_facts(_optional(folder / "facts.toml"))
    operator = Operator(
        id=top.text("id"),
        name=top.text("name"),
        legal_name=top.text("legal_name"),
        prefix=top.text("prefix"),
        languages=_languages(top),
        org_number=top.maybe_text("org_number"),
        fictional=top.flag("fictional", False),
        documents=tuple(_document(row) for row in top.rows("document")),
        contact=_contact(top.sub("contact")),
        dpo=_contact(top.sub("dpo")) if "dpo" in top.values else None,
        roles=top.words("roles"),
        channels=top.texts("channels"),
        recipients=register.recipients,
        register=register.processings,
        facts=facts,
        promises=promises,
        conflicts=read_conflicts(_optional(folder / "conflicts.toml")),
        systems=read_systems(systems, {processing.id for processing in register.processings}),
        release=_release(top.maybe_sub("release")),
        processor=_processor(top.maybe_sub("processor")),
        year_end=_year_end(top),
        privacy_url=top.maybe_text("privacy_url"),
        folder=folder,
    )
    top.done()
    if operator.id != folder.name:
        raise top.wrong("id", f"{operator.id!r} is not the folder's name, {folder.name!r}")
    return operator


def load_all(root: Path | None = None, overlay: Path | None = None) -> dict[str, Operator]:
    """Every company under `root` (by default this package), by id; `overlay` has a folder for each as well.

    Raises ProfileError, also when two companies share a case number prefix.
    """
    found: dict[str, Operator] = {}
    prefixes: dict[str, str] = {}
    for path in sorted((root or operators_root()).glob("*/operator.toml")):
        operator = load(path.parent, None if overlay is None else overlay / path.parent.name)
        if operator.prefix in prefixes:
            why = f"{operator.prefix!r} is the prefix of {prefixes[operator.prefix]}"
            raise ProfileError(f"{path.parent.name}/operator.toml", "prefix", why)
        prefixes[operator.prefix] = operator.id
        found[operator.id] = operator
    return found


def _optional(path: Path) -> Table:
    return Table.of(path) if path.is_file() else Table(f"{path.parent.name}/{path.name}", "", {})


def _languages(top: Table) -> tuple[str, ...]:
    spoken = top.texts("languages", needed=True)
    for lang in spoken:
        if lang not in LANGS:
            raise top.wrong("languages", f"{lang!r} is not one of {', '.join(LANGS)}")
    return spoken


def _document(row: Table) -> ExpectedDocument:
    document = ExpectedDocument(row.text("file"), row.text("title"), row.text("lang"), row.maybe_day("dated"))
    if document.lang not in LANGS:
        raise row.wrong("lang", f"{document.lang!r} is not one of {', '.join(LANGS)}")
    row.done()
    return document


def _contact(row: Table) -> Contact:
    contact = Contact(*(row.maybe_text(key) for key in ("person", "email", "phone", "address")))
    row.done()
    return contact


def _release(said: Table | None) -> Release:
    """What the law leaves to a human goes to an officer unless the company says otherwise."""
    by: dict[Right, Decider] = {right: "officer" if card(right).officer else "auto" for right in Right}
    for key in () if said is None else said.values:
        assert said is not None
        if key not in set(Right):
            raise said.wrong(key, f"is not one of {', '.join(Right)}")
        decider = said.text(key)
        if decider == "auto":
            by[Right(key)] = "auto"
        elif decider == "officer":
            by[Right(key)] = "officer"
        else:
            raise said.wrong(key, f"{decider!r} is not auto or officer")
    return Release(by)


def _processor(said: Table | None) -> ProcessorRule | None:
    if said is None:
        return None
    rule = ProcessorRule(
        people=said.words("people"),
        controller=said.words("controller"),
        words=said.words("words"),
        forward_days=said.number("forward_days", 1),
    )
    said.done()
    return rule


def _year_end(top: Table) -> str:
    found = top.maybe_text("year_end") or "12-31"
    try:
        date.fromisoformat(f"2023-{found}")
    except ValueError as fault:
        raise top.wrong("year_end", f"must be a day such as 12-31, not {found!r}") from fault
    return found
