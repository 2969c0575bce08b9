"""The versions of the companies' documents as rows: added, taken back, and read for who answers from them."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desk.records import DocumentVersion
from knowledge.shelf import Version, in_force

COMMAND_LINE: Final = "command line"
LONGEST_NAME: Final = 200  # characters of a file's name or a title


class Standing(StrEnum):
    """How a version stands on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"
    OLDER = "older"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file that was handed in: its version, and whether it is a new one."""

    row: DocumentVersion
    new: bool


async def add(
    session: AsyncSession,
    operator: str,
    *,
    file: str,
    name: str,
    title: str,
    content: bytes,
    in_force_from: date,
    by: str,
    now: datetime,
) -> Added:
    """Keep a document that can be read as a version of `file`. The same bytes twice are one version: the first."""
    sha256 = hashlib.sha256(content).hexdigest()
    same = select(DocumentVersion).where(
        DocumentVersion.operator == operator,
        DocumentVersion.file == file,
        DocumentVersion.sha256 == sha256,
        DocumentVersion.retired_at.is_(None),
    )
    known = await session.scalar(same)
    if known is not None:
        return Added(known, new=False)
    row = DocumentVersion(
        id=uuid4().hex,
        operator=operator,
        file=file,
        name=name,
        title=title,
        content=content,
        sha256=sha256,
        in_force_from=in_force_from,
        added_at=now,
        added_by=by,
    )
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody handed the same in at the same moment
        return Added((await session.scalars(same)).one(), new=False)
    return Added(row, new=True)


async def history(session: AsyncSession, operator: str) -> tuple[DocumentVersion, ...]:
    """Every version of a company's documents without its content, the newest first."""
    rows = await session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.operator == operator)
        .order_by(DocumentVersion.in_force_from.desc(), DocumentVersion.added_at.desc())
    )
    return tuple(rows)


async def standing_versions(
    session: AsyncSession, operators: Collection[str]
) -> Mapping[str, tuple[Version, ...]]:
    """For each of these companies the versions that are not taken back, in force, older and coming."""
    rows = await session.scalars(
        select(DocumentVersion).where(
            DocumentVersion.operator.in_(operators), DocumentVersion.retired_at.is_(None)
        )
    )
    found: dict[str, tuple[Version, ...]] = dict.fromkeys(operators, ())
    for row in rows:
        found[row.operator] += (as_version(row),)
    return found


async def contents(session: AsyncSession, versions: Iterable[Version]) -> dict[Version, bytes]:
    """What the file of each version holds."""
    by_id = {one.id: one for one in versions}
    rows = await session.execute(
        select(DocumentVersion.id, DocumentVersion.content).where(DocumentVersion.id.in_(by_id))
    )
    return {by_id[id]: content for id, content in rows}


def as_version(row: DocumentVersion) -> Version:
    """The row as the value that is handed on."""
    return Version(row.id, row.file, row.name, row.title, row.in_force_from, row.added_at)


def standings(rows: Iterable[DocumentVersion], day: date) -> dict[str, Standing]:
    """How each version stands on a day, by its id; the rows are all those of one company."""
    rows = tuple(rows)
    counting = in_force((as_version(one) for one in rows if one.retired_at is None), day).values()
    ids = {one.id for one in counting}

    def stands(row: DocumentVersion) -> Standing:
        if row.retired_at is not None:
            return Standing.RETIRED
        if row.in_force_from > day:
            return Standing.COMING
        return Standing.IN_FORCE if row.id in ids else Standing.OLDER

    return {one.id: stands(one) for one in rows}
