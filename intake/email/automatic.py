"""Tell a machine's mail from a person's: RFC 3834 and its relatives, and what mail programs wrote before it.

Missing a real request is worse than answering a robot once, so a mark that people's mail carries too needs a
second one beside it.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from intake.email.addresses import only_addresses
from intake.email.headers import Headers
from intake.email.mail import Automatic
from intake.email.structure import Part
from intake.reading import asks

TEXT_AT_MOST: Final = 5_000
_SHORT: Final = 1_500
"""Characters of text: machines that answer for a person are brief."""

_REPLIED: Final = (
    "x-autoreply", "x-autoreply-from", "x-autoreply-domain", "x-autorespond", "x-autoresponder", "x-auto-reply-from",
    "x-mail-autoreply", "x-auto-reply", "x-auto-responder", "x-autorespond-from", "x-vacation", "x-mailer-autoreply",
    "x-facebook-notify", "x-amazon-auto-reply", "x-csa-autoresponder", "x-ms-exchange-generated-message-source-oof",
)  # fmt: skip
_LIST: Final = ("list-id", "list-post", "list-help", "list-subscribe", "list-owner", "list-archive", "x-beenthere",
    "x-mailman-version", "x-mailing-list", "mailing-list", "x-google-group-id", "x-ml-name", "x-list")  # fmt: skip
_CHALLENGES: Final = (
    "x-tmda-confirm-to",
    "x-boxbe-challenge",
    "x-spamarrest-challenge",
    "x-challenge-response",
    "x-uol-challenge",
)
_BULK: Final = (
    "list-unsubscribe",
    "list-unsubscribe-post",
    "x-mc-user",
    "x-campaign",
    "x-campaignid",
    "x-mailchimp-id",
    "x-mailing-id",
    "x-mass-mail",
)


@dataclass(frozen=True, slots=True)
class _Marks:
    away: re.Pattern[str]
    away_perhaps: re.Pattern[str]
    away_text: re.Pattern[str]
    bounce: re.Pattern[str]
    bounce_text: re.Pattern[str]
    receipt: re.Pattern[str]
    receipt_text: re.Pattern[str]
    challenge: re.Pattern[str]
    noreply: re.Pattern[str]
    daemon: re.Pattern[str]
    postmaster: re.Pattern[str]
    form: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Signs:
    """What is looked at: the outer part, who it claims to be from, what it is called and what it says."""

    root: Part
    sender: str
    subject: str
    text: str
    whole: str
    ours: frozenset[str] = frozenset()

    @property
    def headers(self) -> Headers:
        """The mail's own header fields."""
        return self.root.headers

    def says(self, mark: re.Pattern[str]) -> bool:
        """Whether the text has the mark somewhere."""
        return bool(mark.search(self.whole[:TEXT_AT_MOST]))


def automatic(signs: Signs) -> Automatic | None:
    """Return why a mail is a machine's, or None for a person's.

    `ours` are the desk's own addresses: a mailbox that is a mailing list puts the list's marks on everybody's
    mail, and a mail from one of them is our own.
    """
    if signs.sender and signs.sender in signs.ours:
        return Automatic.OURS
    return next((why for find in _ORDER if (why := find(signs)) is not None), None)


def _report(signs: Signs) -> Automatic | None:
    """RFC 6522: the report's type says which."""
    if signs.root.media_type == "multipart/report" or "report-type" in signs.root.parameters:
        kind = signs.root.parameters.get("report-type", "").lower()
        inside = {part.media_type for part in signs.root.children}
        if kind == "disposition-notification" or "message/disposition-notification" in inside:
            return Automatic.RECEIPT
        if kind == "feedback-report":
            return Automatic.BULK
        return Automatic.BOUNCE
    if any(part.media_type in ("message/delivery-status",) for part in signs.root.children):
        return Automatic.BOUNCE
    return Automatic.BOUNCE if signs.headers.has("x-ms-exchange-message-is-ndr") else None


def _undelivered(signs: Signs) -> Automatic | None:
    """A bounce of the days before RFC 3464: who sends it, and a second sign."""
    marks = _marks()
    claimed = signs.headers.first("from").strip(' "<').lower()
    if signs.headers.first("x-failed-recipients"):
        return Automatic.BOUNCE
    called = bool(marks.bounce.match(signs.subject))
    if marks.daemon.match(claimed) or marks.daemon.match(signs.sender):
        return Automatic.BOUNCE
    if marks.postmaster.match(signs.sender) and (called or _null(signs) or signs.says(marks.bounce_text)):
        return Automatic.BOUNCE
    if called and (_null(signs) or signs.says(marks.bounce_text)) and not asks(signs.text):
        return Automatic.BOUNCE
    return None


def _submitted(signs: Signs) -> Automatic | None:
    """RFC 3834, 5: anything but "no"; RFC 3834, 2: what came before it."""
    for value in signs.headers.all("auto-submitted"):
        word = re.sub(r"\([^()]*\)", " ", value).strip().lower().split(";")[0].strip()
        if word and word != "no":
            return _list(signs) or (
                Automatic.BULK
                if word.startswith("auto-generated") and not _away(signs)
                else Automatic.AUTO_REPLY
            )
    if any(signs.headers.has(name) and signs.headers.first(name).lower() != "no" for name in _REPLIED):
        return Automatic.AUTO_REPLY
    return None


def _precedence(signs: Signs) -> Automatic | None:
    words = {value.strip().lower().replace("-", "_") for value in signs.headers.all("precedence")}
    words |= {value.strip().lower().replace("-", "_") for value in signs.headers.all("x-precedence")}
    if words & {"auto_reply", "autoreply"}:
        return Automatic.AUTO_REPLY
    if "list" in words and not _our_list(signs):
        return Automatic.LIST
    if words & {"bulk", "junk"} and not _our_list(signs):
        return Automatic.AUTO_REPLY if _away(signs) else Automatic.BULK
    return None


def _list(signs: Signs) -> Automatic | None:
    """RFC 2919 and RFC 2369: what a list marks; a newsletter has the means to leave it and nothing to post to."""
    if _our_list(signs):
        return None
    if any(signs.headers.first(name) for name in _LIST):
        posts = signs.headers.first("list-post") or signs.headers.has("x-beenthere")
        left = signs.headers.first("list-unsubscribe")
        return (
            Automatic.BULK if left and not posts and not signs.headers.has("precedence") else Automatic.LIST
        )
    return Automatic.BULK if any(signs.headers.has(name) for name in _BULK) else None


def _our_list(signs: Signs) -> bool:
    """Whether the list is our own mailbox: then its marks say nothing about who writes."""
    if not signs.ours:
        return False
    named = signs.headers.first("list-id").rpartition("<")[2].rstrip("> ").lower()
    posts = only_addresses(signs.headers.first("list-post").replace("mailto:", ""))
    return any(one in posts or one.replace("@", ".") == named for one in signs.ours)


def _receipt(signs: Signs) -> Automatic | None:
    marks = _marks()
    if not marks.receipt.match(signs.subject) or len(signs.text) > _SHORT:
        return None
    return (
        Automatic.RECEIPT
        if _null(signs) or (signs.says(marks.receipt_text) and not asks(signs.text))
        else None
    )


def _challenge(signs: Signs) -> Automatic | None:
    if any(signs.headers.has(name) for name in _CHALLENGES):
        return Automatic.CHALLENGE
    said = f"{signs.subject}\n{signs.text}"
    if len(signs.text) < _SHORT and _marks().challenge.search(said) and not asks(signs.text):
        return Automatic.CHALLENGE
    return None


def _absent(signs: Signs) -> Automatic | None:
    """An absence by its subject: sure where a program set it, else with a second sign and no right asked for."""
    marks = _marks()
    if marks.away.match(signs.subject):
        return (
            None
            if signs.text and not signs.says(marks.away_text) and asks(signs.text)
            else Automatic.AUTO_REPLY
        )
    second = signs.headers.has("x-auto-response-suppress") or signs.headers.has("in-reply-to") or _null(signs)
    if (
        marks.away_perhaps.match(signs.subject)
        and second
        and signs.says(marks.away_text)
        and not asks(signs.text)
    ):
        return Automatic.AUTO_REPLY
    return None


def _null_sender(signs: Signs) -> Automatic | None:
    """RFC 3834, 3.3 and RFC 5321, 4.5.5: what has no return path is never answered."""
    return Automatic.AUTO_REPLY if _null(signs) else None


def _unread_address(signs: Signs) -> Automatic | None:
    """An address that nobody reads sends what nobody wrote, unless a website's form speaks for somebody."""
    marks = _marks()
    if not marks.noreply.match(signs.sender):
        return None
    replies = only_addresses(*signs.headers.all("reply-to"))
    if any(one != signs.sender and not marks.noreply.match(one) for one in replies) or signs.says(marks.form):
        return None
    return Automatic.BULK


def _null(signs: Signs) -> bool:
    return any(re.sub(r"\s", "", value) == "<>" for value in signs.headers.all("return-path")[:1])


def _away(signs: Signs) -> bool:
    marks = _marks()
    return bool(marks.away.match(signs.subject) or marks.away_perhaps.match(signs.subject)) or (
        len(signs.text) < _SHORT and signs.says(marks.away_text)
    )


_ORDER: Final[tuple[Callable[[Signs], Automatic | None], ...]] = (
    _report, _undelivered, _challenge, _submitted, _precedence, _list, _receipt, _absent, _null_sender, _unread_address,
)  # fmt: skip


@cache
def _marks() -> _Marks:
    path = Path(__file__).parent.parent / "phrases" / "automatic.toml"
    table: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    flags = re.IGNORECASE | re.MULTILINE
    return _Marks(*(re.compile("(?:" + "|".join(table[name]) + ")", flags) for name in _Marks.__slots__))
