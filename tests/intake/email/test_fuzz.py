"""Whatever the bytes are, `parse` gives a well-formed mail, and soon (in time of the processor: other work may run beside).

RETTSVAR_FUZZ=10000 tries so many instead of the few hundred of every run.
"""

import os
import re
import time
from typing import Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.email.mail import Mail
from intake.email.parsing import parse
from tests.intake.email.mails import alternative, attached, mail, mixed

EXAMPLES: Final = int(os.environ.get("RETTSVAR_FUZZ", "0"))
BAD: Final = re.compile("[\x00\ud800-\udfff]")
SECONDS_AT_MOST: Final = 1.0

fuzzed = settings(
    max_examples=EXAMPLES or 80,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)

LABELS: Final = (
    "text/plain", "text/html", "text/plain; charset=utf-16", "text/plain; charset=utf-7", "text/html; charset=big5",
    "text/plain; format=flowed; delsp=yes", "multipart/mixed", "multipart/alternative; boundary=b1",
    "multipart/mixed; boundary=b2", "multipart/report; report-type=delivery-status; boundary=b3",
    "multipart/related; boundary=\"b 4\"", "multipart/digest; boundary=b1", "message/rfc822", "message/delivery-status",
    "application/pdf; name=a.pdf", "image/png; name*0*=utf-8''%FF; name*1=x", "text/calendar", "text/enriched",
    "application/octet-stream; name=\"C:\\\\x\\..\\con\"", "text/plain; charset=punycode", "x", "/", "text/html;;;=;\"",
)  # fmt: skip
ENCODINGS: Final = (
    "",
    "7bit",
    "8bit",
    "base64",
    "quoted-printable",
    "x-uuencode",
    "nonsense",
    '"base64" ; x',
)
PIECES: Final = (
    b"Hei, slett meg.\n", b"> sitat\n", b"--b1\n", b"--b2--\n", b"--b 4\r\n", b"\r", b"\n", b"\x00", b"\xff\xfe", b"\xc3",
    b"=?utf-8?q?=C3?= =?utf-8?b?pg=?=", b"begin 644 x\n", b"<div style='display:none'>", b"<table><tr><td>", b"</div>",
    b"<blockquote>", b"&#xD800;&#0;", b"<!--", b"<style>a{", b"Den 3. mai skrev X:\n", b"Fra: a@b.no\nSendt: i dag\n",
    b"-----Original Message-----\n", b"From: x@y.no\n\n", b"PK\x03\x04", b"%PDF-1.4", b"+2AA-", b"=\n", b"Subject: =?",
    b"-- \n",
)  # fmt: skip


def assert_well_formed(raw: bytes) -> None:
    """No fault, no long wait, and nothing in the mail that could not be stored or shown."""
    began = time.thread_time()
    found = parse(raw)
    assert time.thread_time() - began < SECONDS_AT_MOST
    assert isinstance(found, Mail)
    texts = [
        found.sender,
        found.sender_name,
        found.subject,
        found.message_id,
        found.text,
        found.whole,
        found.html,
    ]
    texts += [
        found.signed,
        found.forwarded_from,
        *found.to,
        *found.reply_to,
        *found.references,
        *found.in_reply_to,
    ]
    texts += [text for one in found.attachments for text in (one.name, one.media_type, *one.listing)]
    assert not [text for text in texts if BAD.search(text)]
    assert "\n" not in found.subject + found.sender + found.sender_name + found.message_id
    assert all(one.name and not set(one.name) & set("/\\\n") for one in found.attachments)
    assert found.automatic is None or found.automatic.value


headers = st.lists(
    st.sampled_from(
        (
            b"From: Kari <kari@example.no>\n", b"From: \"a, b\" <x@y>, (c) <<>\n", b"Subject: =?utf-8?q?Slett=0D=0A?=\n",
            b"Subject: \xe5\xf8\n", b"To: a:b@c,;d@e\n", b"Message-ID: <a@b>\n", b"Date: 99 Xyz 99999 99:99:99 +9999\n",
            b"Auto-Submitted: no\n", b"Return-Path: <>\n", b"Precedence: bulk\n", b"References: <a@b> <\n", b" folded\n",
            b"X: " + b"a" * 500 + b"\n", b"List-Id: <x.y>\n", b"\t\n", b"not a header\n", b"From x@y Mon\n",
        )
    ),
    max_size=8,
)  # fmt: skip
leaf = st.builds(
    lambda label, encoding, pieces, name: b"".join(
        (
            f"Content-Type: {label}\n".encode(),
            f"Content-Transfer-Encoding: {encoding}\n".encode(),
            f'Content-Disposition: attachment; filename="{name}"\n'.encode("utf-8", "replace")
            if name
            else b"",
            b"\n",
            *pieces,
            b"\n",
        )
    ),
    st.sampled_from(LABELS),
    st.sampled_from(ENCODINGS),
    st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=12),
    st.one_of(st.just(""), st.text(max_size=20)),
)


def nest(label: str, children: list[bytes], boundary: str, ended: bool) -> bytes:
    """A multipart, perhaps under a boundary that it does not declare."""
    line = f"--{boundary}\n".encode()
    end = f"--{boundary}--\n".encode() if ended else b""
    return f"Content-Type: {label}\n\n".encode() + line + line.join(children) + end


trees = st.recursive(
    leaf,
    lambda inner: st.builds(
        nest,
        st.sampled_from(LABELS),
        st.lists(inner, max_size=4),
        st.sampled_from(("b1", "b2", "b3", "b 4", "other")),
        st.booleans(),
    ),
    max_leaves=12,
)


@fuzzed
@given(headers, trees)
def test_any_tree_of_parts_is_read(top: list[bytes], tree: bytes) -> None:
    """Nested parts under wrong labels, encodings, alphabets and boundaries."""
    assert_well_formed(b"".join(top) + tree)


VALID: Final = (
    mail("Jeg vil ha innsyn.\n\nMvh Kari"),
    mixed(
        alternative("Slett meg", "<p>Slett <b>meg</b></p>"),
        attached(b"%PDF-1.4 x", "a.pdf", "application/pdf"),
    ),
    mixed("> sitat\n\nSvar", attached(mail("inni", subject="Fwd: x"), "x.eml", "message/rfc822")),
)

edits = st.lists(
    st.tuples(
        st.sampled_from(("cut", "insert", "flip", "drop", "repeat")),
        st.floats(0, 1),
        st.floats(0, 0.2),
        st.one_of(st.sampled_from(PIECES), st.binary(min_size=1, max_size=8)),
    ),
    min_size=1,
    max_size=6,
)


def edited(raw: bytes, edit: tuple[str, float, float, bytes]) -> bytes:
    """The mail with one injury."""
    kind, where, length, piece = edit
    at = int(where * len(raw))
    upto = at + int(length * len(raw))
    match kind:
        case "cut":
            return raw[:at]
        case "insert":
            return raw[:at] + piece + raw[at:]
        case "flip":
            return raw[:at] + bytes(255 - byte for byte in raw[at:upto]) + raw[upto:]
        case "drop":
            return raw[:at] + raw[upto:]
    return raw[:upto] + raw[at:upto] + raw[upto:]


@fuzzed
@given(st.sampled_from(VALID), edits)
def test_any_injury_is_survived(raw: bytes, injuries: list[tuple[str, float, float, bytes]]) -> None:
    """Valid mails that were cut, spliced, flipped, doubled, or got bytes set into them."""
    for one in injuries:
        raw = edited(raw, one)
    assert_well_formed(raw)


@fuzzed
@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    """Bytes that were never a mail."""
    assert_well_formed(raw)
