"""A file that cannot be read says why, in three languages, and takes neither long nor much."""

import io
import re
import tomllib
import zipfile
from pathlib import Path

import pytest

from knowledge.documents import load_bytes, load_document
from knowledge.loaders import unreadable
from knowledge.loaders.archive import MOST_UNPACKED
from knowledge.loaders.choosing import MOST_CHARACTERS
from knowledge.loaders.unreadable import Unreadable, Why
from law.language import LANGS
from tests.knowledge.writing_docx import SPACE, paragraph, written
from tests.knowledge.writing_pdf import written as pdf

pytestmark = pytest.mark.slow

LINE = [[(60.0, 700.0, "F1", 10.0, "Skap leies for en dag om gangen og betales ved inngangen.")]]
LOCK = "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{0}> /U <{0}> >>".format("00" * 32)


def _zip(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


def _locked_docx() -> bytes:
    """What Word makes of a document with a password: an OLE container, not an archive."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")


BAD = {
    "damaged PDF": (pdf(LINE)[:300] + b"\0\xff" * 200, "a.pdf", Why.DAMAGED),
    "PDF with a password": (pdf(LINE, more=LOCK), "a.pdf", Why.ENCRYPTED),
    "scanned PDF": (pdf([[], []], picture=True), "a.pdf", Why.SCANNED),
    "empty PDF": (pdf([[]]), "a.pdf", Why.EMPTY),
    "PDF without pages": (pdf([]), "a.pdf", Why.DAMAGED),
    "damaged DOCX": (written(paragraph("Åpent."))[:200], "a.docx", Why.DAMAGED),
    "DOCX with a password": (_locked_docx(), "a.docx", Why.ENCRYPTED),
    "empty DOCX": (written(paragraph("")), "a.docx", Why.EMPTY),
    "DOCX without its document": (_zip(word__styles="<a/>"), "a.docx", Why.DAMAGED),
    "DOCX with entities": (
        _zip(
            word__document=f'<!DOCTYPE d [<!ENTITY a "b">]><w:document {SPACE}>'
            f"<w:body>{paragraph('Ja')}</w:body></w:document>"
        ),
        "a.docx",
        Why.DAMAGED,
    ),
    "zip bomb": (_zip(word__document=" " * (MOST_UNPACKED + 1)), "a.docx", Why.TOO_LARGE),
    "spreadsheet": (_zip(xl__workbook="<a/>"), "a.docx", Why.UNKNOWN_KIND),
    "HTML of 20 MB": (b"<html><p>" + b"a " * 10_000_000, "a.html", Why.TOO_LARGE),
    "long HTML": (b"<html><p>" + b"a " * MOST_CHARACTERS, "a.html", Why.TOO_LONG),
    "deep HTML": (b"<html>" + b"<div>" * 5000 + b"a", "a.html", Why.TOO_LONG),
    "HTML of a menu": (b"<html><nav>Hjem</nav><script>1</script></html>", "a.html", Why.EMPTY),
    "empty text": (b" \n", "a.txt", Why.EMPTY),
    "no bytes": (b"", "a.pdf", Why.EMPTY),
    "page numbers alone": (b"Side 1 av 2\n\nSide 2 av 2\n", "a.txt", Why.EMPTY),
    "long text": (b"a " * MOST_CHARACTERS, "a.txt", Why.TOO_LONG),
    "PDF called HTML": (pdf(LINE), "a.html", Why.MISNAMED),
    "HTML called PDF": (b"<!doctype html><p>Hei", "a.pdf", Why.MISNAMED),
    "DOCX called PDF": (written(paragraph("Åpent.")), "a.pdf", Why.MISNAMED),
    "text called DOCX": (b"Hei", "a.docx", Why.MISNAMED),
    "text called HTML": (b"Hei", "a.html", Why.MISNAMED),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0", "a.png", Why.UNKNOWN_KIND),
    "text of no kind we know": (b"a,b\n1,2\n", "a.csv", Why.UNKNOWN_KIND),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_says_why(name: str) -> None:
    """One error, with the file's name and the reason."""
    content, file, why = BAD[name]
    with pytest.raises(Unreadable) as caught:
        load_bytes(content, file)
    assert (caught.value.file, caught.value.why) == (file, why)


def test_every_reason_has_a_sentence_in_each_language() -> None:
    """Whoever handed the file in is told what is the matter and which file it is."""
    for lang in LANGS:
        catalogue = Path(unreadable.__file__).with_name(f"unreadable.{lang}.toml")
        assert set(tomllib.loads(catalogue.read_text("utf-8"))) == {why.value for why in Why}
        for why in Why:
            assert Unreadable("vilkår.pdf", why).sentence(lang).startswith("vilkår.pdf ")


def test_an_error_in_the_log_is_short() -> None:
    """The log gets the file and the code, and a caller who knows only ValueError catches it."""
    assert str(Unreadable("a.pdf", Why.SCANNED)) == "a.pdf: scanned"
    assert issubclass(Unreadable, ValueError)


def test_a_file_of_many_bytes_is_not_even_opened(tmp_path: Path) -> None:
    """The size is looked at first; a file beside it of usual size is read."""
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(30_000_000)
    with pytest.raises(Unreadable, match="too_large"):
        load_document(tmp_path / "a.md")
    (tmp_path / "b.md").write_text("# Skap\n\nSkap leies.\n", "utf-8")
    assert load_document(tmp_path / "b.md").passages


@pytest.mark.parametrize(
    ("content", "file"),
    [
        (pdf(LINE), "vilkar"),
        (b"Skap leies.", "Vilkår 2.1"),
        (written(paragraph("Skap leies for en dag om gangen.")), "vilkar"),
        (b"<!-- v2 --><!DOCTYPE HTML><p>Skap leies.", "vilkar"),
        ("Skap leies for en dag om gangen.".encode("utf-16"), "vilkar.txt"),
        ("<html><p>Skåp leies for en dag.".encode("utf-16"), "vilkar.html"),
    ],
    ids=["PDF", "text with a dot in its name", "DOCX", "HTML", "UTF-16", "HTML in UTF-16"],
)
def test_content_decides_where_the_name_says_nothing(content: bytes, file: str) -> None:
    """A file without an ending is read as what it is; so is text in Windows' wide letters."""
    assert re.search("Sk[aå]p leies", load_bytes(content, file).passages[0].text)
