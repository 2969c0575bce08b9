"""Mail servers that take a token instead of a password: a real Dovecot and a real Postfix that ask what it is good for."""

import asyncio
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from pydantic import SecretStr, ValidationError
from structlog.testing import capture_logs

from desk.mail import Mailer
from desk.mailboxes import Mailbox
from desk.outgoing import Mail
from desk.tokens import Grant, Tokens
from fulfilment.adapter import Misconfigured, TryLater
from tests.desk.incoming.shelf import Shelf, box, contents, deliver, mail, watching
from tests.mailservers.certificates import Certificates
from tests.mailservers.dovecot import Account, Dovecot
from tests.mailservers.identity import CLIENT, REFRESH, SECRET, Identity, identity_server
from tests.mailservers.postfix import Postfix
from tests.mailservers.programs import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def _identity() -> Iterator[Identity]:
    with identity_server() as identity:
        yield identity


@pytest.fixture
def identity(_identity: Identity) -> Identity:
    """A server that gives tokens, as at its start."""
    _identity.answer, _identity.lasts = None, 3600
    for one in (_identity.given, _identity.valid, _identity.asked):
        one.clear()
    return _identity


@pytest.fixture(scope="module")
def taking(
    _identity: Identity,
    certificates: Certificates,
    dovecot: Dovecot,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Dovecot]:
    """A Dovecot that takes its tokens; `dovecot` is asked for so that the module is skipped where there is none."""
    server = Dovecot(certificates, identity=_identity.url)
    try:
        server.start()
        yield server
    finally:
        server.remove(tmp_path_factory.mktemp("taking"))


@pytest.fixture(scope="module")
def post(
    certificates: Certificates, taking: Dovecot, postfix: Postfix, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Postfix]:
    """A Postfix in front of it."""
    server = Postfix(certificates, taking)
    try:
        server.start()
        yield server
    finally:
        server.remove(tmp_path_factory.mktemp("post"))


def grant(identity: Identity, **more: object) -> Grant:
    """What the desk is told of the server."""
    values = {"token_url": f"{identity.url}/token", "client_id": CLIENT, "client_secret": SecretStr(SECRET)}
    return Grant.model_validate(values | more)


def watched(
    taking: Dovecot, account: Account, certificates: Certificates, identity: Identity, **more: object
) -> Mailbox:
    """A mailbox that is logged in to by token."""
    return box(taking, account, certificates, password=None, oauth=grant(identity, **more))


@pytest.mark.parametrize("more", [{}, {"scope": "imap"}, {"refresh_token": REFRESH}])
async def test_a_mailbox_is_watched_by_token(
    taking: Dovecot, certificates: Certificates, identity: Identity, more: dict[str, str]
) -> None:
    """The desk's own token or one that a person once agreed to; no password is anywhere."""
    account, shelf = taking.account(), Shelf()
    identity.user = account.address
    deliver(taking, account, mail("en"))
    async with watching(watched(taking, account, certificates, identity, **more), shelf):
        await shelf.until(lambda: len(shelf.taken) == 1)
    assert contents(taking, account) == {"Rettsvar": ["en"]}
    asked = identity.asked[0]
    assert asked["grant_type"] == ("refresh_token" if "refresh_token" in more else "client_credentials")
    assert asked.get("scope") == more.get("scope")


async def test_a_lost_connection_gets_a_token_of_its_own(
    taking: Dovecot, certificates: Certificates, identity: Identity
) -> None:
    """The first one has run out meanwhile; what comes afterwards is taken."""
    account, shelf = taking.account(), Shelf()
    identity.user = account.address
    async with watching(watched(taking, account, certificates, identity), shelf):
        deliver(taking, account, mail("en"))
        await shelf.until(lambda: len(shelf.taken) == 1)
        identity.valid.clear()
        taking.kill_sessions()
        deliver(taking, account, mail("to"))
        await shelf.until(lambda: len(shelf.taken) == 2)
    assert len(identity.given) >= 2


async def test_a_refused_token_says_so_and_no_more(
    taking: Dovecot, certificates: Certificates, identity: Identity
) -> None:
    """Another's token: the log-in is refused, and the log names neither token nor secret."""
    account, shelf = taking.account(), Shelf()
    identity.user = "andre@dovecot.example.no"
    with capture_logs() as logs:
        async with watching(watched(taking, account, certificates, identity), shelf):
            await asyncio.to_thread(wait_for, lambda: bool(identity.given) and bool(logs), "it never came")
    said = [one for one in logs if one["event"] == "mailbox misconfigured"]
    assert [one["why"] for one in said[:1]] == ["the server refuses the log-in"]
    assert SECRET not in str(logs)
    assert "token-" not in str(logs)


async def test_letters_leave_by_token(
    post: Postfix, taking: Dovecot, identity: Identity, certificates: Certificates
) -> None:
    """One token serves several letters; a refused one is forgotten, so that the next attempt has a new one."""
    account = taking.account()
    identity.user = account.address
    mailer = Mailer(
        Mail(
            host="localhost", port=post.submission, ca=certificates.ca, username=account.address,
            oauth=grant(identity), sender="personvern@example.no",
        )
    )  # fmt: skip
    await mailer.check()
    await mailer.send(letter(account.address), bounce_to="personvern@example.no")
    assert len(identity.given) == 1
    identity.valid.clear()
    with pytest.raises((Misconfigured, TryLater)):
        await mailer.send(letter(account.address))
    await mailer.send(letter(account.address))
    assert len(identity.given) == 2
    await asyncio.to_thread(
        wait_for, lambda: len(contents(taking, account).get("INBOX", [])) == 2, "it never came"
    )


async def test_a_server_without_tokens_is_named(
    dovecot: Dovecot, certificates: Certificates, identity: Identity, postfix: Postfix
) -> None:
    """It never falls back to anything else."""
    account, shelf = dovecot.account(), Shelf()
    with capture_logs() as logs:
        async with watching(watched(dovecot, account, certificates, identity), shelf):
            await asyncio.to_thread(wait_for, lambda: any("why" in one for one in logs), "it never came")
    assert next(one["why"] for one in logs if "why" in one) == "the server offers no log-in by token"
    mailer = Mailer(
        Mail(
            host="localhost", port=postfix.submission, ca=certificates.ca, username=account.address,
            oauth=grant(identity),
        )
    )  # fmt: skip
    with pytest.raises(Misconfigured, match="no log-in by token"):
        await mailer.check()


@pytest.mark.parametrize(
    ("answer", "fault", "why"),
    [
        ((503, ""), TryLater, "no token (503)"),
        ((429, ""), TryLater, "no token (429)"),
        ((400, '{"error": "invalid_scope"}'), Misconfigured, "no token (400: invalid_scope)"),
        ((400, '{"error": "Kari <kari@example.no>"}'), Misconfigured, "no token (400)"),
        ((200, "<html>"), Misconfigured, "no token (200)"),
        ((200, '{"access_token": 7}'), Misconfigured, "no token (200)"),
        ((302, ""), Misconfigured, "no token (302)"),
    ],
)
def test_what_a_token_server_says_instead_of_a_token(
    identity: Identity, answer: tuple[int, str], fault: type[Misconfigured | TryLater], why: str
) -> None:
    """Told apart by who acts next; only a code of RFC 6749 5.2 is repeated."""
    identity.answer = answer
    with pytest.raises(fault) as told:
        Tokens(grant(identity)).current()
    assert isinstance(told.value, (Misconfigured, TryLater))
    assert told.value.why == why


def test_a_wrong_secret_is_named(identity: Identity) -> None:
    """By the server's code, without its words."""
    with pytest.raises(Misconfigured) as told:
        Tokens(grant(identity, client_secret=SecretStr("feil"))).current()
    assert told.value.why == "no token (401: invalid_client)"


def test_a_token_server_that_is_away_is_tried_later() -> None:
    """Nobody listens there."""
    away = Grant(token_url="http://127.0.0.1:9/token", client_id=CLIENT, client_secret=SecretStr(SECRET))
    with pytest.raises(TryLater, match="ConnectError"):
        Tokens(away).current()


def test_a_token_is_used_until_shortly_before_its_end(identity: Identity) -> None:
    """A minute before, so that it does not run out on its way."""
    now = [0.0]
    tokens = Tokens(grant(identity), clock=lambda: now[0])
    first = tokens.current()
    now[0] = identity.lasts - 61.0
    assert tokens.current() == first
    now[0] = identity.lasts - 60.0
    assert tokens.current() != first


@pytest.mark.parametrize(
    "values",
    [
        {"token_url": "http://login.example.no/token"},
        {"token_url": "ftp://localhost/token"},
        {"token_url": "login.example.no"},
    ],
)
def test_a_secret_is_sent_encrypted_only(values: dict[str, str]) -> None:
    """But on this machine."""
    with pytest.raises(ValidationError, match="https"):
        Grant.model_validate({"client_id": CLIENT, "client_secret": SECRET} | values)


def test_a_password_beside_tokens_is_a_mistake() -> None:
    """One of both, for what comes in and for what leaves."""
    oauth = {"token_url": "https://login.example.no/token", "client_id": CLIENT, "client_secret": SECRET}
    with pytest.raises(ValidationError, match="not both"):
        Mailbox.model_validate({"address": "a@example.no", "host": "b", "password": "c", "oauth": oauth})
    with pytest.raises(ValidationError, match="without a password"):
        Mail.model_validate({"host": "b", "username": "a", "password": "c", "oauth": oauth})


def letter(to: str) -> EmailMessage:
    """Some mail."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "personvern@example.no", to, "Svar"
    made.set_content("Hei.\n")
    return made
