"""Which letters leave: none to where letters came back from, none twice, none too many; and under which thread."""

from dataclasses import replace
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from desk import sweep
from desk.leaving import sent_before
from desk.mail import Mailer, Refused
from desk.mailboxes import Mailbox
from desk.settings import Mail
from desk.threads import thread_of
from fulfilment.adapter import TryLater
from intake.case import Act
from intake.letters import FAILED, QUEUED, send_again, write
from intake.log import entries
from intake.records import Letter
from tests.desk.desks import Clock
from tests.desk.post import KARI, OURS, Post
from tests.desk.web import Web

pytestmark = pytest.mark.slow
OLA = "ola@example.com"


class Wire(Mailer):
    """A mail server that takes what it is given, or raises what it is told; it remembers where bounces go."""

    def __init__(self, settings: Mail) -> None:
        super().__init__(settings)
        self.fault: Exception | None = None
        self.taken: list[EmailMessage] = []
        self.bounces: list[str] = []

    async def send(self, mail: EmailMessage, *, operator: str = "", bounce_to: str = "") -> None:
        """Take it."""
        self.bounces.append(bounce_to)
        if self.fault is not None:
            raise self.fault
        self.taken.append(mail)


@pytest.fixture
def wire(web: Web) -> Wire:
    """The desk's line to the world."""
    return Wire(web.desk.mailer.settings)


@pytest.fixture
def post(web: Web, clock: Clock, wire: Wire) -> Post:
    """The post of a desk that writes to this wire, and whose mailbox has a name."""
    settings = web.desk.settings.model_copy(
        update={
            "mailboxes": {
                "cleverstore": Mailbox(address="personvern@cleverstore.example"),
                "fjordlys": Mailbox(address=OURS),
            }
        }
    )
    return Post(replace(web.desk, mailer=wire, settings=settings), clock)


async def another(post: Post, about: Letter, to: str = KARI, name: str = "reply") -> Letter:
    """One more letter of the dossier, queued."""
    async with post.desk.unit_of_work() as session:
        made = await write(
            session, post.desk.vault, post.desk.operators["fjordlys"], name="code", lang="nb",
            dossier_id=about.dossier_id, to=to, now=post.clock(),
            values={"code": "012345", "minutes": 10, "purpose": "identify"},
        )  # fmt: skip
        made.case_id, made.name = about.case_id, name
        return made


async def leaves(post: Post, letter: Letter) -> str:
    """One attempt; where the letter stands then."""
    await sweep.send_letter(post.desk, letter.id)
    async with post.desk.unit_of_work() as session:
        return (await session.get_one(Letter, letter.id)).state


async def asked(post: Post, sender: str = KARI) -> Letter:
    """Somebody has asked for something, and the letter that acknowledges it waits to leave."""
    await post.writes("Slett kontoen min.", sender=sender)
    async with post.desk.unit_of_work() as session:
        found = await session.scalars(select(Letter).where(Letter.state == QUEUED, Letter.name == "received"))
        return found.one()


async def test_where_a_letter_came_back_none_follows_until_an_officer_says_so(post: Post, wire: Wire) -> None:
    """The next one fails aloud, unsent; another address and another person's letters leave; so does all, sent again."""
    first = await asked(post)
    assert await leaves(post, first) == "sent"
    async with post.desk.unit_of_work() as session:
        row = await session.get_one(Letter, first.id)
        row.state, row.bounced_at = FAILED, post.clock()
    held = await another(post, first)
    assert await leaves(post, held) == FAILED
    async with post.desk.unit_of_work() as session:
        assert (await entries(session, first.case_id or ""))[-1].act == Act.LETTER_REFUSED
    assert await leaves(post, await another(post, first, OLA)) == "sent"
    assert await leaves(post, await asked(post)) == "sent"
    async with post.desk.unit_of_work() as session:
        for one in (first, held):
            send_again(await session.get_one(Letter, one.id), post.clock())
    assert [await leaves(post, one) for one in (first, held)] == ["sent", "sent"]
    assert len(wire.taken) == 5


async def test_a_letter_that_has_left_does_not_leave_again(post: Post, wire: Wire) -> None:
    """Its second workflow, started late, finds nothing to do, and the log tells of it once."""
    letter = await asked(post)
    assert [await leaves(post, letter) for _ in range(2)] == ["sent", "sent"]
    await sweep._sent(post.desk, letter.id)
    assert len(wire.taken) == 1
    async with post.desk.unit_of_work() as session:
        acts = [one.act for one in await entries(session, letter.case_id or "")]
    assert acts.count(Act.LETTER_SENT) == 1


async def test_an_attempt_that_was_overtaken_decides_nothing(post: Post, wire: Wire) -> None:
    """A refusal that is told late, when the officer has sent the letter again, is the old attempt's."""
    letter = await asked(post)
    wire.fault = Refused("550")
    assert await leaves(post, letter) == FAILED
    async with post.desk.unit_of_work() as session:
        send_again(await session.get_one(Letter, letter.id), post.clock())
    await sweep._not_sent(post.desk, letter.id, letter.attempts, "550", None)
    wire.fault = None
    assert await leaves(post, letter) == "sent"


async def test_our_own_absence_for_weeks_gives_no_letter_up(post: Post, wire: Wire) -> None:
    """What is ours to mend is no reason, however often it is tried."""
    letter = await asked(post)
    wire.fault = TryLater(0, "no line")
    for _ in range(3):
        post.clock.pass_on(days=10)
        assert await leaves(post, letter) == QUEUED
    wire.fault = None
    assert await leaves(post, letter) == "sent"


async def test_only_a_cases_letter_asks_for_its_bounce(post: Post, wire: Wire) -> None:
    """What answers a message by itself must not be answered by a machine; an answer that did not arrive must be known."""
    letter = await asked(post)
    await leaves(post, letter)
    await leaves(post, await another(post, letter, name="answer"))
    assert wire.bounces == ["", OURS]


async def test_an_acknowledgement_is_not_its_own_second_one(post: Post) -> None:
    """Nor is one that waits: only one that has left says that it was said."""
    first = await another(post, await asked(post), name="acknowledgement")
    second = await another(post, first, name="acknowledgement")
    async with post.desk.unit_of_work() as session:
        assert not (await sent_before(session, second, now=post.clock())).acknowledged
    assert [await leaves(post, one) for one in (first, second)] == ["sent", "kept"]
    async with post.desk.unit_of_work() as session:
        assert not (await sent_before(session, first, now=post.clock())).acknowledged


async def test_a_letter_threads_after_the_newest_mail_and_what_its_reader_got(post: Post, wire: Wire) -> None:
    """Not after another recipient's letters, nor a mail that waits for an officer; the token leads back."""
    letter = await asked(post)
    await leaves(post, letter)
    elsewhere = await another(post, letter, OLA)
    await leaves(post, elsewhere)
    newest = await post.writes("Hva er status for saken min?", answering=letter)
    async with post.desk.unit_of_work() as session:
        stray = await session.get_one(type(newest), newest.id)
        content = post.desk.vault.open_json(
            stray.dossier_id, f"incoming_mail.content:{stray.id}", stray.content
        )
        answer = await session.scalars(
            select(Letter).where(Letter.name == "reply", Letter.to_hash == letter.to_hash)
        )
        thread = await thread_of(session, post.desk, answer.one())
    assert thread.in_reply_to == content["message_id"]
    assert (letter.message_id or "").strip("<>") in thread.references
    assert (elsewhere.message_id or "").strip("<>") not in thread.references
    local, _, domain = OURS.partition("@")
    assert thread.token
    assert thread.reply_to == f"{local}+{thread.token}@{domain}"
