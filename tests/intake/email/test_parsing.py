"""Broken, mislabelled and hostile mails give the best that a tolerant reader can do."""

from datetime import UTC, datetime

import pytest

from intake.email.parsing import parse
from tests.intake.email.mails import alternative, head, mail, many, page, text


def with_body(body: bytes, *headers: str) -> bytes:
    """A mail with exactly these part headers."""
    return head() + "".join(f"{one}\r\n" for one in headers).encode() + b"\r\n" + body


@pytest.mark.parametrize(
    ("label", "body", "said"),
    [
        ("text/plain; charset=iso-8859-1", "“Slett” – 25 €".encode("cp1252"), "“Slett” – 25 €"),
        ("text/plain; charset=iso-8859-1", "Åse på Bø".encode(), "Åse på Bø"),
        ("text/plain; charset=utf-8", "Åse på Bø".encode("latin-1"), "Åse på Bø"),
        ("text/plain", "Åse".encode("latin-1"), "Åse"),
        ("text/plain; charset=us-ascii", "Åse".encode(), "Åse"),
        ("text/plain; charset=x-eget", "Åse".encode("latin-1"), "Åse"),
        ("text/plain; charset=punycode", b"abc-", "abc-"),
        ("text/plain; charset=utf-16", "Åse slett".encode("utf-16-be"), "Åse slett"),
        ("text/plain; charset=iso-8859-15", "25 €".encode("iso-8859-15"), "25 €"),
        ("text/plain; charset=utf-8", b"Sl\x00ett\x07 meg\xc3", "Slett meg\ufffd"),
        ("text/plain; charset=utf-7", b"+2AA-x", "\ufffdx"),
    ],
)
def test_any_alphabet_is_read(label: str, body: bytes, said: str) -> None:
    """Mislabelled, unlabelled and unknown alphabets; no NUL, control character or surrogate comes out."""
    assert parse(with_body(body, f"Content-Type: {label}")).text == said


@pytest.mark.parametrize(
    ("encoding", "body", "said"),
    [
        ("base64", b"U2xldHQgbWVn", "Slett meg"),
        ("base64", b"U2xldHQgbWV", "Slett me"),
        ("base64", b"U2xl!!dHQg\r\n bWVn=", "Slett meg"),
        ("base64", b"Slett kontoen min, takk. Hilsen Kari", "Slett kontoen min, takk. Hilsen Kari"),
        ("quoted-printable", b"Slett=20meg=\r\n n=E5=ZZ", "Slett meg nå=ZZ"),
        ("tull", b"Slett meg", "Slett meg"),
    ],
)
def test_broken_encodings_give_what_can_be_read(encoding: str, body: bytes, said: str) -> None:
    """Cut off, impure and false transfer encodings."""
    raw = with_body(
        body, "Content-Type: text/plain; charset=latin-1", f"Content-Transfer-Encoding: {encoding}"
    )
    assert parse(raw).text == said


@pytest.mark.parametrize(
    ("raw", "subject"),
    [
        (b"Subject: =?utf-8?q?Slett=C3?= =?utf-8?q?=A5?=\r\n\r\n", "Slettå"),
        (b"Subject: =?utf-8?B?U2xldHQ?=\r\n\r\n", "Slett"),
        (b"Subject: =?iso-8859-1*no?q?=E5?= x\r\n\r\n", "å x"),
        ("Subject: Sletting før jul\r\n\r\n".encode("latin-1"), "Sletting før jul"),
        ("Subject: Sletting før jul\r\n\r\n".encode(), "Sletting før jul"),
        (b"Subject: en\r\n to\r\n\ttre\r\n\r\n", "en to tre"),
        (b"Subject: =?utf-8?q?a=0D=0ABcc:_x@y.no?=\r\n\r\n", "a Bcc: x@y.no"),
        ("Subject: a\u202eb\u200bc\r\n\r\n".encode(), "a bc"),
        (b"From: a@b.no\r\n\r\n", ""),
        (b"Subject: \r\nSubject: to\r\n\r\n", "to"),
    ],
)
def test_subjects_come_out_on_one_line(raw: bytes, subject: str) -> None:
    """Cut letters, missing padding, raw letters, folds, line breaks and direction marks."""
    assert parse(raw).subject == subject


@pytest.mark.parametrize(
    ("value", "address", "name"),
    [
        ("Kari Vik <Kari.Vik@Example.NO>", "kari.vik@example.no", "Kari Vik"),
        ('"Vik, Kari" <a@b.no>', "a@b.no", "Vik, Kari"),
        ("Vik, Kari <a@b.no>", "a@b.no", "Vik, Kari"),
        ("a@b.no (Kari Vik)", "a@b.no", "Kari Vik"),
        ('"kari@example.no" <mallory@example.org>', "mallory@example.org", "kari@example.no"),
        ("=?utf-8?q?Vik=2C_K=C3=A5re?= <a@b.no>", "a@b.no", "Vik, Kåre"),
        ("<a@b.no>", "a@b.no", ""),
        ("a@b.no", "a@b.no", ""),
        ("Ingen", "", ""),
        ("undisclosed-recipients:;", "", ""),
        ("<<a@b.no>>", "a@b.no", ""),
        ("'Kari' <'a@b.no'>", "a@b.no", "Kari"),
    ],
)
def test_senders_are_bare_addresses(value: str, address: str, name: str) -> None:
    """Names with commas, comments, tricks, and none at all."""
    found = parse(f"From: {value}\r\n\r\nHei".encode())
    assert (found.sender, found.sender_name) == (address, name)


def test_ids_and_dates_are_read_or_left_empty() -> None:
    """The first Message-ID counts; references keep their order; a date that is none is None."""
    raw = (
        b"Message-ID: <1@x>\r\nMessage-ID: <2@x>\r\nIn-Reply-To: <a@x> (Kari's mail)\r\nReferences: <b@x>\r\n <a@x>\r\n"
        b"Date: Mon, 2 Nov 2026 10:00:00 +0100\r\nTo: a@b.no, K <c@d.no>\r\nDelivered-To: e@f.no\r\n\r\nHei"
    )
    found = parse(raw)
    assert (found.message_id, found.in_reply_to, found.references) == ("1@x", ("a@x",), ("b@x", "a@x"))
    assert found.date == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert found.to == ("a@b.no", "c@d.no", "e@f.no")
    bare = parse(b"From: a@b.no\r\nDate: i gaar\r\n\r\nHei")
    assert (bare.message_id, bare.date, bare.references) == ("", None, ())


def test_boundaries_that_are_wrong_or_missing_are_seen() -> None:
    """Declared but never used, not declared, and no label at all."""
    part = b"--ekte\r\nContent-Type: text/plain\r\n\r\nSlett meg\r\n--ekte--\r\n"
    for label in ("multipart/mixed; boundary=annen", "multipart/mixed", "multipart/alternative; boundary="):
        assert parse(with_body(part, f"Content-Type: {label}")).text == "Slett meg"
    assert parse(with_body(part)).text == "Slett meg"


def test_a_mail_cut_off_keeps_what_came() -> None:
    """Within a part, its headers or the first boundary."""
    raw = mail(alternative("Slett meg, takk.", "<p>Slett meg</p>"))
    assert parse(raw[: raw.index(b"<p>Slett")]).text == "Slett meg, takk."
    assert parse(raw[: raw.index(b"takk")]).text == "Slett meg,"
    assert parse(raw[:20]).text == ""


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_bare_line_ends_are_line_ends(end: bytes) -> None:
    """As Unix and old Macs write them."""
    raw = mail(many("mixed", "Slett meg")).replace(b"\r\n", end)
    assert parse(raw).text == "Slett meg"


def test_an_mbox_mail_is_read() -> None:
    """The line before the headers goes, and the text's own lines get back what the mailbox changed."""
    found = parse(b"From kari@example.no Mon Nov  2 10:00:00 2026\nSubject: x\n\n>From i dag av: slett meg\n")
    assert (found.sender, found.text) == ("kari@example.no", "From i dag av: slett meg")


def test_text_without_headers_is_text() -> None:
    """Nothing is taken for a header that no mail has."""
    assert parse(b"Hei\n\nNavn: Kari. Slett meg.").text == "Hei\n\nNavn: Kari. Slett meg."
    assert parse(b"").text == ""


def test_deep_nesting_is_read_to_the_bottom() -> None:
    """A hundred levels are some program's folly, and the text is still there."""
    body = text("Slett meg")
    for _ in range(100):
        body = many("mixed", body)
    assert parse(mail(body)).text == "Slett meg"


def test_html_is_read_as_it_is_seen() -> None:
    """Form tables become lines of label and value, lists and paragraphs lines."""
    found = parse(
        page("<table><tr><th>Navn</th><td>K&aring;re&nbsp;Li</td></tr></table><ul><li>A<li>B</ul>x<br>y<p>z")
    )
    assert found.text.split("\n") == ["Navn: Kåre Li", "", "- A", "- B", "", "x", "y", "", "z"]


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">H</div>',
        '<div style="DISPLAY : NONE !important">H</div>',
        '<p style="font-size:0">H</p>',
        '<p style="font-size:1px">H</p>',
        '<span style="color:#ffffff">H</span>',
        '<font color="white">H</font>',
        '<div style="background:#000"><i style="color:black">H</i></div>',
        '<div style="visibility:hidden">H</div>',
        "<div hidden>H</div>",
        '<div style="position:absolute;left:-9999px">H</div>',
        '<div style="text-indent:-9999px">H</div>',
        '<div style="opacity:0">H</div>',
        '<div style="max-height:0;overflow:hidden">H</div>',
        '<div style="mso-hide:all">H</div>',
        "<style>.x{display:none}</style><p class=x>H</p>",
        "<!-- H --><script>H</script><title>H</title><template>H</template><noscript>H</noscript>",
        '<input type=hidden value="H"><img alt="H" src=cid:x><object>H</object><svg><text>H</text></svg>',
    ],
)
def test_what_nobody_sees_is_left_out(hidden: str) -> None:
    """Hidden instructions reach neither the text nor the officer; what stands beside them does."""
    found = parse(page(f"<p>Foran</p>{hidden}<p>Bak</p>"))
    assert found.text.split() == found.whole.split() == ["Foran", "Bak"]
    assert "H" not in found.html
    assert "Foran" in found.html


@pytest.mark.parametrize(
    "shown",
    [
        '<td style="font-size:0"><span style="font-size:14px">Slett</span></td>',
        '<p style="background:#036;color:white">Slett</p>',
        '<table bgcolor="#003366"><tr><td><font color="#fff">Slett</font></td></tr></table>',
        '<div style="visibility:hidden"><b style="visibility:visible">Slett</b></div>',
        '<body style="color:white"><p>Slett</p></body>',
        "<style>@media screen{.x{display:none}}</style><p class=x>Slett</p>",
    ],
)
def test_what_is_seen_is_kept(shown: str) -> None:
    """Layout that only looks like hiding, and a mail wholly in white, which a dark screen made."""
    assert parse(page(shown)).text == "Slett"


def test_the_officers_html_loads_and_runs_nothing() -> None:
    """No image, style, form or script; links keep a page's address only, and are not followed by machines."""
    source = (
        '<p onclick="x()" style="background:url(http://t.example/a)">Hei <a href="https://x.example/a" ping="http://p">her</a>'
        '<a href="javascript:x()">der</a><a href="data:text/html,x">hist</a></p><img src="http://t.example/p.gif">'
        "<form action=http://f><input></form><iframe src=http://i></iframe><link href=http://l><svg onload=x()></svg>"
        "<table background=http://b><tr><td>c</td></tr></table><base href=http://e><meta http-equiv=refresh content='0;http://m'>"
    )
    shown = parse(page(source)).html
    assert 'href="https://x.example/a"' in shown
    assert shown.count("rel=") == shown.count("noopener nofollow") > 0
    for bad in (
        "http:",
        "onclick",
        "style",
        "img",
        "form",
        "iframe",
        "link",
        "svg",
        "javascript",
        "data:",
        "ping",
        "base",
        "meta",
    ):
        assert bad not in shown
