"""The demo's mailbox takes every mail by SMTP and shows it on its pages."""

import gc
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest
from aiosmtplib import send
from fastapi import FastAPI

from desk.demo import writing
from desk.demo.listening import LOOPBACK
from desk.demo.mailbox import Mailbox, pieces, router
from intake.email.mail import Delivery
from tests.company import company

STATUS = "http://127.0.0.1:8400/s/AbC-_123"


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    """A mailbox that is stopped after the test, should it listen."""
    box = Mailbox(tmp_path / "mail")
    yield box
    box.stop()


@pytest.fixture
async def web(mailbox: Mailbox) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser on the mailbox's pages."""
    app = FastAPI()
    app.include_router(router(mailbox))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        yield client


def _mail(
    to: str = "kari.eksempel@example.no", subject: str = "Saken din", text: str = "Hei!"
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Personvern <personvern@example.no>"
    message["To"] = to
    message["Subject"] = subject
    message.set_content(text)
    return message


def _keep(mailbox: Mailbox, message: EmailMessage) -> str:
    return mailbox.keep(message.as_bytes(), "personvern@example.no", (str(message["To"]),))


async def test_a_sent_mail_is_shown_with_its_link(mailbox: Mailbox, web: httpx2.AsyncClient) -> None:
    """A mail handed over by SMTP is on the list, and its page has the text and a link to follow."""
    port = mailbox.start()
    text = f"Kode: 314 159\n\nFølg saken her: {STATUS}.\n"
    await send(_mail(subject="Koden din er på vei", text=text), hostname=LOOPBACK, port=port)
    listed = await web.get("/demo/mailbox")
    found = re.search(r'href="(/demo/mailbox/[0-9a-f-]+)">Koden din er på vei</a>', listed.text)
    assert found is not None
    page = await web.get(found.group(1))
    assert page.status_code == 200
    assert "Kode: 314 159" in page.text
    assert f'<a class="ds-link" href="{STATUS}" rel="noreferrer">{STATUS}</a>.' in page.text


async def test_a_mail_is_read_as_it_was_written(mailbox: Mailbox) -> None:
    """Norwegian letters, both parts, attachments and the envelope come through."""
    message = _mail("bjorn.dalesund@example.org", "Svar på kravet – æøå", "Kjære Bjørn Ærlig D'Ålesund\n")
    message.add_alternative("<p>Kjære Bjørn</p>", subtype="html")
    message.add_attachment("a;b\n", subtype="csv", filename="innsyn-på-norsk.csv")
    before = datetime.now(UTC) - timedelta(seconds=1)
    await send(message, recipients=["skjult@example.com"], hostname=LOOPBACK, port=mailbox.start())
    (mail,) = mailbox.mails()
    assert mail.subject == "Svar på kravet – æøå"
    assert mail.text.strip() == "Kjære Bjørn Ærlig D'Ålesund"
    assert mail.sender == "Personvern <personvern@example.no>"
    assert mail.to == ("skjult@example.com",)
    assert mail.attachments == ("innsyn-på-norsk.csv",)
    assert before <= mail.at <= datetime.now(UTC)


def test_the_newest_mail_comes_first(mailbox: Mailbox) -> None:
    """Mails are in the order they came, turned round, however fast they come."""
    ids = [_keep(mailbox, _mail(subject=f"nr. {number}")) for number in range(20)]
    assert [mail.id for mail in mailbox.mails()] == ids[::-1]


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    """Older mails go when new ones come, from the folder too."""
    mailbox = Mailbox(tmp_path, kept=3)
    for number in range(5):
        _keep(mailbox, _mail(subject=f"nr. {number}"))
    assert [mail.subject for mail in mailbox.mails()] == ["nr. 4", "nr. 3", "nr. 2"]
    assert len(list(tmp_path.iterdir())) == 3


def test_mails_outlive_the_process(tmp_path: Path) -> None:
    """A mailbox over the same folder has the same mails."""
    _keep(Mailbox(tmp_path), _mail(subject="fra i går"))
    assert [mail.subject for mail in Mailbox(tmp_path).mails()] == ["fra i går"]


def test_finding_by_recipient_and_subject(mailbox: Mailbox) -> None:
    """Either narrows the search, case does not count, and the newest comes first."""
    for to, subject in (
        ("kari.eksempel@example.no", "Koden din"),
        ("ola.nabo@example.no", "Koden din"),
        ("kari.eksempel@example.no", "Svar"),
    ):
        _keep(mailbox, _mail(to, subject))
    assert [mail.subject for mail in mailbox.find(to="Kari.Eksempel@example.no")] == ["Svar", "Koden din"]
    assert [mail.to for mail in mailbox.find(subject_part="KODE")] == [
        ("ola.nabo@example.no",),
        ("kari.eksempel@example.no",),
    ]
    assert len(mailbox.find(to="kari.eksempel@example.no", subject_part="kode")) == 1
    assert mailbox.find(to="nils.ukjent@example.no") == []


async def test_hostile_mail_is_shown_as_text(mailbox: Mailbox, web: httpx2.AsyncClient) -> None:
    """Markup is not markup on the pages, and only web addresses become links."""
    id = _keep(mailbox, _mail(subject="<script>alert(1)</script>", text='"><b>hei</b> javascript:alert(1)'))
    for path in ("/demo/mailbox", f"/demo/mailbox/{id}"):
        page = await web.get(path)
        assert "<script" not in page.text
        assert "<b>" not in page.text
        assert 'href="javascript' not in page.text


@pytest.mark.parametrize("id", ["nothing", "00000000000000000000-00000000", "..%2F..%2Fetc%2Fpasswd", "%00"])
async def test_an_unknown_mail_is_not_found(mailbox: Mailbox, web: httpx2.AsyncClient, id: str) -> None:
    """What is no mail of ours gives 404, also paths out of the folder; the next real one is shown."""
    assert (await web.get(f"/demo/mailbox/{id}")).status_code == 404
    known = _keep(mailbox, _mail())
    assert (await web.get(f"/demo/mailbox/{known}")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "header", "lang", "words"),
    [
        ("", "nb-NO", "nb", "Ingen e-post ennå."),
        ("", "nn", "nn", "Ingen e-post enno."),
        ("?lang=en", "nb", "en", "No e-mail yet."),
    ],
)
async def test_the_pages_speak_three_languages(
    web: httpx2.AsyncClient, asked: str, header: str, lang: str, words: str
) -> None:
    """The language asked for, else the browser's; an empty mailbox says so in it."""
    page = await web.get(f"/demo/mailbox{asked}", headers={"accept-language": header})
    assert f'<html lang="{lang}">' in page.text
    assert words in page.text


async def test_the_pages_hold_nothing_inline(mailbox: Mailbox, web: httpx2.AsyncClient) -> None:
    """No style and no script stands in the page, which the desk's content security policy would refuse."""
    id = _keep(mailbox, _mail())
    for path in ("/demo/mailbox", f"/demo/mailbox/{id}", "/demo/mailbox/none"):
        page = (await web.get(path)).text
        assert not re.search(r"<style|<script|\sstyle=|\son\w+=", page)
        assert '<meta name="viewport"' in page
        assert page.count("<h1") == 1


def test_only_this_machine_is_listened_to(mailbox: Mailbox) -> None:
    """The server is bound to loopback; stopped, it answers no more, and can start again on the same port."""
    port = mailbox.start()
    with socket.create_connection((LOOPBACK, port), 5) as line:
        assert line.recv(100).startswith(b"220 localhost")
    mailbox.stop()
    mailbox.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, port), 5)
    assert mailbox.start(port) == port


def test_stopping_hangs_up(mailbox: Mailbox) -> None:
    """A client that is still there when the demo ends keeps nothing open and nothing waiting."""
    with socket.create_connection((LOOPBACK, mailbox.start()), 5) as line:
        line.recv(100)
        mailbox.stop()
        assert line.recv(100) in (b"", b"421 ")


@pytest.mark.parametrize("hellos", [0, 1])
def test_stopping_leaves_no_socket_open(tmp_path: Path, hellos: int) -> None:
    """Whether greeted already or accepted in this very moment: each client is hung up on, and nothing is left open."""
    for _ in range(5):  # the moment is as it comes
        box = Mailbox(tmp_path)
        port = box.start()
        with ExitStack() as clients:
            lines = [clients.enter_context(socket.create_connection((LOOPBACK, port), 5)) for _ in range(10)]
            for line in lines * hellos:
                assert line.recv(100).startswith(b"220 ")
            box.stop()
            for line in lines:
                with suppress(ConnectionResetError):  # one that had not been accepted yet
                    while line.recv(100):
                        pass
    gc.collect()  # an open socket nobody holds is a warning here, and a warning fails the test


def test_one_mailbox_listens_once(mailbox: Mailbox, tmp_path: Path) -> None:
    """Starting twice, or on a taken port, is an error; the first goes on listening."""
    port = mailbox.start()
    with pytest.raises(RuntimeError):
        mailbox.start()
    with pytest.raises(OSError, match="in use"):
        Mailbox(tmp_path).start(port)
    with socket.create_connection((LOOPBACK, port), 5) as line:
        assert line.recv(100).startswith(b"220 ")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Se https://example.no/s/abc.", ["https://example.no/s/abc"]),
        ("(http://example.no/a?b=c&d=e), og så", ["http://example.no/a?b=c&d=e"]),
        ("<https://example.no/>", ["https://example.no/"]),
        ("uten lenke", []),
        ("https://example.no/1\nhttps://example.no/2", ["https://example.no/1", "https://example.no/2"]),
    ],
)
def test_links_are_found_and_nothing_is_lost(text: str, links: list[str]) -> None:
    """The marks around a link are not part of it, and the pieces together are the text."""
    cut = list(pieces(text))
    assert [piece.text for piece in cut if piece.link] == links
    assert "".join(piece.text for piece in cut) == text


async def test_a_mail_is_written_to_a_company_and_an_answer_is_threaded(mailbox: Mailbox) -> None:
    """What is written goes to the desk's door as a mail server would bring it; an answer refers to the mail."""
    came: list[Delivery] = []

    async def take_in(delivery: Delivery) -> bool:
        came.append(delivery)
        return True

    app = FastAPI()
    now = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    app.include_router(writing.router(mailbox, {"fjordlys": company()}, take_in, lambda: now))
    app.include_router(router(mailbox))
    letter = _mail()
    letter.replace_header("From", "Fjordlys <personvern@example.no>")
    letter["Message-ID"] = "<brev@example.no>"
    id = _keep(mailbox, letter)
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        assert f"answering={id}" in (await client.get(f"/demo/mailbox/{id}")).text
        assert "kari.eksempel@example.no" in (await client.get("/demo/write")).text
        form = (await client.get(f"/demo/write?answering={id}")).text
        assert "Re: Saken din" in form
        assert "&gt; Hei!" in form
        values = {"company": "fjordlys", "sender": "kari@example.no", "subject": "Re: x", "answering": id}
        refused = await client.post("/demo/write", data=values | {"text": " "})
        sent = await client.post("/demo/write", data=values | {"text": "Koden er 123456"})
    assert (refused.status_code, sent.status_code) == (422, 303)
    (delivery,) = came
    assert b"In-Reply-To: <brev@example.no>" in delivery.raw
    assert (delivery.operator, delivery.received_at) == ("fjordlys", now)
