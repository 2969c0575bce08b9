"""The sweep: letters leave through a real mail server, are put off, refused, and never lost."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.forgetting import delete_conversation
from bot.hub import Channel
from desk import sweep
from desk.records import Feedback
from desk.wiring import Desk
from intake.case import Act
from intake.letters import send_again
from intake.log import entries
from intake.opening import Opened, open_case, open_dossier
from intake.records import Letter
from law.rights import Right
from tests.bot.people import Person
from tests.desk.desks import Clock, make_desk
from tests.desk.mail_server import Server

ADDRESS = "kari.eksempel@example.no"


async def acknowledged(desk: Desk) -> Opened:
    """A case whose acknowledgement goes to an address."""
    async with desk.unit_of_work() as session:
        dossier = await open_dossier(session, "fjordlys", desk.clock())
        return await open_case(
            session,
            desk.vault,
            desk.operators["fjordlys"],
            dossier_id=dossier.id,
            conversation_id=None,
            right=Right.ACCESS,
            channel="form",
            lang="nb",
            received_at=desk.clock(),
            now=desk.clock(),
            wish="Hva har dere om meg?",
            address=ADDRESS,
            links=desk.links,
        )


async def run_letters(desk: Desk) -> int:
    """One sweep's letters."""
    starts = [start for start in await sweep.due(desk) if start.kind == "letter"]
    for start in starts:
        await sweep.send_letter(desk, start.row)
    return len(starts)


async def letter(desk: Desk) -> Letter:
    """The one letter."""
    async with desk.unit_of_work() as session:
        return (await session.scalars(select(Letter))).one()


async def test_a_letter_leaves_once_and_is_logged(desk: Desk, server: Server) -> None:
    """It arrives marked as automatic, with its own Message-ID, and the case's log says so; no second one follows."""
    opened = await acknowledged(desk)
    assert await run_letters(desk) == 1
    assert await run_letters(desk) == 0
    (mail,) = server.taken
    row = await letter(desk)
    assert (row.state, mail["Message-ID"], mail["Auto-Submitted"]) == ("sent", row.message_id, "auto-replied")
    assert opened.case.reference in str(mail["Subject"])
    async with desk.unit_of_work() as session:
        acts = [entry.act for entry in await entries(session, opened.case.id)]
    assert acts.count("letter_sent") == 1


async def test_a_deferred_letter_is_tried_again_later(desk: Desk, server: Server, clock: Clock) -> None:
    """A server that says 451 gets the letter again, not at once; when it takes it, it is sent."""
    await acknowledged(desk)
    server.answers[ADDRESS] = "451 later"
    await run_letters(desk)
    assert await run_letters(desk) == 0
    assert server.taken == []
    server.answers.clear()
    clock.pass_on(hours=1)
    assert await run_letters(desk) == 1
    assert (await letter(desk)).state == "sent"


async def test_an_address_that_does_not_work_is_marked_not_hammered(
    desk: Desk, server: Server, clock: Clock
) -> None:
    """A 550 ends the sending; the letter stays, marked failed and logged, and leaves when an officer sends it again."""
    await acknowledged(desk)
    server.answers[ADDRESS] = "550 no such mailbox"
    await run_letters(desk)
    clock.pass_on(days=2)
    assert await run_letters(desk) == 0
    refused = await letter(desk)
    assert refused.state == "failed"
    async with desk.unit_of_work() as session:
        log = await entries(session, refused.case_id or "")
        send_again(await session.get_one(Letter, refused.id), clock())
    assert log[-1].act == Act.LETTER_REFUSED
    server.answers.clear()
    assert await run_letters(desk) == 1
    assert (await letter(desk)).state == "sent"


async def test_a_server_that_will_not_have_us_at_all_costs_no_letter(
    desk: Desk, server: Server, clock: Clock
) -> None:
    """A refused sender is ours to mend and says nothing about the address: the letter leaves afterwards."""
    await acknowledged(desk)
    server.no_sender = "550 sender not allowed"
    await run_letters(desk)
    assert (await letter(desk)).state == "queued"
    server.no_sender = None
    clock.pass_on(hours=1)
    assert await run_letters(desk) == 1
    assert (await letter(desk)).state == "sent"


async def test_without_a_mail_server_letters_wait(tmp_path: Path, clock: Clock) -> None:
    """Nothing is lost while mail.host is not set; the letter is still queued."""
    desk = await make_desk(tmp_path, clock, systems=False, operators=("fjordlys",))
    await acknowledged(desk)
    await run_letters(desk)
    row = await letter(desk)
    assert (row.state, row.attempts) == ("queued", 1)
    await desk.close()


async def test_a_fault_of_our_own_is_put_on_the_row(desk: Desk, clock: Clock) -> None:
    """An attempt that broke is due again, later, as another attempt."""
    await acknowledged(desk)
    (first,) = await sweep.due(desk)
    await sweep.failed(desk, first.kind, first.row, "ZeroDivisionError")
    assert await sweep.due(desk) == []
    clock.pass_on(hours=1)
    (again,) = await sweep.due(desk)
    assert (again.row, again.workflow_id != first.workflow_id) == (first.row, True)


async def test_what_came_of_questions_is_kept_so_many_days(desk: Desk, clock: Clock) -> None:
    """The sweep deletes what is older than the setting says, and what was asked in messages that are gone."""
    talk = Person(desk.hub, "kari", now=clock())
    await talk.says("Får studenter rabatt på strømmen?")
    await Person(desk.hub, "ola", now=clock()).says("Har dere studentrabatt på strøm?")

    async def kept() -> int:
        await sweep.due(desk)
        async with desk.unit_of_work() as session:
            return len((await session.scalars(select(Feedback))).all())

    assert await kept() == 2
    await delete_conversation(
        desk.hub, operator_id="fjordlys", channel=Channel.WEBCHAT, peer="kari", now=clock()
    )
    assert await kept() == 1
    clock.now += timedelta(days=desk.settings.questions_days)
    assert await kept() == 1
    clock.now += timedelta(seconds=1)
    assert await kept() == 0
