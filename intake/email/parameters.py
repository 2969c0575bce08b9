"""Read a header value's parameters (RFC 2045, RFC 2231), as mail programs write them rather than as they should."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from intake.email.charsets import decode
from intake.email.headers import words

PARAMETERS_AT_MOST: Final = 100

_PART = re.compile(r"""\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)[^;]*;?""", re.DOTALL)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Return the value before the first semicolon, in lower case, and its parameters by name in lower case.

    Continued and encoded parameters are put together (RFC 2231); encoded words are decoded although RFC 2047
    forbids them there, since most programs write them. The extended form goes before the plain one.
    """
    head, _, rest = value.partition(";")
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(_PART.finditer(rest)):
        if count >= PARAMETERS_AT_MOST:
            break
        name = _SECTION.fullmatch(match[1].lower())
        text = _unquoted(match[2].strip())
        if name is None or (name[2] is None and not name[3]):
            plain.setdefault(match[1].lower(), words(text))
        else:
            sections.setdefault(name[1], {})[int(name[2] or 0)] = (text, bool(name[3]))
    return head.strip().lower(), plain | {name: _joined(parts) for name, parts in sections.items()}


def _unquoted(text: str) -> str:
    """A backslash that escapes nothing is a Windows path's: Outlook has never escaped it."""
    if not text.startswith('"'):
        return text
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    return inner.replace('\\"', '"').replace("\\\\", "\\")


def _joined(parts: dict[int, tuple[str, bool]]) -> str:
    charset = ""
    raw = b""
    for number in sorted(parts):
        text, encoded = parts[number]
        if encoded and number == min(parts) and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if encoded else text.encode("utf-8", errors="replace")
    return decode(raw, charset)
