"""Where a mail belongs: every rule of placing, and that none of them is left out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.email.mail import Authentic, Automatic, File, Mail, Trust
from intake.email.placing import SECRET, How, Placed, Pointer, Reason, Where, place

MAIL = Mail(
    sender="kari@example.no",
    sender_name="Kari",
    reply_to=(),
    to=("personvern@example.no",),
    subject="Innsyn",
    message_id="1@example.no",
    in_reply_to=(),
    references=(),
    date=None,
    text="Hva har dere om meg?",
    whole="Hva har dere om meg?",
    html="",
    attachments=(),
    automatic=None,
)
NONE, PASS, FAIL = (Trust(one) for one in (Authentic.NONE, Authentic.PASS, Authentic.FAIL))
PDF = File("brev.pdf", "application/pdf", b"x", 1)
ASKS = ("access",)


def pointer(how: How, *, known: bool = True, dossier: str = "a") -> Pointer:
    """Something that points to a case."""
    return Pointer(how, dossier, f"case-{dossier}", known)


def where(
    mail: Mail = MAIL, trust: Trust = NONE, *pointers: Pointer, types: tuple[str, ...] = ASKS
) -> Placed:
    """Where a mail is placed."""
    return place(mail, trust, pointers, types)


def test_a_request_that_points_nowhere_is_new() -> None:
    """Nothing else is needed to open a case."""
    assert where() == Placed(Where.NEW, Reason.ASKS)


@pytest.mark.parametrize("how", sorted(SECRET))
def test_a_secret_of_ours_from_a_known_address_leads_in(how: How) -> None:
    """No DMARC is needed: who has it has read our letter."""
    assert where(MAIL, NONE, pointer(how)).where is Where.EXISTING


@pytest.mark.parametrize("how", list(How))
def test_a_stranger_is_quarantined_however_it_points(how: How) -> None:
    """Vouched for or not: the case does not know the address."""
    placed = where(MAIL, PASS, pointer(how, known=False))
    assert (placed.where, placed.reason) == (Where.QUARANTINE, Reason.UNKNOWN_SENDER)


@pytest.mark.parametrize("how", [How.SUBJECT, How.BODY])
def test_a_number_leads_in_only_with_a_vouched_address(how: How) -> None:
    """A number can be guessed, and a From field is written by anybody."""
    assert where(MAIL, NONE, pointer(how)).reason is Reason.ONLY_A_NUMBER
    assert where(MAIL, PASS, pointer(how)).where is Where.EXISTING


def test_an_address_alone_counts_only_when_it_is_vouched_for() -> None:
    """Else the request is one of its own, to be proven like any other."""
    assert where(MAIL, NONE, pointer(How.ADDRESS)).where is Where.NEW
    assert where(MAIL, PASS, pointer(How.ADDRESS)).where is Where.EXISTING


def test_the_surest_pointer_leads() -> None:
    """A reply to our letter that names the number of another case goes where the reply goes."""
    number, answered = pointer(How.SUBJECT, dossier="b"), pointer(How.IN_REPLY_TO)
    assert where(MAIL, PASS, number, answered).pointer == answered
    assert where(MAIL, PASS, answered, number).pointer == answered


def test_a_request_that_stands_in_the_subject_alone_is_new() -> None:
    """Many write nothing below it; who asks for nothing there either has sent an empty mail."""
    assert where(replace(MAIL, text="")) == Placed(Where.NEW, Reason.ASKS)


def test_a_mail_that_points_to_two_people_is_nobodys() -> None:
    """Two dossiers' secrets in one mail: an officer looks."""
    placed = where(MAIL, PASS, pointer(How.IN_REPLY_TO), pointer(How.TOKEN, dossier="b"))
    assert (placed.where, placed.reason) == (Where.QUARANTINE, Reason.TWO_CASES)


@pytest.mark.parametrize(
    ("mail", "trust", "types", "reason"),
    [
        (replace(MAIL, sender=""), NONE, ASKS, Reason.NO_SENDER),
        (MAIL, FAIL, ASKS, Reason.FORGED),
        (replace(MAIL, text=" \n"), NONE, ("none",), Reason.EMPTY),
        (replace(MAIL, text="", attachments=(PDF,)), NONE, ("none",), Reason.FILES_ONLY),
        (MAIL, NONE, ("none",), Reason.NOTHING_ASKED),
    ],
)  # fmt: skip
def test_the_tray_has_a_reason(mail: Mail, trust: Trust, types: tuple[str, ...], reason: Reason) -> None:
    """What an officer reads first."""
    assert where(mail, trust, types=types) == Placed(Where.TRAY, reason)


def test_too_many_from_one_sender_wait() -> None:
    """They are kept, and answered by nobody for now."""
    assert place(MAIL, NONE, (), ASKS, too_many=True) == Placed(Where.TRAY, Reason.TOO_MANY)


pointing = st.builds(Pointer, st.sampled_from(How), st.sampled_from("ab"), st.just("c"), st.booleans())


@given(st.sampled_from(Automatic), st.sampled_from([NONE, PASS, FAIL]), st.lists(pointing, max_size=4))
def test_a_machine_never_opens_or_enters(why: Automatic, trust: Trust, pointers: list[Pointer]) -> None:
    """Whatever it points to."""
    placed = place(replace(MAIL, automatic=why), trust, pointers, ASKS)
    assert (placed.where, placed.reason) == (Where.AUTOMATIC, why)


@given(
    st.sampled_from([NONE, PASS, FAIL]), st.lists(pointing, max_size=5), st.sampled_from([ASKS, ("none",)])
)
def test_nobody_enters_a_conversation_unknown_or_disowned(
    trust: Trust, pointers: list[Pointer], types: tuple[str, ...]
) -> None:
    """Into a conversation lead only an address that is known there, and no forged mail."""
    placed = place(MAIL, trust, pointers, types)
    if placed.where is Where.EXISTING:
        assert placed.pointer is not None
        assert placed.pointer.known
        assert trust is not FAIL
        assert placed.pointer.how in SECRET or trust is PASS
