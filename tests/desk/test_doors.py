"""Every page of the console refuses a stranger, found by knocking on the doors the application itself lists."""

import re

import pytest

from desk.security import framed_by
from tests.desk.web import Web

pytestmark = pytest.mark.slow

OPEN = {"/console/sign-in"}


def console_doors(web: Web) -> list[tuple[str, str]]:
    """(method, path) of every console route, with something put in for what the path leaves open."""
    paths: dict[str, dict[str, object]] = web.app.openapi()["paths"]
    doors = [
        (method.upper(), re.sub(r"\{[^}]+\}", "FJL-2026-0001", path))
        for path, methods in paths.items()
        for method in methods
        if path.startswith("/console") and path not in OPEN
    ]
    assert len(doors) >= 12  # the application lists its routes: an empty list would prove nothing
    return doors


async def test_a_stranger_is_sent_to_the_door(web: Web) -> None:
    """Without a session, with an invented one, and with a form token made up: always the sign-in page."""
    for method, path in console_doors(web):
        for cookie in (None, "rettsvar_officer=" + "0" * 64):
            headers = {"cookie": cookie} if cookie else {}
            answer = await web.browser.request(method, path, headers=headers)
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/console/sign-in"), (method, path)
            assert "FJL" not in answer.text


async def test_an_officer_gets_in_by_the_same_knocks(web: Web) -> None:
    """The doors do open: a signed-in officer is not sent to the sign-in page by any of them."""
    await web.sign_in(await web.add_officer())
    for method, path in console_doors(web):
        if path == "/console/sign-out":
            continue
        answer = await (web.get(path) if method == "GET" else web.post(path))
        assert "sign-in" not in answer.headers.get("location", ""), (method, path)


async def test_every_post_of_the_console_wants_the_forms_token(web: Web) -> None:
    """A signed-in officer's browser, made to post by another page, is refused everywhere."""
    await web.sign_in(await web.add_officer())
    web.form_token = ""
    for method, path in console_doors(web):
        if method == "POST":
            assert (await web.post(path)).status_code == 403, path


@pytest.mark.parametrize("path", ["/console", "/console/sign-in", "/s/unknown", "/", "/o/fjordlys"])
async def test_no_page_allows_anything_inline(web: Web, path: str) -> None:
    """The policy is strict on every page, also on one that is not found; framing is for the widget alone."""
    answer = await web.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/console", "/console/sign-in", "/s/unknown"])
async def test_private_pages_are_kept_nowhere(web: Web, path: str) -> None:
    """Neither the browser nor a proxy stores them."""
    assert (await web.get(path)).headers["cache-control"] == "no-store"


async def test_the_widget_is_framed_where_the_settings_say(web: Web) -> None:
    """By our own pages, and the company's named sites; nothing else of its policy is looser, no other page is."""
    policy = (await web.get("/o/fjordlys/widget")).headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "script-src 'self'" in policy
    framed = framed_by({"fjordlys": ["https://www.fjordlys.example"]})
    assert "https://www.fjordlys.example" in (framed("/o/fjordlys/widget") or "")
    assert "fjordlys.example" not in (framed("/o/cleverstore/widget") or "")
    assert framed("/o/fjordlys/chat") is None
