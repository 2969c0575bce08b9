"""Write small PDF files by hand, set in one or two columns with heads, feet and words broken at line ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pdfminer.fontmetrics import FONT_METRICS

WIDTH, HEIGHT, MARGIN, GUTTER = 595, 842, 60, 24
FONTS = {"F1": "Helvetica", "F2": "Helvetica-Bold"}

Set = tuple[float, float, str, float, str]
"""x, y, font, size, text."""


@dataclass
class Layout:
    """How a document is set; `head` and `foot` stand on every page, «{n}» being its number."""

    columns: int = 1
    head: str = ""
    foot: str = ""
    body: float = 9.5
    pages: list[list[Set]] = field(default_factory=list)


def wide(text: str, font: str, size: float) -> float:
    """The width of a text in points."""
    widths = FONT_METRICS[FONTS[font]][1]
    return sum(widths.get(c, 556) for c in text) * size / 1000


def wrapped(text: str, font: str, size: float, width: float) -> Iterator[str]:
    """The lines of a paragraph; a word may be broken where it holds «|», and gets a hyphen there."""
    line = ""
    for word in text.split(" "):
        pieces = word.split("|")
        while True:
            fits = len(pieces)
            while fits:
                tried = "".join(pieces[:fits]) + ("-" if fits < len(pieces) else "")
                if wide(f"{line} {tried}".strip(), font, size) <= width:
                    break
                fits -= 1
            if fits == len(pieces):
                line = f"{line} {''.join(pieces)}".strip()
                break
            if fits:
                line = f"{line} {''.join(pieces[:fits])}-".strip()
                pieces = pieces[fits:]
            yield line
            line = ""
    if line:
        yield line


def set_document(source: str, layout: Layout) -> bytes:
    """Set a document, a block a paragraph: «# » the title over all columns, «## » a heading, «- » an item."""
    column = (WIDTH - 2 * MARGIN - GUTTER * (layout.columns - 1)) / layout.columns
    at, y = 0, 0.0
    top = bottom = 0.0

    def turn() -> None:
        nonlocal at, y, top
        at += 1
        if at >= layout.columns or not layout.pages:
            at, top = 0, HEIGHT - 90
            n = len(layout.pages) + 1
            layout.pages.append([])
            for words, place in ((layout.head, HEIGHT - 40), (layout.foot, 36)):
                if words:
                    layout.pages[-1].append((MARGIN, place, "F1", 8, words.replace("{n}", str(n))))
        y = top

    bottom = 70.0
    turn()
    for block in source.strip().split("\n\n"):
        block = " ".join(block.split())
        font, size, over, hang = "F1", layout.body, 0.7, 0.0
        if block.startswith("# "):
            font, size, block = "F2", 18, block[2:]
        elif block.startswith("## "):
            font, size, over, block = "F2", layout.body + 1.5, 1.2, block[3:]
        elif block.startswith("- "):
            over, hang, block = 0.2, 10, block[2:]
        width = WIDTH - 2 * MARGIN if size == 18 else column
        lines = list(wrapped(block, font, size, width - hang))
        y -= over * size
        if font == "F2" and y - (len(lines) + 2) * size * 1.3 < bottom:
            turn()
        for i, line in enumerate(lines):
            if y - size * 1.3 < bottom:
                turn()
            y -= size * 1.25
            left = MARGIN + at * (column + GUTTER)
            if hang and i == 0:
                layout.pages[-1].append((left, y, font, size, "•"))
            layout.pages[-1].append((left + hang, y, font, size, line))
        if size == 18:
            top = y = y - 10
    return written(layout.pages)


def written(
    pages: Sequence[Sequence[Set]],
    *,
    more: str = "",
    picture: bool = False,
    rules: Sequence[tuple[float, float, float, float]] = (),
) -> bytes:
    """The bytes of a PDF with these texts on its pages; `more` goes into the trailer («/Encrypt …»).

    `picture`: a grey picture covers each page, as a scanner makes it. `rules` are lines drawn on each page, from
    one place to another.
    """
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    for name in FONTS.values():
        objects.append(f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")
    objects.append(
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        " /Length 1 >>\nstream\nx\nendstream"
    )
    kids = []
    for page in pages:
        content = f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /P Do Q\n" if picture else ""
        content += "".join(f"{a} {b} m {c} {d} l S\n" for a, b, c, d in rules)
        for x, y, font, size, text in page:
            escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            content += f"BT /{font} {size} Tf {x:.2f} {y:.2f} Td ({escaped}) Tj ET\n"
        length = len(content.encode("cp1252"))
        objects.append(f"<< /Length {length} >>\nstream\n{content}\nendstream")
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /P 5 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{n} 0 R' for n in kids)}] >>"
    out = b"%PDF-1.4\n"
    places = []
    for n, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{one}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return out + (
        f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(places) + 1} /Root 1 0 R {more} >>\nstartxref\n{len(out)}\n%%EOF\n"
    ).encode("cp1252")
