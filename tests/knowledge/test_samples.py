"""Documents of five kinds, each of an invented company, become the passages that a reader would cut them into."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.documents import Document, load_bytes
from tests.knowledge.samples.medlemsvilkar import medlemsvilkar
from tests.knowledge.writing_pdf import Layout, set_document

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).with_name("samples")
COLUMNS = Layout(
    columns=2, head="Havneloftet Minilager AS – leievilkår", foot="Side {n} · havneloftet.example.no"
)


def _columns() -> bytes:
    return set_document((SAMPLES / "leievilkar.txt").read_text("utf-8"), COLUMNS)


FILES: dict[str, Callable[[], bytes]] = {
    "personvern.html": (SAMPLES / "personvern.html").read_bytes,
    "leievilkar.pdf": _columns,
    "medlemsvilkar.docx": medlemsvilkar,
    "kjopsvilkar.md": (SAMPLES / "kjopsvilkar.md").read_bytes,
    "privacy-notice.pdf": (SAMPLES / "privacy-notice.pdf").read_bytes,
}


def shown(document: Document) -> str:
    """A document's passages for the golden file: section | path | what leads in to it, and the text below."""
    lines = [f"{document.title} ({document.lang})"]
    for passage in document.passages:
        places = [passage.section, " > ".join(passage.path), *([passage.lead] if passage.lead else [])]
        lines += ["", " | ".join(places), *(f"    {line}".rstrip() for line in passage.text.split("\n"))]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    """Each sample, read once."""
    return {file: load_bytes(write(), file) for file, write in FILES.items()}


@pytest.mark.parametrize("file", FILES)
def test_a_sample_reads_as_its_golden_file(documents: dict[str, Document], file: str) -> None:
    """Section numbers, paths and texts are those a person has read through; run this module to write them anew."""
    assert shown(documents[file]) == (SAMPLES / f"{file}.golden").read_text("utf-8")


@pytest.mark.parametrize("file", FILES)
def test_every_paragraph_of_a_sample_is_in_a_passage(documents: dict[str, Document], file: str) -> None:
    """A page that shows the sections shows each passage's text once, and anchors are unique."""
    document = documents[file]
    said = [" ".join(p.text for s in document.sections() for p in s.paragraphs).split()]
    quoted = [" ".join(p.text for p in document.passages).split()]
    assert said == quoted
    anchors = [p.anchor for p in document.passages] + [s.anchor for s in document.sections()]
    assert len(set(anchors)) == len(anchors)


if __name__ == "__main__":
    for file, write in FILES.items():
        (SAMPLES / f"{file}.golden").write_text(shown(load_bytes(write(), file)), "utf-8")
