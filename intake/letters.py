"""Writes letters as rows, with the move they tell of; the worker sends them later.

The words are made by intake.writing, which also says what each letter is told.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from intake.records import Case, Letter
from intake.vault import Vault
from intake.writing import Asked, Cited, Deed, Download, Rendered, Retained, Said, names, render
from law.language import Lang
from operators.profile import Operator

__all__ = [
    "FAILED",
    "KEPT",
    "QUEUED",
    "SHOWN",
    "Asked",
    "Cited",
    "Deed",
    "Download",
    "OpenLetter",
    "Rendered",
    "Retained",
    "Said",
    "mailable",
    "names",
    "open_letter",
    "render",
    "send_again",
    "send_kept",
    "undelivered",
    "write",
]

QUEUED: Final = "queued"
KEPT: Final = "kept"
SHOWN: Final = "shown"
"""Its words went out in another letter: shown on the status page and not mailed."""

FAILED: Final = "failed"
"""Refused for good by the receiving mail server, or put off for days: nobody has read it."""

_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9æøåÆØÅäöüÄÖÜé](?:[A-Za-z0-9æøåÆØÅäöüÄÖÜé-]*[A-Za-z0-9æøåÆØÅäöüÄÖÜé])?\.)+[A-Za-z]{2,63}"
)


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter taken out of its seal; `to` None means it is shown on the status page only."""

    subject: str
    text: str
    html: str
    to: str | None


def mailable(address: str) -> bool:
    """Whether a letter can be sent there: one plain address on one line, at most 254 characters."""
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        return False
    try:
        _wire(address)
    except UnicodeError:  # a part of the domain is too long
        return False
    return True


async def write(
    session: AsyncSession,
    vault: Vault,
    operator: Operator,
    *,
    name: str,
    lang: Lang,
    dossier_id: str,
    case: Case | None = None,
    to: str | None = None,
    values: Mapping[str, Any],
    now: datetime,
    told: bool = False,
) -> Letter:
    """Add the letter to the unit of work: "queued" for `to`, "kept" for the status page where that is None.

    `told`: another letter carries its words, so that it is only shown.

    Raises ValueError where `to` is no mailable address, and as `render`.
    """
    if to is not None and not mailable(to):
        raise ValueError("a letter needs one plain address")
    rendered = render(operator, name, lang, values, now=now, case=case)
    letter_id = uuid4().hex

    def sealed(column: str, value: str) -> bytes:
        return vault.seal(dossier_id, f"letter.{column}:{letter_id}", value)

    letter = Letter(
        id=letter_id,
        operator=operator.id,
        dossier_id=dossier_id,
        case_id=case.id if case else None,
        name=name,
        lang=lang,
        to=sealed("to", _wire(to)) if to is not None else None,
        to_hash=vault.lookup("email", _wire(to)) if to is not None else None,
        subject=sealed("subject", rendered.subject),
        text=sealed("text", rendered.text),
        html=sealed("html", rendered.html),
        message_id=f"<rettsvar.{letter_id}@{_domain(operator)}>",
        state=SHOWN if told else KEPT if to is None else QUEUED,
        attempts=0,
        not_before=now,
        deferred_at=None,
        fault=None,
        written_at=now,
        sent_at=None,
    )
    session.add(letter)
    await session.flush()
    return letter


def undelivered() -> Select[str | None]:
    """The ids of the cases where a letter was refused for good and no officer has dealt with it.

    A code is left out: who mistyped an address asks for another one.
    """
    return select(Letter.case_id).where(
        Letter.state == FAILED, Letter.case_id.is_not(None), Letter.name != "code"
    )


def send_again(letter: Letter, now: datetime) -> None:
    """Queue a letter that was refused, for the same address and under the same Message-ID, with new patience."""
    letter.state, letter.attempts, letter.not_before = QUEUED, letter.attempts + 1, now
    letter.bounced_at = None
    letter.deferred_at = letter.fault = None


def open_letter(vault: Vault, letter: Letter) -> OpenLetter:
    """The letter's words. Raises KeyGone or Unsealable as the vault does."""

    def opened(column: str, value: bytes) -> str:
        return vault.open_text(letter.dossier_id, f"letter.{column}:{letter.id}", value)

    return OpenLetter(
        subject=opened("subject", letter.subject),
        text=opened("text", letter.text),
        html=opened("html", letter.html),
        to=None if letter.to is None else opened("to", letter.to),
    )


async def send_kept(
    session: AsyncSession, vault: Vault, *, dossier_id: str, name: str, to: str, now: datetime
) -> int:
    """Queue the dossier's kept letters of one name for an address that is now known; how many there were."""
    kept = await session.scalars(
        select(Letter).where(Letter.dossier_id == dossier_id, Letter.name == name, Letter.state == KEPT)
    )
    letters = kept.all()
    for letter in letters:
        letter.to = vault.seal(dossier_id, f"letter.to:{letter.id}", _wire(to))
        letter.to_hash = vault.lookup("email", _wire(to))
        letter.state, letter.not_before = QUEUED, now
    await session.flush()
    return len(letters)


def _wire(address: str) -> str:
    """The address as mail servers take it: a domain with Norwegian letters in its ASCII form."""
    name, _, domain = address.rpartition("@")
    return f"{name}@{domain.encode('idna').decode()}"


def _domain(operator: Operator) -> str:
    """The right side of a Message-ID: the company's own domain, whose mail server answers for it."""
    address = operator.contact.email or ""
    return address.rpartition("@")[2] if mailable(address) else "rettsvar.invalid"
