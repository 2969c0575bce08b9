"""Reads the form that hands a new version of a document in, and says all that is wrong with it at once."""

import asyncio
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath
from typing import Final

from fastapi.datastructures import FormData
from starlette.datastructures import UploadFile

from desk.console.doors import Inside
from desk.versions import LONGEST_NAME
from knowledge.documents import load_bytes
from knowledge.loaders.choosing import MOST_BYTES
from knowledge.loaders.unreadable import Unreadable, Why
from law.calendar import oslo_day
from operators.profile import ExpectedDocument, Operator

FARTHEST: Final = timedelta(days=3660)  # from today to the day a version begins

Errors = list[tuple[str, str]]
"""(field, text) for each."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file of the form that can be read, as which document, from which day on."""

    expected: ExpectedDocument
    name: str
    content: bytes
    since: date


async def read(visit: Inside, operator: Operator, form: FormData) -> tuple[HandedIn | None, Errors]:
    """What the form hands in; else what is wrong with it, all at once."""
    errors: Errors = []
    chosen = str(form.get("document", ""))
    expected = next((one for one in operator.documents if one.file == chosen), None)
    if expected is None:
        errors.append(("document", visit.say("console.documents.error_document")))
    since = _day(str(form.get("since", "")))
    if since is None:
        errors.append(("since", visit.say("console.documents.error_since")))
    elif abs(since - oslo_day(visit.now)) > FARTHEST:
        since = None
        errors.append(("since", visit.say("console.documents.error_far")))
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        errors.append(("file", visit.say("console.documents.error_file")))
        return None, errors
    name = _named(file.filename)
    try:
        if (file.size or 0) > MOST_BYTES:
            raise Unreadable(name, Why.TOO_LARGE)
        content = await file.read()
        await asyncio.to_thread(load_bytes, content, name, operator.name)
    except Unreadable as fault:
        errors.append(("file", fault.sentence(visit.lang)))
        return None, errors
    if expected is None or since is None:
        return None, errors
    return HandedIn(expected, name, content, since), errors


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given.strip())
    except ValueError:
        return None


def _named(given: str) -> str:
    """A file's name without folders and unseen characters; a long one keeps its ending."""
    name = PurePath(given.replace("\\", "/")).name
    name = "".join(one for one in name if unicodedata.category(one)[0] != "C").strip() or "?"
    ending = PurePath(name).suffix
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - len(ending)] + ending
