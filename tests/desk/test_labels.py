"""What officers say that messages asked for becomes examples, masked, and goes when the words go."""

import json

import pytest
import structlog
from sqlalchemy import select
from typer.testing import CliRunner

from desk.labels import examples, label
from intake.records import Message
from tests.bot.people import Person
from tests.desk.desks import Clock
from tests.desk.post import Post
from tests.desk.web import Web

pytestmark = pytest.mark.slow


async def found(web: Web) -> list[tuple[str, tuple[str, ...]]]:
    """The examples of the company."""
    async with web.desk.unit_of_work() as session:
        return [(one.text, one.types) for one in await examples(session, web.desk.vault, ["fjordlys"])]


async def test_a_cases_message_is_labelled_and_the_case_stays(web: Web, clock: Clock) -> None:
    """The officer ticks what it asked for; names and addresses that are recognised are not in the example."""
    await web.sign_in(await web.add_officer())
    kari = Person(web.desk.hub, "kari", now=clock())
    await kari.says("Slett kontoen min, jeg heter Kari Nordmann, kari@example.no")
    case = await kari.case()
    path = f"/console/cases/{case.reference}/reread"
    page = (await web.get(f"/console/cases/{case.reference}")).text
    assert "Meldingen ble lest feil" in page
    nothing = await web.post(path, {"label": []})
    assert nothing.status_code == 422
    both = await web.post(path, {"label": ["none", "erasure"]})
    assert both.status_code == 422
    done = await web.post(path, {"label": ["access", "restriction"]})
    assert done.headers["location"].endswith("m=reread")
    ((text, types),) = await found(web)
    assert types == ("access", "restriction")
    assert "kari@example.no" not in text
    assert (await kari.case()).state == case.state


async def test_a_label_that_says_what_was_read_is_no_news(web: Web, clock: Clock) -> None:
    """Only corrections are kept; a newer word takes the older one's place."""
    kari = Person(web.desk.hub, "kari", now=clock())
    await kari.says("Slett kontoen min")
    async with web.desk.unit_of_work() as session:
        source = await session.scalar(select(Message.id).where(Message.inbound))
        assert source is not None
        common = {
            "source": source,
            "operator_id": "fjordlys",
            "lang": "nb",
            "by": "officer:x",
            "now": clock(),
        }
        await label(session, types=["erasure"], read_as=["erasure"], **common)  # type: ignore[arg-type]
    assert await found(web) == []
    async with web.desk.unit_of_work() as session:
        await label(session, types=["none"], read_as=["erasure"], **common)  # type: ignore[arg-type]
        await label(session, types=["question"], read_as=["erasure"], **common)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="no such type"):
            await label(session, types=["noe"], read_as=[], **common)  # type: ignore[arg-type]
    assert [types for _, types in await found(web)] == [("question",)]


async def test_what_is_done_in_the_tray_is_a_label(web: Web, clock: Clock) -> None:
    """A mail that was read as nothing and is opened as a request; one that is put away as none."""
    await web.sign_in(await web.add_officer())
    post = Post(web.desk, clock)
    mail = await post.writes("Vi har gode tilbud på kontorstoler denne uken.", subject="Stoler")
    await web.post(f"/console/mail/{mail.id}/open", {"right": "objection"})
    assert [types for _, types in await found(web)] == [("objection",)]
    web.desk.vault.forget((await post.mails())[0].dossier_id)
    assert await found(web) == []


def test_the_command_prints_json_lines(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is corrected yet: nothing on standard output, and exit code 0."""
    from desk.cli import app

    monkeypatch.setenv("RETTSVAR_DATA_DIR", str(tmp_path))
    CliRunner().invoke(app, ["migrate"])
    done = CliRunner().invoke(app, ["examples"])
    structlog.reset_defaults()
    assert done.exit_code == 0
    assert [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")] == []
