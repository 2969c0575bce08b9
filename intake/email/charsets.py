"""Turn a mail's bytes into text, whatever the label says: mislabelled, unlabelled and unknown alphabets."""

import codecs
import re
import unicodedata
from functools import cache
from typing import Final

_WESTERN: Final = frozenset({"ascii", "iso8859-1", "cp1252", "iso8859-15"})
_KNOWN: Final = re.compile(
    r"ascii|utf-(?:7|8|8-sig|16|32)(?:-[lb]e)?|iso8859-\d{1,2}|cp(?:125\d|437|850|852|855|858|865|866|874|932|949|950)"
    r"|koi8-[rut]|gb(?:2312|k|18030)|big5(?:hkscs)?|shift_jis|euc_(?:jp|kr)|iso2022_(?:jp|kr)|mac-(?:roman|latin2)|tis-620"
)
"""Alphabets that mails are written in. Other codecs of the language are never used: some are no alphabets at all,
and some take quadratic time (punycode)."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARK = re.compile("[\u0300-\u036f]")
_MARKED = re.compile("[^\u0300-\u036f]?[\u0300-\u036f]+")
MARKS_AT_MOST: Final = 12
"""Characters of a letter with its marks: composing takes quadratic time in their number."""
_LOOKED_AT: Final = 20_000
"""Bytes from which a missing or wrong label is made good."""


def decode(raw: bytes, label: str = "") -> str:
    """Return `raw` as text by its label, or by its looks where the label is missing, unknown or plainly wrong.

    Never raises. ISO-8859-1 is read as windows-1252, as every mail program does (WHATWG Encoding). The text holds
    neither NUL, other control characters nor surrogates; line ends are bare line feeds.
    """
    return clean(_decoded(raw, _codec(label)))


def clean(text: str) -> str:
    """Return `text` in NFC, with line feeds for line ends and without control characters and surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
    return _MARKED.sub(_composed, text) if _MARK.search(text) else text


def _composed(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", letter[0][:MARKS_AT_MOST])


def guess(raw: bytes) -> str:
    """Return text whose alphabet nobody names: UTF-8 where the bytes are such, else windows-1252."""
    return clean(_decoded(raw, ""))


@cache
def _codec(label: str) -> str:
    """The codec's name; "" for what is no alphabet that we know."""
    try:
        name = codecs.lookup(label.strip().strip("\"'").lower()[:40]).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return name if _KNOWN.fullmatch(name) else ""


def _decoded(raw: bytes, codec: str) -> str:
    if codec.startswith(("utf-16", "utf-32")):
        return raw.decode(_order(raw, codec), errors="replace")
    if codec not in _WESTERN and codec not in ("", "utf-8", "utf-8-sig"):
        return raw.decode(codec, errors="replace")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.start >= len(raw) - 3 and codec in ("utf-8", "utf-8-sig"):
            return raw.decode("utf-8", errors="replace")  # cut off within a letter
    if codec in ("", "ascii", "iso8859-1") or codec in _WESTERN:
        sample = raw[:_LOOKED_AT]
        if codec != "iso8859-15" and _mostly_utf8(sample):
            return raw.decode("utf-8", errors="replace")
        return _western(raw, codec)
    return raw.decode("utf-8", errors="replace") if _mostly_utf8(raw[:_LOOKED_AT]) else _western(raw, codec)


def _mostly_utf8(sample: bytes) -> bool:
    """Whether more letters are well-formed UTF-8 than broken: a cut or damaged mail, not another alphabet."""
    text = sample.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - broken > broken


def _western(raw: bytes, codec: str) -> str:
    if codec == "iso8859-15" and not any(0x80 <= byte < 0xA0 for byte in raw[:_LOOKED_AT]):
        return raw.decode("iso8859-15")
    return raw.decode("cp1252", errors="replace")


def _order(raw: bytes, codec: str) -> str:
    """The byte order where neither label nor mark names it: of Latin letters the high byte is the empty one."""
    if codec not in ("utf-16", "utf-32") or raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return codec
    sample = raw[:_LOOKED_AT]
    if codec == "utf-32":
        return "utf-32-le" if sample[:1] != b"\x00" else "utf-32-be"
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
