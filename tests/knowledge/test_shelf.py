"""A company's documents are found and read whatever kind of file they lie in."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from knowledge.shelf import documents_there, load_shelf
from operators.profile import Operator, load
from tests.knowledge.samples.medlemsvilkar import medlemsvilkar
from tests.knowledge.writing_pdf import Layout, set_document

HTML = (
    b"<!doctype html><html lang=nb><h1>Personvern</h1><h2>1. Lagring</h2><p>Vi lagrer navnet i ett \xc3\xa5r."
)
MARKDOWN = b"# Personvern\n\n## 1. Lagring\n\nVi lagrar namnet i eitt \xc3\xa5r.\n"


@pytest.fixture
def company(tmp_path: Path, operators: Mapping[str, Operator]) -> Path:
    """Our invented company with an empty folder of terms, two of its documents renamed in its profile."""
    folder = tmp_path / "fjordlys"
    shutil.copytree(operators["fjordlys"].folder, folder)
    shutil.rmtree(folder / "terms")
    (folder / "terms").mkdir()
    profile = folder / "operator.toml"
    text = profile.read_text("utf-8").replace("personvern.nb.md", "personvern.html")
    profile.write_text(text.replace("vilkar.nb.md", "vilkar.docx"), "utf-8")
    return folder


def test_expected_documents_of_every_kind_are_read(company: Path) -> None:
    """HTML, DOCX and markdown named in the profile, under the titles it gives them."""
    (company / "terms" / "personvern.html").write_bytes(HTML)
    (company / "terms" / "vilkar.docx").write_bytes(medlemsvilkar())
    (company / "terms" / "personvern.nn.md").write_bytes(MARKDOWN)
    operator = load(company)
    shelf = {document.file: document for document in load_shelf(operator, [])}
    titles = {expected.file: expected.title for expected in operator.documents}
    assert {file: document.title for file, document in shelf.items()} == {
        file: titles[file] for file in ("personvern.html", "vilkar.docx", "personvern.nn.md")
    }
    assert shelf["personvern.html"].passages[0].section == "1"


def test_a_document_may_lie_there_as_another_kind_of_file(company: Path, tmp_path: Path) -> None:
    """The PDF of a document expected as HTML is taken; once the HTML comes, in any folder, that is."""
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    (company / "terms" / "personvern.pdf").write_bytes(
        set_document("# Personvern\n\nVi lagrer navnet i ett år.", Layout())
    )
    operator = load(company)
    [(expected, path)] = documents_there(operator, [uploads])
    assert (expected.file, path.name) == ("personvern.html", "personvern.pdf")
    assert load_shelf(operator, [uploads])[0].passages[0].text == "Vi lagrer navnet i ett år."
    (uploads / "personvern.html").write_bytes(HTML)
    assert documents_there(operator, [uploads])[0][1] == uploads / "personvern.html"
