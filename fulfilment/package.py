"""What the person gets: a zip with a readable page, JSON and CSV, sealed until it is fetched or wiped."""

import csv
import hashlib
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from defusedcsv import csv as defused
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.adapter import Record
from fulfilment.plan import LeftOut, Plan
from fulfilment.records import PackageRecord
from intake.records import Case
from intake.vault import Vault
from law.dates import say_date
from law.grounds import ground
from law.language import Lang, Words, say
from law.periods import period
from law.rights import Right, cards
from operators.profile import Contact, Operator
from operators.systems import Holding

FOLDER: Final = Path(__file__).with_name("pages")
DAYS: Final = 14
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier time; the same input gives the same bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file that an officer found by hand and added."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One holding as a table: `columns` as the system calls them, `labels` as people do."""

    system_id: str
    holding_id: str
    system: Words
    name: Words
    file: str
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def build(
    operator: Operator,
    plan: Plan,
    records: Mapping[str, Sequence[Record]],
    files: Sequence[File] = (),
    *,
    lang: Lang,
    reference: str,
    made: date,
) -> bytes:
    """The zip. `records` has system id -> exported rows; the same input always gives the same bytes.

    For access: every row, and the information of Art. 15(1)(a)-(h) and 15(2) from the register. For
    portability: only columns the person gave, and which holdings the right does not reach (Art. 20(1)).
    """
    sheets = _sheets(operator, plan, records, lang)
    names = _file_names(files)
    content: dict[str, bytes] = {"index.html": _page(operator, plan, sheets, names, lang, reference, made)}
    content["package.css"] = (FOLDER / "package.css").read_bytes()
    content["data.json"] = _json(operator, plan, sheets, reference, made)
    content |= {sheet.file: _csv(sheet) for sheet in sheets}
    content |= {name: file.content for name, file in zip(names, files, strict=True)}
    return _zip(content)


def _sheets(
    operator: Operator, plan: Plan, records: Mapping[str, Sequence[Record]], lang: Lang
) -> tuple[Sheet, ...]:
    sheets: list[Sheet] = []
    taken: set[str] = set()
    for system in operator.systems:
        for holding in system.holdings:
            rows = [one for one in records.get(system.id, ()) if one.holding == holding.id]
            if not rows:
                continue
            columns = _columns(plan.right, holding, rows)
            stem = holding.id if holding.id not in taken else f"{system.id}-{holding.id}"
            taken.add(stem)
            labels = tuple(say(holding.labels[c], lang) if c in holding.labels else c for c in columns)
            cells = tuple(tuple(one.values.get(column) for column in columns) for one in rows)
            sheets.append(
                Sheet(system.id, holding.id, system.name, holding.name, f"{stem}.csv", columns, labels, cells)
            )
    return tuple(sheets)


def _columns(right: Right, holding: Holding, rows: Sequence[Record]) -> tuple[str, ...]:
    """All that was exported; of portable data only what is about the person by the description."""
    seen = dict.fromkeys(column for row in rows for column in row.values)
    if right is not Right.PORTABILITY:
        return tuple(seen)
    given = {*holding.personal, *(holding.shown or ())}
    return tuple(column for column in seen if column in given)


def _file_names(files: Sequence[File]) -> tuple[str, ...]:
    """A safe, unique path in the zip for each file, whatever it was called."""
    names: list[str] = []
    for number, file in enumerate(files, start=1):
        plain = re.sub(r"[^\w.\- ]+", "_", file.name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")
        names.append(f"files/{number:02d}-{plain or 'file'}"[:120])
    return tuple(names)


def _page(
    operator: Operator,
    plan: Plan,
    sheets: Sequence[Sheet],
    files: Sequence[str],
    lang: Lang,
    reference: str,
    made: date,
) -> bytes:
    processings = [operator.processing(id) for id in plan.processings]
    recipients = {id: operator.recipient(id) for id in plan.recipients}
    page = _environment().get_template("package.html")
    html = page.render(
        lang=lang,
        t=_texts()[lang],
        operator=operator,
        right=plan.right.value,
        reference=reference,
        made=made,
        holdings=sheets,
        files=files,
        masked=any(_hides(operator, sheet) for sheet in sheets),
        left_out=[_left_out(operator, one) for one in plan.left_out],
        processings=[
            {
                "purpose": one.purpose,
                "data": one.data,
                "basis": one.basis,
                "basis_words": one.basis_words,
                "retention": one.retention,
                "rule": period(one.retention_code).rule if one.retention_code else None,
                "statute": period(one.retention_code).statute if one.retention_code else None,
                "source": one.source,
                "recipients": [recipients[id] for id in one.recipients if id in recipients],
            }
            for one in processings
        ],
        transfers=[one for one in recipients.values() if one.transfer],
        automated=[fact for fact in operator.facts if fact.topic in ("automated_decisions", "profiling")],
        rights=[card for card in cards() if card.right is not plan.right],
        contact=_contact(operator.contact),
        dpo=_contact(operator.dpo) if operator.dpo else (),
        say=lambda words: say(words, lang),
        day=lambda value: say_date(value, lang),
    )
    return html.encode()


def _hides(operator: Operator, sheet: Sheet) -> bool:
    holdings = operator.system(sheet.system_id).holdings
    return any(one.masked or one.secret for one in holdings if one.id == sheet.holding_id)


def _left_out(operator: Operator, one: LeftOut) -> dict[str, Any]:
    system = operator.system(one.system)
    holding = next(holding for holding in system.holdings if holding.id == one.holding)
    found = ground(one.code)
    return {"name": holding.name, "system": system.name, "why": found.text, "provision": found.provision}


def _contact(contact: Contact) -> tuple[str, ...]:
    known = (contact.person, contact.email, contact.phone, contact.address)
    return tuple(one for one in known if one)


def _json(operator: Operator, plan: Plan, sheets: Sequence[Sheet], reference: str, made: date) -> bytes:
    value = {
        "controller": operator.legal_name,
        "reference": reference,
        "right": plan.right.value,
        "made": made.isoformat(),
        "holdings": [
            {
                "system": sheet.system_id,
                "holding": sheet.holding_id,
                "name": dict(sheet.name),
                "rows": [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows],
            }
            for sheet in sheets
        ],
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(sheet: Sheet) -> bytes:
    """A table that a spreadsheet opens: no cell can start a formula, and the mark at the start says UTF-8."""
    text = io.StringIO(newline="")
    writer = defused.writer(text, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(sheet.columns)
    writer.writerows(sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _zip(content: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            info = zipfile.ZipInfo(name, date_time=_OLDEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return held.getvalue()


def seal(vault: Vault, case: Case, content: bytes, *, now: datetime, days: int = DAYS) -> PackageRecord:
    """The row that holds a package until it expires; the caller adds it to its unit of work."""
    row = PackageRecord(
        id=uuid4().hex,
        case_id=case.id,
        dossier_id=case.dossier_id,
        made_at=now,
        expires_at=now + timedelta(days=days),
        content=None,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        downloads=0,
        wiped_at=None,
    )
    row.content = vault.seal(case.dossier_id, f"package.content:{row.id}", content)
    return row


async def open_package(session: AsyncSession, vault: Vault, case_id: str, now: datetime) -> bytes | None:
    """The zip, counted as a download; None where there is none, or none any more. Raises KeyGone."""
    row = await session.scalar(
        select(PackageRecord).where(PackageRecord.case_id == case_id).with_for_update()
    )
    if row is None or row.content is None or row.expires_at <= now:
        return None
    content = vault.open(row.dossier_id, f"package.content:{row.id}", row.content)
    row.downloads += 1
    return content


async def wipe_expired(session: AsyncSession, now: datetime) -> int:
    """Delete the content of packages whose time is over; how many."""
    rows = await session.scalars(
        select(PackageRecord).where(PackageRecord.expires_at <= now, PackageRecord.wiped_at.is_(None))
    )
    count = 0
    for row in rows:
        row.content, row.wiped_at = None, now
        count += 1
    return count


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "package.toml").read_text("utf-8"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["upper_first"] = lambda text: text[:1].upper() + text[1:]
    environment.finalize = lambda value: "" if value is None else value
    return environment
