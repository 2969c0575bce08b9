"""The tray in the console: a mail nobody could place becomes a request, goes to its case, or is put away."""

import re

import pytest

from desk.rendering import text
from intake.email.mail import Authentic, Trust
from intake.email.records import IncomingMail, MailState
from tests.desk.desks import Clock
from tests.desk.post import KARI, Post
from tests.desk.web import Web

pytestmark = pytest.mark.slow
PAGE = "/console/mail"


@pytest.fixture
async def post(web: Web, clock: Clock) -> Post:
    """The post of a desk whose officer is signed in."""
    await web.sign_in(await web.add_officer())
    return Post(web.desk, clock)


async def forged(post: Post, text: str = "Jeg vil ha alt dere har om meg.") -> IncomingMail:
    """A request that its own domain disowns: it lies in the tray."""
    post.trust = Trust(Authentic.FAIL, (("dmarc", "fail"),))
    mail = await post.writes(text, subject="Innsyn <b>nå</b>")
    assert mail.state == MailState.TRAY
    return mail


async def test_the_tray_shows_what_lies_there_and_why(web: Web, post: Post) -> None:
    """A stranger's markup is text, and the whole mail can be read."""
    mail = await forged(post)
    page = (await web.get(PAGE)).text
    assert "Innsyn &lt;b&gt;nå&lt;/b&gt;" in page
    assert "ikke er derfra" in page
    one = (await web.get(f"{PAGE}/{mail.id}")).text
    assert "Jeg vil ha alt dere har om meg." in one
    assert text("nb", "console.trust.authentic.fail") in one


async def test_a_request_found_in_the_tray_keeps_its_receipt_time(web: Web, post: Post) -> None:
    """Days later an officer opens it: a case received then, acknowledged now, once for two clicks."""
    mail = await forged(post)
    post.clock.pass_on(days=2)
    await web.sign_in(await web.add_officer("ny@example.no"), email="ny@example.no")
    path = f"{PAGE}/{mail.id}/open"
    assert (await web.post(path, {"right": "access"})).headers["location"] == f"{PAGE}?m=opened"
    assert (await web.post(path, {"right": "access"})).headers["location"] == f"{PAGE}?m=gone"
    (case,) = await post.cases()
    assert (case.right, case.received_at) == ("access", mail.received_at)
    ((letter, opened),) = await post.send_letters()
    assert (letter.name, opened.to) == ("received", KARI)
    assert "Ingenting ligger her nå" in (await web.get(PAGE)).text


async def test_a_request_for_another_stays_one_when_an_officer_opens_it(web: Web, post: Post) -> None:
    """No code goes to who wrote it: an authority is to be seen first."""
    mail = await forged(post, "Jeg er verge for moren min og ber om innsyn i hennes opplysninger.")
    await web.post(f"{PAGE}/{mail.id}/open", {"right": "access"})
    (case,) = await post.cases()
    assert case.on_behalf
    ((_, opened),) = await post.send_letters()
    assert re.search(r"(?<!\d)\d{6}(?!\d)", opened.text) is None


async def test_a_mail_is_put_in_its_case_without_an_answer(web: Web, post: Post) -> None:
    """It stands in the conversation of the one who has the case; no machine answers a stranger there."""
    await post.writes("Slett kontoen min.")
    await post.send_letters()
    (case,) = await post.cases()
    mail = await post.writes("Gjelder saken min.", sender="kari@jobb.example", subject=f"[{case.reference}]")
    assert mail.state == MailState.QUARANTINE
    assert f"{PAGE}/{mail.id}" in (await web.get(f"/console/cases/{case.reference}")).text
    wrong = await web.post(f"{PAGE}/{mail.id}/place", {"reference": "FJL-2026-9999"})
    assert wrong.status_code == 422
    done = await web.post(f"{PAGE}/{mail.id}/place", {"reference": case.reference.lower()})
    assert done.headers["location"] == f"{PAGE}?m=placed"
    ((talk, said),) = await post.conversations()
    assert talk.dossier_id == case.dossier_id
    assert "Gjelder saken min." in [one.reply.text for one in said]
    assert await post.send_letters() == []


@pytest.mark.parametrize(("act", "state"), [("reject", MailState.REJECTED), ("spam", MailState.SPAM)])
async def test_what_asks_for_nothing_is_put_away(web: Web, post: Post, act: str, state: MailState) -> None:
    """Nobody is told, and it stays out of the list."""
    mail = await forged(post)
    assert (await web.post(f"{PAGE}/{mail.id}/{act}")).headers["location"] == f"{PAGE}?m={act}"
    (row,) = await post.mails()
    assert row.state == state
    assert await post.send_letters() == []


async def test_another_companys_mail_is_not_found(web: Web, post: Post) -> None:
    """An officer of one company sees nothing of another's."""
    mail = await forged(post)
    other = await web.add_officer("per@example.no", ("cleverstore",))
    await web.sign_in(other, email="per@example.no")
    assert (await web.get(f"{PAGE}/{mail.id}")).status_code == 404
    assert (await web.post(f"{PAGE}/{mail.id}/spam")).status_code == 404
    assert mail.id not in (await web.get(PAGE)).text


async def test_a_mail_whose_original_is_gone_can_still_be_opened(web: Web, post: Post) -> None:
    """The raw bytes go after the set days; the request, its sender and its receipt time do not."""
    mail = await forged(post)
    post.clock.pass_on(days=post.desk.settings.raw_mail_days + 1)
    await post.sort()
    await web.sign_in(await web.add_officer("ny@example.no"), email="ny@example.no")
    assert "Jeg vil ha alt dere har om meg." in (await web.get(f"{PAGE}/{mail.id}")).text
    opened = await web.post(f"{PAGE}/{mail.id}/open", {"right": "access"})
    assert opened.headers["location"] == f"{PAGE}?m=opened"
    (case,) = await post.cases()
    assert case.received_at == mail.received_at
    ((_, letter),) = await post.send_letters()
    assert letter.to == KARI


PASSED_ON = (
    "Se under.\n\nGeir Kvam\n\n---------- Videresendt melding ----------\n"
    "Fra: Bodil Kvam\nDato: søn. 9. nov. 2025\nEmne: opplysninger\n\nJeg vil ha alt dere har om meg."
)


@pytest.mark.parametrize("days", [0, 1], ids=["the original is there", "the original is gone"])
async def test_what_another_wrote_is_for_that_other(web: Web, post: Post, days: int) -> None:
    """Whoever passes it on is sent no code, also where the mail is opened by what was kept of it."""
    mail = await forged(post, PASSED_ON)
    post.clock.pass_on(days=days * (post.desk.settings.raw_mail_days + 1))
    await post.sort()
    await web.sign_in(await web.add_officer("ny@example.no"), email="ny@example.no")
    await web.post(f"{PAGE}/{mail.id}/open", {"right": "access"})
    (case,) = await post.cases()
    assert case.on_behalf
    ((_, letter),) = await post.send_letters()
    assert re.search(r"(?<!\d)\d{6}(?!\d)", letter.text) is None
    page = (await web.get(f"/console/cases/{case.reference}")).text
    assert "Geir Kvam" in page  # the officer sees who passes it on
    assert "Jeg vil ha alt dere har om meg." in page


ATTACHED = (
    b"From: geir@example.no\r\nTo: personvern@fjordlys.example.no\r\nSubject: VS: opplysninger\r\n"
    b"Message-ID: <a@example.no>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: text/plain\r\n\r\nSe vedlagt.\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
    b"From: bodil@example.no\r\nSubject: opplysninger\r\nContent-Type: text/plain\r\n\r\n"
    b"Jeg vil ha innsyn i alt dere har om meg.\r\n--x--\r\n"
)


async def test_what_another_wrote_and_was_attached_is_for_that_other_when_it_is_gone(
    web: Web, post: Post
) -> None:
    """Whose the attached request was is kept with what an officer is shown of the mail."""
    post.trust = Trust(Authentic.FAIL, (("dmarc", "fail"),))
    await post.deliver(ATTACHED)
    await post.sort()
    mail = (await post.mails())[-1]
    post.clock.pass_on(days=post.desk.settings.raw_mail_days + 1)
    await post.sort()
    await web.sign_in(await web.add_officer("ny@example.no"), email="ny@example.no")
    await web.post(f"{PAGE}/{mail.id}/open", {"right": "access"})
    (case,) = await post.cases()
    assert case.on_behalf


async def test_an_automatic_mail_whose_content_is_gone_says_so(web: Web, post: Post) -> None:
    """Nothing of a robot's mail is kept longer than its raw bytes."""
    mail = await post.writes("Jeg er på ferie.", Auto_Submitted="auto-replied")
    assert mail.state == MailState.AUTOMATIC
    post.clock.pass_on(days=post.desk.settings.raw_mail_days + 1)
    await post.sort()
    await web.sign_in(await web.add_officer("ny@example.no"), email="ny@example.no")
    page = await web.post(f"{PAGE}/{mail.id}/open", {"right": "access"})
    assert page.status_code == 422
    assert await post.cases() == []
