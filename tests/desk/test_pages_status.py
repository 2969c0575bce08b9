"""The status page: the person's own view of a case, and what it keeps from whoever merely has the link."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from fulfilment.records import PackageRecord
from intake import letters
from intake.case import Act, State
from intake.opening import Opened
from intake.records import Case, Letter
from law.deadlines import due
from law.language import LANGS
from law.rights import Right
from tests.desk.cases import ADDRESS, acted, fresh, opened, planned
from tests.desk.web import Web

pytestmark = pytest.mark.slow


async def see(web: Web, made: Opened, said: str = "") -> str:
    """The case's page."""
    answer = await web.get(f"/s/{made.secret}{said}")
    assert answer.status_code == 200
    return answer.text


async def send(web: Web, made: Opened, act: str, **values: str) -> str:
    """Send one of its forms; the page it leads to."""
    answer = await web.post(f"/s/{made.secret}/{act}", values)
    assert answer.status_code == 303
    return (await web.get(answer.headers["location"])).text


async def prove(web: Web, made: Opened, address: str = ADDRESS) -> str:
    """Prove an address; the page afterwards."""
    await send(web, made, "kode", address=address)
    return await send(web, made, "bekreft", code=await web.code_sent())


async def packed(web: Web, made: Opened, content: bytes = b"PK zip") -> None:
    """A package waits for the person."""
    desk, case, id = web.desk, made.case, uuid4().hex
    async with desk.unit_of_work() as session:
        session.add(
            PackageRecord(
                id=id,
                case_id=case.id,
                dossier_id=case.dossier_id,
                made_at=desk.clock(),
                expires_at=desk.clock() + timedelta(days=14),
                content=desk.vault.seal(case.dossier_id, f"package.content:{id}", content),
                sha256="0" * 64,
                size=len(content),
            )
        )


async def refused_by_letter(web: Web, made: Opened, to: str | None) -> None:
    """A letter of weight in the case."""
    async with web.desk.unit_of_work() as session:
        await letters.write(
            session,
            web.desk.vault,
            web.desk.operators["fjordlys"],
            name="answer",
            lang="nb",
            dossier_id=made.case.dossier_id,
            case=await session.get_one(Case, made.case.id),
            to=to,
            values={"done": (), "note": "Innholdet i svaret."},
            now=web.clock(),
        )


async def test_an_unknown_secret_is_the_same_404_everywhere(web: Web) -> None:
    """Nothing tells a wrong secret from a wrong address."""
    made = await opened(web.desk)
    wrong = [await web.get(f"/s/{secret}") for secret in ("x" * 32, made.case.reference, made.secret[:-1])]
    wrong += [await web.post(f"/s/{'x' * 32}/{act}") for act in ("kode", "bekreft", "pakke", "trekk")]
    assert {one.status_code for one in wrong} == {404}
    assert len({one.text for one in wrong}) == 1


async def test_the_page_says_when_the_answer_comes_and_why(web: Web) -> None:
    """Reference, date and the derivation in sentences."""
    made = await opened(web.desk)
    page = await see(web, made)
    for expected in (made.case.reference, "28. desember 2026", "art. 12 nr. 3"):
        assert expected in page


@pytest.mark.parametrize("state", list(State))
async def test_every_state_has_words_in_every_language(web: Web, state: State) -> None:
    """Wherever the case stands, the page says so plainly."""
    made = await opened(web.desk)
    async with web.desk.unit_of_work() as session:
        row = await session.get_one(Case, made.case.id)
        row.state, row.closed_at = state.value, web.clock()
    pages = {await see(web, made, f"?lang={lang}") for lang in LANGS}
    assert len(pages) == 3


async def test_the_person_is_answered_in_the_cases_language(web: Web) -> None:
    """Whatever the browser prefers, unless the person asks for another."""
    made = await opened(web.desk)
    answer = await web.get(f"/s/{made.secret}", **{"accept-language": "en"})
    assert '<html lang="nb">' in answer.text
    assert '<html lang="en">' in await see(web, made, "?lang=en")


async def test_a_code_proves_the_address_and_sets_the_case_going(web: Web) -> None:
    """The page then shows the address, masked."""
    made = await opened(web.desk)
    assert "Vi har sendt en kode" in await send(web, made, "kode", address=ADDRESS)
    page = await send(web, made, "bekreft", code=await web.code_sent())
    assert "adressen er bekreftet" in page
    assert "k…l@example.no" in page
    assert ADDRESS not in page
    assert (await fresh(web.desk, made.case)).state == State.PLANNING


async def test_wrong_reused_and_missing_codes_get_a_sentence_each(web: Web) -> None:
    """And after them the right code of a new letter still works."""
    made = await opened(web.desk)
    assert "Det er ikke sendt noen kode ennå" in await send(web, made, "bekreft", code="123456")
    await send(web, made, "kode", address=ADDRESS)
    code = await web.code_sent()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "Koden er ikke riktig" in await send(web, made, "bekreft", code=wrong)
    assert "Koden er ikke riktig" in await send(web, made, "bekreft", code="🙂")
    web.clock.pass_on(minutes=11)
    assert "Koden er utløpt" in await send(web, made, "bekreft", code=code)
    assert "adressen er bekreftet" in await prove(web, made)
    assert "Koden er brukt" in await send(web, made, "bekreft", code=await web.code_sent())


async def test_before_the_proof_every_address_gets_the_same_page(web: Web) -> None:
    """Who is a customer cannot be read off it: known, unknown, in any spelling."""
    pages = set()
    for address in (ADDRESS, "ingen@example.no", ADDRESS.upper()):
        made = await opened(web.desk)
        page = await send(web, made, "kode", address=address)
        pages.add(page.replace(made.case.reference, "REF").replace(made.secret, "SECRET"))
        web.clock.pass_on(minutes=0)
    assert len(pages) == 1


async def test_an_address_nothing_can_be_mailed_to_is_named(web: Web) -> None:
    """No letter is written."""
    made = await opened(web.desk)
    assert "må se ut som" in await send(web, made, "kode", address="kari@@example")
    async with web.desk.unit_of_work() as session:
        assert "code" not in set(await session.scalars(select(Letter.name)))


async def test_asking_too_often_says_so(web: Web) -> None:
    """And that the deadline runs all the same."""
    made = await opened(web.desk)
    for _ in range(6):
        page = await send(web, made, "kode", address=ADDRESS)
    assert "Det er bedt om mange koder" in page
    assert "fristen løper" in page


async def test_a_code_letter_is_never_shown_on_the_page(web: Web) -> None:
    """Else the link alone would prove the address."""
    made = await opened(web.desk)
    await send(web, made, "kode", address=ADDRESS)
    code = await web.code_sent()
    page = await see(web, made)
    assert code not in page
    assert f"{code[:3]} {code[3:]}" not in page


async def test_the_package_wants_a_fresh_code(web: Web) -> None:
    """Having proven the address once is not enough; the code opens it in this browser, for ten minutes."""
    made = await opened(web.desk, Right.ACCESS)
    await prove(web, made)
    await packed(web, made)
    assert "Be om en ny kode før du laster ned" in await send(web, made, "pakke")
    await send(web, made, "kode", purpose="download", choice="0")
    page = await send(web, made, "bekreft", purpose="download", code=await web.code_sent())
    assert "Last ned (1 kB)" in page
    answer = await web.post(f"/s/{made.secret}/pakke")
    assert answer.content == b"PK zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{made.case.reference}.zip"'
    assert answer.headers["cache-control"] == "no-store"
    web.clock.pass_on(minutes=11)
    async with web.desk.unit_of_work() as session:
        package = (await session.scalars(select(PackageRecord))).one()
    assert package.downloads == 1


async def test_a_ticket_of_one_case_opens_no_other(web: Web) -> None:
    """The cookie is signed for the case, also where a browser sends it elsewhere."""
    made, other = await opened(web.desk, Right.ACCESS), await opened(web.desk, Right.ACCESS)
    for one in (made, other):
        await prove(web, one)
        await packed(web, one)
        web.clock.pass_on(hours=1)
    await send(web, made, "kode", purpose="download", choice="0")
    await send(web, made, "bekreft", purpose="download", code=await web.code_sent())
    ticket = next(one.value for one in web.browser.cookies.jar if one.name == "rettsvar_package")
    web.browser.cookies.set("rettsvar_package", str(ticket), domain="desk.example", path=f"/s/{other.secret}")
    assert "Be om en ny kode før du laster ned" in await send(web, other, "pakke")
    assert (await web.post(f"/s/{made.secret}/pakke")).status_code == 200


async def test_a_code_for_the_package_goes_to_a_proven_address_only(web: Web) -> None:
    """Whatever address is sent along: whoever has the link cannot have it mailed to themselves."""
    made = await opened(web.desk, Right.ACCESS)
    await packed(web, made)
    page = await send(web, made, "kode", purpose="download", choice="0", address="tyv@example.no")
    assert "må se ut som" in page
    await prove(web, made)
    # the link alone is enough to prove an address of one's own too; the package is not mailed there
    await prove(web, made, "tyv@example.no")
    await send(web, made, "kode", purpose="download", choice="1", address="tyv@example.no")
    async with web.desk.unit_of_work() as session:
        row = (await session.scalars(select(Letter).order_by(Letter.written_at.desc()).limit(1))).one()
        assert (row.name, letters.open_letter(web.desk.vault, row).to) == ("code", ADDRESS)


async def test_a_mailed_answer_is_read_here_behind_a_code_only(web: Web) -> None:
    """Its subject stands there; the text was mailed, and a forwarded link must not tell it."""
    made = await opened(web.desk)
    await prove(web, made)
    await refused_by_letter(web, made, ADDRESS)
    assert "Innholdet i svaret." not in await see(web, made)
    await send(web, made, "kode", purpose="download", choice="0")
    assert "Innholdet i svaret." in await send(
        web, made, "bekreft", purpose="download", code=await web.code_sent()
    )


async def test_an_answer_that_could_not_be_mailed_is_read_here(web: Web) -> None:
    """There is no other place for it."""
    made = await opened(web.desk)
    await refused_by_letter(web, made, None)
    assert "Innholdet i svaret." in await see(web, made)


async def test_withdrawing_wants_a_tick_and_happens_once(web: Web) -> None:
    """The person gets a letter; the second time nothing is added."""
    made = await planned(web.desk)
    assert "Kryss av for at du vil trekke saken" in await send(web, made, "trekk")
    for _ in range(2):
        assert "Du har trukket ønsket" in await send(web, made, "trekk", sure="1")
    async with web.desk.unit_of_work() as session:
        names = list(await session.scalars(select(Letter.name)))
    assert names.count("withdrawn") == 1
    assert (await fresh(web.desk, made.case)).state == State.WITHDRAWN


async def test_withdrawing_too_late_is_said(web: Web) -> None:
    """Once the work in the systems has begun it cannot be taken back."""
    made = await planned(web.desk)
    await acted(web.desk, made.case, Act.APPROVE)
    assert "Det er for sent" in await send(web, made, "trekk", sure="1")
    assert (await fresh(web.desk, made.case)).state == State.FULFILLING


async def test_nothing_found_asks_for_another_address(web: Web) -> None:
    """No dead end: another address can be proven, or an officer takes it."""
    made = await opened(web.desk)
    await prove(web, made)
    await acted(web.desk, made.case, Act.NOTHING_FOUND, Act.ASK_IDENTITY)
    page = await see(web, made)
    assert "Vi fant ingenting under adressen din" in page
    assert "Bekreft en annen adresse også" in page
    assert "Vi fant ingenting" not in await prove(web, made, "kari.gammel@example.no")


async def test_an_erased_dossier_is_gone(web: Web) -> None:
    """Without its key nothing can be shown: the page is not found, and no error."""
    made = await opened(web.desk)
    web.desk.vault.forget(made.case.dossier_id)
    assert (await web.get(f"/s/{made.secret}")).status_code == 404


@pytest.mark.parametrize("act", ["", "/kode", "/bekreft", "/pakke", "/trekk"])
async def test_an_erased_dossiers_page_is_as_if_it_had_never_been(web: Web, act: str) -> None:
    """The same page as for a secret nobody has, whatever is done there."""
    made = await opened(web.desk)
    web.desk.vault.forget(made.case.dossier_id)
    values = {"address": ADDRESS, "sure": "1"}
    pages = []
    for secret in (made.secret, "x" * len(made.secret)):
        answer = await (web.post(f"/s/{secret}{act}", values) if act else web.get(f"/s/{secret}"))
        pages.append((answer.status_code, answer.text.replace(secret, "")))
    assert pages[0] == pages[1]
    assert pages[0][0] == 404


@pytest.mark.parametrize("to", [None, "hovedkontakt@example.no"])
async def test_what_is_written_to_a_controller_is_not_the_persons_to_read(web: Web, to: str | None) -> None:
    """Not its subject and not its text, mailed or waiting for an officer, with a fresh code or without."""
    made = await opened(web.desk, Right.ACCESS)
    await prove(web, made)
    async with web.desk.unit_of_work() as session:
        await letters.write(
            session,
            web.desk.vault,
            web.desk.operators["fjordlys"],
            name="forward",
            lang="nb",
            dossier_id=made.case.dossier_id,
            case=await session.get_one(Case, made.case.id),
            to=to,
            values={"requester": ADDRESS, "deadline": due(web.clock()), "wish": "Jeg vil ha innsyn."},
            now=web.clock(),
        )
    await packed(web, made)
    await send(web, made, "kode", purpose="download", choice="0")
    opened_up = await send(web, made, "bekreft", purpose="download", code=await web.code_sent())
    for page in (await see(web, made), opened_up):
        assert "Vi er databehandler for dere" not in page
        assert "En person ber om" not in page
