"""The tray's doors: a mail, its files and its place are the company's own, and what was dealt with stays so."""

import pytest
from sqlalchemy import select

from desk.console.tray import waiting_on
from desk.filing import Filed, file_away
from desk.labels import examples, label
from desk.rendering import text
from desk.sorting import hear_by_hand, sort_mail
from intake.email.mail import Authentic, Trust
from intake.email.placing import Placed, Reason, Where
from intake.email.records import IncomingMail, MailState
from intake.records import Attachment
from law.rights import Right
from tests.desk.cases import opened
from tests.desk.desks import Clock
from tests.desk.post import KARI, Post, written
from tests.desk.web import Web
from tests.intake.email.mails import attached, mixed

pytestmark = pytest.mark.slow
PAGE = "/console/mail"


@pytest.fixture
async def post(web: Web, clock: Clock) -> Post:
    """The post of a desk whose officer is signed in; every sender is disowned by its domain."""
    await web.sign_in(await web.add_officer())
    return Post(web.desk, clock, Trust(Authentic.FAIL))


async def with_file(post: Post, words: str, sender: str = KARI) -> tuple[IncomingMail, Attachment]:
    """A mail in the tray that came with a file."""
    await post.deliver(mixed(words, attached(words.encode(), "brev.bin"), subject="Sak", sender=sender))
    await post.sort()
    mail = (await post.mails())[-1]
    async with post.desk.unit_of_work() as session:
        return mail, (await session.scalars(select(Attachment).where(Attachment.mail_id == mail.id))).one()


async def test_a_mail_that_nobody_has_sorted_is_not_there_yet(web: Web, post: Post) -> None:
    """What is done with it meanwhile would be undone by the sorting."""
    await post.deliver(written("Slett kontoen min.", KARI, "Sletting", post.clock(), None, {}))
    (mail,) = await post.mails()
    assert (await web.get(f"{PAGE}/{mail.id}")).status_code == 404
    assert (await web.post(f"{PAGE}/{mail.id}/spam")).status_code == 404
    await post.sort()
    assert (await web.get(f"{PAGE}/{mail.id}")).status_code == 200


async def test_a_file_is_handed_out_under_its_own_mail_alone(web: Web, post: Post) -> None:
    """Else the number of one would open all, another company's too."""
    mine, file = await with_file(post, "Jeg vil ha innsyn.")
    other, _ = await with_file(post, "Hund og katt.")
    assert (await web.get(f"{PAGE}/{mine.id}/files/{file.id}")).content == b"Jeg vil ha innsyn."
    assert (await web.get(f"{PAGE}/{other.id}/files/{file.id}")).status_code == 404


async def test_a_mail_goes_into_no_other_companys_case(web: Web, post: Post) -> None:
    """Its number is told to be unknown, and nothing is heard there."""
    mail, _ = await with_file(post, "Gjelder saken min.")
    case = (await opened(post.desk, operator="cleverstore")).case
    refused = await web.post(f"{PAGE}/{mail.id}/place", {"reference": case.reference})
    assert refused.status_code == 422
    assert await post.conversations() == []


async def test_what_is_placed_opens_with_the_case_it_went_to(web: Web, post: Post) -> None:
    """The file is sealed anew with the mail, and the stray dossier's key is gone."""
    await with_file(post, "Hund og katt.")
    post.trust = Trust(Authentic.NONE)
    await post.writes("Slett kontoen min.", sender="ola@example.com")
    (case,) = await post.cases()
    mail = (await post.mails())[0]
    await web.post(f"{PAGE}/{mail.id}/place", {"reference": case.reference})
    async with post.desk.unit_of_work() as session:
        file = (await session.scalars(select(Attachment))).one()
    assert file.dossier_id == case.dossier_id
    assert (await web.get(f"{PAGE}/{mail.id}/files/{file.id}")).content == b"Hund og katt."


async def test_a_right_there_is_none_of_opens_nothing(web: Web, post: Post) -> None:
    """The form says so, and the mail waits on."""
    mail, _ = await with_file(post, "Hund og katt.")
    page = await web.post(f"{PAGE}/{mail.id}/open", {"right": "alt"})
    assert page.status_code == 422
    assert text("nb", "console.mail.error.right") in page.text
    assert [one.state for one in await post.mails()] == [MailState.TRAY]


async def test_what_was_dealt_with_stays_so(web: Web, post: Post) -> None:
    """A placed mail is not put away by a late click; one put away is not sorted again, nor heard by hand."""
    placed, _ = await with_file(post, "Hund og katt.")
    await web.post(f"{PAGE}/{placed.id}/open", {"right": "access"})
    late = await web.post(f"{PAGE}/{placed.id}/spam")
    assert late.headers["location"] == f"{PAGE}?m=gone"
    away, _ = await with_file(post, "Stoler og bord.")
    await web.post(f"{PAGE}/{away.id}/reject")
    await sort_mail(post.desk, post.postroom, away.id)
    for mail in (placed, away):
        with pytest.raises(ValueError, match="waits for nobody"):
            await hear_by_hand(post.desk, post.postroom, mail.id, by="officer:x", right=Right.ACCESS)
    assert [one.state for one in await post.mails()] == [MailState.PLACED, MailState.REJECTED]
    assert len(await post.cases()) == 1


async def test_a_placed_mail_is_not_filed_again(web: Web, post: Post) -> None:
    """Two attempts at once: the slower one finds it filed, and keeps no file a second time."""
    mail, file = await with_file(post, "Hund og katt.")
    await web.post(f"{PAGE}/{mail.id}/open", {"right": "access"})
    parsed = post.postroom.parse(mixed("Hund og katt.", attached(b"x", "brev.bin"), subject="Sak"))
    filed = Filed(Placed(Where.TRAY, Reason.EMPTY), parsed, post.trust, None, parsed.attachments)
    await file_away(post.desk, mail.id, filed, post.clock())
    assert [one.state for one in await post.mails()] == [MailState.PLACED]
    async with post.desk.unit_of_work() as session:
        assert [one.id for one in await session.scalars(select(Attachment))] == [file.id]


async def test_a_case_waits_on_quarantined_mails_alone(post: Post) -> None:
    """Its own mails have been heard."""
    post.trust = Trust(Authentic.NONE)
    await post.writes("Slett kontoen min.")
    (case,) = await post.cases()
    mail = await post.writes("Gjelder saken.", sender="ola@example.com", subject=case.reference)
    async with post.desk.unit_of_work() as session:
        assert list(await waiting_on(session, case.id)) == [mail.id]


async def test_what_was_put_away_goes_with_its_original(post: Post, web: Web) -> None:
    """A mail that asks for nothing is kept for the set days; one that waits for an officer is kept on."""
    for words, act in (("Hund og katt.", "reject"), ("Stoler og bord.", "spam"), ("Kaffe og te.", None)):
        mail, _ = await with_file(post, words)
        if act is not None:
            await web.post(f"{PAGE}/{mail.id}/{act}")
    post.clock.pass_on(days=post.desk.settings.raw_mail_days - 1)
    await post.sort()
    assert [one.raw_gone_at for one in await post.mails()] == [None] * 3
    post.clock.pass_on(days=2)
    await post.sort()
    mails = await post.mails()
    assert [one.raw_gone_at is not None for one in mails] == [True] * 3
    assert [one.content is not None for one in mails] == [False, False, True]


async def test_labels_of_one_company_teach_no_other(post: Post, web: Web) -> None:
    """A rejected mail that was read as a request is a label; spam says nothing; Art. 22 is learnt as objection."""
    rejected, _ = await with_file(post, "Jeg vil ha innsyn i alt dere har om meg.")
    await web.post(f"{PAGE}/{rejected.id}/reject")
    spam, _ = await with_file(post, "Slett kontoen min.")
    await web.post(f"{PAGE}/{spam.id}/spam")
    decided, _ = await with_file(post, "Hund og katt.")
    await web.post(f"{PAGE}/{decided.id}/open", {"right": "automated_decision"})
    async with post.desk.unit_of_work() as session:
        found = await examples(session, post.desk.vault, ["fjordlys"])
        assert [one.types for one in found] == [(), ("objection",)]
        assert "innsyn" in found[0].text
        assert await examples(session, post.desk.vault, ["cleverstore"]) == []


async def test_a_label_that_is_taken_back_to_what_was_read_stands_corrected(post: Post) -> None:
    """Said wrongly and then rightly: the newer word counts, though it is what the machine read."""
    mail, _ = await with_file(post, "Hund og katt.")
    said = {
        "source": mail.id, "operator_id": "fjordlys", "read_as": ["none"], "lang": "nb", "by": "x", "now": post.clock(),
    }  # fmt: skip
    async with post.desk.unit_of_work() as session:
        await label(session, types=["erasure"], **said)  # type: ignore[arg-type]
        await label(session, types=["none"], **said)  # type: ignore[arg-type]
        assert [one.types for one in await examples(session, post.desk.vault, ["fjordlys"])] == [()]
