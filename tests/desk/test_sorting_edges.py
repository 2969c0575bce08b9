"""Sorting where it could go wrong quietly: what is told to nobody, marked wrongly, shown, or taken for another's."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from desk import sweep
from desk.clamd import ScannerFault
from desk.sorting import sort_mail
from desk.taking_in import Keeper
from intake.email.mail import Authentic, Delivery, Trust
from intake.email.records import MailState
from intake.letters import FAILED
from intake.log import entries
from intake.records import Attachment, Letter
from intake.vault import KeyGone
from tests.desk.desks import Clock
from tests.desk.post import KARI, OURS, Post, written
from tests.desk.web import Web
from tests.intake.email.mails import attached, mixed

pytestmark = pytest.mark.slow

NATIONAL_ID = "01010750160"
BOUNCE = """From: MAILER-DAEMON@mx.example.no
Subject: Delivery report
To: personvern@fjordlys.example
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

{number}
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.no

Final-Recipient: rfc822; kari.nordmann@example.no
Action: {action}
Status: 4.4.7

--B
Content-Type: text/rfc822-headers

Message-ID: {id}

--B--
"""


@pytest.fixture
def post(web: Web, clock: Clock) -> Post:
    """The post of a desk."""
    return Post(web.desk, clock)


async def letters(post: Post) -> list[Letter]:
    """All letters, oldest first."""
    async with post.desk.unit_of_work() as session:
        return list(await session.scalars(select(Letter).order_by(Letter.written_at, Letter.name)))


async def test_too_many_mails_in_a_conversation_are_heard_and_not_answered(post: Post) -> None:
    """A request among them is a case all the same; nothing leaves, and an officer is told."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    for number in range(post.desk.settings.mails_a_day - 1):
        await post.deliver(written(f"Hund {number} bjeffer i hagen.", KARI, "?", post.clock(), None, {}))
    await post.sort()
    await post.writes("Jeg vil også ha innsyn i alt dere har om meg.", answering=letter)
    assert sorted(case.right for case in await post.cases()) == ["access", "erasure"]
    assert await post.send_letters() == []
    ((talk, _),) = await post.conversations()
    assert talk.asked_human_at is not None


async def test_only_a_letter_that_failed_for_good_is_marked(post: Post) -> None:
    """One that is put off may still arrive; one that is queued has not been sent; another company's is not ours."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    message_id = letter.message_id

    async def bounced(action: str) -> tuple[str, bool]:
        raw = BOUNCE.format(id=message_id, action=action, number=uuid4().hex)
        await post.deliver(raw.encode().replace(b"\n", b"\r\n"))
        await post.sort()
        (row,) = [one for one in await letters(post) if one.name == "received"]
        return row.state, row.bounced_at is not None

    async def becomes(state: str, operator: str) -> None:
        async with post.desk.unit_of_work() as session:
            row = await session.get_one(Letter, letter.id)
            row.state, row.operator = state, operator

    assert await bounced("delayed") == ("sent", False)
    await becomes("queued", "fjordlys")
    assert await bounced("failed") == ("queued", False)
    await becomes("sent", "cleverstore")
    assert await bounced("failed") == ("sent", False)
    await becomes("sent", "fjordlys")
    assert await bounced("failed") == (FAILED, True)


async def test_a_fault_that_is_told_late_takes_no_placed_mail_out_of_its_place(post: Post) -> None:
    """The attempt was given up while another one had done the work."""
    mail = await post.writes("Slett kontoen min.")
    for _ in range(5):
        await sweep.failed(post.desk, "mail", mail.id, "TimeoutError")
    (row,) = await post.mails()
    assert (row.state, row.attempts) == (MailState.PLACED, 0)


@pytest.mark.parametrize("said", ["Eicar-Signature", None])
async def test_a_file_that_is_not_found_clean_is_not_kept(post: Post, said: str | None) -> None:
    """Infected, or not scanned at all; a clean one is. The officer sees its name and that it was left out."""

    async def scan(content: bytes) -> str:
        if b"clean" in content:
            return ""
        if said is None:
            raise ScannerFault("nobody at home")
        return said

    raw = mixed(
        "Slett kontoen min.", attached(b"bad", "ond.bin"), attached(b"clean", "god.bin"),
        subject="Sletting", sender=KARI,
    )  # fmt: skip
    await post.deliver(raw)
    (mail,) = await post.mails()
    await sort_mail(post.desk, replace(post.postroom, scan=scan), mail.id)
    (mail,) = await post.mails()
    async with post.desk.unit_of_work() as session:
        kept = list(await session.scalars(select(Attachment)))
    names = [post.desk.vault.open_text(one.dossier_id, f"attachment.name:{one.id}", one.name) for one in kept]
    assert names == ["god.bin"]


async def test_nothing_that_an_officer_is_shown_has_a_national_identity_number(post: Post) -> None:
    """Wherever it stands: in the subject, the text, the page, the sender's name or a file's name."""
    page = f"<p>Slett meg, {NATIONAL_ID}. Følg: https://desk.example/s/{'a' * 32}, kode 012345</p>"
    parts = (
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + page
    ).encode()
    raw = mixed(
        parts, attached(b"x", f"{NATIONAL_ID}.bin"),
        subject=f"Sletting {NATIONAL_ID}", sender=f"Kari {NATIONAL_ID} <{KARI}>",
    )  # fmt: skip
    await post.deliver(raw)
    await post.sort()
    (mail,) = await post.mails()
    content = post.desk.vault.open_json(mail.dossier_id, f"incoming_mail.content:{mail.id}", mail.content)
    assert "Slett meg" in content["html"]
    assert NATIONAL_ID not in str(content)
    assert "a" * 32 not in str(content)
    assert "012345" not in str(content)


async def test_a_mail_that_went_into_another_dossier_leaves_no_key_behind(post: Post) -> None:
    """Its own is forgotten and marked so; what came with it opens with the other."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    raw = written("Her er et vedlegg til saken.", KARI, "Re: sak", post.clock(), letter, {})
    post.clock.pass_on(minutes=5)
    await post.deliver(raw)
    own = (await post.mails())[-1].dossier_id
    await post.sort()
    mail = (await post.mails())[-1]
    assert mail.dossier_id == letter.dossier_id != own
    with pytest.raises(KeyGone):
        post.desk.vault.open(own, "x", b"x")


async def test_a_request_is_never_later_than_the_desks_clock(post: Post, clock: Clock) -> None:
    """A server whose clock is ahead gives nobody more time."""
    raw = written("Slett kontoen min.", KARI, "Sletting", clock(), None, {})
    await post.deliver(raw, received_at=clock() + timedelta(days=2))
    (mail,) = await post.mails()
    assert mail.received_at == clock()


async def test_the_same_mail_to_two_companies_is_two(post: Post) -> None:
    """Each has its own clock to keep; one that is not served keeps nothing."""
    raw = written("Slett kontoen min.", KARI, "Sletting", post.clock(), None, {})

    def to(operator: str) -> Delivery:
        return Delivery(operator, raw, post.clock(), "file", envelope_to=(OURS,))

    keep = Keeper(post.desk)
    assert [await keep(to("fjordlys")), await keep(to("cleverstore")), await keep(to("fjordlys"))] == [
        True, True, False,
    ]  # fmt: skip
    with pytest.raises(KeyError):
        await keep(to("nobody"))


async def test_a_fault_of_the_database_is_not_taken_for_a_known_mail(post: Post) -> None:
    """Then the mail was not kept, and must not be acknowledged; delivered rightly, it is."""
    raw = written("Slett kontoen min.", KARI, "Sletting", post.clock(), None, {})
    with pytest.raises(IntegrityError):
        await Keeper(post.desk)(Delivery("fjordlys", raw, post.clock(), None))  # type: ignore[arg-type]
    assert await post.deliver(raw) is True


async def test_the_worker_is_woken_for_a_new_mail_alone(post: Post) -> None:
    """A request is answered at once and not at the next sweep; what is known is no work."""
    raw = written("Slett kontoen min.", KARI, "Sletting", post.clock(), None, {})
    for new in (True, False):
        post.desk.woken.clear()
        await post.deliver(raw)
        assert post.desk.woken.is_set() is new


async def test_each_case_of_a_mail_knows_of_the_letter_that_acknowledged_it(post: Post) -> None:
    """One letter for two cases: both logs name it."""
    await post.writes("Jeg vil ha innsyn i alt dere har om meg, og slett deretter kontoen min.")
    ((letter, _),) = await post.send_letters()
    first, second = await post.cases()
    assert letter.case_id == first.id
    async with post.desk.unit_of_work() as session:
        log = await entries(session, second.id)
    assert "note" in [one.act for one in log]


async def test_a_short_answer_said_again_is_answered_again(post: Post) -> None:
    """«Hvordan går det?» twice is a person's; it is long texts that a machine repeats."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    for _ in range(2):
        await post.writes("Hva er status for saken min?", answering=letter)
        ((answer, _),) = await post.send_letters()
        assert answer.name == "reply"


async def test_anothers_letter_does_not_make_a_persons_answer_too_fast(post: Post) -> None:
    """Only what this conversation was sent counts: a desk sends letters all day."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    await post.writes("Slett kontoen min.", sender="ola@example.com")
    await post.send_letters()
    post.clock.pass_on(seconds=2)
    await post.deliver(written("Hva er status for saken min?", KARI, "Sak", post.clock(), letter, {}))
    await post.sort()
    assert [one.name for one, _ in await post.send_letters()] == ["reply"]


async def test_a_request_that_reads_like_an_absence_is_a_case(post: Post) -> None:
    """Words of an automatic reply do not make a request for a right one."""
    mail = await post.writes(
        "Dette er et automatisk svar: jeg er på ferie til mandag. Jeg krever innsyn i opplysningene mine."
    )
    assert (mail.state, [case.right for case in await post.cases()]) == (MailState.PLACED, ["access"])


async def test_too_fast_is_measured_from_the_newest_letter(post: Post) -> None:
    """A machine that joins a conversation days old answers the letter of just now."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    await post.writes("Hva er status for saken min?", answering=letter)
    ((newest, _),) = await post.send_letters()
    post.clock.pass_on(seconds=2)
    await post.deliver(written("Hvor lenge lagrer dere fakturaer?", KARI, "Sak", post.clock(), newest, {}))
    await post.sort()
    assert await post.send_letters() == []


async def test_what_says_again_what_was_said_is_heard_and_not_answered(post: Post) -> None:
    """A machine that echoes takes its time; a person who asks something else is answered."""
    question = "Hvor lenge oppbevarer dere fakturaene mine, og hvorfor så lenge?"
    await post.writes(question, subject="Spørsmål")
    ((answer, _),) = await post.send_letters()
    await post.writes(question, answering=answer)
    assert await post.send_letters() == []
    ((talk, _),) = await post.conversations()
    assert talk.asked_human_at is not None
    await post.writes("Hvem deler dere telefonnummeret mitt med?", answering=answer)
    assert "reply" in [letter.name for letter, _ in await post.send_letters()]


@pytest.mark.parametrize(("hours", "state"), [(47, "planning"), (49, "identifying")])
async def test_a_code_in_a_mail_works_for_as_long_as_the_letter_says(
    post: Post, hours: int, state: str
) -> None:
    """Two days, since who writes mails does not sit and wait; and no longer."""
    await post.writes("Slett kontoen min.")
    ((letter, opened),) = await post.send_letters()
    assert "48 timer" in opened.text
    (code,) = re.findall(r"(?<!\d)\d{6}(?!\d)", opened.text)
    post.clock.pass_on(hours=hours)
    await post.writes(f"Koden er {code}", answering=letter)
    assert [case.state for case in await post.cases()] == [state]


async def test_a_request_while_a_code_is_on_its_way_needs_no_other(post: Post) -> None:
    """The letter says so, carries none, and the first code sets both going: two codes would void one another."""
    await post.writes("Slett kontoen min.")
    ((first, opened),) = await post.send_letters()
    await post.writes("Jeg vil også ha innsyn i alt dere har om meg.", answering=first)
    ((second, more),) = await post.send_letters()
    assert "Koden vi sendte deg før" in more.text
    assert re.findall(r"(?<!\d)\d{6}(?!\d)", more.text) == []
    (code,) = re.findall(r"(?<!\d)\d{6}(?!\d)", opened.text)
    await post.writes(f"Koden er {code}", answering=second)
    assert {case.state for case in await post.cases()} == {"planning"}


async def test_a_proven_sender_is_proven_once(post: Post) -> None:
    """Each further mail that its domain vouches for would be news to every open case, and plan it anew."""
    post.trust = Trust(Authentic.PASS)
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    await post.writes("Hva er status for saken min?", answering=letter)
    (case,) = await post.cases()
    async with post.desk.unit_of_work() as session:
        acts = [one.act for one in await entries(session, case.id)]
    assert acts == ["open", "confirm_identity", *["letter_sent"] * acts.count("letter_sent")]


async def test_a_long_mail_that_begins_with_a_no_takes_nothing_back(post: Post) -> None:
    """Its first line is no answer to us: only a short mail's is."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    lines = "\n".join(f"Linje {number} handler om hytta vår." for number in range(8))
    await post.writes(f"Avbryt\n{lines}\nKari", answering=letter)
    assert [case.state for case in await post.cases()] == ["identifying"]


async def test_a_word_that_takes_a_request_back_is_confirmed_however_fast(post: Post) -> None:
    """No machine writes it; the person must know that nothing is erased."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    post.clock.pass_on(seconds=2)
    await post.deliver(written("Hei,\navbryt\n\nKari", KARI, "Sak", post.clock(), letter, {}))
    await post.sort()
    assert [case.state for case in await post.cases()] == ["withdrawn"]
    assert len(await post.send_letters()) == 1


async def test_a_later_mail_that_is_vouched_for_sets_a_waiting_case_going(post: Post) -> None:
    """The first came by a way that broke its signature; no code is needed any more."""
    await post.writes("Slett kontoen min.")
    ((letter, _),) = await post.send_letters()
    post.trust = Trust(Authentic.PASS)
    await post.writes("Hva er status for saken min?", answering=letter)
    assert [case.state for case in await post.cases()] == ["planning"]


async def test_a_code_in_a_sentence_is_read_and_not_kept(post: Post) -> None:
    """More words around it than in a chat; whoever reads the conversation finds no digits."""
    await post.writes("Slett kontoen min.")
    ((letter, opened),) = await post.send_letters()
    (code,) = re.findall(r"(?<!\d)\d{6}(?!\d)", opened.text)
    await post.writes(
        f"Her kommer koden som sto i e-posten jeg fikk fra dere i går kveld: {code}. Fint om dere svarer snart.",
        answering=letter,
    )
    assert [case.state for case in await post.cases()] == ["planning"]
    ((_, said),) = await post.conversations()
    assert all(code not in one.reply.text for one in said)
