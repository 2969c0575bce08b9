"""Whether two deliveries are one mail."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.email import fingerprint as module
from intake.email.fingerprint import fingerprint

MAIL = (
    b"From: kari@example.no\r\nSubject: Innsyn\r\n i alt\r\nMessage-ID: <1@x>\r\n\r\nHei,\r\nslett meg.\r\n"
)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"\r\n", b"\n"),
        b"Received: from a by b\r\n by c; now\r\nReturn-Path: <kari@example.no>\r\n" + MAIL,
        b"DKIM-Signature: v=1; b=abc\r\n" + MAIL + b"\r\n\r\n",
        b"From kari@example.no Wed Nov 25 10:00:00 2026\n" + MAIL.replace(b"\r\n", b"\n"),
    ],
)
def test_what_servers_add_does_not_count(other: bytes) -> None:
    """Trace fields, signatures, line ends and the mbox line."""
    assert fingerprint(other) == fingerprint(MAIL)


@pytest.mark.parametrize(
    "other",
    [
        MAIL.replace(b"slett", b"rett"),
        MAIL.replace(b"i alt", b"i noe"),
        MAIL.replace(b"<1@x>", b"<2@x>"),
        MAIL.replace(b"kari@", b"ola@"),
        MAIL.replace(b"\r\n\r\n", b"\r\n"),
        b"X-Form: 2\r\n" + MAIL,
        b"Status-Of-Order: 2\r\n" + MAIL,
        b"",
    ],
)
def test_what_the_sender_wrote_counts(other: bytes) -> None:
    """Another body, subject, sender, Message-ID or field of its own is another mail; so is one without a body."""
    assert fingerprint(other) != fingerprint(MAIL)


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"bc"]), max_size=40), st.integers(1, 7))
def test_a_body_in_pieces_is_the_body(parts: list[bytes], size: int) -> None:
    """However it is cut, no line end is counted twice or lost."""
    raw = b"A: b\n\nx" + b"".join(parts)
    pieces = list(module._pieces(raw, 6, size))
    assert b"".join(pieces) == raw[6:].rstrip(b"\r\n")
    assert not any(one.endswith(b"\r") and after.startswith(b"\n") for one, after in pairwise(pieces))
