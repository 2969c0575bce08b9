"""A question without an answer, until an officer has written one and the clause it rests on changes."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.hub import Incoming
from desk.knowing import KnowledgeByCompany
from desk.records import Feedback, ReviewedAnswer
from desk.reviews import forget_old
from desk.versions import add
from intake.records import Conversation
from law.calendar import oslo_day
from operators.profile import ExpectedDocument
from tests.bot.people import Person
from tests.company import company
from tests.desk.desks import Clock
from tests.desk.web import Web, hidden, open_web

pytestmark = pytest.mark.slow

TEXT = "# Leievilkår\n\n## 1. Leie\n\nSykler leies for {days} dager om gangen.\n"
EXAMPLES = "Kan jeg ta med trampolinen på ferja?\nFår trampolinen være med på ferja?"
PAGE = "/console/questions"
QUESTION = "Kan jeg ta med trampolinen på ferja? Jeg heter Kari Nordmann, kari@example.no"


@pytest.fixture
async def cycles(tmp_path: Path, clock: Clock, sqlite_with_tables: Path) -> AsyncIterator[Web]:
    """A desk for two small companies; an officer of one of them is signed in."""
    (tmp_path / "leie.md").write_text(TEXT.format(days=3), "utf-8")
    documents = (ExpectedDocument("leie.md", "Leievilkår", "nb", None),)
    one = replace(company(), documents=documents, folder=tmp_path)
    served = {"fjordlys": one, "other": replace(one, id="other", name="Andre")}
    known = KnowledgeByCompany(served, [tmp_path])
    async with open_web(tmp_path, clock, sqlite_with_tables, known, served) as web:
        await web.sign_in(await web.add_officer())
        yield web


def person(web: Web, peer: str = "kari") -> Person:
    """Somebody in the chat."""
    return Person(web.desk.hub, peer, now=web.clock())


async def group_page(web: Web) -> str:
    """The address of the first group."""
    found = re.search(rf'href="({PAGE}/group/[0-9a-f]+)"', (await web.get(PAGE)).text)
    assert found is not None
    return found[1]


async def filled_in(web: Web, **more: str) -> tuple[str, dict[str, str | list[str]]]:
    """The first group's form, filled in."""
    path = await group_page(web)
    page = (await web.get(path)).text
    values: dict[str, str | list[str]] = {
        "id": hidden(page, "id"),
        "member": re.findall(r'name="member" value="([^"]+)"', page),
        "nb": "Ja, trampolinen kan være med.",
        "examples": EXAMPLES,
        "clause": clause_in(page),
    }
    return path, values | more


def clause_in(page: str) -> str:
    """The form's value for the clause on renting."""
    [found] = re.findall(r'<option value="([0-9a-f]{24})"[^>]*>[^<]*Leie<', page)
    return str(found)


async def answers(web: Web) -> list[ReviewedAnswer]:
    """The rows."""
    async with web.desk.unit_of_work() as session:
        return list(await session.scalars(select(ReviewedAnswer)))


async def new_version(cycles: Web) -> None:
    """The clause on renting says something else from today."""
    async with cycles.desk.unit_of_work() as session:
        await add(
            session,
            "fjordlys",
            file="leie.md",
            name="ny.md",
            title="Leievilkår",
            content=TEXT.format(days=5).encode(),
            in_force_from=oslo_day(cycles.clock()),
            by="x",
            now=cycles.clock(),
        )


async def test_from_an_unanswered_question_to_an_answer_that_must_be_looked_at_again(cycles: Web) -> None:
    """Grouped, masked, answered for the next who ask, also in other words; no longer when the clause changes."""
    await person(cycles).says(QUESTION)
    page = (await cycles.get(PAGE)).text
    assert "trampolinen" in page
    assert "kari@example.no" not in page
    assert "Nordmann" not in page
    path, values = await filled_in(cycles)
    assert (await cycles.post(path, values)).headers["location"] == f"{PAGE}?m=saved"
    assert "Ingen spørsmål venter." in (await cycles.get(PAGE)).text
    for words in ("Kan jeg ta med trampolinen på ferja?", "Får eg ta med trampolina på ferja?"):
        ola = person(cycles, words)
        assert "Ja, trampolinen kan være med. (Svaret er skr" in await ola.says(words)
        assert "3 dager" in ola.replies[0].quotes[0].text
    await new_version(cycles)
    assert "Må ses på igjen" in (await cycles.get(PAGE)).text
    assert "trampolinen kan være med" not in await person(cycles, "per").says(
        "Kan jeg ta med trampolinen på ferja?"
    )


async def test_two_clicks_make_one_answer(cycles: Web) -> None:
    """The second click is told that it is saved."""
    await person(cycles).says(QUESTION)
    path, values = await filled_in(cycles)
    for _ in range(2):
        assert (await cycles.post(path, values)).headers["location"] == f"{PAGE}?m=saved"
    assert len(await answers(cycles)) == 1


async def test_what_is_missing_is_said(cycles: Web) -> None:
    """Nothing is saved, and the sentence names what to do."""
    await person(cycles).says(QUESTION)
    for field, said in (
        ("nb", "Skriv svaret på minst ett språk."),
        ("clause", "Velg punktet"),
        ("examples", "minst to spørsmål"),
    ):
        path, values = await filled_in(cycles, **{field: " "})
        refused = await cycles.post(path, values)
        assert refused.status_code == 422
        assert said in refused.text
    assert await answers(cycles) == []


async def test_an_officer_of_another_company_sees_nothing_of_it(cycles: Web) -> None:
    """Neither the group nor the answer, nor a way to retire it."""
    await person(cycles).says(QUESTION)
    path, values = await filled_in(cycles)
    await cycles.post(path, values)
    [row] = await answers(cycles)
    await cycles.sign_in(await cycles.add_officer("b@example.no", ("other",)), email="b@example.no")
    assert "trampolinen" not in (await cycles.get(PAGE)).text
    assert (await cycles.get(path)).status_code == 404
    assert (await cycles.get(f"{PAGE}/answer/{row.id}")).status_code == 404
    assert (await cycles.post(f"{PAGE}/answer/{row.id}/retire")).status_code == 404


@pytest.mark.slow
async def test_an_answer_is_edited_as_a_new_one_and_retired(cycles: Web) -> None:
    """The old row stays, retired; when the new one is retired too, nobody is answered with it."""
    await person(cycles).says(QUESTION)
    path, values = await filled_in(cycles)
    await cycles.post(path, values)
    [old] = await answers(cycles)
    page = (await cycles.get(f"{PAGE}/answer/{old.id}")).text
    edited = values | {"id": hidden(page, "id"), "nb": "Nei, ikke lenger."}
    await cycles.post(f"{PAGE}/answer/{old.id}", edited)
    words = "Kan jeg ta med trampolinen på ferja?"
    assert "Nei, ikke lenger." in await person(cycles, "b").says(words)
    await cycles.post(f"{PAGE}/answer/{edited['id']}/retire")
    assert "Nei, ikke lenger." not in await person(cycles, "c").says(words)
    assert all(row.retired_at for row in await answers(cycles))


async def test_an_answer_is_written_from_scratch(cycles: Web) -> None:
    """Without a group, with one question ticked of none; one example alone is too few."""
    page = (await cycles.get(f"{PAGE}/new/fjordlys")).text
    values: dict[str, str | list[str]] = {
        "id": hidden(page, "id"),
        "nb": "Ja.",
        "clause": "none",
        "examples": "Har dere trampoliner til barn?",
    }
    refused = await cycles.post(f"{PAGE}/new/fjordlys", values)
    assert refused.status_code == 422
    assert "Har dere trampoliner til barn?" in refused.text
    values["examples"] = "Har dere trampoliner til barn?\nFinnes det trampoliner for barn hos dere?"
    assert (await cycles.post(f"{PAGE}/new/fjordlys", values)).headers["location"] == f"{PAGE}?m=saved"
    ola = person(cycles, "ola")
    assert "Ja. (Svaret" in await ola.says("Har dere trampoliner til barn?")
    assert ola.replies[0].quotes == ()


@pytest.mark.slow
async def test_what_else_the_answer_answers_waits_no_longer(cycles: Web) -> None:
    """A question outside the group that the answer serves is closed with it; another one is not."""
    other = "Finnes det trampoliner for barn hos dere?"
    await person(cycles, "a").says(other)
    await person(cycles, "b").says("Kan jeg ta med hesten på ferja?")
    page = (await cycles.get(f"{PAGE}/new/fjordlys")).text
    examples = f"Har dere trampoliner til barn?\n{other}"
    values = {"id": hidden(page, "id"), "nb": "Ja.", "clause": "none", "examples": examples}
    await cycles.post(f"{PAGE}/new/fjordlys", values)
    waiting = (await cycles.get(PAGE)).text
    assert "trampoliner" not in waiting
    assert "hesten" in waiting


@pytest.mark.slow
async def test_a_clause_that_changes_while_the_officer_writes_is_chosen_again(cycles: Web) -> None:
    """The answer is not bound to a text that nobody has read."""
    await person(cycles).says(QUESTION)
    path, values = await filled_in(cycles)
    await new_version(cycles)
    refused = await cycles.post(path, values)
    assert refused.status_code == 422
    values["clause"] = clause_in(refused.text)
    assert (await cycles.post(path, values)).headers["location"] == f"{PAGE}?m=saved"


@pytest.mark.slow
async def test_what_the_officer_writes_as_examples_is_masked(cycles: Web) -> None:
    """A name or an address that stands in an example is kept nowhere."""
    await person(cycles).says(QUESTION)
    path, values = await filled_in(cycles, examples=EXAMPLES + "\nTrampolin på ferja? Mvh kari@example.no")
    await cycles.post(path, values)
    [row] = await answers(cycles)
    assert "trampolin" in row.examples.lower()
    assert "kari@example.no" not in row.examples


async def test_an_answer_that_did_not_help_waits_for_the_officer(web: Web) -> None:
    """The button is under the answer; it counts once, a stranger's press not, and a yes does not wait."""
    await web.sign_in(await web.add_officer())
    kari, stranger = person(web), person(web, "stranger")
    await kari.says("Hvor lenge lagrer dere fakturaer?")
    choice = next(one for one in kari.offered if one.startswith("not_helped:"))
    await stranger.send(Incoming("", None, choice=choice))
    assert "Ingen spørsmål venter." in (await web.get(PAGE)).text
    for _ in range(2):
        turn = await kari.send(Incoming("", None, choice=choice))
        assert "bli bedre" in turn.replies[0].text
    async with web.desk.unit_of_work() as session:
        [row] = await session.scalars(select(Feedback))
    assert row.kind == "not_helpful"
    assert row.document
    assert "lagrer dere fakturaer" in (await web.get(PAGE)).text
    await kari.send(Incoming("", None, choice=choice.replace("not_helped", "helped")))
    page = (await web.get(PAGE)).text
    assert "Ingen spørsmål venter." in page
    assert "Svar som hjalp: 1" in page


async def test_an_erased_question_is_counted_and_not_shown(cycles: Web) -> None:
    """With its key the text is gone; the group still counts it, until the sweep's time is over."""
    await person(cycles).says(QUESTION)
    cycles.desk.vault.forget(await dossier(cycles))
    page = (await cycles.get(PAGE)).text
    assert "trampolinen" not in page
    assert "Teksten er slettet" in page
    async with cycles.desk.unit_of_work() as session:
        assert await forget_old(session, cycles.clock(), 180) == 0
        assert await forget_old(session, cycles.clock() + timedelta(days=181), 180) == 1


async def dossier(web: Web) -> str:
    """The dossier of the only conversation."""
    async with web.desk.unit_of_work() as session:
        return (await session.scalars(select(Conversation))).one().dossier_id
