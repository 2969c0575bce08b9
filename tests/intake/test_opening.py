"""Opening cases: numbers, secrets, the acknowledgement, and what is sealed."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from intake import letters
from intake.case import Act
from intake.links import Links
from intake.log import entries, officer, record, verify_chain
from intake.opening import Opened, by_secret, deadline_of, details, open_case, open_dossier
from intake.records import Letter, ReferenceCounter
from intake.rectification import Rectification
from intake.unit_of_work import UnitOfWork
from intake.vault import KeyGone, Vault
from law.rights import Right
from operators.profile import Operator
from tests.company import company

LINKS = Links("https://personvern.example.no/")


async def opened(
    session: AsyncSession,
    vault: Vault,
    received_at: datetime,
    *,
    operator: Operator | None = None,
    right: Right = Right.ACCESS,
    address: str | None = None,
    on_behalf: bool = False,
    rectification: Rectification | None = None,
    wish: str = "Hva har dere om meg?",
) -> Opened:
    """A case in a dossier of its own."""
    operator = operator or company()
    dossier = await open_dossier(session, operator.id, received_at)
    return await open_case(
        session,
        vault,
        operator,
        dossier_id=dossier.id,
        conversation_id=None,
        right=right,
        channel="chat",
        lang="nb",
        received_at=received_at,
        now=received_at,
        wish=wish,
        address=address,
        on_behalf=on_behalf,
        rectification=rectification,
        links=LINKS,
    )


async def acknowledgement(session: AsyncSession, vault: Vault, made: Opened) -> letters.OpenLetter:
    """The only letter of the case."""
    letter = (await session.scalars(select(Letter).where(Letter.case_id == made.case.id))).one()
    assert letter.name == "acknowledgement"
    return letters.open_letter(vault, letter)


async def test_a_case_is_open_at_once(unit_of_work: UnitOfWork, vault: Vault, now: datetime) -> None:
    """One call gives a received case with its number, its first log entry and the date an answer is due."""
    async with unit_of_work() as session:
        made = await opened(session, vault, now)
        verify_chain(made.case, await entries(session, made.case.id))
    assert (made.case.reference, made.case.state) == ("FJL-2026-0001", "received")
    assert made.deadline.due_date == date(2026, 12, 28)


async def test_cases_opened_at_once_get_numbers_of_their_own(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """Ten people at the same moment: ten numbers in a row, none twice and none left out."""

    async def one() -> str:
        async with unit_of_work() as session:
            return (await opened(session, vault, now)).case.reference

    references = await asyncio.gather(*(one() for _ in range(10)))
    assert sorted(references) == [f"FJL-2026-{number:04d}" for number in range(1, 11)]


async def test_a_number_not_committed_is_given_again(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """A unit of work that fails takes its number back, so the series has no hole to explain."""

    async def fail() -> None:
        async with unit_of_work() as session:
            await opened(session, vault, now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with unit_of_work() as session:
        assert (await opened(session, vault, now)).case.reference == "FJL-2026-0001"


async def test_companies_and_years_count_for_themselves(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """Each company begins at 1, and anew in each Oslo year: 23:30 UTC on New Year's Eve is next year."""
    async with unit_of_work() as session:
        await opened(session, vault, now)
        other = await opened(session, vault, now, operator=company_two())
        eve = await opened(session, vault, datetime(2026, 12, 31, 22, 30, tzinfo=UTC))
        new_year = await opened(session, vault, datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    references = [made.case.reference for made in (other, eve, new_year)]
    assert references == ["TVO-2026-0001", "FJL-2026-0002", "FJL-2027-0001"]


def company_two() -> Operator:
    """Another company, with a counter of its own."""
    return replace(company(prefix="TVO"), id="tvo")


async def test_the_ten_thousandth_case_has_five_digits(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """Four digits are the least, not the most."""
    async with unit_of_work() as session:
        session.add(ReferenceCounter(operator="fjordlys", year=2026, last=9999))
        await session.flush()
        assert (await opened(session, vault, now)).case.reference == "FJL-2026-10000"


async def test_the_status_link_opens_its_case_and_no_other(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """The secret finds the case; 32 characters, nowhere in the clear, and a reference is none."""
    async with unit_of_work() as session:
        one, two = await opened(session, vault, now), await opened(session, vault, now)
        found = await by_secret(session, vault, one.secret)
        assert found is not None
        assert found.id == one.case.id
        assert await by_secret(session, vault, one.case.reference) is None
        assert await by_secret(session, vault, "") is None
    assert len(one.secret) == 32
    assert one.secret != two.secret
    assert one.secret not in one.case.status_token
    assert one.case.details is not None
    assert one.secret.encode() not in one.case.details


@pytest.mark.parametrize(
    ("right", "wish", "scope"),
    [
        (Right.ERASURE, "Slett bare bildet av meg.", "item"),
        (Right.ERASURE, "Slett alt dere har om meg.", "everything"),
        (Right.OBJECTION, "Slutt å ringe meg med tilbud.", "marketing"),
        (Right.ACCESS, "Slett bare bildet av meg.", None),
    ],
)
async def test_a_case_keeps_how_much_is_asked_for(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime, right: Right, wish: str, scope: str | None
) -> None:
    """By the right it was opened for, however that was told."""
    async with unit_of_work() as session:
        made = await opened(session, vault, now, right=right, wish=wish)
    assert (await details(vault, made.case))["scope"] == scope


async def test_details_are_sealed_and_come_back(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """The wish, the correction, the secret and the address open with the key, and are gone with it."""
    change = Rectification("email", "gammel@example.com", "ny@example.com")
    async with unit_of_work() as session:
        made = await opened(
            session, vault, now, right=Right.RECTIFICATION, rectification=change, address="kari@example.com"
        )
    kept = await details(vault, made.case)
    token = kept.pop("mail_token")
    assert made.case.mail_token == vault.lookup("mail_token", token)
    assert kept == {
        "wish": "Hva har dere om meg?",
        "rectification": {"field": "email", "old_value": "gammel@example.com", "new_value": "ny@example.com"},
        "scope": None,
        "secret": made.secret,
        "address": "kari@example.com",
    }
    assert made.case.details is not None
    assert b"kari" not in made.case.details
    vault.forget(made.case.dossier_id)
    with pytest.raises(KeyGone):
        await details(vault, made.case)


async def test_the_acknowledgement_goes_to_the_address(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """Reference, date and status link reach the person who gave an address."""
    async with unit_of_work() as session:
        made = await opened(session, vault, now, address="kari@example.com")
        letter = await acknowledgement(session, vault, made)
    assert letter.to == "kari@example.com"
    assert letter.subject == "[FJL-2026-0001] Vi har fått henvendelsen din"
    assert f"https://personvern.example.no/s/{made.secret}" in letter.text
    assert "28. desember 2026" in letter.text


async def test_a_case_opens_without_a_usable_address(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """Nobody is turned away for the address they gave: the acknowledgement waits on the status page."""
    for address in (None, "ikke en adresse", "a@example.com\nBcc: b@example.com"):
        async with unit_of_work() as session:
            made = await opened(session, vault, now, address=address)
            letter = await acknowledgement(session, vault, made)
        assert letter.to is None
        assert made.case.reference in letter.text


async def test_the_acknowledgement_says_what_comes_next(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """A code where needed, none for withdrawn consent (GDPR Art. 7(3)), an officer for a go-between."""
    for right, on_behalf, says in (
        (Right.ERASURE, False, "sender vi en engangskode dit"),
        (Right.WITHDRAW_CONSENT, False, "Du trenger ikke bevise hvem du er"),
        (Right.ERASURE, True, "En saksbehandler ser på henvendelsen"),
    ):
        async with unit_of_work() as session:
            made = await opened(session, vault, now, right=right, on_behalf=on_behalf)
            assert says in (await acknowledgement(session, vault, made)).text


async def test_the_deadline_follows_the_log(unit_of_work: UnitOfWork, vault: Vault, now: datetime) -> None:
    """An extension in the log moves the computed date to three months from receipt; no date is stored."""
    async with unit_of_work() as session:
        made = await opened(session, vault, now)
        moment = now + timedelta(days=5)
        await record(session, vault, made.case, Act.EXTEND, now=moment, actor=officer("o1"))
        deadline = deadline_of(made.case, await entries(session, made.case.id))
    assert deadline.due_date == date(2027, 2, 25)


def test_links_are_escaped_and_have_one_slash() -> None:
    """Whatever an id holds, it stays one part of the path."""
    assert LINKS.status("fjordlys", "a/b?c") == "https://personvern.example.no/s/a%2Fb%3Fc"
    assert LINKS.company("fjordlys") == "https://personvern.example.no/o/fjordlys"
    assert LINKS.chat("fjordlys") == "https://personvern.example.no/o/fjordlys/chat"
    assert LINKS.document("fjordlys", "vilkår", "p 3") == (
        "https://personvern.example.no/o/fjordlys/dokument/vilk%C3%A5r#p%203"
    )
