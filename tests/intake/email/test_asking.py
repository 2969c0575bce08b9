"""What a mail asks: for whom, in whose name, and what is read of it."""

from dataclasses import replace

import pytest

from intake.email.asking import asked
from intake.email.mail import Mail
from intake.email.parsing import parse
from law.rights import Right

MAIL = Mail(
    sender="kari@example.no", sender_name="Kari", reply_to=(), to=(), subject="Personvern", message_id="",
    in_reply_to=(), references=(), date=None, text="Slett alt dere har om meg.", whole="", html="",
    attachments=(), automatic=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("forwarded", "whose", "on_behalf"),
    [
        (True, "ola@example.com", True),
        (True, "kari@example.no", False),  # her own request, sent to us from where it went first
        (True, "", False),  # it does not say whose it was
        (False, "ola@example.com", False),
    ],
)
def test_who_passes_anothers_request_on_writes_for_that_other(
    forwarded: bool, whose: str, on_behalf: bool
) -> None:
    """The one who forwards is sent no code and told nothing: an authority is to be seen first."""
    reading = asked(replace(MAIL, forwarded=forwarded, forwarded_from=whose))
    assert reading.rights() == (Right.ERASURE,)
    assert reading.on_behalf is on_behalf


def test_a_signature_tells_who_writes_and_asks_for_nothing() -> None:
    """Name and telephone stand there; «slett» in a disclaimer below is no request."""
    mail = replace(MAIL, text="Takk for sist.", signed="Kari Nordmann\n99 88 77 66")
    reading = asked(mail)
    assert reading.rights() == ()
    assert "99887766" in str(reading.identifiers).replace(" ", "")


@pytest.mark.parametrize("number", ["01010750160", "010107 50160"])
def test_a_national_identity_number_is_read_as_nothing(number: str) -> None:
    """It is hidden before anything is looked for: as a new value it would be kept with the case."""
    reading = asked(replace(MAIL, text=f"Endre telefonnummeret mitt fra 22334455 til {number}."))
    assert reading.rights() == (Right.RECTIFICATION,)
    kept = f"{reading.rectification}{reading.identifiers}"
    assert "22334455" in kept
    assert "50160" not in kept


def test_a_nul_and_a_very_long_mail_are_read() -> None:
    """The beginning counts."""
    assert asked(replace(MAIL, text="Sle\x00tt kontoen min. " + "Hei. " * 10_000)).rights() == (
        Right.ERASURE,
    )


COVERED = (
    "From: {sender}\nTo: personvern@example.no\nSubject: VS: opplysninger\nDate: Mon, 10 Nov 2025 10:00:00 +0100\n"
    "Message-ID: <1@example.no>\nContent-Type: text/plain; charset=utf-8\n\nSe under.\n\n"
    "---------- Videresendt melding ----------\nFra: Bodil Kvam{address}\nDato: søn. 9. nov. 2025\nEmne: opplysninger\n\n"
    "Send meg alt dere har lagret om meg.\nBodil Kvam\n"
)


@pytest.mark.parametrize(
    ("sender", "address", "on_behalf"),
    [
        ("Geir Kvam <geir@example.no>", "", True),  # her son, by the name his program gives
        ("Bodil Kvam <bodil@example.no>", "", False),
        ("Kvam, Bodil <bodil@example.no>", "", False),
        ("Kvam, B. <bodil@example.no>", "", False),
        ("geir@example.no", " <bodil@example.no>", True),
        ("Kari <bodil@example.no>", " <Bodil@example.no>", False),  # her own address, whatever it is called
        ("bodil.kvam@example.no", "", False),  # her name stands in her address
        ("geir@example.no", "", True),  # nothing says that it is hers: an officer looks
    ],
)
def test_a_mail_that_is_passed_on_tells_who_is_who(sender: str, address: str, on_behalf: bool) -> None:
    """By the two addresses, or else the two names; the person concerned is always who wrote the request."""
    mail = parse(COVERED.format(sender=sender, address=address).encode())
    reading = asked(mail)
    assert (reading.rights(), reading.on_behalf) == ((Right.ACCESS,), on_behalf)
    assert reading.identifiers["name"] == "Bodil Kvam"


@pytest.mark.parametrize(
    ("sender", "head"),
    [
        ("Ola Nes <ola@firma.no>", "Nes, Kari"),  # kin, as some programs write names
        ("Ola Berg <ola@firma.no>", "Olav Berg"),
        ("K. Holm <k@holm.no>", "Kari Nes"),
        ("ola@firma.no", "ola@firma.no on behalf of Kari Nes <kari@nes.no>"),
        ("post@firma.no", "Kari Nes"),
        ("Ola Nes <ola@firma.no>", "Zbigniew <z@example.no>"),
        ("Ola Nes <ola@firma.no>", "Nes Bygg AS <k@example.no>"),
    ],
)
def test_what_a_stranger_passes_on_is_never_held_to_be_their_own(sender: str, head: str) -> None:
    """Names that only look alike, two addresses in one head, nobody's name: an officer looks."""
    mail = (
        f"From: {sender}\nTo: post@example.no\nSubject: Fwd: Innsyn\nContent-Type: text/plain; charset=utf-8\n\n"
        f"Hva skal vi gjøre med denne?\n\nFrom: {head}\nSent: Monday, 3 March 2025 10:12\nTo: post@example.no\n"
        "Subject: Innsyn\n\nJeg ber om innsyn i alle opplysninger dere har om meg.\n"
    )
    reading = asked(parse(mail.encode()))
    assert (reading.rights(), reading.on_behalf) == ((Right.ACCESS,), True)


def test_how_the_one_who_passes_it_on_is_reached_is_not_how_the_person_is() -> None:
    """Codes go to addresses of the person concerned; a note's address is its writer's."""
    mail = parse(
        COVERED.format(sender="Geir Kvam <geir@example.no>", address=" <bodil@example.no>")
        .replace("Se under.", "Se under. Svar meg på geir.privat@example.no eller 91234567.")
        .encode()
    )
    found = asked(mail).identifiers
    assert found["email"] == "bodil@example.no"
    assert "phone" not in found


def test_an_identity_number_with_a_special_hyphen_is_hidden_too() -> None:
    """Mail programs set hyphens that do not break, and thin blanks."""
    text = "Telefonen min er feil, den riktige er 010107\u201150160. Slett 010107\u202f50160."
    assert "50160" not in str(asked(replace(MAIL, text=text)))
