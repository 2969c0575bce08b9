"""The six companies: complete, in three languages, borne out by their documents, copied from none of them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest

from law.rights import Right
from operators.profile import (
    Fact,
    Operator,
    Processing,
    Recipient,
    Role,
    Severity,
    check,
    load,
    load_all,
    operators_root,
)

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
REAL = ("cleverstore", "adventor", "invoiceclub", "24nettbutikk", "easystep")
ALL = (*REAL, "fjordlys")

each = pytest.mark.parametrize("company", ALL, indirect=True)
each_real = pytest.mark.parametrize("company", REAL, indirect=True)


@cache
def loaded(name: str) -> Operator:
    """One of the companies we ship."""
    return load(operators_root() / name)


@pytest.fixture
def company(request: pytest.FixtureRequest) -> Operator:
    """The company a test is run for."""
    return loaded(request.param)


def with_evidence(company: Operator) -> list[Fact | Processing | Recipient]:
    """Every entry that points to its document."""
    return [*company.facts, *company.register, *company.recipients]


def plain(text: str) -> str:
    """Small letters and single spaces, whatever kind of space it was."""
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip().casefold()


def document_of(company: Operator) -> str:
    """The text of a real company's document; the test is skipped where it is not at hand."""
    path = SHARED / "seeds" / company.documents[0].file
    if not path.is_file():
        pytest.skip("the companies' documents are not in this checkout")
    return path.read_text(encoding="utf-8")


def everything_said(value: object) -> Iterator[Mapping[str, str]]:
    """Every text in three languages anywhere in a profile."""
    if isinstance(value, Mapping):
        if set(value) == {"nb", "nn", "en"}:
            yield value
        else:
            for part in value.values():
                yield from everything_said(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from everything_said(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from everything_said(part)


def test_the_six_companies_are_there_with_their_prefixes() -> None:
    """Ids and prefixes are a contract: data sets and case numbers use them."""
    assert {name: company.prefix for name, company in load_all().items()} == {
        "cleverstore": "CLV",
        "adventor": "ADV",
        "invoiceclub": "INV",
        "24nettbutikk": "TFN",
        "easystep": "EST",
        "fjordlys": "FJL",
    }


@each
def test_a_company_checks_clean(company: Operator) -> None:
    """No gap is left in what we ship."""
    assert [(problem.code, problem.where) for problem in check(company)] == []


@each
def test_no_system_is_claimed_to_be_reached(company: Operator) -> None:
    """The documents name systems but no way in, so an officer does the work by hand."""
    assert {system.adapter for system in company.systems} == {"manual"}


@each
def test_sentences_are_translated_not_repeated(company: Operator) -> None:
    """A whole sentence is never the same in English as in bokmål."""
    long = [said for said in everything_said(company) if len(said["nb"]) > 40]
    assert [said["nb"] for said in long if said["nb"] == said["en"]] == []


@each
def test_people_can_ask_about_twenty_things_at_least(company: Operator) -> None:
    """A company without its document still answers from the register."""
    assert len(company.facts) >= 20
    assert len({fact.topic for fact in company.facts}) >= 15


@each
def test_topics_are_those_the_search_knows(company: Operator) -> None:
    """A topic misspelt here would never be found by a question."""
    known = tomllib.loads((ROOT / "knowledge" / "topics.toml").read_text(encoding="utf-8"))
    used = {fact.topic for fact in company.facts} | {conflict.topic for conflict in company.conflicts}
    assert used - set(known) == set()


@each
def test_the_accounts_are_kept_as_the_bookkeeping_act_says(company: Operator) -> None:
    """Invoices stay five years after the accounting year (bokføringsloven § 13), never ten."""
    keeps = [holding.keep for system in company.systems for holding in system.holdings if holding.keep]
    assert "BOKF-5Y" in {keep.period for keep in keeps}
    assert "BOKF-10Y" not in {keep.period for keep in keeps}


@each
def test_erasure_waits_for_an_officer(company: Operator) -> None:
    """No company lets the program erase by itself."""
    assert company.release.of(Right.ERASURE) == "officer"


@pytest.mark.parametrize("name", ["adventor", "invoiceclub", "24nettbutikk", "fjordlys"])
def test_a_company_with_two_roles_forwards_what_it_only_processes(name: str) -> None:
    """Controller and processor at once: the processor's part goes on to the controller (Art. 28(3)(e))."""
    company = loaded(name)
    assert company.acts_as == {Role.CONTROLLER, Role.PROCESSOR}
    assert company.processor is not None
    assert company.processor.forward_days == 1


def test_every_known_conflict_is_there_with_its_severity() -> None:
    """Where answering as a document says would break the law, the desk must know: none may be left out."""
    rules = SHARED / "law" / "operators.md"
    if not rules.is_file():
        pytest.skip("the list of conflicts is not in this checkout")
    heading = re.compile(r"^\*\*([A-Z0-9]+-C\d+) · (\w+)", re.MULTILINE)
    listed = dict(heading.findall(rules.read_text(encoding="utf-8")))
    ours = {one.id: one.severity.value for name in REAL for one in loaded(name).conflicts}
    assert len(listed) > 70
    assert ours == listed


@pytest.mark.parametrize("name", ["cleverstore", "adventor", "24nettbutikk"])
def test_a_critical_conflict_says_what_the_desk_does_instead(name: str) -> None:
    """The words for the worst conflicts are whole sentences, in each language."""
    critical = [one for one in loaded(name).conflicts if one.severity is Severity.CRITICAL]
    assert critical
    assert [one.id for one in critical for words in one.holds.values() if len(words) < 60] == []


def test_only_24nettbutikk_and_the_invented_company_name_an_officer() -> None:
    """None of the other documents names a data protection officer, and none is made up."""
    assert {name for name in ALL if loaded(name).dpo} == {"24nettbutikk", "fjordlys"}


def test_invoice_club_gives_no_address_and_none_is_invented() -> None:
    """Its document points to a link that is not there (IC-C1)."""
    assert not loaded("invoiceclub").contact.reachable


@each_real
def test_evidence_stands_in_the_document(company: Operator) -> None:
    """Every figure and name that bears a fact out is really there."""
    text = plain(document_of(company))
    told = [(entry.id, one) for entry in with_evidence(company) for one in entry.evidence]
    assert [(name, one) for name, one in told if plain(one) not in text] == []


@each
def test_evidence_is_a_figure_or_a_name(company: Operator) -> None:
    """Evidence is a pointer, never a sentence."""
    told = [one for entry in with_evidence(company) for one in entry.evidence]
    assert [one for one in told if len(one) > 50 or len(one.split()) > 7] == []


@each
def test_figures_are_the_same_in_bokmål_and_nynorsk(company: Operator) -> None:
    """A translation that slips on a number would mislead."""
    said = [(words["nb"], words["nn"]) for words in everything_said(company)]
    figures = re.compile(r"\d+")
    assert [nb for nb, nn in said if sorted(figures.findall(nb)) != sorted(figures.findall(nn))] == []


@each_real
def test_no_sentence_of_a_document_is_in_the_repository(company: Operator) -> None:
    """Their sentences are theirs; facts are told in words of our own."""
    ours = plain(" ".join(path.read_text(encoding="utf-8") for path in written_here()))
    sentences = re.split(r"(?<=[.!?:])\s+|\n", document_of(company))
    assert [one for one in map(plain, sentences) if len(one) > 60 and one in ours] == []


def written_here() -> list[Path]:
    """Every text under operators/."""
    return [path for path in operators_root().rglob("*") if path.suffix in {".toml", ".md", ".py"}]


def sections(name: str, lang: str) -> dict[str, str]:
    """The numbered sections of one of our own documents: number -> text."""
    text = (operators_root() / "fjordlys" / "terms" / f"{name}.{lang}.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (\d+)\. ", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", ["vilkar", "personvern"])
def test_our_own_documents_say_the_same_in_three_languages(name: str) -> None:
    """The same numbered sections, and in each the same figures."""
    figures: dict[str, list[list[str]]] = {}
    for lang in ("nb", "nn", "en"):
        for number, text in sections(name, lang).items():
            told = text.replace(":00", "").replace(".", ",")
            figures.setdefault(number, []).append(sorted(set(re.findall(r"\d[\d,]*\d", told))))
    assert list(figures) == [str(number) for number in range(1, len(figures) + 1)]
    assert 12 <= len(figures) <= 18
    assert {number: told for number, told in figures.items() if told.count(told[0]) != 3} == {}


def test_every_document_of_ours_is_in_the_repository() -> None:
    """A fresh clone is complete with the invented company."""
    fjordlys = loaded("fjordlys")
    assert fjordlys.terms_folder is not None
    files = {path.name for path in fjordlys.terms_folder.iterdir()}
    assert files == {document.file for document in fjordlys.documents}


def test_our_facts_are_borne_out_by_one_section_of_one_document() -> None:
    """Terms and notice share section numbers, so the evidence must tell them apart."""
    wrong = []
    for entry in with_evidence(loaded("fjordlys")):
        if isinstance(entry, Fact) and not entry.stated:
            continue
        found = [
            name
            for name in ("vilkar", "personvern")
            if all(plain(one) in plain(sections(name, "nb").get(entry.clause, "")) for one in entry.evidence)
        ]
        if len(found) != 1:
            wrong.append((entry.id, entry.clause, found))
    assert wrong == []


def test_the_invented_company_says_that_it_is_invented() -> None:
    """Nobody should take it for real: in every document, and with addresses that can belong to nobody."""
    fjordlys = loaded("fjordlys")
    assert fjordlys.fictional
    assert fjordlys.org_number is None
    assert fjordlys.terms_folder is not None
    for path in fjordlys.terms_folder.iterdir():
        text = path.read_text(encoding="utf-8")
        assert re.search(r"oppdikt|invented", text), path.name
        assert all(host.endswith("example.no") for host in re.findall(r"@([\w.-]+\w)", text)), path.name
