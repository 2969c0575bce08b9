"""Requests in a conversation: a case at once, in the person's language, and none twice."""

import pytest

from bot.hub import Incoming
from intake.case import Act, State
from intake.letters import open_letter
from law.language import LANGS, Lang
from law.language import say as words
from law.rights import Right, card
from tests.bot.people import Person, Woken

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ASKED: dict[Lang, dict[Right, str]] = {
    "nb": {
        Right.ACCESS: "Hei, jeg vil ha innsyn i hvilke opplysninger dere har om meg.",
        Right.RECTIFICATION: "Dere må rette telefonnummeret mitt fra 22334455 til 99887766.",
        Right.ERASURE: "Jeg vil at dere sletter alt dere har lagret om meg.",
        Right.PORTABILITY: "Jeg vil ha opplysningene mine i et maskinlesbart format.",
        Right.RESTRICTION: "Ikke bruk opplysningene mine mens dere sjekker om de er riktige.",
        Right.OBJECTION: "Jeg vil ikke ha reklame fra dere.",
        Right.WITHDRAW_CONSENT: "Jeg trekker samtykket mitt til nyhetsbrevet.",
    },
    "nn": {
        Right.ACCESS: "Hei, eg vil ha innsyn i kva opplysningar de har om meg.",
        Right.RECTIFICATION: "De må rette telefonnummeret mitt frå 22334455 til 99887766.",
        Right.ERASURE: "Eg vil at de slettar alt de har lagra om meg.",
        Right.OBJECTION: "Eg vil ikkje ha reklame frå dykk.",
    },
    "en": {
        Right.ACCESS: "Hello, I want to see what data you hold about me.",
        Right.RECTIFICATION: "Please correct my phone number from 22334455 to 99887766.",
        Right.ERASURE: "Please delete my account and all my data.",
        Right.PORTABILITY: "I want my data in a machine-readable format.",
        Right.OBJECTION: "Stop sending me marketing.",
    },
}


@pytest.mark.parametrize(
    ("lang", "right"), [(lang, right) for lang in LANGS for right in ASKED[lang]], ids=str
)
async def test_a_request_is_a_case_at_once(kari: Person, lang: Lang, right: Right) -> None:
    """The case is open before anybody is asked who they are, and the reply names it and its day."""
    reply = await kari.says(ASKED[lang][right])
    case = await kari.case()
    assert (case.right, case.lang, case.received_at) == (right, lang, kari.now)
    assert case.reference == "FJL-2026-0001"
    assert case.reference in reply
    day = {"nb": "28. desember 2026", "nn": "28. desember 2026", "en": "28 December 2026"}[lang]
    assert day in reply
    assert words(card(right).ask, lang) in reply


async def test_every_right_of_a_message_is_a_case_of_its_own(kari: Person) -> None:
    """Two rights in one message are two cases with one time of receipt, each with its own page."""
    reply = await kari.says(
        "Jeg vil ha innsyn i hva dere har om meg. Jeg vil også at dere sletter kontoen min."
    )
    cases = await kari.cases()
    assert [case.right for case in cases] == ["access", "erasure"]
    assert {case.received_at for case in cases} == {kari.now}
    assert all(case.reference in reply for case in cases)
    assert len({reply.link.url for reply in kari.replies if reply.link}) == 2


async def test_a_reminder_opens_no_second_case(kari: Person) -> None:
    """Who asks again is told of the case there is, with its first day; the reminder is in its log."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    kari.waits(days=9)
    reply = await kari.says("Som sagt vil jeg ha innsyn i opplysningene mine.")
    case = await kari.case()
    assert case.reference in reply
    assert "28. desember 2026" in reply
    assert Act.NOTE in await kari.acts(case)


async def test_a_correction_of_something_else_is_a_case_of_its_own(kari: Person) -> None:
    """A second wrong field is no reminder of the first."""
    await kari.says("Endre telefonnummeret mitt fra 22334455 til 99887766")
    await kari.says("Endre e-posten min fra kari@example.no til ny@example.no")
    kept = [(await kari.kept(case))["rectification"] for case in await kari.cases()]
    assert [one["field"] for one in kept if isinstance(one, dict)] == ["phone", "email"]


async def test_what_shall_be_corrected_is_asked_and_put_into_the_case(kari: Person) -> None:
    """The button opens the case; what is wrong comes with the next message and needs no second case."""
    await kari.says("hei")
    assert "Endre adressen min" in await kari.presses("right:rectification")
    reply = await kari.says("Endre telefonnummeret mitt fra 22334455 til 99887766")
    case = await kari.case()
    assert case.reference in reply
    kept = (await kari.kept(case))["rectification"]
    assert isinstance(kept, dict)
    assert kept["new_value"] == "99887766"


async def test_a_button_opens_a_case_and_is_kept_as_words(kari: Person) -> None:
    """What stands in the conversation is what the button said, not its id."""
    await kari.says("hei")
    await kari.presses("right:access")
    assert (await kari.case()).right == "access"
    assert [one.reply.text for one in await kari.heard() if one.inbound] == ["hei", "Se opplysningene mine"]


async def test_a_misunderstanding_is_taken_back(kari: Person) -> None:
    """«Nei» to «stemmer det» withdraws the case, which stays in the log, and the next request is a new one."""
    await kari.says("Jeg vil at dere sletter alt om meg")
    case = await kari.case()
    assert case.reference in await kari.says("Nei")
    assert (await kari.case()).state == State.WITHDRAWN
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    assert [case.right for case in await kari.cases()] == ["erasure", "access"]


async def test_an_old_no_takes_back_the_case_it_stood_by(kari: Person) -> None:
    """A button is pressed long afterwards, in Telegram's history: the newer case is not touched."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    (old,) = [one for one in kari.offered if one.startswith("no:")]
    kari.waits(minutes=5)
    await kari.says("Slett kontoen min")
    await kari.send(Incoming("", choice=old))
    assert [(case.right, case.state) for case in await kari.cases()] == [
        ("access", State.WITHDRAWN),
        ("erasure", State.RECEIVED),
    ]
    await kari.says("nei")
    assert [case.state for case in await kari.cases()] == [State.WITHDRAWN] * 2


async def test_a_button_of_somebody_elses_case_does_nothing(kari: Person, stranger: Person) -> None:
    """A forged button names a case of another dossier."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    (button,) = [one for one in kari.offered if one.startswith("no:")]
    await stranger.send(Incoming("", choice=button))
    assert (await kari.case()).state == State.RECEIVED


async def test_no_to_an_address_takes_nothing_back(kari: Person) -> None:
    """«Nei» answers the question asked last, which was whether to use that address."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine. E-posten min er kari@example.no")
    assert "Hvilken e-postadresse" in await kari.says("nei")
    assert (await kari.case()).state == State.RECEIVED


async def test_no_while_a_code_is_awaited_takes_nothing_back(kari: Person) -> None:
    """«Nei» then means that no code came, and there are ways on from there."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says("kari@example.no")
    assert "søppelposten" in await kari.says("Nei.")
    assert {"code_again", "other_address", "human"} <= set(kari.offered)
    assert (await kari.case()).state == State.IDENTIFYING


@pytest.mark.parametrize("word", ["ja", "Nei!", "avbryt"])
async def test_an_answer_to_nothing_changes_nothing(kari: Person, word: str) -> None:
    """«Ja» and «nei» when nothing was asked are no request and take nothing back."""
    reply = await kari.says(word)
    assert reply == "Jeg venter ikke på svar fra deg nå. Skriv hva du lurer på, eller hva du vil be om."
    assert not await kari.cases()


async def test_yes_is_noted_and_leads_on_to_the_address(kari: Person) -> None:
    """The confirmed wish is in the log; the desk then asks for what it still needs."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    assert "Hvilken e-postadresse" in await kari.presses("yes")
    assert Act.CONFIRM_WISH in await kari.acts(await kari.case())


async def test_a_stranger_with_the_right_reference_is_told_nothing(kari: Person, stranger: Person) -> None:
    """A reference proves nothing: the reply is the same as to one that does not exist."""
    await kari.says("Jeg vil at dere sletter alt om meg")
    reference = (await kari.case()).reference
    real = await stranger.says(f"Hva er status i sak {reference}?")
    assert real == await stranger.says("Hva er status i sak FJL-2026-0099?")
    assert "Sletting" not in real
    assert not any(reply.link for reply in stranger.replies)


async def test_status_tells_of_the_conversations_own_cases(kari: Person) -> None:
    """Where it stands, when it is due, and the secure page."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    reply = await kari.says("Hva er status i saken min?")
    assert "FJL-2026-0001 (innsyn): mottatt" in reply
    assert kari.replies[0].link is not None
    assert kari.replies[0].link.url.startswith("http://desk.example/s/")


async def test_a_case_for_somebody_else_goes_to_an_officer(kari: Person) -> None:
    """A code shows an address and no authority, so none is asked for."""
    reply = await kari.says(
        "Jeg skriver på vegne av moren min Kari Nordmann, som vil ha innsyn i sine opplysninger"
    )
    case = await kari.case()
    assert case.on_behalf
    assert "fullmakt" in reply
    assert "e-postadresse" not in reply


async def test_a_request_and_a_question_are_both_answered(kari: Person) -> None:
    """The answer comes with its quotation, and the case is opened."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine. Hvor lenge lagrer dere fakturaer?")
    assert [case.right for case in await kari.cases()] == ["access"]
    assert any(reply.quotes for reply in kari.replies)


async def test_what_may_be_a_question_is_answered_and_registered(kari: Person) -> None:
    """Read faintly as a request, it becomes a case; what the documents say about it comes first."""
    await kari.says("Hva bruker dere telefonnummeret mitt til?")
    assert [case.right for case in await kari.cases()] == ["access"]
    assert [bool(reply.quotes) for reply in kari.replies][:2] == [True, False]
    await kari.says("Hva har dere lagret om meg?")
    assert not any(reply.quotes for reply in kari.replies)


async def test_the_first_acknowledgement_waits_for_an_address(kari: Person) -> None:
    """It is kept for the secure page, and mailed once an address is proven."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    assert [letter.state for letter in await kari.letters("acknowledgement")] == ["kept"]
    await kari.proves()
    (letter,) = await kari.letters("acknowledgement")
    assert (letter.state, open_letter(kari.hub.vault, letter).to) == ("queued", "kari@example.no")


async def test_asking_for_a_human_hands_the_conversation_over(kari: Person) -> None:
    """It shows in the officers' queue from the first time on, and on the case."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says("Kan jeg få snakke med et menneske?")
    first = kari.now
    kari.waits(minutes=5)
    assert "hei@example.no" in await kari.says("Jeg vil snakke med et menneske")
    assert (await kari.talk()).asked_human_at == first
    assert (await kari.acts(await kari.case())).count(Act.HAND_OVER) == 1


async def test_the_worker_is_woken_after_a_turn(kari: Person, woken: Woken) -> None:
    """A letter with a code is waited for at the screen."""
    await kari.send(Incoming("Jeg vil ha innsyn i opplysningene mine"))
    assert woken.times == 1


async def test_a_request_for_another_child_is_a_request_of_its_own(kari: Person) -> None:
    """The first child's case is no answer to it; a reminder of the first, named or not, is a reminder."""
    await kari.says("Jeg skriver på vegne av sønnen min Per Hansen, slett alt dere har om ham")
    await kari.says("Jeg skriver på vegne av datteren min Anne Hansen, slett alt dere har om henne")
    for again in ("Jeg skriver på vegne av sønnen min Per Hansen, slett alt nå", "Slett alt om sønnen min"):
        await kari.says(again)
    cases = await kari.cases()
    assert [(case.right, case.on_behalf) for case in cases] == [("erasure", True)] * 2
    assert [(await kari.acts(case)).count("note") for case in cases] == [2, 0]
