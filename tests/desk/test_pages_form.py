"""The form: it opens what it promises once, and says plainly what must be put right."""

import asyncio
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from desk.pages.form import LARGEST
from intake.opening import details
from intake.records import Case, Letter, Message
from tests.desk.web import Web, hidden

pytestmark = pytest.mark.slow

FORM = "/o/fjordlys/skjema?lang=nb"
GOOD: Mapping[str, str | list[str]] = {
    "rights": ["access", "erasure"],
    "email": "kari@example.no",
    "wish": "Takk 🙂",
}


async def filled(web: Web, **changed: str | list[str]) -> dict[str, str | list[str]]:
    """The form as a person fills it in, on a page fetched now."""
    return {"once": hidden((await web.get(FORM)).text, "once"), **GOOD, **changed}


async def cases(web: Web) -> list[Case]:
    """Every case of the desk."""
    async with web.desk.unit_of_work() as session:
        return list(await session.scalars(select(Case).order_by(Case.reference)))


async def letters(web: Web) -> list[str]:
    """The names of the letters written."""
    async with web.desk.unit_of_work() as session:
        return sorted(await session.scalars(select(Letter.name)))


async def test_each_right_becomes_a_case_with_one_receipt_time(web: Web) -> None:
    """Acknowledged each, with one code for both, and the person is led to the first one's page."""
    answer = await web.post(FORM, await filled(web))
    assert answer.status_code == 303
    opened = await cases(web)
    assert [one.right for one in opened] == ["access", "erasure"]
    assert len({one.received_at for one in opened}) == 1
    assert await letters(web) == ["acknowledgement", "acknowledgement", "code"]
    secret = (await details(web.desk.vault, opened[0]))["secret"]
    assert answer.headers["location"].startswith(f"/s/{secret}?")
    page = (await web.get(answer.headers["location"])).text
    assert opened[1].reference in page
    assert "Vi har registrert ønsket ditt" in page


async def test_the_officer_reads_it_as_a_conversation(web: Web) -> None:
    """What was written is a message of the case."""
    await web.post(FORM, await filled(web))
    await web.sign_in(await web.add_officer())
    assert "Takk 🙂" in (await web.get(f"/console/cases/{(await cases(web))[0].reference}?unverified=1")).text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"rights": []}, "Velg hva du vil be om."),
        ({"email": ""}, "Skriv e-postadressen din."),
        ({"email": "kari.example.no"}, "E-postadressen mangler @."),
        ({"email": "kari@example"}, "E-postadressen må se ut som navn@eksempel.no."),
        ({"email": "kari@example.no\r\nBcc: x@example.no"}, "E-postadressen må se ut som navn@eksempel.no."),
        ({"rights": ["rectification"], "wish": "  "}, "Skriv hva som er feil, og hva som er riktig."),
        ({"wish": "a" * 20_001}, "Teksten er for lang."),
    ],
)
async def test_a_fault_is_named_twice_and_nothing_is_lost(
    web: Web, changed: dict[str, str | list[str]], says: str
) -> None:
    """In the summary, as a link to the field, and at the field; the rest of the form stays filled in."""
    answer = await web.post(FORM, await filled(web, **changed))
    assert answer.status_code == 422
    assert answer.text.count(says) == 2
    assert "<title>Feil: " in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Takk 🙂" in answer.text or "wish" in changed
    assert await cases(web) == []


async def test_the_same_page_sent_twice_is_one_request(web: Web) -> None:
    """A double click, a reload, the way back and again: the first cases are shown."""
    form = await filled(web)
    first, second = [await web.post(FORM, form) for _ in range(2)]
    assert first.headers["location"] == second.headers["location"]
    assert len(await cases(web)) == 2


async def test_two_clicks_at_once_are_one_request(web: Web) -> None:
    """Also when neither has ended before the other began."""
    form = await filled(web)
    answers = await asyncio.gather(*(web.post(FORM, form) for _ in range(3)))
    assert len({one.headers["location"] for one in answers}) == 1
    assert len(await cases(web)) == 2


async def test_another_request_on_the_same_page_is_a_request_of_its_own(web: Web) -> None:
    """Back in the browser, another box ticked, sent again: said to be registered only because it is."""
    form = await filled(web, rights="access")
    first, second = [await web.post(FORM, form | changed) for changed in ({}, {"rights": "erasure"})]
    assert first.headers["location"] != second.headers["location"]
    assert [one.right for one in await cases(web)] == ["access", "erasure"]


async def test_a_national_identity_number_is_not_kept(web: Web) -> None:
    """It is hidden before anything is stored."""
    await web.post(FORM, await filled(web, wish="Jeg er 13097248022, slett meg."))
    for one in await cases(web):
        assert "13097248022" not in (await details(web.desk.vault, one))["wish"]
    async with web.desk.unit_of_work() as session:
        message = (await session.scalars(select(Message))).one()
    opened = web.desk.vault.open_json(message.dossier_id, f"message.text:{message.id}", message.text)
    assert "13097248022" not in opened["text"]


async def test_who_writes_for_another_waits_for_an_officer(web: Web) -> None:
    """No code is sent: it would show an address and no authority."""
    answer = await web.post(FORM, await filled(web, on_behalf="1"))
    assert "code" not in await letters(web)
    assert "En saksbehandler kontakter deg" in (await web.get(answer.headers["location"])).text


async def test_a_complaint_asks_for_no_proof(web: Web) -> None:
    """Art. 77: it is on its way at once, and no code goes out."""
    answer = await web.post(FORM, await filled(web, rights=["complaint"]))
    assert "code" not in await letters(web)
    assert (await cases(web))[0].state == "planning"
    assert "Bekreft e-postadressen din" not in (await web.get(answer.headers["location"])).text


async def test_a_form_that_is_too_large_is_refused_in_words(web: Web) -> None:
    """Before it is read."""
    answer = await web.post(FORM, await filled(web, wish="a" * LARGEST))
    assert answer.status_code == 413
    assert "Det er for stort" in answer.text


async def test_a_flood_is_braked_in_words_and_passes(web: Web) -> None:
    """The twenty-first form of an hour from one place waits; nothing is lost by waiting."""
    for _ in range(20):
        assert (await web.post(FORM, await filled(web, rights=["complaint"]))).status_code == 303
    refused = await web.post(FORM, await filled(web))
    assert (refused.status_code, "For mange forsøk" in refused.text) == (429, True)
    web.clock.pass_on(hours=1)
    assert (await web.post(FORM, await filled(web))).status_code == 303
    async with web.desk.unit_of_work() as session:
        assert await session.scalar(select(func.count()).select_from(Case)) == 22
