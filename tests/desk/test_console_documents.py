"""The page of the documents: what counts, handing in and taking back, files that are no good, and who sees it."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from desk.console.documents import LARGEST_POST
from desk.knowing import KnowledgeByCompany
from desk.records import DocumentVersion
from desk.versions import add
from operators.profile import ExpectedDocument
from tests.company import company
from tests.desk.desks import Clock
from tests.desk.web import Web, open_web

pytestmark = pytest.mark.slow

TEXT = "# Leievilkår\n\n## 1. Leie\n\nSkap leies for {days} dager om gangen.\n"
COSTLY = "# Leievilkår\n\n## 1. Sletting\n\nÅ få slettet opplysningene sine koster 500 kroner.\n"
PAGE = "/console/documents/fjordlys"


@pytest.fixture
async def lockers(tmp_path: Path, clock: Clock, sqlite_with_tables: Path) -> AsyncIterator[Web]:
    """A desk for two small companies, each with terms in a folder; an officer of one of them is signed in."""
    (tmp_path / "leie.md").write_text(TEXT.format(days=3), "utf-8")
    documents = (
        ExpectedDocument("leie.md", "Leievilkår", "nb", None),
        ExpectedDocument("personvern.md", "Personvern", "nb", None),
    )
    one = replace(company(), documents=documents, folder=tmp_path)
    served = {"fjordlys": one, "other": replace(one, id="other", name="Andre")}
    known = KnowledgeByCompany(served, [tmp_path])
    async with open_web(tmp_path, clock, sqlite_with_tables, known, served) as web:
        await web.sign_in(await web.add_officer())
        yield web


async def hand_in(
    web: Web, name: str, content: bytes, *, since: str = "2026-11-25", document: str = "leie.md", **more: str
) -> httpx2.Response:
    """Fill in the form and send it, as a browser does."""
    values = {"token": web.form_token, "document": document, "since": since} | more
    return await web.browser.post(
        PAGE, data=values, files={"file": (name, content)}, headers={"sec-fetch-site": "same-origin"}
    )


async def versions(web: Web) -> list[DocumentVersion]:
    """The rows, the first one first."""
    async with web.desk.unit_of_work() as session:
        return list(await session.scalars(select(DocumentVersion).order_by(DocumentVersion.added_at)))


def shown(answer: httpx2.Response) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


async def test_a_version_handed_in_is_shown_as_it_is_read(lockers: Web) -> None:
    """Its page names the officer, the day and the passages; the public page has the new text at once."""
    answer = await hand_in(lockers, "ny.md", TEXT.format(days=5).encode())
    [row] = await versions(lockers)
    assert answer.headers["location"] == f"{PAGE}/{row.id}?m=added"
    page = shown(await lockers.get(answer.headers["location"]))
    for words in ("Gjelder nå", "Vera Vurderer", "25. november 2026", "ny.md", "leies for 5 dager"):
        assert words in page
    public = shown(await lockers.get("/o/fjordlys/dokument/Leievilk%C3%A5r"))
    assert "5 dager" in public
    assert "Denne versjonen gjelder fra 25. november 2026." in public


async def test_a_coming_version_is_read_before_it_counts(lockers: Web) -> None:
    """The list names its day, its own page shows the text, and the public page has the old one until then."""
    answer = await hand_in(lockers, "ny.md", TEXT.format(days=5).encode(), since="2026-12-01")
    assert "Kommer" in shown(await lockers.get(answer.headers["location"]))
    assert "Fra 1. desember 2026" in shown(await lockers.get("/console/documents"))
    assert "3 dager" in shown(await lockers.get("/o/fjordlys/dokument/leie.md"))
    lockers.clock.pass_on(minutes=25)
    lockers.clock.pass_on(days=6)
    assert "5 dager" in shown(await lockers.get("/o/fjordlys/dokument/leie.md"))


@pytest.mark.slow
async def test_a_link_with_the_old_title_finds_the_new_version(lockers: Web) -> None:
    """A version may be called otherwise; answers given before it link to the name the profile knows."""
    async with lockers.desk.unit_of_work() as session:
        await add(
            session, "fjordlys", file="leie.md", name="ny.md", title="Nye vilkår",
            content=TEXT.format(days=5).encode(), in_force_from=date(2026, 1, 1), by="x", now=lockers.clock(),
        )  # fmt: skip
    for name in ("Leievilkår", "leie.md", "Nye vilkår"):
        page = shown(await lockers.get(f"/o/fjordlys/dokument/{name}"))
        assert "Nye vilkår" in page
        assert "5 dager" in page


@pytest.mark.slow
async def test_an_old_version_stays_readable(lockers: Web) -> None:
    """For a case whose answer rests on it; its page says that it no longer counts."""
    await hand_in(lockers, "a.md", TEXT.format(days=5).encode(), since="2026-01-01")
    await hand_in(lockers, "b.md", TEXT.format(days=7).encode(), since="2026-02-01")
    old = (await versions(lockers))[0]
    page = shown(await lockers.get(f"{PAGE}/{old.id}"))
    assert "Gjelder ikke lenger" in page
    assert "5 dager" in page
    assert "Tidligere versjoner" in shown(await lockers.get(PAGE))


async def test_a_version_taken_back_lets_the_file_answer_again(lockers: Web) -> None:
    """It can still be read, with who took it back; a second click changes nothing."""
    await hand_in(lockers, "ny.md", TEXT.format(days=5).encode())
    [row] = await versions(lockers)
    times = []
    for _ in range(2):
        answer = await lockers.post(f"{PAGE}/{row.id}/retire")
        assert answer.headers["location"] == f"{PAGE}?m=retired"
        times.append([one.retired_at for one in await versions(lockers)])
    assert times[0] == times[1] != [None]
    assert "3 dager" in shown(await lockers.get("/o/fjordlys/dokument/leie.md"))
    page = shown(await lockers.get(f"{PAGE}/{row.id}"))
    assert "Tatt tilbake" in page
    assert "5 dager" in page


@pytest.mark.slow
async def test_the_same_file_twice_is_one_version(lockers: Web) -> None:
    """The page says so, and since when it counts."""
    first = await hand_in(lockers, "ny.md", TEXT.format(days=5).encode())
    second = await hand_in(lockers, "igjen.md", TEXT.format(days=5).encode(), since="2026-12-24")
    assert second.headers["location"] == first.headers["location"].replace("added", "same")
    assert "25. november 2026" in shown(await lockers.get(second.headers["location"]))
    assert len(await versions(lockers)) == 1


BAD: Mapping[str, tuple[str, bytes, str]] = {
    "corrupt PDF": ("leie.pdf", b"%PDF-1.7\n1 0 obj <<", "leie.pdf er skadet"),
    "empty": ("leie.md", b"", "leie.md er tom"),
    "text named .pdf": ("leie.pdf", b"Skap leies.", "leie.pdf er en annen slags fil enn navnet sier"),
    "25 MB": ("leie.md", b"a " * 12_500_000, "leie.md er for stor"),
    "spreadsheet": ("leie.xlsx", b"PK\x05\x06" + b"\0" * 18, "leie.xlsx er en slags fil vi ikke kan lese"),
    "a path for a name": ("C:\\temp\\<b>leie.pdf", b"Skap", "<b>leie.pdf er en annen slags fil"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BAD)
async def test_a_file_that_is_no_good_is_told_of_on_the_page(name: str, lockers: Web) -> None:
    """In a sentence at the field; what else was filled in stands, nothing is kept, and a good file is taken then."""
    file, content, said = BAD[name]
    answer = await hand_in(lockers, file, content, since="2026-12-24")
    assert answer.status_code == 422
    assert said in shown(answer)
    assert 'value="2026-12-24"' in answer.text
    assert '<option value="leie.md" selected>' in answer.text
    assert await versions(lockers) == []
    assert (await hand_in(lockers, "ny.md", TEXT.format(days=5).encode())).status_code == 303


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": ""}, "Skriv dagen versjonen gjelder fra"),
        ({"since": "i morgen"}, "Skriv dagen versjonen gjelder fra"),
        ({"since": "0202-01-01"}, "mer enn ti år unna"),
        ({"document": "annet.md"}, "Velg hvilket dokument det er"),
    ],
)
async def test_a_form_that_lacks_something_is_told_of(given: dict[str, str], said: str, lockers: Web) -> None:
    """With the field's own words; nothing is kept."""
    answer = await hand_in(lockers, "ny.md", TEXT.format(days=5).encode(), **given)
    assert answer.status_code == 422
    assert said in shown(answer)
    assert await versions(lockers) == []


@pytest.mark.slow
async def test_a_form_without_a_file_asks_for_one(lockers: Web) -> None:
    """All that is wrong is told at once."""
    answer = await lockers.post(PAGE, {"document": "", "since": ""})
    assert answer.status_code == 422
    for said in ("Du må rette 3 feil", "Velg en fil", "Velg hvilket dokument", "Skriv dagen"):
        assert said in shown(answer)


async def test_a_post_that_nobody_sends_in_earnest_is_not_taken_in(lockers: Web) -> None:
    """By its size, before it is read; the page is there as ever."""
    answer = await lockers.browser.post(
        PAGE, content=b"x", headers={"content-length": str(LARGEST_POST + 1), "sec-fetch-site": "same-origin"}
    )
    assert answer.status_code == 413
    assert (await lockers.get(PAGE)).status_code == 200


@pytest.mark.slow
async def test_a_page_with_a_script_is_shown_without_it(lockers: Web) -> None:
    """Neither its script nor its tags reach the officer's browser."""
    page = (
        "<html><h1>Leie</h1><script>alert(1)</script><p>Skap &lt;b&gt;leies&lt;/b&gt; for 3 dager.</p></html>"
    )
    answer = await lockers.get((await hand_in(lockers, "leie.html", page.encode())).headers["location"])
    assert "alert(1)" not in answer.text
    assert "&lt;b&gt;leies&lt;/b&gt;" in answer.text


@pytest.mark.slow
async def test_findings_stand_with_law_quotation_and_what_to_do(lockers: Web) -> None:
    """On the version's page before it counts, and on the company's page once it does."""
    answer = await hand_in(lockers, "ny.md", COSTLY.encode(), since="2026-12-01")
    page = shown(await lockers.get(answer.headers["location"]))
    assert "Alvorlig" in page or "Kritisk" in page
    assert "koster 500 kroner" in page
    assert "GDPR" in page
    assert "koster 500 kroner" not in shown(await lockers.get(PAGE))
    await lockers.post(f"{PAGE}/{(await versions(lockers))[0].id}/retire")
    await hand_in(lockers, "ny.md", COSTLY.encode())
    assert "koster 500 kroner" in shown(await lockers.get(PAGE))


async def test_a_document_that_cannot_be_read_is_told_of(lockers: Web, tmp_path: Path) -> None:
    """With the reason and the way out; a good version handed in mends it without a restart."""
    (tmp_path / "leie.md").write_bytes(b"")
    page = shown(await lockers.get(PAGE))
    assert "leie.md er tom" in page
    assert "Last opp en god fil her" in page
    assert "Kan ikke leses" in shown(await lockers.get("/console/documents"))
    await hand_in(lockers, "ny.md", TEXT.format(days=5).encode())
    assert "leie.md er tom" not in shown(await lockers.get(PAGE))


async def test_only_the_companies_an_officer_serves_are_seen(lockers: Web) -> None:
    """Another company's page, its versions and its form are as if they did not exist."""
    await hand_in(lockers, "ny.md", TEXT.format(days=5).encode())
    [row] = await versions(lockers)
    assert "Andre" not in (await lockers.get("/console/documents")).text
    for path in ("/console/documents/other", f"/console/documents/other/{row.id}"):
        assert (await lockers.get(path)).status_code == 404
    for path in ("/console/documents/other", f"/console/documents/other/{row.id}/retire"):
        assert (await lockers.post(path)).status_code == 404
    assert [one.retired_at for one in await versions(lockers)] == [None]


@pytest.mark.slow
async def test_a_version_is_found_under_its_own_company_alone(lockers: Web) -> None:
    """An officer of both does not read one company's text, or take it back, under the other's name."""
    await hand_in(lockers, "ny.md", TEXT.format(days=5).encode())
    [row] = await versions(lockers)
    both = await lockers.add_officer("begge@example.no", ("fjordlys", "other"))
    await lockers.sign_in(both, email="begge@example.no")
    assert (await lockers.get(f"{PAGE}/{row.id}")).status_code == 200
    assert (await lockers.get(f"/console/documents/other/{row.id}")).status_code == 404
    assert (await lockers.post(f"/console/documents/other/{row.id}/retire")).status_code == 404


async def test_a_form_of_another_page_hands_nothing_in(lockers: Web) -> None:
    """Without the session's token the file is not kept."""
    lockers.form_token = "0" * 64
    assert (await hand_in(lockers, "ny.md", TEXT.format(days=5).encode())).status_code == 403
    assert await versions(lockers) == []


@pytest.mark.slow
async def test_rows_keep_who_handed_in_what_and_when(lockers: Web) -> None:
    """The bytes, their sum, the day, and the officer by id."""
    await hand_in(lockers, "ny.md", TEXT.format(days=5).encode())
    async with lockers.desk.unit_of_work() as session:
        content = await session.scalar(select(DocumentVersion.content))
    [row] = await versions(lockers)
    assert content == TEXT.format(days=5).encode()
    assert (row.in_force_from, len(row.added_by), len(row.sha256)) == (date(2026, 11, 25), 32, 64)
