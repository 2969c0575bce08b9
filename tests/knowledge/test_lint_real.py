"""The linter against the five companies' own documents and the list of their known conflicts with the law."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from knowledge.documents import Document
from knowledge.lint import Finding, lint
from knowledge.shelf import load_shelf
from operators.profile import Operator
from tests.knowledge.conftest import SEEDS

pytestmark = pytest.mark.slow

TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "lint" / "conflicts.toml").read_text("utf-8")
)
CONFLICTS = {id: row for id, row in TABLE.items() if id != "ALL"}
VISIBLE = {id: row for id, row in CONFLICTS.items() if "rules" in row}
COMPANY = {
    "CS": "cleverstore",
    "WH": "adventor",
    "IC": "invoiceclub",
    "N24": "24nettbutikk",
    "ES": "easystep",
}

Found = dict[str, tuple[Finding, ...]]


@pytest.fixture(scope="module")
def shelves(operators: dict[str, Operator]) -> dict[str, tuple[Document, ...]]:
    """The companies' documents; skipped where they are not at hand."""
    if not SEEDS.is_dir():
        pytest.skip("the companies' own documents lie outside the repository and are not here")
    return {id: load_shelf(one, [SEEDS]) for id, one in operators.items() if not one.fictional}


@pytest.fixture(scope="module")
def found(operators: dict[str, Operator], shelves: dict[str, tuple[Document, ...]]) -> Found:
    """What the linter says of each company, its profile and its page's source handed in."""
    return {
        id: lint(documents, operators[id], "\n".join(_source(one.file) for one in documents))
        for id, documents in shelves.items()
    }


def _source(file: str) -> str:
    return (SEEDS / file).read_text(encoding="utf-8-sig")


def _meets(finding: Finding, row: dict[str, Any]) -> bool:
    clause = finding.clause
    return finding.rule in row["rules"] and any(
        one in ("*", clause.section) or (not clause.section and clause.heading.startswith(one))
        for one in row["clause"]
    )


def _of(id: str) -> str:
    return COMPANY[id.split("-")[0]]


def test_the_table_holds_every_conflict_of_the_list() -> None:
    """Each id of the list is marked as visible, with clause and rules, or excused; at least 50 are visible."""
    listed = SEEDS.parent / "law" / "operators.md"
    if not listed.is_file():
        pytest.skip("the list of known conflicts lies outside the repository and is not here")
    ids = set(re.findall(r"\*\*((?:CS|WH|IC|N24|ES)-C\d+) ·", listed.read_text("utf-8")))
    assert set(CONFLICTS) == ids
    assert all(bool(row.get("rules")) != bool(row.get("why")) for row in CONFLICTS.values())
    assert len(VISIBLE) >= 50


def test_nine_in_ten_of_the_visible_conflicts_are_found(found: Found) -> None:
    """By a rule that fits, in the right clause."""
    missed = [id for id, row in VISIBLE.items() if not any(_meets(one, row) for one in found[_of(id)])]
    assert len(missed) <= len(VISIBLE) / 10, missed


def test_few_findings_are_not_in_the_list(found: Found) -> None:
    """At most fifteen on the five documents together; docs/lint.md names them."""
    beside = []
    for company, findings in found.items():
        rows = [row for id, row in VISIBLE.items() if _of(id) == company] + [TABLE["ALL"]]
        beside += [
            (company, one.rule, one.clause.section)
            for one in findings
            if not any(_meets(one, r) for r in rows)
        ]
    assert len(beside) <= 15, beside


def test_the_profiles_still_rest_on_the_documents(found: Found) -> None:
    """No fact of a profile has lost its clause or its evidence."""
    assert not [one for findings in found.values() for one in findings if one.rule == "fact_unsupported"]


def test_quotations_stand_in_the_files(found: Found, shelves: dict[str, tuple[Document, ...]]) -> None:
    """Each quotation is a slice of the company's file, at most 400 characters long."""
    for company, findings in found.items():
        sources = [_source(doc.file) for doc in shelves[company]]
        for one in findings:
            assert len(one.quotation) <= 400
            assert any(one.quotation in source for source in sources), one
