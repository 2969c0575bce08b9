"""The page of a case: what an officer sees there and does, and what is refused."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from fulfilment.records import StepRecord, StepState
from intake.case import Act, State
from intake.letters import open_letter
from intake.log import entries
from intake.records import Attachment, Case, Letter
from law.grounds import Ground, grounds
from law.rights import Right
from tests.desk.cases import acted, fresh, opened, planned, propose
from tests.desk.web import Web, hidden
from verification.ladder import Assurance
from verification.proofs import address_hash, store

pytestmark = pytest.mark.slow


async def signed_in(web: Web, email: str = "vera.vurderer@example.no") -> None:
    """An officer of Fjordlys at the desk."""
    await web.sign_in(await web.add_officer(email), email=email)


async def see(web: Web, case: Case, said: str = "") -> str:
    """The case's page."""
    page = await web.get(f"/console/cases/{case.reference}{said}")
    assert page.status_code == 200
    return page.text


async def send(web: Web, case: Case, act: str, values: Mapping[str, str], *, page: str | None = None) -> str:
    """Send one of the forms of the page (of an older page where one is given); the page it leads to."""
    shown = page or await see(web, case)
    answer = await web.post(
        f"/console/cases/{case.reference}/{act}", {"version": hidden(shown, "version")} | dict(values)
    )
    return (await web.get(answer.headers["location"])).text if answer.status_code == 303 else answer.text


async def acts(web: Web, case: Case) -> list[str]:
    """What happened to the case."""
    async with web.desk.unit_of_work() as session:
        return [entry.act for entry in await entries(session, case.id)]


async def letter(web: Web, case: Case, name: str) -> str:
    """The text of the one letter of this name."""
    async with web.desk.unit_of_work() as session:
        row = (
            await session.scalars(select(Letter).where(Letter.case_id == case.id, Letter.name == name))
        ).one()
        return open_letter(web.desk.vault, row).text


def ground_for(right: Right, approvals: int) -> Ground:
    """A ground that can carry a refusal with so many officers."""
    return next(
        one
        for one in grounds(right)
        if one.approvals_for(right) == approvals
        and one.kind == "refusal"
        and not one.partial_only
        and not one.needs_subcode
    )


def facts(ground: Ground) -> dict[str, str]:
    """Something for every fact the ground forces."""
    return {f"fact-{one.id}": f"fakta om {one.id}" for one in ground.evidence}


async def test_the_page_tells_the_wish_the_plan_and_how_the_date_came_about(web: Web) -> None:
    """In sentences that cite the law."""
    made = await planned(web.desk)
    await signed_in(web)
    page = await see(web, made.case)
    for expected in (
        "Slett kontoen min.",
        "3 oppføringer",
        "28. desember 2026",
        "art. 12 nr. 3",
        "Henvendelsen kom inn",
    ):
        assert expected in page


async def test_what_a_person_writes_stays_text(web: Web) -> None:
    """Markup in a wish is shown, not obeyed."""
    made = await opened(web.desk, wish="<script>alert(1)</script><b>nå</b>")
    await signed_in(web)
    page = await see(web, made.case)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page


async def test_the_persons_link_is_not_shown_to_officers(web: Web) -> None:
    """With it an officer could prove addresses and withdraw in the person's name."""
    made = await opened(web.desk)
    await signed_in(web)
    page = await see(web, made.case)
    assert "Du kan følge saken her" in page
    assert made.secret not in page


async def test_approving_an_erasure_wants_the_reference_typed(web: Web) -> None:
    """Else nothing happens, and the page says what to do; with it the steps are let go, in the officer's name."""
    made = await planned(web.desk)
    await signed_in(web)
    digest = hidden(await see(web, made.case), "digest")
    for typed in ("", "FJL-2026-9999"):
        page = await send(web, made.case, "approve", {"digest": digest, "confirm": typed})
        assert f"Skriv referansen {made.case.reference} for å bekrefte." in page
    assert (await fresh(web.desk, made.case)).state == State.AWAITING_DECISION
    typed = f" {made.case.reference.lower()} "
    page = await send(web, made.case, "approve", {"digest": digest, "confirm": typed})
    assert "Planen er godkjent" in page
    assert "Vera Vurderer" in page
    assert (await fresh(web.desk, made.case)).state == State.FULFILLING
    async with web.desk.unit_of_work() as session:
        assert set(await session.scalars(select(StepRecord.state))) == {StepState.READY}


async def test_leaving_the_field_out_does_not_get_round_it(web: Web) -> None:
    """Whether the reference must be typed hangs on the plan, not on the form."""
    made = await planned(web.desk)
    await signed_in(web)
    await send(web, made.case, "approve", {"digest": hidden(await see(web, made.case), "digest")})
    assert (await fresh(web.desk, made.case)).state == State.AWAITING_DECISION


async def test_a_plan_that_changed_is_not_approved(web: Web) -> None:
    """What the officer saw is what is approved; after a look at the new plan it goes through."""
    made = await planned(web.desk)
    await signed_in(web)
    old = await see(web, made.case)
    await propose(web.desk, made.case, rows=4)
    values = {"digest": hidden(old, "digest"), "confirm": made.case.reference}
    assert "Planen ble endret mens du så på den" in await send(web, made.case, "approve", values, page=old)
    assert (await fresh(web.desk, made.case)).state == State.AWAITING_DECISION
    new = await see(web, made.case)
    assert "4 oppføringer" in new
    values = {"digest": hidden(new, "digest"), "confirm": made.case.reference}
    assert "Planen er godkjent" in await send(web, made.case, "approve", values)


async def test_a_case_that_changed_meanwhile_is_not_decided(web: Web) -> None:
    """The officer is told, and sees the change before sending again."""
    made = await planned(web.desk)
    await signed_in(web)
    old = await see(web, made.case)
    await acted(web.desk, made.case, Act.HAND_OVER)
    page = await send(web, made.case, "extend", {"reason": "Mange systemer."}, page=old)
    assert "Noen endret saken mens du skrev" in page
    assert Act.EXTEND not in await acts(web, made.case)
    assert "Fristen er forlenget" in await send(web, made.case, "extend", {"reason": "Mange systemer."})


async def test_a_double_click_decides_once(web: Web) -> None:
    """The second of two equal posts finds the case changed."""
    made = await planned(web.desk)
    await signed_in(web)
    page = await see(web, made.case)
    values = {"digest": hidden(page, "digest"), "confirm": made.case.reference}
    for _ in range(2):
        await send(web, made.case, "approve", values, page=page)
    assert (await acts(web, made.case)).count(Act.APPROVE) == 1


async def test_a_refusal_wants_a_ground_and_every_fact_it_forces(web: Web) -> None:
    """Each missing fact is named at its field; then the letter says them, Datatilsynet and the court."""
    made = await planned(web.desk)
    await signed_in(web)
    ground = ground_for(Right.ERASURE, 1)
    form = (await web.get(f"/console/cases/{made.case.reference}/refuse?ground={ground.code}")).text
    page = await send(web, made.case, "refuse", {"ground": ground.code}, page=form)
    assert page.count('class="ds-validation-message"') == len(ground.evidence)
    assert (await fresh(web.desk, made.case)).state == State.AWAITING_DECISION
    page = await send(web, made.case, "refuse", {"ground": ground.code, **facts(ground)}, page=form)
    assert "Avslaget er sendt" in page
    text = await letter(web, made.case, "refusal")
    assert all(one in text for one in facts(ground).values())
    assert "Datatilsynet" in text


async def test_a_ground_of_another_right_is_no_ground(web: Web) -> None:
    """A code that is not in the list of this right, sent all the same, changes nothing."""
    made = await planned(web.desk)
    await signed_in(web)
    foreign = next(one for one in grounds(Right.RESTRICTION) if Right.ERASURE not in one.rights)
    await send(web, made.case, "refuse", {"ground": foreign.code, **facts(foreign)})
    assert (await fresh(web.desk, made.case)).state == State.AWAITING_DECISION


async def test_a_grave_ground_takes_two_officers(web: Web) -> None:
    """The first only proposes, and cannot second it; another one finds the same facts filled in."""
    made = await planned(web.desk)
    await signed_in(web)
    ground = ground_for(Right.ERASURE, 2)
    decision = {"ground": ground.code, **facts(ground)}
    assert "En annen saksbehandler må være enig" in await send(web, made.case, "refuse", decision)
    assert "Du kan ikke bekrefte ditt eget forslag" in await send(web, made.case, "refuse", decision)
    assert (await fresh(web.desk, made.case)).state == State.AWAITING_DECISION
    await web.post("/console/sign-out")
    await signed_in(web, "odd.nummer.to@example.no")
    assert f"refuse?ground={ground.code}" in await see(web, made.case)
    form = (await web.get(f"/console/cases/{made.case.reference}/refuse?ground={ground.code}")).text
    assert all(one in form for one in facts(ground).values())
    assert "Avslaget er sendt" in await send(web, made.case, "refuse", decision, page=form)


async def test_an_extension_wants_a_reason_and_comes_once(web: Web) -> None:
    """The person gets the reason; the new date stands on the page; a second time is refused in words."""
    made = await planned(web.desk)
    await signed_in(web)
    assert "Skriv grunnen til forlengelsen." in await send(web, made.case, "extend", {"reason": "  "})
    page = await send(web, made.case, "extend", {"reason": "Uvanlig mange systemer."})
    assert "25. februar 2027" in page
    assert "Uvanlig mange systemer." in await letter(web, made.case, "extension")
    assert "Fristen er alt forlenget." in await send(web, made.case, "extend", {"reason": "En gang til."})


async def test_an_extension_after_the_first_month_is_refused(web: Web) -> None:
    """Art. 12(3): the notice must come within one month of receipt."""
    made = await opened(web.desk, ago=timedelta(days=40))
    await signed_in(web)
    page = await send(web, made.case, "extend", {"reason": "Vi rakk det ikke."})
    assert "Det er for sent å forlenge" in page


async def test_a_note_is_for_officers_only(web: Web) -> None:
    """It stands on the case, marked as internal, and nowhere on the person's page."""
    made = await opened(web.desk)
    await signed_in(web)
    assert "Skriv notatet." in await send(web, made.case, "note", {"note": ""})
    page = await send(web, made.case, "note", {"note": "Ring Kari før fredag."})
    assert "Ring Kari før fredag." in page
    assert "ikke synlig for personen" in page
    assert "Ring Kari" not in (await web.get(f"/s/{made.secret}")).text


async def test_a_doubt_is_written_down_and_stops_the_clock(web: Web) -> None:
    """Art. 12(6): the doubt and the question go to the person; confirming what was seen starts it again."""
    made = await opened(web.desk)
    await signed_in(web)
    page = await send(web, made.case, "doubt", {"doubt": "", "question": ""})
    assert page.count('class="ds-validation-message"') == 2
    page = await send(
        web, made.case, "doubt", {"doubt": "To personer har navnet.", "question": "Hvilket år ble du kunde?"}
    )
    assert "Fristen står stille" in page
    assert "Hvilket år ble du kunde?" in await letter(web, made.case, "identity")
    page = await send(web, made.case, "confirm", {"seen": "Svarte riktig på året."})
    assert "Identiteten er bekreftet" in page
    assert (await fresh(web.desk, made.case)).state == State.PLANNING


async def test_a_case_can_be_answered_by_hand(web: Web) -> None:
    """The officer's own words go out and the case ends."""
    made = await opened(web.desk, Right.COMPLAINT)
    await signed_in(web)
    assert "Skriv svaret til personen." in await send(web, made.case, "answer", {"answer": ""})
    page = await send(web, made.case, "answer", {"answer": "Du har rett, og vi har rettet opp."})
    assert "saken er avsluttet" in page
    assert "Du har rett, og vi har rettet opp." in await letter(web, made.case, "answer")
    assert (await fresh(web.desk, made.case)).state == State.ANSWERED


async def by_hand(web: Web, right: Right = Right.ACCESS) -> tuple[Case, str]:
    """An approved case whose step waits for an officer; the step's id."""
    made = await planned(web.desk, right)
    await acted(web.desk, made.case, Act.APPROVE)
    async with web.desk.unit_of_work() as session:
        step = (await session.scalars(select(StepRecord).where(StepRecord.case_id == made.case.id))).one()
        step.state = StepState.MANUAL.value
    return made.case, step.id


async def test_a_step_by_hand_is_ticked_off_with_a_note_and_a_file(web: Web) -> None:
    """The note is forced; the file can be fetched again, as a download and never shown."""
    case, step = await by_hand(web)
    await signed_in(web)
    assert "Skriv hva du gjorde." in await send(web, case, f"steps/{step}", {f"note-{step}": ""})
    answer = await web.browser.post(
        f"/console/cases/{case.reference}/steps/{step}",
        data={"token": web.form_token, f"note-{step}": "Fant to brev i arkivet."},
        files={"files": ("brev <1>.html", b"<script>x</script>", "text/html")},
        headers={"sec-fetch-site": "same-origin"},
    )
    page = (await web.get(answer.headers["location"])).text
    assert "Steget er merket som gjort" in page
    assert "Fant to brev i arkivet." in page
    async with web.desk.unit_of_work() as session:
        file = (await session.scalars(select(Attachment))).one()
    fetched = await web.get(f"/console/cases/{case.reference}/files/{file.id}")
    assert fetched.content == b"<script>x</script>"
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert fetched.headers["content-disposition"].startswith("attachment")
    assert "Steget er alt gjort." in await send(web, case, f"steps/{step}", {f"note-{step}": "Igjen."})


async def test_a_stopped_step_says_why_and_can_be_tried_again(web: Web) -> None:
    """In words, not in codes; trying again sets it going at once."""
    case, step = await by_hand(web)
    async with web.desk.unit_of_work() as session:
        row = await session.get_one(StepRecord, step)
        row.state, row.fault = StepState.BLOCKED.value, "needs_officer:change_unclear"
    await signed_in(web)
    page = await see(web, case)
    assert "Stoppet – må sjekkes" in page
    assert "change_unclear" not in page
    assert "Steget prøves igjen." in await send(web, case, f"steps/{step}/retry", {})
    async with web.desk.unit_of_work() as session:
        assert (await session.get_one(StepRecord, step)).state == StepState.READY


@pytest.mark.parametrize(
    ("act", "values", "name"),
    [
        ("extend", {"reason": "Mange systemer."}, "extension"),
        ("answer", {"answer": "Vi har sett på saken."}, "answer"),
    ],
)
async def test_a_letter_before_any_plan_goes_to_the_proven_address(
    web: Web, act: str, values: dict[str, str], name: str
) -> None:
    """Not to the one on the form, which may be a stranger's by a slip; the page names the one it goes to."""
    made = await opened(web.desk)
    proven, dossier = "kari@proven.example.no", made.case.dossier_id
    async with web.desk.unit_of_work() as session:
        await store(
            session, web.desk.vault, dossier_id=dossier, kind="email", value=proven,
            value_hash=address_hash(web.desk.vault, "fjordlys", proven), assurance=Assurance.LOW,
            by="code", now=web.desk.clock(),
        )  # fmt: skip
    await acted(web.desk, made.case, Act.CONFIRM_IDENTITY)
    await signed_in(web)
    page = await see(web, made.case)
    assert proven in page
    await send(web, made.case, act, values, page=page)
    async with web.desk.unit_of_work() as session:
        row = (await session.scalars(select(Letter).where(Letter.name == name))).one()
        assert open_letter(web.desk.vault, row).to == proven


async def test_a_step_is_ticked_on_its_own_case_only(web: Web) -> None:
    """Else an officer could reach another company's case through one of theirs."""
    _, step = await by_hand(web)
    other = await planned(web.desk)
    await signed_in(web)
    answer = await web.post(f"/console/cases/{other.case.reference}/steps/{step}", {f"note-{step}": "Gjort."})
    assert answer.status_code == 404


async def test_an_erased_dossier_says_so(web: Web) -> None:
    """When its key is gone the content cannot be read; the page is no error."""
    made = await planned(web.desk)
    await signed_in(web)
    web.desk.vault.forget(made.case.dossier_id)
    page = await see(web, made.case)
    assert "Opplysningene i saken er slettet" in page
    assert (await web.get("/console")).status_code == 200


async def test_the_console_speaks_the_officers_language(web: Web) -> None:
    """Chosen once, kept with the officer."""
    made = await planned(web.desk)
    await signed_in(web)
    for lang, expected in (("nn", "Førespurnaden kom inn"), ("en", "The request came in")):
        back = f"/console/cases/{made.case.reference}"
        answer = await web.post("/console/language", {"lang": lang, "back": back})
        assert answer.headers["location"] == back
        assert expected in await see(web, made.case)
