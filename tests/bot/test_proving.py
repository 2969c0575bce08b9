"""Proving an address in a conversation: a code goes where the person says, and proves that address alone."""

import pytest

from bot.hub import Channel, Hub
from intake.case import State
from tests.bot.people import Person
from verification.codes import TRIES


def other(code: str) -> str:
    """Another code than this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_code_from_the_mail_sets_the_case_going(kari: Person) -> None:
    """The address is asked for, a code is mailed to it, and the right code moves the case to planning."""
    assert "Hvilken e-postadresse" in await kari.says("Jeg vil ha innsyn i opplysningene mine")
    assert "k…i@example.no" in await kari.says("Den er kari@example.no")
    code, to = await kari.mailed()
    assert to == "kari@example.no"
    assert "adressen er bekreftet" in await kari.says(f"{code[:3]} {code[3:]}")
    assert (await kari.case()).state == State.PLANNING


async def test_a_code_is_kept_without_its_digits(kari: Person) -> None:
    """Whoever reads the conversation later finds no code in it."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says("kari@example.no")
    code, _ = await kari.mailed()
    await kari.says(f"koden er {code}")
    assert (await kari.case()).state == State.PLANNING
    assert not any(code in one.reply.text for one in await kari.heard())


@pytest.mark.parametrize(
    "written", ["Kari.Nordmann@Example.NO", "kari.nordmann@example.no.", "<kari.nordmann@example.no>,"]
)
async def test_an_address_is_understood_however_it_is_written(kari: Person, written: str) -> None:
    """Capital letters, brackets and a full stop after it change nothing about where the code goes."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says(written)
    _, to = await kari.mailed()
    assert to.casefold() == "kari.nordmann@example.no"


async def test_what_is_no_address_is_asked_for_again(kari: Person) -> None:
    """A torn address gets an explanation and a way on for who has none."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    assert "ingen e-postadresse" in await kari.says("kari@")
    assert "saksbehandler" in await kari.presses("no_address")
    assert (await kari.talk()).asked_human_at == kari.now


async def test_of_several_addresses_one_is_picked(kari: Person) -> None:
    """No code is sent before the person has said where to."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says("Jeg bruker kari@example.no og kari.n@example.com")
    assert kari.offered == ["address:0", "address:1"]
    assert not await kari.letters("code")
    await kari.presses("address:1")
    assert (await kari.mailed())[1] == "kari.n@example.com"


async def test_an_address_in_the_request_is_asked_about_and_used(kari: Person) -> None:
    """It may be the wrong one, so the code waits for a yes."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine. E-posten min er kari@example.no")
    assert not await kari.letters("code")
    await kari.says("ja takk")
    assert (await kari.mailed())[1] == "kari@example.no"


async def test_a_wrong_code_proves_nothing_and_the_right_one_still_does(kari: Person) -> None:
    """A slip of the finger costs one try."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says("kari@example.no")
    code, _ = await kari.mailed()
    assert "ikke riktig" in await kari.says(other(code))
    assert (await kari.case()).state == State.IDENTIFYING
    assert "bekreftet" in await kari.says(code)


async def test_too_many_wrong_codes_pause_even_the_right_one(kari: Person) -> None:
    """After the pause a new code goes through: no dead end."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says("kari@example.no")
    code, _ = await kari.mailed()
    for _ in range(TRIES):
        reply = await kari.says(other(code))
    assert "for mange ganger" in reply
    assert "for mange ganger" in await kari.says(code)
    assert "må du vente" in await kari.presses("code_again")
    kari.waits(minutes=16)
    await kari.says("kari@example.no")
    assert "bekreftet" in await kari.says((await kari.mailed())[0])


async def test_an_old_code_has_expired_and_a_new_one_works(kari: Person) -> None:
    """Ten minutes later the person is told so, and gets another."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says("kari@example.no")
    code, _ = await kari.mailed()
    kari.waits(minutes=11)
    assert "utløpt" in await kari.says(code)
    await kari.presses("code_again")
    assert "bekreftet" in await kari.says((await kari.mailed())[0])


async def test_a_code_works_once(kari: Person) -> None:
    """The same digits again are told to be used."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.proves()
    code, _ = await kari.mailed()
    assert "brukt" in await kari.says(code)


async def test_a_code_is_no_use_in_another_conversation(kari: Person, stranger: Person) -> None:
    """It is bound to who asked for it."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says("kari@example.no")
    await stranger.says("Jeg vil ha innsyn i opplysningene mine")
    assert "venter ikke på noen kode" in await stranger.says((await kari.mailed())[0])
    assert (await stranger.case()).state == State.RECEIVED


async def test_the_reply_is_the_same_whoever_the_company_knows(kari: Person, stranger: Person) -> None:
    """Nothing tells whether an address belongs to a customer."""
    for one in (kari, stranger):
        await one.says("Jeg vil ha innsyn i opplysningene mine")
    assert await kari.says("kari@example.no") == await stranger.says("kari@example.no")


async def test_a_second_request_needs_no_second_code(kari: Person) -> None:
    """The proof holds for the conversation; the acknowledgement goes straight to the proven address."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.proves()
    assert "i gang med saken" in await kari.says("Jeg vil også at dere sletter kontoen min")
    assert [case.state for case in await kari.cases()] == [State.PLANNING, State.PLANNING]
    assert [letter.state for letter in await kari.letters("acknowledgement")] == ["queued", "queued"]
    assert len(await kari.letters("code")) == 1


async def test_a_request_between_code_and_answer_uses_the_same_code(kari: Person) -> None:
    """The code on its way covers the new case too."""
    await kari.says("Jeg vil ha innsyn i opplysningene mine")
    await kari.says("kari@example.no")
    assert "gjelder også dette" in await kari.says("Slett kontoen min også")
    await kari.says((await kari.mailed())[0])
    assert [case.state for case in await kari.cases()] == [State.PLANNING, State.PLANNING]


async def test_a_code_is_not_taken_in_telegram(hub: Hub) -> None:
    """Telegram can be read by others than us: the code belongs on the secure page, and stays unused."""
    ola = Person(hub, "4711", Channel.TELEGRAM)
    await ola.says("Jeg vil ha innsyn i opplysningene mine")
    assert "ikke her" in await ola.says("ola@example.no")
    code, _ = await ola.mailed()
    assert "ikke her" in await ola.says(code)
    assert ola.replies[0].link is not None
    assert (await ola.case()).state == State.IDENTIFYING
    assert not any(code in one.reply.text for one in await ola.heard())
