"""Versions of documents: which one counts when, what they say about themselves, and what bad files do to the rest."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from knowledge.answers import Answer, Knowledge
from knowledge.borne import as_borne_out
from knowledge.documents import load_bytes
from knowledge.loaders.unreadable import Why
from knowledge.shelf import Version, expected_as, in_force, read_shelf
from operators.profile import ExpectedDocument, Operator
from operators.register import Fact
from tests.company import company

RENT = """# Leievilkår

## 1. Nøkkel

Nøkkelen hentes i luken.

## 2. Leie

Skap leies for {days} dager om gangen.
"""
NOTICE = """# Personvern

## 1. Ansvar

Skapselskapet er behandlingsansvarlig.

## 2. Lagring

Vi lagrer navnet i ett år.
"""
WHERE = "Hvor hentes nøkkelen?"


def version(
    id: str,
    since: str,
    *,
    file: str = "leie.md",
    name: str = "leie.md",
    title: str = "Leievilkår",
    at: int = 9,
) -> Version:
    """A version handed in at some hour of a day long before."""
    return Version(id, file, name, title, date.fromisoformat(since), datetime(2026, 1, 1, at, tzinfo=UTC))


@pytest.fixture
def lockers(tmp_path: Path) -> Operator:
    """A company that expects terms and a notice, with neither in its folder."""
    documents = (
        ExpectedDocument("leie.md", "Leievilkår", "nb", None),
        ExpectedDocument("personvern.md", "Personvern", "nb", None),
    )
    return replace(company(), documents=documents, folder=tmp_path)


def test_a_version_counts_from_its_day_on() -> None:
    """Not the day before; the newest that has begun goes before the older ones."""
    first, second = version("a", "2026-03-01"), version("b", "2026-12-01")
    assert in_force([second, first], date(2026, 2, 28)) == {}
    assert in_force([second, first], date(2026, 11, 30)) == {"leie.md": first}
    assert in_force([second, first], date(2026, 12, 1)) == {"leie.md": second}


def test_of_two_versions_of_one_day_the_one_added_last_counts() -> None:
    """Who finds a slip hands the mended file in with the same day."""
    slip, mended = version("a", "2026-03-01", at=9), version("b", "2026-03-01", at=10)
    assert in_force([mended, slip], date(2026, 3, 1)) == {"leie.md": mended}


def test_each_document_has_versions_of_its_own() -> None:
    """New terms do not take the notice away."""
    terms, notice = version("a", "2026-03-01"), version("b", "2026-02-01", file="personvern.md")
    assert set(in_force([terms, notice], date(2026, 3, 1)).values()) == {terms, notice}


def test_a_version_goes_before_the_file_in_the_folder(lockers: Operator, tmp_path: Path) -> None:
    """And its passages know since when; those of a file do not."""
    (tmp_path / "leie.md").write_text(RENT.format(days=3), "utf-8")
    (tmp_path / "personvern.md").write_text(NOTICE, "utf-8")
    handed = {version("a", "2026-03-01", name="ny.md"): RENT.format(days=5).encode()}
    rent, notice = read_shelf(lockers, [tmp_path], handed).documents
    assert "5 dager" in rent.passages[1].text
    assert {one.in_force_from for one in rent.passages} == {rent.in_force_from} == {date(2026, 3, 1)}
    assert {one.in_force_from for one in notice.passages} == {notice.in_force_from} == {None}


def test_a_citation_tells_since_when_its_version_counts(lockers: Operator) -> None:
    """The day stands with the document and the section."""
    shelf = read_shelf(lockers, [], {version("a", "2026-03-01"): RENT.format(days=5).encode()})
    found = Knowledge(lockers, shelf.documents).ask(WHERE, "nb")
    assert isinstance(found, Answer)
    assert (found.citations[0].section, found.citations[0].in_force_from) == ("1", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("question", "document"),
    [(WHERE, "Leievilkår"), ("Hvem er behandlingsansvarlig?", "Personvern")],
)
def test_the_same_section_number_in_two_documents(lockers: Operator, question: str, document: str) -> None:
    """Both have a section 1: the citation names the document that answers, under the title it was handed in with."""
    handed = {
        version("a", "2026-03-01"): RENT.format(days=5).encode(),
        version("b", "2026-03-01", file="personvern.md", title="Personvern"): NOTICE.encode(),
    }
    found = Knowledge(lockers, read_shelf(lockers, [], handed).documents).ask(question, "nb")
    assert isinstance(found, Answer)
    assert (found.citations[0].document, found.citations[0].section) == (document, "1")


BAD: Mapping[str, tuple[str, bytes, Why]] = {
    "corrupt PDF": ("leie.pdf", b"%PDF-1.7\n1 0 obj << /Type", Why.DAMAGED),
    "empty": ("leie.md", b"", Why.EMPTY),
    "only blanks": ("leie.txt", b" \n\n ", Why.EMPTY),
    "25 MB": ("leie.md", b"a " * 12_500_000, Why.TOO_LARGE),
    "text named .pdf": ("leie.pdf", b"Skap leies for en dag.", Why.MISNAMED),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_hinders_nothing_else(
    name: str, lockers: Operator, tmp_path: Path
) -> None:
    """It is named with the reason, and the notice is read; with a good file in its place all is well."""
    file, content, why = BAD[name]
    (tmp_path / file).write_bytes(content)
    (tmp_path / "personvern.md").write_text(NOTICE, "utf-8")
    shelf = read_shelf(lockers, [tmp_path])
    assert [(one.file, one.name, one.why) for one in shelf.unread] == [("leie.md", file, why)]
    assert [one.title for one in shelf.documents] == ["Personvern"]
    (tmp_path / "leie.md").write_text(RENT.format(days=3), "utf-8")
    mended = read_shelf(lockers, [tmp_path])
    assert (len(mended.documents), mended.unread) == (2, ())


def test_a_file_that_cannot_be_opened_hinders_nothing_else(lockers: Operator, tmp_path: Path) -> None:
    """Here the system refuses a name that is too long; the reason is told as one of ours."""
    longest = ExpectedDocument("x" * 300 + ".md", "Leievilkår", "nb", None)
    (tmp_path / "personvern.md").write_text(NOTICE, "utf-8")
    shelf = read_shelf(replace(lockers, documents=(longest, lockers.documents[1])), [tmp_path])
    assert [one.why for one in shelf.unread] == [Why.UNOPENED]
    assert len(shelf.documents) == 1


def test_a_version_that_cannot_be_read_brings_no_older_text_back(lockers: Operator, tmp_path: Path) -> None:
    """The file in the folder is older than it: better no terms than those that ended."""
    (tmp_path / "leie.md").write_text(RENT.format(days=3), "utf-8")
    shelf = read_shelf(lockers, [tmp_path], {version("a", "2026-03-01", name="leie.pdf"): b"%PDF-1.7"})
    assert (shelf.documents, [one.name for one in shelf.unread]) == ((), ["leie.pdf"])


def test_a_page_with_a_script_is_read_without_it(lockers: Operator) -> None:
    """Its words are no passage; its source is kept for the linter, which looks for trackers."""
    page = (
        "<html><h1>Leie</h1><script>alert('kapret')</script><p>Skap leies for 3 dager om gangen.</p></html>"
    )
    shelf = read_shelf(lockers, [], {version("a", "2026-03-01", name="leie.html"): page.encode()})
    [document] = shelf.documents
    assert not any("kapret" in one.text for one in document.passages)
    assert "kapret" in shelf.sources[0]


def test_the_profile_tells_a_documents_language(lockers: Operator) -> None:
    """A text of few words is easily mistaken; taken for another language it would be left out of the search."""
    shelf = read_shelf(lockers, [], {version("a", "2026-03-01"): RENT.format(days=5).encode()})
    assert load_bytes(RENT.format(days=5).encode(), "leie.md").lang != "nb"
    assert [one.lang for one in shelf.documents] == ["nb"]


def test_a_file_is_known_by_its_name_whatever_kind_it_is(lockers: Operator) -> None:
    """«leie.pdf» is the document expected as «leie.md»; another name says nothing."""
    found = expected_as(lockers, "leie.pdf")
    assert found is not None
    assert found.title == "Leievilkår"
    assert expected_as(lockers, "leie-ny.pdf") is None


@pytest.mark.parametrize(("days", "told"), [(3, True), (5, False), (13, False)])
def test_a_fact_with_another_figure_than_the_version_is_not_told(
    days: int, told: bool, lockers: Operator
) -> None:
    """The register's sentence was written from the old document; beside the new one it would be false."""
    words = {"nb": "Skap leies for 3 dager.", "nn": "Skåp blir leigde for 3 dagar.", "en": "For 3 days."}
    fact = Fact("rent", "price", words, "2", ("dager om gangen",))
    profile = replace(lockers, facts=(fact,))
    shelf = read_shelf(profile, [], {version("a", "2026-03-01"): RENT.format(days=days).encode()})
    assert (as_borne_out(profile, shelf.documents).facts == (fact,)) is told


def test_a_fact_takes_its_neighbours_along(lockers: Operator) -> None:
    """Another fact on the same topic and clause would be told in its stead; one on something else stays."""
    words = {"nb": "Skap leies for 3 dager.", "nn": "Skåp blir leigde for 3 dagar.", "en": "For 3 days."}
    key = {"nb": "Skap leies ut.", "nn": "Skåp blir leigde ut.", "en": "Lockers are let."}
    rent, beside, other = (
        Fact("rent", "price", words, "2", ()),
        Fact("let", "price", key, "2", ()),
        Fact("key", "access", key, "2", ()),
    )
    profile = replace(lockers, facts=(rent, beside, other))
    for days, kept in ((3, profile.facts), (5, (other,))):
        shelf = read_shelf(profile, [], {version("a", "2026-03-01"): RENT.format(days=days).encode()})
        assert as_borne_out(profile, shelf.documents).facts == kept


def test_a_fact_whose_evidence_is_gone_from_a_file_is_not_told(lockers: Operator, tmp_path: Path) -> None:
    """A file in the folder may be newer than the profile too; what its clause still holds stays."""
    words = {
        "nb": "Skap leies for kort tid.",
        "nn": "Skåp blir leigde for kort tid.",
        "en": "For a short time.",
    }
    fact = Fact("rent", "price", words, "2", ("3 dager",))
    profile = replace(lockers, facts=(fact,))
    for days, kept in ((3, (fact,)), (30, ())):
        (tmp_path / "leie.md").write_text(RENT.format(days=days), "utf-8")
        assert as_borne_out(profile, read_shelf(profile, [tmp_path]).documents).facts == kept
