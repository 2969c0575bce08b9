"""Raw mails of our own making, built as real programs write them."""

from base64 import encodebytes
from collections.abc import Mapping
from itertools import count

Piece = bytes | str
_number = count(1)


def head(subject: str = "Spørsmål", sender: str = "Kari Vik <kari@example.no>", **more: str) -> bytes:
    """The header block's beginning; `list_id` becomes List-Id."""
    fields: Mapping[str, str] = {
        "From": sender,
        "To": "personvern@fjordlys.example",
        "Subject": subject,
        "Message-ID": "<1@example.no>",
        "Date": "Mon, 2 Nov 2026 10:00:00 +0100",
        "MIME-Version": "1.0",
        **{name.replace("_", "-").title(): value for name, value in more.items()},
    }
    return "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None).encode()


def text(said: str, kind: str = "plain", charset: str = "utf-8", more: str = "") -> bytes:
    """A text part with its own headers."""
    top = f"Content-Type: text/{kind}; charset={charset}{more}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return top.encode() + said.replace("\n", "\r\n").encode(charset if charset != "x-unknown" else "latin-1")


def many(kind: str, *parts: Piece, more: str = "") -> bytes:
    """A multipart; plain strings become text parts."""
    boundary = f"=_{kind}_{next(_number)}"
    made = [one if isinstance(one, bytes) else text(one) for one in parts]
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + one + b"\r\n" for one in made)
    top = f'Content-Type: multipart/{kind}; boundary="{boundary}"{more}\r\n\r\n'
    return top.encode() + body + b"--" + boundary.encode() + b"--\r\n"


def alternative(plain: str, html: str) -> bytes:
    """The same in plain text and HTML."""
    return many("alternative", text(plain), text(html, "html"))


def attached(
    content: bytes, name: str, kind: str = "application/octet-stream", how: str = "attachment"
) -> bytes:
    """A file; an inner mail stands as it is."""
    where = (
        f'Content-Disposition: {how}; filename="{name}"\r\n' if name else f"Content-Disposition: {how}\r\n"
    )
    if kind == "message/rfc822":
        return f"Content-Type: {kind}\r\n{where}\r\n".encode() + content
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{where}\r\n".encode() + encodebytes(
        content
    )


def mail(
    said: Piece, subject: str = "Spørsmål", sender: str = "Kari Vik <kari@example.no>", **more: str
) -> bytes:
    """A whole mail; a string is its plain text."""
    return head(subject, sender, **more) + (said if isinstance(said, bytes) else text(said))


def page(
    html: str, subject: str = "Spørsmål", sender: str = "Kari Vik <kari@example.no>", **more: str
) -> bytes:
    """A mail of HTML alone."""
    return mail(text(html, "html"), subject, sender, **more)


def mixed(*parts: Piece, subject: str = "Spørsmål", **more: str) -> bytes:
    """A mail with files."""
    return mail(many("mixed", *parts), subject, **more)
