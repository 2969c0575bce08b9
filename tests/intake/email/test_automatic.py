"""Which mails are a machine's, and that people's mails are not."""

# ruff: noqa: E501  lines of mails stand as mails have them

import pytest

from intake.email.mail import Automatic
from intake.email.parsing import parse
from tests.intake.email.mails import mail, many, page, text

DSN = """Reporting-MTA: dns; mx.example.no

Final-Recipient: rfc822; Borte@example.org
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; treg@example.org
Action: delayed
Status: 4.4.1
"""


def report(kind: str, human: str, machine: str, machine_type: str, given_back: str = "") -> bytes:
    """A multipart/report (RFC 6522)."""
    parts: list[bytes | str] = [human, f"Content-Type: {machine_type}\r\n\r\n{machine}".encode()]
    if given_back:
        parts.append(f"Content-Type: text/rfc822-headers\r\n\r\n{given_back}".encode())
    return many("report", *parts, more=f"; report-type={kind}")


@pytest.mark.parametrize(
    ("why", "raw"),
    [
        ("auto_reply", mail("Jeg er på ferie.", "Autosvar: Innsyn", auto_submitted="auto-replied")),
        ("auto_reply", mail("Borte", auto_submitted="auto-replied (vacation); owner-email=\"a@b.no\"")),
        ("auto_reply", mail("Jeg er ute av kontoret til mandag.", "Automatisk svar: Sak FJL-2026-0001")),
        ("auto_reply", mail("Eg er på ferie, attende 3. august.", "Automatisk svar: Innsyn", x_auto_response_suppress="All")),
        ("auto_reply", mail("I am out of the office until Monday.", "Out of Office: Your request")),
        ("auto_reply", mail("Jag är på semester, tillbaka den 8 augusti.", "Autosvar: Hej")),
        ("auto_reply", mail("Ich bin nicht im Büro.", "Automatische Antwort: Auskunft")),
        ("auto_reply", mail("Jeg er på ferie og er tilbake 8. juli.", "Ikke til stede: Innsyn", in_reply_to="<1@x.no>")),
        ("auto_reply", mail("I am on vacation.", "away from my mail", precedence="bulk")),
        ("auto_reply", mail("Takk.", "Re: Hei", x_autoreply="yes")),
        ("auto_reply", mail("Takk for henvendelsen, vi har mottatt den.", "Re: Hei", return_path="<>")),
        ("bounce", mail(report("delivery-status", "Ikke levert.", DSN, "message/delivery-status"), "Undelivered Mail")),
        ("bounce", mail("Hi. This is the qmail-send program.\n<x@example.org>:\nno such user", "failure notice",
                        "MAILER-DAEMON (Mail Delivery System)")),
        ("bounce", mail("Leveringen til disse mottakerne mislyktes.", "Kan ikke leveres: Innsyn", "postmaster@example.com")),
        ("bounce", mail("Message not delivered", "Delivery Status Notification (Failure)",
                        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", x_failed_recipients="x@example.org")),
        ("bounce", mail("x", "Undeliverable: Hei", "postmaster@example.com", x_ms_exchange_message_is_ndr="")),
        ("receipt", mail(report("disposition-notification", "Lest.", "Original-Message-ID: <7@x.no>\n",
                                "message/disposition-notification"), "Lest: Innsyn")),
        ("receipt", mail("Meldingen din til Kari ble lest mandag 2. november.", "Lest: Innsyn")),
        ("list", mail("Hva gjør dere?", "[forum] Sletting", list_id="<forum.example.org>", list_post="<mailto:f@x.org>")),
        ("list", mail("Hi", "[group] x", precedence="list", x_google_group_id="1", list_id="<g.example.org>")),
        ("bulk", page("<p>Ukens tilbud</p>", "Tilbud", list_unsubscribe="<https://x.example/u>", x_mc_user="1")),
        ("bulk", mail("Vedlagt faktura.", "Faktura", "Faktura <no-reply@example.com>")),
        ("bulk", mail("Kvittering", "Ordre", "ikke-svar@example.com")),
        ("bulk", mail("Ny innlogging", "Varsel", auto_submitted="auto-generated")),
        ("challenge", mail("Please click the link to prove that you are human: https://x.example/c", "Re: Innsyn")),
        ("challenge", mail("Your message is being held until you verify your address.", "verify", x_tmda_confirm_to="x@y.no")),
    ],
)  # fmt: skip
def test_what_a_machine_wrote_is_told(why: str, raw: bytes) -> None:
    """RFC 3834, what came before it, reports, lists, newsletters, challenges."""
    assert parse(raw).automatic == Automatic(why)


@pytest.mark.parametrize(
    "raw",
    [
        mail("Jeg vil ha innsyn.", auto_submitted="no"),
        mail("Dere var ikke til stede da jeg ringte. Slett kontoen min.", "Ikke til stede"),
        mail("Autosvaret deres virker ikke. Jeg vil ha innsyn i opplysningene mine.", "Autosvar"),
        mail("Jeg er på ferie, men vil ha kontoen min slettet før jeg er tilbake på mandag.", "Ferie", in_reply_to="<1@x.no>"),
        mail("Slett kontoen min.", "Innsyn", x_auto_response_suppress="DR, OOF, AutoReply"),
        mail("Pakken kan ikke leveres, sier dere. Slett adressen min.", "Kan ikke leveres: pakken min"),
        mail("Navn: Kari\nE-post: kari@example.no\nMelding: Slett meg.", "Skjema", "Nettsted <noreply@fjordlys.example>"),
        mail("Slett meg.", "Skjema", "Nettsted <noreply@fjordlys.example>", reply_to="kari@example.no"),
        mail("Jeg vil ha innsyn.", "Lest: deres personvernerklæring"),
        mail("Slett meg.", "Re: Automatisk svar fra dere", references="<1@x.no>"),
        mail("I want to verify that you are deleting my account. Please delete my data.", "Confirm"),
        mail("Jeg er på ferie til mandag. Ring meg når jeg er tilbake.", "Ferie"),
        mail("Meldingen min ble lest 2. november, ser jeg. Slett kontoen min nå.", "Lest: svaret deres"),
        mail("You had me prove that you are talking to a real person. Now delete my data.", "Re: Innsyn"),
        mail(many("alternative", "Møte om innsyn", b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n"),
             "Invitasjon: Møte"),
        mail("Slett meg.", "Hei", "Post <postmaster@liten-bedrift.example>"),
        mail("Se vedlagt faks.", "Faks fra 22 33 44 55", "faks@example.no"),
    ],
)  # fmt: skip
def test_what_a_person_wrote_is_not_taken_for_a_machines(raw: bytes) -> None:
    """Missing a real request is worse than answering a robot once."""
    assert parse(raw).automatic is None


def test_our_own_mailbox_may_be_a_list() -> None:
    """A group address puts a list's marks on everybody's mail; they say nothing where the list is ours."""
    raw = mail("Slett meg.", list_id="Personvern <personvern.fjordlys.example>", precedence="list")
    bulk = mail("Slett meg.", list_id="Personvern <personvern.fjordlys.example>", precedence="bulk")
    for one in (raw, bulk):
        assert parse(one).automatic in (Automatic.LIST, Automatic.BULK)
        assert parse(one, frozenset({"personvern@fjordlys.example"})).automatic is None


def test_our_own_mail_is_told() -> None:
    """What comes back from our own address opens nothing."""
    assert parse(mail("Hei"), frozenset({"kari@example.no"})).automatic is Automatic.OURS


def test_a_bounce_tells_whom_it_did_not_reach() -> None:
    """RFC 3464: failed for good, delayed for now; the Message-ID of what is given back."""
    body = report(
        "delivery-status",
        "Ikke levert.",
        DSN,
        "message/delivery-status",
        "Message-ID: <sak.7@fjordlys.example>\n",
    )
    bounce = parse(mail(body, "Undelivered", in_reply_to="<sak.7@fjordlys.example>")).bounce
    assert bounce is not None
    assert bounce.permanent == {"borte@example.org"}
    assert bounce.temporary == {"treg@example.org"}
    assert bounce.message_ids == ("sak.7@fjordlys.example",)


@pytest.mark.parametrize(
    ("actions", "permanent", "temporary"),
    [
        (["failed, 5.1.1"], {"borte@example.org"}, set()),
        (["failed, 4.4.7"], {"borte@example.org"}, set()),  # put off for days, and then given up
        (["delayed, 4.4.7"], set(), {"borte@example.org"}),
        (["delayed, 4.4.7", "failed, 4.4.7"], {"borte@example.org"}, set()),
        (["relayed, 2.1.5"], set(), set()),
        (["delivered, 2.1.5"], set(), set()),
    ],
)
def test_failed_means_given_up_and_nothing_else_does(
    actions: list[str], permanent: set[str], temporary: set[str]
) -> None:
    """RFC 3464 2.3.3: no further attempt is made, whatever the status; a mail that arrived has not come back."""
    status = "Reporting-MTA: dns; mx.example.no\n"
    for action, code in (one.split(", ") for one in actions):
        status += f"\nFinal-Recipient: rfc822; borte@example.org\nAction: {action}\nStatus: {code}\n"
    body = report("delivery-status", "Om meldingen din.", status, "message/delivery-status")
    bounce = parse(mail(body, "Delivery Status Notification")).bounce
    assert bounce is not None
    assert (set(bounce.permanent), set(bounce.temporary)) == (permanent, temporary)


def test_an_old_bounce_is_read_by_its_looks() -> None:
    """qmail's format has no report; its text gives the mail back."""
    said = (
        "Hi. This is the qmail-send program at example.net.\nI'm afraid I wasn't able to deliver your message.\n\n"
        "<borte@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        "Return-Path: <a@fjordlys.example>\nMessage-ID: <sak.8@fjordlys.example>\nSubject: Svar\n\nHei\n"
    )
    bounce = parse(mail(text(said, charset="us-ascii"), "failure notice", "MAILER-DAEMON@example.net")).bounce
    assert bounce is not None
    assert bounce.permanent == {"borte@example.org"}
    assert bounce.message_ids == ("sak.8@fjordlys.example",)


def test_a_receipt_names_the_mail_that_was_read() -> None:
    """RFC 8098, 3.2.5."""
    body = report(
        "disposition-notification",
        "Lest.",
        "Original-Message-ID: <7@x.no>\n",
        "message/disposition-notification",
    )
    assert parse(mail(body, "Lest: Svar")).in_reply_to == ("7@x.no",)


@pytest.mark.parametrize(
    ("said", "lasting"),
    [
        ("Leveringa til desse mottakarane mislukkast:\n\nborte@example.org\nFann ikkje adressa.", True),
        (
            "** Address not found **\n\nYour message wasn't delivered to borte@example.org because it is gone.",
            True,
        ),
        (
            "Delivery is delayed to these recipients:\n\nborte@example.org\n\nThe server is still trying.",
            False,
        ),
    ],
)
def test_a_bounce_without_a_report_tells_in_its_text(said: str, lasting: bool) -> None:
    """Exchange and Google name the address in their words to people; what is delayed has not failed for good."""
    bounce = parse(mail(said, "Undeliverable: Svar", "postmaster@example.org", return_path="<>")).bounce
    assert bounce is not None
    found, other = (bounce.permanent, bounce.temporary) if lasting else (bounce.temporary, bounce.permanent)
    assert (sorted(found), sorted(other)) == (["borte@example.org"], [])
