"""The website chat over HTTP: with and without its script, as a page and in a frame, and under floods."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from bot import webchat
from bot.chatpage import FOLDER
from bot.hub import Channel, Hub, Reply
from bot.memory import find_conversation, tell
from bot.webdoor import LARGEST
from intake.records import Case
from tests.bot.people import WEDNESDAY

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PAGE, FRAME = "/o/fjordlys/chat", "/o/fjordlys/widget"
ASK = "Jeg vil ha innsyn i opplysningene mine"


@pytest.fixture
def app(hub: Hub, now: datetime) -> FastAPI:
    """The chat alone."""
    app = FastAPI()
    app.include_router(webchat.router(hub, lambda: now, b"k" * 32))
    return app


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser with cookies; it follows no redirect by itself."""
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://desk.example"
    ) as client:
        yield client


@pytest.fixture
async def another(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody else's browser."""
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://desk.example"
    ) as client:
        yield client


def field(markup: str, name: str) -> str:
    """The value of a named input."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', markup)
    assert found is not None, name
    return html.unescape(found[1])


def filled(markup: str, **values: str) -> dict[str, str]:
    """The page's form as a browser would post it."""
    hidden = {name: field(markup, name) for name in ("token", "fresh", "nonce", "lang")}
    return hidden | {"text": ""} | values


async def cases(hub: Hub) -> int:
    """How many cases there are."""
    async with hub.unit_of_work() as session:
        return await session.scalar(select(func.count()).select_from(Case)) or 0


async def test_looking_at_the_chat_stores_nothing(browser: httpx2.AsyncClient) -> None:
    """The greeting says that it is automated, and no cookie is set before anything is said."""
    shown = await browser.get(PAGE)
    assert "automatisk assistent" in shown.text
    assert "set-cookie" not in shown.headers
    assert shown.headers["cache-control"] == "no-store"


async def test_a_company_that_is_not_served_is_not_found(browser: httpx2.AsyncClient) -> None:
    """On the page, the frame and the stream."""
    for path in ("/o/nobody/chat", "/o/nobody/widget", "/o/nobody/chat/stream?ticket=x"):
        assert (await browser.get(path)).status_code == 404


async def test_the_form_works_without_the_script(browser: httpx2.AsyncClient, hub: Hub) -> None:
    """A post is answered by a redirect to the page, which then shows the conversation."""
    posted = await browser.post(PAGE, data=filled((await browser.get(PAGE)).text, text=ASK))
    assert (posted.status_code, posted.headers["location"]) == (303, f"{PAGE}?lang=nb#text")
    cookie = posted.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    shown = await browser.get(PAGE)
    assert "FJL-2026-0001" in shown.text
    assert 'name="choice" value="yes"' in shown.text
    assert await cases(hub) == 1


async def test_the_form_sent_twice_is_one_message(browser: httpx2.AsyncClient, hub: Hub) -> None:
    """A double click on the very first message makes one conversation and one case."""
    form = filled((await browser.get(PAGE)).text, text=ASK)
    first, second = await asyncio.gather(browser.post(PAGE, data=form), browser.post(PAGE, data=form))
    assert (first.status_code, second.status_code) == (303, 303)
    assert await cases(hub) == 1


async def test_other_words_in_the_same_form_are_another_message(browser: httpx2.AsyncClient) -> None:
    """Whoever changes the text after a broken connection is heard, though the form is the same."""
    form = filled((await browser.get(PAGE)).text, text="hei")
    await browser.post(PAGE, data=form)
    await browser.post(PAGE, data=form | {"text": "hei igjen"})
    shown = (await browser.get(PAGE)).text
    assert "<p>hei</p>" in shown
    assert "<p>hei igjen</p>" in shown


async def test_the_script_gets_only_what_is_new(browser: httpx2.AsyncClient) -> None:
    """A fragment with this turn's messages, the buttons and the next form's fields."""
    page = (await browser.get(PAGE)).text
    first = await browser.post(PAGE, data=filled(page, text="hei"), headers={"X-Turn": "1"})
    assert first.status_code == 200
    form = filled(page, text=ASK) | {"token": field(first.text, "token"), "nonce": field(first.text, "nonce")}
    second = await browser.post(PAGE, data=form, headers={"X-Turn": "1"})
    assert "<html" not in second.text
    assert "<p>hei</p>" not in second.text
    assert 'value="yes"' in second.text
    assert field(second.text, "stream")


async def test_a_pressed_button_is_a_message(browser: httpx2.AsyncClient, hub: Hub) -> None:
    """It stands in the log as its words."""
    await browser.post(PAGE, data=filled((await browser.get(PAGE)).text, choice="right:erasure"))
    assert "Slett opplysningene mine" in (await browser.get(PAGE)).text
    assert await cases(hub) == 1


async def test_the_page_comes_back_in_the_language_spoken(browser: httpx2.AsyncClient) -> None:
    """A browser set to English sees its Norwegian conversation in Norwegian, unless English is asked for."""
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    page = (await browser.get(PAGE, headers=english)).text
    assert 'lang="en"' in page[:200]
    await browser.post(PAGE, data=filled(page, text=ASK))
    assert '<html lang="nb">' in (await browser.get(PAGE, headers=english)).text
    assert '<html lang="en">' in (await browser.get(f"{PAGE}?lang=en")).text


async def test_the_frame_needs_no_cookie(browser: httpx2.AsyncClient) -> None:
    """On another site there are none: the token is in the form, and the conversation is found again by it."""
    first = await browser.post(FRAME, data=filled((await browser.get(FRAME)).text, text="hei"))
    assert first.status_code == 200
    assert "set-cookie" not in first.headers
    second = await browser.post(FRAME, data=filled(first.text, text=ASK))
    assert "<p>hei</p>" in second.text
    assert "FJL-2026-0001" in second.text
    again = filled((await browser.get(FRAME)).text) | {"token": field(second.text, "token")}
    resumed = await browser.post(f"{FRAME}/resume", data=again, headers={"X-Turn": "1"})
    assert "<p>hei</p>" in resumed.text


async def test_an_unknown_conversation_cannot_be_resumed(browser: httpx2.AsyncClient) -> None:
    """The script then forgets the token."""
    form = filled((await browser.get(FRAME)).text) | {"token": "A" * 32}
    assert (await browser.post(f"{FRAME}/resume", data=form)).status_code == 404


async def test_a_form_with_another_token_is_refused(
    browser: httpx2.AsyncClient, another: httpx2.AsyncClient
) -> None:
    """Nobody writes in another's conversation with their own cookie; a token of one's own making is none."""
    for one in (browser, another):
        await one.post(PAGE, data=filled((await one.get(PAGE)).text, text="hei"))
    theirs = filled((await another.get(PAGE)).text, text=ASK)
    assert (await browser.post(PAGE, data=theirs)).status_code == 403
    assert (await browser.post(FRAME, data=theirs | {"token": "short"})).status_code == 403


async def test_a_browser_without_cookies_can_still_talk(browser: httpx2.AsyncClient) -> None:
    """The form carries the token on."""
    page = (await browser.get(PAGE)).text
    first = await browser.post(PAGE, data=filled(page, text="hei"), headers={"X-Turn": "1"})
    browser.cookies.clear()
    form = filled(page, text=ASK) | {"token": field(first.text, "token"), "nonce": "2"}
    assert "FJL-2026-0001" in (await browser.post(PAGE, data=form, headers={"X-Turn": "1"})).text


async def test_two_browsers_do_not_see_each_other(
    browser: httpx2.AsyncClient, another: httpx2.AsyncClient
) -> None:
    """Each has its own conversation and case."""
    await browser.post(PAGE, data=filled((await browser.get(PAGE)).text, text=ASK))
    await another.post(PAGE, data=filled((await another.get(PAGE)).text, text=ASK))
    assert "FJL-2026-0002" not in (await browser.get(PAGE)).text
    assert "FJL-2026-0001" not in (await another.get(PAGE)).text


async def test_too_large_a_message_is_refused_readably(browser: httpx2.AsyncClient) -> None:
    """The script gets a sentence, the browser the page with it; a body of unknown length is not read."""
    form = filled((await browser.get(PAGE)).text, text="x" * (LARGEST + 1))
    script = await browser.post(PAGE, data=form, headers={"X-Turn": "1"})
    assert (script.status_code, script.text[:24]) == (413, "Meldingen er for lang ti")
    page = await browser.post(PAGE, data=form)
    assert page.status_code == 413
    assert "Meldingen er for lang" in page.text

    async def body() -> AsyncIterator[bytes]:
        yield b"text=hei"

    assert (await browser.post(PAGE, content=body())).status_code == 411


async def test_a_flood_is_braked_and_the_words_are_not_lost(browser: httpx2.AsyncClient) -> None:
    """The forty-first message in five minutes gets a page that says when to try again, with the text in it."""
    page = (await browser.get(PAGE)).text
    for n in range(40):
        assert (await browser.post(PAGE, data=filled(page, text=f"hei {n}"))).status_code == 303
    braked = await browser.post(PAGE, data=filled(page, text="det siste ordet"))
    assert braked.status_code == 429
    assert "Prøv igjen om 5 minutter" in braked.text
    assert "det siste ordet</textarea>" in braked.text
    assert (await browser.post(PAGE, data=filled(page, text="x"), headers={"X-Turn": "1"})).status_code == 429


async def test_what_a_person_writes_is_never_markup(browser: httpx2.AsyncClient) -> None:
    """A script in a message is shown as the letters it is made of."""
    await browser.post(PAGE, data=filled((await browser.get(PAGE)).text, text="<script>alert(1)</script>"))
    shown = (await browser.get(PAGE)).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


async def test_a_file_is_not_taken_and_the_text_is(browser: httpx2.AsyncClient, hub: Hub) -> None:
    """A posted file is named as not received; the request beside it is a case."""
    form = filled((await browser.get(PAGE)).text, text=ASK)
    await browser.post(PAGE, data=form, files={"file": ("pass.jpg", b"\xff\xd8", "image/jpeg")})
    assert "ikke ta imot filer" in (await browser.get(PAGE)).text
    assert await cases(hub) == 1


async def test_a_conversation_without_a_case_can_be_deleted(browser: httpx2.AsyncClient) -> None:
    """All is gone, the cookie too; with an open case it stays, and the person is told why."""
    await browser.post(PAGE, data=filled((await browser.get(PAGE)).text, text="hei på dere"))
    gone = await browser.post(f"{PAGE}/forget", data=filled((await browser.get(PAGE)).text))
    assert "Samtalen er slettet" in gone.text
    assert not browser.cookies
    assert "hei på dere" not in (await browser.get(PAGE)).text
    await browser.post(PAGE, data=filled((await browser.get(PAGE)).text, text=ASK))
    kept = await browser.post(f"{PAGE}/forget", data=filled((await browser.get(PAGE)).text))
    assert "Den beholder vi til saken er avsluttet" in kept.text


async def test_the_stream_brings_what_is_said_later(
    app: FastAPI, browser: httpx2.AsyncClient, hub: Hub
) -> None:
    """News added by the worker arrives with its number, once, on an open stream."""
    page = (await browser.get(PAGE)).text
    first = await browser.post(PAGE, data=filled(page, text=ASK), headers={"X-Turn": "1"})
    ticket, token = field(first.text, "stream"), field(first.text, "token")
    assert token not in ticket
    async with hub.unit_of_work() as session:
        talk = await find_conversation(session, hub.vault, "fjordlys", Channel.WEBCHAT, token)
        assert talk is not None
        await tell(session, hub.vault, talk, Reply("Nytt i saken"), WEDNESDAY)
    last = max(int(seq) for seq in re.findall(r'data-seq="(\d+)"', first.text))
    got = await first_event(app, f"{PAGE}/stream", f"ticket={ticket}&after={last}")
    assert "event: news" in got
    assert f"id: {last + 1}" in got
    assert "Nytt i saken" in got
    assert 'value="yes"' in got  # the buttons of before are still the last ones offered


async def test_a_stream_needs_a_ticket_of_this_company(browser: httpx2.AsyncClient) -> None:
    """A made-up one, and one that was changed, are refused before anything is sent."""
    first = await browser.post(
        PAGE, data=filled((await browser.get(PAGE)).text, text="hei"), headers={"X-Turn": "1"}
    )
    ticket = field(first.text, "stream")
    for bad in ("x", ticket[:-2] + "xx"):
        assert (await browser.get(f"{PAGE}/stream", params={"ticket": bad})).status_code == 403


async def first_event(app: FastAPI, path: str, query: str) -> str:
    """Read a stream until its first whole event, then hang up, as ASGI has it."""
    got: asyncio.Queue[str] = asyncio.Queue()
    left = asyncio.Event()

    async def receive() -> dict[str, object]:
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        body = message.get("body")
        if isinstance(body, bytes) and body:
            got.put_nowait(body.decode())

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path,
        "raw_path": path.encode(), "query_string": query.encode(), "headers": [], "scheme": "http",
        "server": ("desk.example", 80), "client": ("127.0.0.1", 1), "root_path": "",
    }  # fmt: skip
    serving = asyncio.create_task(app(scope, receive, send))  # type: ignore[arg-type]
    text = ""
    while "\n\n" not in text or "event:" not in text:
        text += await asyncio.wait_for(got.get(), 10)
    left.set()
    await serving
    return text


@pytest.mark.parametrize("name", ["chat.html", "turn.html", "macros.html"])
def test_no_inline_style_or_script(name: str, database: object) -> None:
    """A strict content security policy needs no exception for the chat."""
    markup = (FOLDER / name).read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", markup)
    assert all(re.search(r"\ssrc=", tag) for tag in re.findall(r"<script[^>]*>", markup))


@pytest.mark.parametrize("name", ["chat.js", "launcher.js"])
def test_scripts_keep_the_policy_and_other_peoples_pages(name: str, database: object) -> None:
    """No markup from strings, no style set by script, no open-ended message to a window, no handler taken over."""
    script = Path(FOLDER / name).read_text("utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", script
    )
    assert not re.search(r"\.style\b|cssText|setAttribute\(\"style", script)
    assert not re.search(
        r"postMessage\([^)]*[\"']\*[\"']|\.onmessage\s*=|document\.cookie|localStorage", script
    )


async def test_scripts_and_styles_are_served_to_other_sites(browser: httpx2.AsyncClient) -> None:
    """The launcher is loaded by a company's own page."""
    for path in webchat.FILES:
        got = await browser.get(path)
        assert got.status_code == 200
        assert got.headers["cross-origin-resource-policy"] == "cross-origin"
