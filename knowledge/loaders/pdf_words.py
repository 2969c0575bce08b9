"""Take the words of a PDF with their places: run as a process of its own, which a bad file may not outlive.

Reads the file from standard input and writes one JSON object: {"why": code} or {"pages": [page]}, a page being
{"height", "pictures", "words": [[text, x0, x1, y, size, bold]], "rules": [[x0, x1, y0, y1]]} in points from the lower
left corner, y that of the line the letters stand on. A damaged file ends the process with an error, whatever it is.
Imports nothing of ours, so that it can run by itself.
"""

import io
import json
import re
import resource
import sys
from collections.abc import Iterator
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

GAP = 0.17
"""Share of the size of the letters from which a gap is a space; a usual space is a quarter."""

MOST_BULLETS = 100
"""Small shapes on one page beyond which they are a drawing's."""

BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)


def main(seconds: int, memory: int, most_pages: int, most_letters: int) -> None:
    """Read standard input within limits: seconds of the processor, bytes of memory, pages, letters."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        said: dict[str, Any] = {"pages": list(_pages(sys.stdin.buffer.read(), most_pages, most_letters))}
    except PDFPasswordIncorrect:
        said = {"why": "encrypted"}
    except (OverflowError, MemoryError, RecursionError):
        said = {"why": "too_long"}
    json.dump(said, sys.stdout)


def _pages(content: bytes, most_pages: int, most_letters: int) -> Iterator[dict[str, Any]]:
    document = PDFDocument(PDFParser(io.BytesIO(content)))
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=None)
    interpreter = PDFPageInterpreter(resources, device)
    letters = 0
    for n, page in enumerate(PDFPage.create_pages(document)):
        if n >= most_pages:
            raise OverflowError
        interpreter.process_page(page)
        layout = device.get_result()
        found = list(_inside(layout))
        letters += len(found)
        if letters > most_letters:
            raise OverflowError
        words = list(_words(one for one in found if isinstance(one, LTChar)))
        yield {
            "height": round(layout.height, 1),
            "pictures": sum(isinstance(one, LTImage) for one in found),
            "words": [*words, *_bullets(found, words)],
            "rules": [
                [round(place, 1) for place in (one.x0, one.x1, one.y0, one.y1)]
                for one in found
                if isinstance(one, LTCurve)
                and min(one.height, one.width) < 3
                and max(one.height, one.width) > 8
            ],
        }


def _inside(container: LTContainer[Any]) -> Iterator[Any]:
    for one in container:
        if isinstance(one, LTContainer):
            yield from _inside(one)
        else:
            yield one


def _words(letters: Iterator[LTChar]) -> Iterator[list[Any]]:
    """Yield words: letters on one line without a gap, in one weight. Text that stands aslant is left out."""
    text, x0, x1, y, size, bold = "", 0.0, 0.0, 0.0, 0.0, False
    for letter in letters:
        a, b, c, _, _, base = letter.matrix
        if abs(b) > 0.01 or abs(c) > 0.3 or a <= 0 or not letter.size:
            continue
        sign = letter.get_text()
        sign = "" if sign.startswith("(cid:") else sign
        heavy = bool(BOLD.search(letter.fontname))
        same = abs(base - y) < 0.1 * letter.size and abs(letter.size - size) < 0.5 and heavy == bold
        near = -0.5 * letter.size < letter.x0 - x1 < GAP * letter.size
        if text and (not sign.strip() or not same or not near):
            yield [text, round(x0, 1), round(x1, 1), round(y, 1), round(size, 1), bold]
            text = ""
        if not sign.strip():
            continue
        if not text:
            x0, y, size, bold = letter.x0, base, letter.size, heavy
        text += sign
        x1 = letter.x1
    if text:
        yield [text, round(x0, 1), round(x1, 1), round(y, 1), round(size, 1), bold]


def _bullets(found: list[Any], words: list[list[Any]]) -> Iterator[list[Any]]:
    """Yield the bullets that are drawn and not written, as browsers do: small shapes, as high as wide, left of
    a word and on its line."""
    shapes = [one for one in found if isinstance(one, LTCurve) and 1.5 < one.height < 7]
    if len(shapes) > MOST_BULLETS:
        return
    for one in shapes:
        beside = [
            word
            for word in words
            if 0 < word[1] - one.x1 < 2.5 * word[4] and 0 <= one.y0 - word[3] < 0.6 * word[4]
        ]
        if beside and 0.7 < one.width / one.height < 1.4:
            _, x0, _, y, size, _ = min(beside, key=lambda word: word[1])
            yield ["•", round(one.x0, 1), round(min(one.x1, x0), 1), y, size, False]


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:5]))
