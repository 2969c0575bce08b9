"""Read a raw mail: `parse` gives every field of `Mail` for whatever bytes came in."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from intake.email import charsets
from intake.email.addresses import addresses, message_ids, only_addresses
from intake.email.attachments import take_files
from intake.email.automatic import Signs, automatic
from intake.email.bodies import Contents, show, sort_parts
from intake.email.bounces import read_bounce, reported_ids
from intake.email.headers import Headers
from intake.email.mail import Automatic, Bounce, Mail
from intake.email.own_words import Own, own_words
from intake.email.structure import content, take_apart
from intake.reading import asks

SUBJECT_AT_MOST: Final = 2_000
_INNER_AT_MOST: Final = 2_000_000
"""Bytes of an attached mail that is read as a request passed on."""

_TO: Final = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to",
    "resent-to", "apparently-to")  # fmt: skip
_CID = re.compile(rb"cid:([^\"'\s>)]{1,250})", re.IGNORECASE)
_ENVELOPE = re.compile(rb"From ([^\s<>]{1,254}@[^\s<>]{1,254}) ")


def parse(raw: bytes, ours: frozenset[str] = frozenset()) -> Mail:
    """Return the mail that `raw` holds. Never raises, whatever the bytes; work and depth are bounded.

    Pure: no clock, no network, no file. `ours` are the desk's own addresses in lower case, by which its own mails
    and a mailbox that is a mailing list are told (see `automatic`). Nothing is lost that the limits leave out:
    the raw mail is kept elsewhere.
    """
    return _parse(raw, ours, passed_on=False)


def _parse(raw: bytes, ours: frozenset[str], *, passed_on: bool) -> Mail:
    raw = _with_line_feeds(raw)
    root = take_apart(raw)
    headers = root.headers
    contents = sort_parts(root)
    shown = show(raw, contents, unescape_from=raw.startswith(b"From "))
    sender, name = _sender(raw, headers)
    subject = headers.text("subject")[:SUBJECT_AT_MOST]
    own = own_words(shown.lines, subject)
    why = automatic(Signs(root, sender, subject, own.text, own.whole, ours))
    if why is None and not passed_on:
        own = _attached_request(raw, contents, own)
    bounce, answered = _told_by_report(raw, headers, contents, own, why)
    return Mail(
        sender=sender,
        sender_name=name,
        reply_to=only_addresses(*headers.all("reply-to")),
        to=only_addresses(*(value for field in _TO for value in headers.all(field))),
        subject=subject,
        message_id=next(iter(message_ids(headers.first("message-id"))), ""),
        in_reply_to=answered or message_ids(*headers.all("in-reply-to")),
        references=message_ids(*headers.all("references")),
        date=_date(headers.first("date")),
        text=own.text,
        whole=own.whole,
        html=shown.html,
        attachments=take_files(raw, contents.files, _referred(raw, contents)),
        automatic=why,
        bounce=bounce,
        forwarded=own.forwarded,
        forwarded_from=own.forwarded_from,
        passed=own.passed,
        signed=own.signed,
    )


def _with_line_feeds(raw: bytes) -> bytes:
    """A mail of bare carriage returns, as old Macs wrote them, gets line feeds; what an editor set before it goes."""
    if raw.startswith((b"\xef\xbb\xbf", b"\r", b"\n")):
        raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    head = raw[:2_000]
    if b"\r" in head and b"\n" not in head:
        return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw


def _sender(raw: bytes, headers: Headers) -> tuple[str, str]:
    """Address and name of who wrote: From, else what comes nearest to it."""
    for field in ("from", "sender", "resent-from", "reply-to", "return-path"):
        for value in headers.all(field):
            if found := addresses(value):
                return found[0][1], found[0][0]
    envelope = _ENVELOPE.match(raw[:1_000])
    return (envelope[1].decode("ascii", errors="replace").lower() if envelope else ""), ""


def _date(value: str) -> datetime | None:
    """The Date header in UTC; a date without a zone is taken for UTC (RFC 5322, 3.3: -0000)."""
    try:
        found = parsedate_to_datetime(value[:200])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _referred(raw: bytes, contents: Contents) -> frozenset[str]:
    """The Content-IDs that the HTML shows."""
    found: set[str] = set()
    for body in contents.bodies:
        if body.html is not None:
            pages = content(raw, body.html, 1_000_000)
            found.update(charsets.guess(one).replace("%40", "@") for one in _CID.findall(pages)[:500])
    return frozenset(found)


def _attached_request(raw: bytes, contents: Contents, own: Own) -> Own:
    """The words of an attached mail, where whoever passes it on asks for nothing himself."""
    inner = [part for part in contents.files if part.media_type == "message/rfc822"]
    if own.forwarded or len(inner) != 1 or (own.text and asks(own.text)):
        return own
    mail = _parse(content(raw, inner[0], _INNER_AT_MOST)[:_INNER_AT_MOST], frozenset(), passed_on=True)
    if not mail.text or mail.automatic is not None or (own.text and not asks(mail.text)):
        return own
    return Own(mail.text, own.signed, own.whole, True, mail.sender)


def _told_by_report(
    raw: bytes, headers: Headers, contents: Contents, own: Own, why: Automatic | None
) -> tuple[Bounce | None, tuple[str, ...]]:
    """What a bounce tells, and the mails a receipt answers."""
    if why is Automatic.BOUNCE:
        return read_bounce(raw, headers, contents.report + contents.files, own.whole), ()
    if why is Automatic.RECEIPT:
        return None, message_ids(*headers.all("in-reply-to")) or reported_ids(
            raw, contents.report + contents.files
        )
    return None, ()
