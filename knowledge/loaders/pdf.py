"""Read a PDF: its words come from a process with limits, and their places on the pages tell the rest."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from knowledge.loaders.faked import with_plain_headings
from knowledge.loaders.pdf_columns import Word
from knowledge.loaders.pdf_pages import Page, lines_of_pages
from knowledge.loaders.pdf_parts import parts_of_lines
from knowledge.loaders.pdf_tables import Rule
from knowledge.loaders.unreadable import Unreadable, Why
from knowledge.outline import Outline

MOST_PAGES: Final = 300
MOST_LETTERS: Final = 1_500_000
SECONDS: Final = 20
"""Seconds of the processor for one file; a page takes about a twenty-fifth of one."""

MEMORY: Final = 1_500_000_000
"""Bytes for one file; the libraries take some 200 million before they begin."""

LEAST_LETTERS: Final = 20
"""Letters a page with pictures must have, on average, not to be taken for a scanned one."""


def outline_of_pdf(content: bytes, file: str) -> Outline:
    """Return the outline of a PDF.

    Raises Unreadable for a file that is damaged, has a password, holds no text (`SCANNED` where it holds
    pictures), or takes more than the limits.
    """
    pages = _pages(content, file)
    letters = sum(len(word.text) for page in pages for word in page.words)
    pictures = sum(page.pictures for page in pages)
    if pictures and letters < LEAST_LETTERS * len(pages):
        raise Unreadable(file, Why.SCANNED)
    parts = with_plain_headings(parts_of_lines(lines_of_pages(pages)))
    if not parts:
        raise Unreadable(file, Why.EMPTY)
    return Outline(parts)


def _pages(content: bytes, file: str) -> tuple[Page, ...]:
    # -I: the folder of the program is not searched for modules, nor does the environment count.
    command = [sys.executable, "-I", str(Path(__file__).with_name("pdf_words.py"))]
    limits = [str(limit) for limit in (SECONDS, MEMORY, MOST_PAGES, MOST_LETTERS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with the file on its standard input
            [*command, *limits], input=content, capture_output=True, timeout=SECONDS * 2, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(file, Why.TOO_LONG) from error
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unreadable(file, Why.TOO_LONG)
    if done.returncode:
        raise Unreadable(file, Why.DAMAGED)
    said: dict[str, Any] = json.loads(done.stdout)
    if "why" in said:
        raise Unreadable(file, Why(said["why"]))
    if not said["pages"]:
        raise Unreadable(file, Why.DAMAGED)
    return tuple(
        Page(
            page["height"],
            page["pictures"],
            tuple(Word(*word) for word in page["words"]),
            tuple(Rule(*rule) for rule in page["rules"]),
        )
        for page in said["pages"]
    )
