"""A message read in two ways nearly as well: one short question, and no request lost."""

import pytest
from sqlalchemy import select

from bot.email import PlacedMail, hear
from bot.hub import Hub, Incoming
from bot.unsure import FAINT
from intake.opening import open_dossier
from intake.reading import Reading
from intake.records import Case, Letter
from tests.bot.people import WEDNESDAY, Person

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def heard(person: Person, text: str, types: tuple[str, ...], sure: float, *alternatives: str) -> str:
    """What the desk says to a message that was read so."""
    reading = Reading(types, False, "nb", False, {}, None, sure, alternatives=alternatives)
    turn = await person.send(Incoming(text, reading=reading))
    return "\n".join(reply.text for reply in turn.replies)


async def test_a_question_that_is_hardly_a_request_is_answered_and_the_request_offered(kari: Person) -> None:
    """No case is opened by a guess; one press makes it one."""
    said = await heard(
        kari, "Kan jeg ta med meg strømmen?", ("portability",), 0.44, "portability", "question"
    )
    assert "Mente du at du vil be om" in said
    assert "right:portability" in kari.offered
    await kari.presses("right:portability")
    assert [case.right for case in await kari.cases()] == ["portability"]


async def test_what_is_no_question_is_a_request_however_faint(kari: Person) -> None:
    """In doubt it counts."""
    await heard(kari, "Ta med meg det som er mitt.", ("portability",), 0.44, "portability", "question")
    assert [case.right for case in await kari.cases()] == ["portability"]


async def test_between_two_rights_one_is_registered_and_the_other_offered(kari: Person) -> None:
    """The clock runs for the likelier one, and the person may say that it was the other."""
    said = await heard(kari, "Legg det på is", ("restriction",), 0.6, "restriction", "erasure")
    assert "Mente du heller sletting" in said
    assert "right:erasure" in kari.offered
    assert [case.right for case in await kari.cases()] == ["restriction"]


async def by_mail(
    hub: Hub, text: str, types: tuple[str, ...], sure: float, *alternatives: str
) -> tuple[list[str], list[str]]:
    """The rights of the cases that a mail read so opens, and the names of the letters that answer it."""
    reading = Reading(types, False, "nb", False, {}, None, sure, alternatives=alternatives)
    async with hub.unit_of_work() as session:
        dossier = (await open_dossier(session, "fjordlys", WEDNESDAY)).id
    mail = PlacedMail("m1", dossier, "kari@example.no", text, reading, WEDNESDAY, vouched=False)
    await hear(hub, "fjordlys", mail, WEDNESDAY)
    async with hub.unit_of_work() as session:
        rights = await session.scalars(select(Case.right))
        names = await session.scalars(select(Letter.name).where(Letter.state == "queued"))
        return list(rights), list(names)


async def test_by_mail_a_faint_request_is_a_request(hub: Hub) -> None:
    """No button can be pressed there: the letter says how it is taken back."""
    rights, names = await by_mail(
        hub, "Kan jeg ta med meg strømmen?", ("portability",), 0.44, "portability", "question"
    )
    assert rights == ["portability"]
    assert "received" in names


async def test_by_mail_no_other_right_is_offered(hub: Hub) -> None:
    """One letter acknowledges what was read, and no second one asks."""
    read = await by_mail(hub, "Legg det på is", ("restriction",), 0.6, "restriction", "erasure")
    assert read == (["restriction"], ["received"])


async def test_where_two_rights_are_read_both_are_cases(kari: Person) -> None:
    """However faintly: which of them to ask about is not for a machine to choose."""
    await heard(
        kari, "Kan jeg få se det og ta det med?", ("access", "portability"), 0.44, "access", "question"
    )
    assert sorted(case.right for case in await kari.cases()) == ["access", "portability"]


@pytest.mark.parametrize(("sure", "asked"), [(FAINT - 0.01, True), (FAINT, False)])
async def test_from_a_certain_sureness_on_it_is_a_request(kari: Person, sure: float, asked: bool) -> None:
    """At the limit the person is taken at their word."""
    await heard(kari, "Kan jeg ta med meg strømmen?", ("portability",), sure, "portability", "question")
    assert ("right:portability" in kari.offered) is asked
    assert (await kari.cases() == []) is asked
