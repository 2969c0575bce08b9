"""What is the sender's own in a message."""

import pytest

from intake.quoted import READ_AT_MOST, own_text


@pytest.mark.parametrize(
    "line",
    [
        "Den man. 3. mars 2025 kl. 10:12 skrev Kundeservice <post@example.no>:",
        "On Mon, 3 Mar 2025 at 10:12, Support wrote:",
        "måndag 3. mars 2025 skreiv Kundeservice:",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "3. mars 2025 skrev Ola:",
    ],
)
def test_what_follows_an_earlier_mail_is_quoted(line: str) -> None:
    """After a line that announces an earlier mail nothing is the sender's own."""
    parts = own_text(f"Ja takk.\n\n{line}\nSlett kontoen.")
    assert parts.said == "Ja takk."
    assert "Slett kontoen." in parts.quoted


def test_an_attribution_over_two_lines_is_recognised() -> None:
    """Mail programs break the announcing line; it is one all the same."""
    parts = own_text(
        "Takk!\n\nOn Mon, 3 Mar 2025 at 10:12, Customer Service <\npost@example.com> wrote:\n> Hei"
    )
    assert parts.said == "Takk!"


def test_an_answer_below_quoted_lines_is_the_senders() -> None:
    """Those who answer below the quotation are read too."""
    parts = own_text("> Vil du ha kopi eller sletting?\n\nSletting, takk.")
    assert parts.said == "Sletting, takk."
    assert parts.quoted.startswith(">")


def test_a_signature_is_kept_apart() -> None:
    """The farewell and what follows are the signature; a postscript is talk again."""
    parts = own_text("Slett profilen.\n\nMed vennlig hilsen\nEli Vik\nTlf 415 22 334\n\nPS: Send kopi først.")
    assert parts.said == "Slett profilen.\n\nPS: Send kopi først."
    assert "Eli Vik" in parts.signed
    assert "Eli Vik" in parts.own


def test_a_greeting_alone_is_no_signature() -> None:
    """A message that begins with thanks is not swallowed by its own farewell."""
    assert own_text("Takk\nKan dere slette kontoen min?").said.endswith("Kan dere slette kontoen min?")


def test_devices_and_disclaimers_are_dropped() -> None:
    """Neither the telephone's advertisement nor the lawyer's paragraph is anybody's words."""
    parts = own_text(
        "Ja.\n\nSendt fra min iPhone\n\nDenne e-posten er konfidensiell og kun ment for mottakeren."
    )
    assert parts.own == "Ja."


def test_a_message_cut_short_says_so() -> None:
    """Whoever hands over more than is read is told."""
    assert own_text("a" * (READ_AT_MOST + 1)).cut
    assert not own_text("a" * READ_AT_MOST).cut


@pytest.mark.parametrize(
    "motto",
    [
        "Vi lagrer alle opplysninger trygt og sletter dem når de ikke trengs lenger. Kontakt oss ved spørsmål!",
        "Ønsker du innsyn i hva som er lagret, eller sletting, finner du skjemaet på sidene våre.",
        "We respect privacy: ask us for access, deletion or a copy whenever it suits you best.",
    ],
)
def test_what_a_company_says_below_a_signature_belongs_to_it(motto: str) -> None:
    """A company's own advertisement of rights is nobody's wish to use them."""
    assert motto in own_text(f"Kundenummeret er feil.\n\nMvh\nEli Vik\nVik Bygg AS\n{motto}").signed


@pytest.mark.parametrize(
    "wish",
    [
        "Jeg glemte å si at jeg også vil ha en kopi av alt vi har sendt.",
        "Vi ber om at opplysningene til våre ansatte også slettes fra systemet i løpet av mars.",
        "By the way, I want you to send us a copy of our file as well.",
    ],
)
def test_a_wish_below_a_signature_is_still_said(wish: str) -> None:
    """Whoever thinks of something more below their name is heard."""
    assert wish in own_text(f"Kundenummeret er feil.\n\nMvh\nEli Vik\n{wish}").said
