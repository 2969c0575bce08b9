"""A mail from the door to the case and back: what it becomes, who is answered, and who is not."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.email import PlacedMail, hear
from desk import sweep
from intake.email.mail import Authentic, Trust
from intake.email.placing import Reason
from intake.email.records import IncomingMail, MailState
from intake.letters import open_letter
from intake.reading import read
from intake.records import Letter
from tests.desk.desks import Clock
from tests.desk.post import KARI, Post, written
from tests.desk.web import Web

pytestmark = pytest.mark.slow

PASS, FAIL = Trust(Authentic.PASS), Trust(Authentic.FAIL)
NYNORSK = "Hei!\n\nEg vil ha innsyn i alt de har lagra om meg. Etterpå vil eg at de slettar kontoen min.\n\nHelsing\nKari"


@pytest.fixture
def post(web: Web, clock: Clock) -> Post:
    """The post of a desk."""
    return Post(web.desk, clock)


def code_in(text: str) -> str:
    """The six digits of a letter."""
    found = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    assert found is not None, text
    return found[0]


async def test_a_request_is_a_case_from_when_it_reached_us(post: Post, clock: Clock) -> None:
    """However late the mail is looked at: the clock started with its receipt (Art. 12(3))."""
    received = clock()
    await post.deliver(
        written("Slett kontoen min.", KARI, "Sletting", received, None, {}), received_at=received
    )
    clock.pass_on(days=3)
    await post.sort()
    (case,) = await post.cases()
    assert (case.right, case.channel, case.received_at) == ("erasure", "email", received)


async def test_two_requests_in_one_mail_are_two_cases_and_one_letter(post: Post) -> None:
    """Nynorsk is answered in nynorsk; one letter acknowledges both, and carries the code."""
    await post.writes(NYNORSK, subject="Innsyn og sletting")
    cases = await post.cases()
    assert [case.right for case in cases] == ["access", "erasure"]
    assert len({case.received_at for case in cases}) == 1
    ((letter, opened),) = await post.send_letters()
    assert (letter.name, letter.lang, opened.to) == ("received", "nn", KARI)
    assert all(case.reference in opened.text for case in cases)
    assert len(code_in(opened.text)) == 6


async def test_a_reply_with_the_code_proves_the_address(post: Post) -> None:
    """The cases go on to the systems; a code in a long reply is found, and stands nowhere in the conversation."""
    await post.writes(NYNORSK)
    ((letter, opened),) = await post.send_letters()
    code = code_in(opened.text)
    mail = await post.writes(f"Hei, koden er {code}.\n\nBeste helsing\nKari Nordmann", answering=letter)
    assert (mail.state, mail.reason) == (MailState.PLACED, Reason.FOLLOWS)
    assert {case.state for case in await post.cases()} == {"planning"}
    ((_, said),) = await post.conversations()
    assert all(code not in one.reply.text for one in said)
    ((thanks, opened),) = await post.send_letters()
    assert thanks.name == "reply"
    assert "stadfesta" in opened.text


async def test_a_sender_whose_domain_vouches_for_it_needs_no_code(post: Post) -> None:
    """DMARC says what a code would say; no more is asked for than is needed (Art. 12(6))."""
    post.trust = PASS
    await post.writes("Jeg vil se hva dere har lagret om meg.")
    assert [case.state for case in await post.cases()] == ["planning"]
    ((_, opened),) = await post.send_letters()
    assert re.search(r"(?<!\d)\d{6}(?!\d)", opened.text) is None


async def test_the_same_mail_twice_is_one(post: Post, clock: Clock) -> None:
    """Delivered again by another path, with what the servers there put on top of it."""
    raw = written("Slett kontoen min.", KARI, "Sletting", clock(), None, {})
    assert await post.deliver(raw) is True
    again = b"Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000\r\n" + raw.replace(b"\n", b"\r\n")
    assert await post.deliver(again) is False
    assert await post.deliver(raw.replace(b"kontoen", b"profilen")) is True
    assert len(await post.mails()) == 2


async def test_a_question_is_answered_by_a_letter_that_quotes(post: Post) -> None:
    """The answer is a row like any letter, with the passage and its place."""
    await post.writes("Hvor lenge oppbevarer dere fakturaene mine?", subject="Spørsmål")
    assert await post.cases() == []
    ((letter, opened),) = await post.send_letters()
    assert letter.name == "reply"
    assert "«" in opened.text
    assert "/o/fjordlys/dokument/" in opened.text


@pytest.mark.parametrize("trust", [Trust(Authentic.NONE), PASS])
async def test_a_stranger_with_the_right_number_is_told_nothing(post: Post, trust: Trust) -> None:
    """Quarantine on the case: no letter, and not a word in anybody's conversation."""
    await post.writes("Slett kontoen min.")
    await post.send_letters()
    (case,) = await post.cases()
    before = await post.conversations()
    post.trust = trust
    mail = await post.writes(
        "Hvordan går det med saken? Send meg alt.",
        sender="ola@example.com",
        subject=f"[{case.reference}] Sak",
    )
    assert (mail.state, mail.case_id) == (MailState.QUARANTINE, case.id)
    assert await post.send_letters() == []
    assert [len(said) for _, said in await post.conversations()] == [len(said) for _, said in before]


async def test_a_stranger_who_was_forwarded_our_letter_is_told_nothing(post: Post) -> None:
    """The thread's Message-ID is right; the address is not the case's."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    mail = await post.writes("Hva gjelder dette?", sender="ola@example.com", answering=letter)
    assert (mail.state, mail.reason) == (MailState.QUARANTINE, Reason.UNKNOWN_SENDER)
    assert await post.send_letters() == []


async def test_a_forged_sender_never_reaches_the_conversation(post: Post) -> None:
    """Not even with the right thread; and a forged request of its own goes to the tray unanswered."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    post.trust = FAIL
    mail = await post.writes("Avbryt.", answering=letter)
    assert (mail.state, mail.reason) == (MailState.QUARANTINE, Reason.FORGED)
    alone = await post.writes("Jeg vil ha innsyn i opplysningene mine.")
    assert (alone.state, alone.reason) == (MailState.TRAY, Reason.FORGED)
    assert await post.send_letters() == []
    assert [case.state for case in await post.cases()] == ["identifying"]


async def test_a_known_sender_with_only_a_number_is_believed_when_its_domain_vouches(post: Post) -> None:
    """A number can be guessed and an address copied: both together count only with DMARC."""
    await post.writes("Slett kontoen min.")
    await post.send_letters()
    (case,) = await post.cases()
    plain = await post.writes("Hvordan går det?", subject=f"Sak {case.reference}")
    assert (plain.state, plain.reason) == (MailState.QUARANTINE, Reason.ONLY_A_NUMBER)
    post.trust = PASS
    vouched = await post.writes("Hvordan går det med saken?", subject=f"Sak {case.reference}")
    assert (vouched.state, vouched.reason) == (MailState.PLACED, Reason.FROM_VERIFIED)


async def test_mail_that_asks_for_nothing_waits_for_an_officer(post: Post) -> None:
    """No machine answers it, and it is not lost."""
    mail = await post.writes("Hei! Vi har gode tilbud på kontorstoler denne uken.", subject="Tilbud")
    assert (mail.state, mail.reason) == (MailState.TRAY, Reason.NOTHING_ASKED)
    assert await post.send_letters() == []


async def test_a_thank_you_is_not_answered_twice(post: Post) -> None:
    """In a conversation what asks for nothing is left to an officer, silently."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    await post.writes("Da vet jeg det. Vi snakkes på hytta i helgen.", answering=letter)
    assert await post.send_letters() == []
    ((talk, _),) = await post.conversations()
    assert talk.asked_human_at is not None


async def test_cancel_in_a_mail_takes_the_request_back(post: Post) -> None:
    """The one word, with a greeting and a name around it."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    await post.writes("Hei,\navbryt\n\nKari", answering=letter)
    assert [case.state for case in await post.cases()] == ["withdrawn"]


async def test_a_national_identity_number_is_kept_in_the_sealed_mail_alone(post: Post) -> None:
    """Not in what an officer is shown, nor in the conversation; the raw bytes go after the set days."""
    mail = await post.writes("Slett kontoen min. Fødselsnummeret mitt er 13037912345 eller 01010750160.")
    content = post.desk.vault.open_json(mail.dossier_id, f"incoming_mail.content:{mail.id}", mail.content)
    assert "01010750160" not in str(content)
    ((_, said),) = await post.conversations()
    assert all("01010750160" not in one.reply.text for one in said)
    post.clock.pass_on(days=post.desk.settings.raw_mail_days + 1)
    await sweep.due(post.desk)
    async with post.desk.unit_of_work() as session:
        (raw, gone) = (await session.execute(select(IncomingMail.raw, IncomingMail.raw_gone_at))).one()
    assert raw is None
    assert gone is not None


async def test_what_is_said_of_a_mail_stands_in_the_letter_that_answers_it(post: Post) -> None:
    """One letter for a mail: that a number was hidden, and that it was long, is no second one."""
    long = "Jeg har vært kunde lenge. " * 350
    await post.writes(f"Jeg vil ha innsyn i alt dere har lagret om meg. Jeg er 01010750160.\n{long}")
    ((letter, opened),) = await post.send_letters()
    assert letter.name == "received"
    assert "fødselsnummer" in opened.text
    assert "fødselsnummer" in opened.html
    assert "Meldingen er lang" in opened.text


async def test_stopped_between_the_conversation_and_the_filing_it_is_heard_once(
    post: Post, clock: Clock
) -> None:
    """The mail is sorted again, and nothing happens twice."""
    await post.deliver(written("Slett kontoen min.", KARI, "Sletting", clock(), None, {}))
    (mail,) = await post.mails()
    reading = read("Slett kontoen min.", channel="email")
    placed = PlacedMail(
        mail.id, mail.dossier_id, KARI, "Slett kontoen min.", reading, mail.received_at, False
    )
    await hear(post.desk.hub, "fjordlys", placed, clock())
    await post.sort()
    assert len(await post.cases()) == 1
    assert len(await post.send_letters()) == 1
    assert [one.state for one in await post.mails()] == [MailState.PLACED]


async def test_a_mail_that_breaks_the_reading_comes_before_an_officer(post: Post, clock: Clock) -> None:
    """After some tries it lies in the tray as it is; recovery: an officer opens it as a request."""
    await post.deliver(written("Slett kontoen min.", KARI, "Sletting", clock(), None, {}))
    (mail,) = await post.mails()
    for _ in range(5):
        await sweep.failed(post.desk, "mail", mail.id, "RecursionError")
    (mail,) = await post.mails()
    assert (mail.state, mail.reason) == (MailState.TRAY, Reason.UNREADABLE)


async def test_many_mails_of_one_sender_go_to_the_tray(post: Post) -> None:
    """Nothing is lost, and nothing is answered."""
    for number in range(post.desk.settings.mails_a_day + 1):
        post.clock.pass_on(seconds=90)
        await post.deliver(
            written(f"Har dere et hundekurs nummer {number}?", KARI, "?", post.clock(), None, {})
        )
        await post.sort()
    mails = await post.mails()
    assert mails[-1].reason == Reason.TOO_MANY
    assert mails[0].reason != Reason.TOO_MANY


ROBOTS = {
    "by the book": ("Jeg er på ferie til mandag.", {"Auto_Submitted": "auto-replied"}),
    "without a header": ("Jeg er på ferie til mandag og svarer når jeg er tilbake.", {}),
    "that echoes": ("Takk for meldingen! Den er registrert. Du skrev: slett kontoen min.", {}),
    "that asks": ("Hei! Kan du si litt mer om hva det gjelder? Hvor lenge lagrer dere opplysninger?", {}),
    "with a number": ("Sak 1{n:05d} er opprettet. Vi svarer så snart vi kan.", {}),
    "that asks for more": (
        "Vi har åpnet sak {n}. Vi ber om innsyn i opplysningene og retting av adressen.",
        {},
    ),
}


async def test_the_right_code_is_confirmed_however_fast_it_comes(post: Post) -> None:
    """Who has it reads our letters; nothing else that comes back so fast is answered."""
    await post.writes("Slett kontoen min.")
    ((letter, opened),) = await post.send_letters()
    await fast(post, f"Her er koden: {code_in(opened.text)}", letter)
    ((thanks, _),) = await post.send_letters()
    assert thanks.name == "reply"
    assert [case.state for case in await post.cases()] == ["planning"]


async def test_a_request_that_comes_back_too_fast_is_a_case_and_left_to_an_officer(post: Post) -> None:
    """Nothing is lost and nothing is sent, not even a code that nobody would get; the same second counts too."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    await fast(post, "Jeg vil også ha innsyn i alt dere har om meg.", letter)
    assert sorted(case.right for case in await post.cases()) == ["access", "erasure"]
    assert await post.send_letters() == []
    ((talk, _),) = await post.conversations()
    assert talk.asked_human_at is not None


async def fast(post: Post, text: str, letter: Letter) -> None:
    """An answer within a second, from a server whose times have no fractions."""
    post.clock.pass_on(seconds=0.9)
    received = post.clock().replace(microsecond=0) - timedelta(seconds=1)
    await post.deliver(written(text, KARI, "Re: sak", post.clock(), letter, {}), received_at=received)
    await post.sort()


@pytest.mark.parametrize("robot", ROBOTS)
async def test_two_machines_do_not_talk_for_ever(post: Post, robot: str) -> None:
    """Fifty rounds with an auto-responder, and at most one mail leaves."""
    text, headers = ROBOTS[robot]
    left = 0
    await post.deliver(written("Slett kontoen min.", KARI, "Sletting", post.clock(), None, {}))
    await post.sort()
    for number in range(50):
        for letter, _ in await post.send_letters():
            left += 1
            last = letter
        post.clock.pass_on(seconds=2)
        raw = written(text.format(n=number), KARI, "Re: sak", post.clock(), last, headers)
        await post.deliver(raw)
        await post.sort()
    left += len(await post.send_letters())
    assert left == 1


async def test_a_letter_that_came_back_is_marked(post: Post) -> None:
    """The letter is failed and the case shows it; the clock goes on."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    bounce = BOUNCE.format(id=letter.message_id, to=KARI, at=post.clock().isoformat())
    await post.deliver(bounce.encode().replace(b"\n", b"\r\n"))
    await post.sort()
    mails = await post.mails()
    assert mails[-1].state == MailState.AUTOMATIC
    async with post.desk.unit_of_work() as session:
        (row,) = await session.scalars(select(Letter).where(Letter.name == "received"))
    assert (row.state, row.bounced_at is not None) == ("failed", True)
    assert open_letter(post.desk.vault, row).to == KARI


async def test_a_bounce_that_names_the_whole_thread_marks_the_letter_that_came_back(post: Post) -> None:
    """The earlier letters of the thread have arrived."""
    await post.writes("Slett kontoen min.")
    ((first, opened),) = await post.send_letters()
    await post.writes(f"Koden er {code_in(opened.text)}.", answering=first)
    ((second, _),) = await post.send_letters()
    bounce = BOUNCE.format(id=second.message_id, to=KARI, at=post.clock().isoformat())
    thread = f"References: {first.message_id} {second.message_id}\nSubject: Undelivered"
    await post.deliver(bounce.replace("Subject: Undelivered", thread, 1).encode().replace(b"\n", b"\r\n"))
    await post.sort()
    async with post.desk.unit_of_work() as session:
        rows = (await session.execute(select(Letter.id, Letter.state))).all()
    assert {state for id, state in rows if id == second.id} == {"failed"}
    assert {state for id, state in rows if id == first.id} == {"sent"}


BOUNCE = """From: MAILER-DAEMON@mx.example.no (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: personvern@fjordlys.example
Auto-Submitted: auto-replied
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.no. I'm sorry.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.no
Arrival-Date: Wed, 25 Nov 2026 10:00:00 +0100

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.no
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B
Content-Type: text/rfc822-headers

From: Fjordlys <personvern@fjordlys.example>
To: {to}
Message-ID: {id}

--B--
"""
