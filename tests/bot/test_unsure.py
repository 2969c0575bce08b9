"""A message read in two ways nearly as well: one short question, and no request lost."""

import pytest

from bot.hub import Incoming
from intake.reading import Reading
from tests.bot.people import Person

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
