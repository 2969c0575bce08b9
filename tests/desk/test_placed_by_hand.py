"""What an officer puts into somebody's conversation is heard, and its sender is believed no more than before."""

import pytest

from desk.sorting import hear_by_hand
from intake.email.mail import Authentic, Trust
from intake.email.records import IncomingMail, MailState
from tests.desk.desks import Clock
from tests.desk.post import Post
from tests.desk.web import Web
from verification.proofs import fetching, person

pytestmark = pytest.mark.slow
PAGE = "/console/mail"


@pytest.fixture
async def post(web: Web, clock: Clock) -> Post:
    """The post of a desk whose officer is signed in."""
    await web.sign_in(await web.add_officer())
    return Post(web.desk, clock)


async def a_strangers(post: Post, text: str = "Gjelder saken min.") -> IncomingMail:
    """A mail that quotes the number of somebody's case, from an address that its domain vouches for."""
    await post.writes("Jeg vil ha innsyn i alt dere har lagret om meg.")
    await post.send_letters()
    (case,) = await post.cases()
    post.trust = Trust(Authentic.PASS)
    mail = await post.writes(text, sender="ola@example.com", subject=f"[{case.reference}]")
    assert mail.state == MailState.QUARANTINE
    return mail


async def test_the_senders_address_is_not_proven_for_the_dossier(post: Post) -> None:
    """Else whoever guesses a number and has the officer believe it could fetch what is found of the person."""
    mail = await a_strangers(post)
    (case,) = await post.cases()
    await hear_by_hand(post.desk, post.postroom, mail.id, by="officer:x", dossier_id=case.dossier_id)
    async with post.desk.unit_of_work() as session:
        assert await person(session, post.desk.vault, case.dossier_id) == {}
        assert await fetching(session, post.desk.vault, case.dossier_id) is None
    assert [one.state for one in await post.cases()] == ["identifying"]
