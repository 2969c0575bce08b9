"""A company's document by section, so that a citation leads to its place; else the register in its stead."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from desk.pages.visit import Reading
from knowledge.documents import Document, Section

REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph on the page; the first of its passage bears the anchor."""

    text: str
    anchor: str
    first: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section on the page."""

    number: str
    heading: str
    anchor: str
    level: int
    paragraphs: tuple[Shown, ...]


def document_path(operator_id: str, document: Document, lang: str) -> str:
    """The page of a document, under the name citations use."""
    return f"/o/{operator_id}/dokument/{quote(document.title, safe='')}?lang={lang}"


def register_path(operator_id: str) -> str:
    """The page of the company's register."""
    return f"/o/{operator_id}/dokument/{REGISTER}"


def shown(sections: tuple[Section, ...]) -> Iterator[ShownSection]:
    """The sections as the page shows them, every anchor once."""
    taken = {section.anchor for section in sections}
    for section in sections:
        paragraphs = []
        for paragraph in section.paragraphs:
            first = paragraph.anchor not in taken
            taken.add(paragraph.anchor)
            paragraphs.append(Shown(paragraph.text, paragraph.anchor, first))
        yield ShownSection(section.number, section.heading, section.anchor, section.level, tuple(paragraphs))


def router() -> APIRouter:
    """`/o/{operator}/dokument/{document}`."""
    router = APIRouter()

    @router.get("/o/{operator_id}/dokument/{name:path}")
    async def document(operator_id: str, name: str, reader: Reading) -> Response:
        operator = reader.operator(operator_id)
        path = f"/o/{operator_id}/dokument/{quote(name, safe='')}"
        # a version may bear another title; links from older answers have the one the profile knows
        expects = next((one for one in operator.documents if name in (one.title, one.file)), None)
        file = expects.file if expects else name
        for one in await reader.documents(operator_id):
            if name == one.title or file == one.file:
                sections = tuple(shown(one.sections()))
                return reader.page(
                    "pages/document.html",
                    operator,
                    document=one,
                    sections=sections,
                    doc_lang=one.lang,
                    path=path,
                )
        if name != REGISTER and expects is None:
            raise HTTPException(404)
        missing = expects.title if expects else None
        return reader.page("pages/register.html", operator, missing=missing, path=path)

    return router
