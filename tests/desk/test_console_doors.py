"""Signing in to the console, and what keeps others out."""

import pytest

from desk.console.sessions import IDLE, LONGEST, TRIES
from desk.records import Officer
from tests.desk.web import EMAIL, PASSWORD, Web, hidden

pytestmark = pytest.mark.slow


async def test_password_and_code_open_the_queue(web: Web) -> None:
    """The right password with the code of the moment leads to the queue."""
    answer = await web.sign_in(await web.add_officer())
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert "Henvendelser" in (await web.get("/console")).text


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_paths(web: Web) -> None:
    """HttpOnly, SameSite and the console's path only; on plain http it cannot be Secure."""
    cookies = (await web.sign_in(await web.add_officer())).headers.get_list("set-cookie")
    session = next(one for one in cookies if one.startswith("rettsvar_officer="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "Path=/console" in session
    assert "Secure" not in session


async def test_the_token_is_not_in_the_database(web: Web) -> None:
    """Who reads the database cannot take over a session."""
    await web.sign_in(await web.add_officer())
    token = web.browser.cookies["rettsvar_officer"]
    raw = (web.desk.settings.data_dir / "desk.sqlite-wal").read_bytes()
    raw += (web.desk.settings.data_dir / "desk.sqlite").read_bytes()
    assert token.encode() not in raw


async def test_a_code_opens_the_door_once(web: Web) -> None:
    """Who saw a code over the officer's shoulder cannot use it again, not even within its half minute."""
    totp = await web.add_officer()
    code = totp.at(web.clock())
    assert (await web.sign_in(totp, code=code)).status_code == 303
    assert (await web.sign_in(totp, code=code)).status_code == 403
    web.clock.pass_on(seconds=30)
    assert (await web.sign_in(totp)).status_code == 303


async def test_every_refusal_reads_the_same(web: Web) -> None:
    """A wrong code, a wrong password and an unknown address cannot be told apart."""
    totp = await web.add_officer()
    wrong_code = await web.sign_in(totp, code="000000")
    wrong_password = await web.sign_in(totp, password="feil-feil-feil")
    unknown = await web.sign_in(totp, email=EMAIL.replace("vera", "ukjent"))
    pages = {
        one.text.replace(EMAIL, "").replace("ukjent.vurderer@example.no", "")
        for one in (wrong_code, wrong_password, unknown)
    }
    assert {one.status_code for one in (wrong_code, wrong_password, unknown)} == {403}
    assert len(pages) == 1


async def test_five_misses_close_the_door_for_a_quarter_of_an_hour(web: Web) -> None:
    """After five wrong passwords even the right one is refused, until 15 minutes have passed."""
    totp = await web.add_officer()
    for _ in range(TRIES):
        await web.sign_in(totp, password="feil-feil-feil")
    assert (await web.sign_in(totp)).status_code == 403
    web.clock.pass_on(minutes=14)
    assert (await web.sign_in(totp)).status_code == 403
    web.clock.pass_on(minutes=2)
    assert (await web.sign_in(totp)).status_code == 303


async def test_a_right_try_forgives_the_wrong_ones(web: Web) -> None:
    """Four misses, a hit and four misses do not lock anybody out."""
    totp = await web.add_officer()
    for _ in range(2):
        for _ in range(TRIES - 1):
            await web.sign_in(totp, password="feil-feil-feil")
        assert (await web.sign_in(totp)).status_code == 303
        web.clock.pass_on(seconds=60)


async def test_a_session_ends_when_idle(web: Web) -> None:
    """Half an hour without a request ends it; the person is told why, and can sign in again."""
    totp = await web.add_officer()
    await web.sign_in(totp)
    web.clock.pass_on(seconds=IDLE.total_seconds() - 60)
    assert (await web.get("/console")).status_code == 200
    web.clock.pass_on(seconds=IDLE.total_seconds() - 60)
    assert (await web.get("/console")).status_code == 200
    web.clock.pass_on(seconds=IDLE.total_seconds())
    refused = await web.get("/console")
    assert refused.headers["location"] == "/console/sign-in?back=/console&ended=1"
    assert "30 minutter" in (await web.get(refused.headers["location"])).text
    assert (await web.sign_in(totp)).status_code == 303


async def test_a_session_ends_after_a_working_day(web: Web) -> None:
    """However busy, twelve hours are the longest."""
    await web.sign_in(await web.add_officer())
    for _ in range(int(LONGEST.total_seconds() // 1200) - 1):
        web.clock.pass_on(minutes=20)
        assert (await web.get("/console")).status_code == 200
    web.clock.pass_on(minutes=20)
    assert (await web.get("/console")).status_code == 303


async def test_signing_out_ends_the_session_on_the_server(web: Web) -> None:
    """A copy of the cookie is worth nothing afterwards."""
    await web.sign_in(await web.add_officer())
    token = web.browser.cookies["rettsvar_officer"]
    assert (await web.post("/console/sign-out")).status_code == 303
    web.browser.cookies.set("rettsvar_officer", token, domain="desk.example", path="/console")
    assert (await web.get("/console")).status_code == 303


async def test_a_disabled_officer_is_out_at_once(web: Web) -> None:
    """Their open session too."""
    await web.sign_in(await web.add_officer())
    async with web.desk.unit_of_work() as session:
        officer = await session.get_one(Officer, (await _only(web)).id)
        officer.disabled_at = web.clock()
    assert (await web.get("/console")).status_code == 303


async def test_a_post_without_the_forms_token_is_refused(web: Web) -> None:
    """Another site can make the browser post, but does not know the token; the session survives the try."""
    await web.sign_in(await web.add_officer())
    token, web.form_token = web.form_token, "0" * 64
    assert (await web.post("/console/sign-out")).status_code == 403
    web.form_token = token
    assert (await web.post("/console/sign-out")).status_code == 303


async def test_a_post_from_another_site_is_refused(web: Web) -> None:
    """By what the browser says of itself, before anything is looked at."""
    await web.sign_in(await web.add_officer())
    for site in ("cross-site", "same-site"):
        refused = await web.post("/console/sign-out", site=site)
        assert refused.status_code == 403
    assert (await web.get("/console")).status_code == 200


async def test_the_sign_in_form_belongs_to_this_browser(web: Web) -> None:
    """A form fetched elsewhere signs nobody in here (login CSRF); the page offers a fresh one."""
    totp = await web.add_officer()
    web.form_token = "0" * 64
    values = {"email": EMAIL, "password": PASSWORD, "code": totp.at(web.clock())}
    refused = await web.post("/console/sign-in", values)
    assert refused.status_code == 403
    web.form_token = hidden(refused.text, "token")
    assert (await web.post("/console/sign-in", values)).status_code == 303


async def test_signing_in_never_leads_out_of_the_console(web: Web) -> None:
    """`back` is taken from the address, so it may hold anything."""
    totp = await web.add_officer()
    for back in (
        "https://evil.example/",
        "//evil.example",
        "/console//evil.example",
        "/o/fjordlys",
        "/console\\x",
    ):
        assert (await web.sign_in(totp, back=back)).headers["location"] == "/console"
        web.clock.pass_on(seconds=30)
    answer = await web.sign_in(totp, back="/console/cases/FJL-2026-0001")
    assert answer.headers["location"] == "/console/cases/FJL-2026-0001"


async def _only(web: Web) -> Officer:
    from desk.console.officers import find_officer

    async with web.desk.unit_of_work() as session:
        found = await find_officer(session, EMAIL)
    assert found is not None
    return found
