"""A mail that only passes a request on is read as that request; other history is left alone."""

import pytest

from intake.reading import read

OUTLOOK = "Fra: Eli Vik <eli@example.com>\nSendt: mandag 3. mars 2025 10:12\nTil: Post <post@example.no>\nEmne: Konto\n\n"
GMAIL = (
    "---------- Forwarded message ---------\nFrom: Eli Vik <eli@example.com>\n"
    "Date: Mon, 3 Mar 2025 at 10:12\nSubject: Account\nTo: <post@example.com>\n\n"
)
APPLE = (
    "> Start på videresendt melding:\n> \n> Fra: Eli Vik <eli@example.com>\n"
    "> Dato: 3. mars 2025\n> Til: post@example.no\n> \n> "
)
THUNDERBIRD = (
    "-------- Forwarded Message --------\nSubject: Account\nDate: Mon, 3 Mar 2025 10:12:00 +0100\n"
    "From: Eli Vik <eli@example.com>\nTo: post@example.com\n\n"
)


@pytest.mark.parametrize(
    ("cover", "below", "subject"),
    [
        ("Videresender denne.\n\n", OUTLOOK + "Slett kontoen min.", None),
        ("", OUTLOOK + "Eg vil at de slettar kontoen min.", "VS: Konto"),
        ("FYI\n\n", GMAIL + "Please delete my account.", "Fwd: Account"),
        ("Can you handle this?\n\n", THUNDERBIRD + "Please delete my account.", None),
        ("Sjå under.\n\n", APPLE + "Eg vil at de slettar kontoen min.", None),
    ],
)
def test_a_request_passed_on_is_read(cover: str, below: str, subject: str | None) -> None:
    """What is passed on is read with its writer's address, and is no request for another."""
    found = read(cover + below, subject=subject, channel="email")
    assert found.types == ("erasure",)
    assert found.identifiers["email"] == "eli@example.com"
    assert not found.on_behalf


@pytest.mark.parametrize(
    ("body", "types"),
    [
        ("Send meg en kopi av opplysningene mine.\n\n" + OUTLOOK + "Slett kontoen min.", ("access",)),
        ("Thanks, that is sorted.\n\n" + OUTLOOK + "Please delete my account.", ("none",)),
    ],
)
def test_history_below_own_words_is_left_alone(body: str, types: tuple[str, ...]) -> None:
    """Below a text that asks or answers itself, earlier mail is not read."""
    assert read(body, subject="SV: Konto", channel="email").types == types


def test_a_newsletter_passed_on_uses_no_right() -> None:
    """Advertising that is sent on with a question asks for nothing of ours."""
    found = read("Is this real?\n\n" + GMAIL + "Spring sale! 40 % off all shoes.", channel="email")
    assert not found.rights()


def test_chat_has_no_forwarding() -> None:
    """Only mail is passed on."""
    assert read("FYI\n\n" + GMAIL + "Please delete my account.").types == ("none",)


@pytest.mark.parametrize(
    "cover",
    [
        "Bare til orientering, dere trenger ikke å svare henne.\n\n",
        "Berre så de veit det. Vi har allereie svart.\n\n",
        "For your information only, no action needed.\n\n",
    ],
)
def test_what_is_passed_on_to_be_known_is_no_request(cover: str) -> None:
    """A mail passed on with the word that nothing is to be done asks for nothing."""
    assert read(
        cover + GMAIL + "Please delete my account.", subject="Fwd: Account", channel="email"
    ).types == ("none",)


@pytest.mark.parametrize(
    "cover",
    [
        "Min klient sender slettekravet nedenfor. Jeg har fullmakt.\n\n",
        "Kindly regard the erasure request below as received today.\n\n",
    ],
)
def test_pointing_at_the_mail_below_asks_for_nothing_more(cover: str) -> None:
    """Who names the request below does not make one of their own: its first writer's words are read."""
    found = read(cover + OUTLOOK + "Slett kontoen min.", subject="VS: Konto", channel="email")
    assert found.types == ("erasure",)
    assert (
        found.identifiers.get("email") == "eli@example.com" or "eli@example.com" in found.identifiers.values()
    )


@pytest.mark.parametrize(
    "note",
    [
        "Ordner dere denne?\n\nMvh Per Holm\n\n",
        "Hun får ikke til å sende selv, så her er den.\n\n",
        "FYI, she wrote to us, but it is yours to answer.\n\n",
        "Vidaresender denne frå naboen, han spurde meg.\n\n",
    ],
)
def test_who_passes_on_what_another_wrote_writes_for_that_other(note: str) -> None:
    """Another name under the note, or another spoken of in it, tells that the writer is not the sender."""
    found = read(note + OUTLOOK + "Slett kontoen min.", subject="VS: Konto", channel="email")
    assert (found.types, found.on_behalf) == (("erasure",), True)
    assert found.identifiers["email"] == "eli@example.com"


def test_kin_with_the_same_last_name_is_another() -> None:
    """A shared last name does not make the sender the writer; who passes it on stands as the one who asks."""
    found = read("Se under.\n\nGeir Vik\n\n" + OUTLOOK + "Slett kontoen min.", channel="email")
    assert found.on_behalf
    assert found.identifiers["requester_name"] == "Geir Vik"


@pytest.mark.parametrize("signed", ["Eli Vik", "Eli", "Mvh E. Vik"])
def test_who_passes_on_their_own_mail_writes_for_nobody_else(signed: str) -> None:
    """The first one came back: the same person, by the full name, the first or an initial."""
    body = f"Sender denne på nytt.\n\n{signed}\n\n" + OUTLOOK + "Slett kontoen min."
    found = read(body, subject="VS: Konto", channel="email")
    assert (found.types, found.on_behalf) == (("erasure",), False)


def test_a_question_above_a_firms_own_mail_stays_a_question() -> None:
    """A newsletter that tells of people's rights asks for none of them, whoever sends it on."""
    mail = "Begin forwarded message:\n> From: Butikken <hei@example.no>\n> Subject: News\n> Ask us to delete you."
    found = read(f"Hello, do you have a data protection officer?\n\n{mail}", channel="email")
    assert (found.types, found.on_behalf) == (("question",), False)


def test_forwarded_without_a_date_is_passed_on() -> None:
    """Some programs write only "Forwarded message:" and who it is from."""
    mail = "Videresendt melding:\nFra: Eli Vik\nEmne: Konto\n\nSlett kontoen min."
    assert read(f"Se nedenfor.\n\n{mail}", subject="VS: Konto", channel="email").types == ("erasure",)
    assert read(f"Se nedenfor.\n\nPer Holm\n\n{mail}", subject="VS: Konto", channel="email").on_behalf
