"""Read addresses out of header values: names with commas, comments, groups, and none at all."""

import re
from typing import Final

from intake.email.headers import one_line, words

ADDRESSES_AT_MOST: Final = 200
VALUE_AT_MOST: Final = 20_000

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,253}")
_MARK = re.compile(
    r'"(?:[^"\\]|\\.){0,2000}"|\((?:[^()\\]|\\.){0,2000}\)|<[^<>]{0,1000}>|[,;:]|[^,;:"(<]+|.', re.DOTALL
)
_ID = re.compile(r"<\s*([^<>\s]{1,998})\s*>")


def addresses(value: str) -> tuple[tuple[str, str], ...]:
    """Return (name, address) for each address of a header value; the address bare and in lower case."""
    found: list[tuple[str, str]] = []
    name: list[str] = []
    angle = ""
    for mark in [*_MARK.findall(value[:VALUE_AT_MOST]), ","]:
        if mark in (",", ";"):
            one = _one(name, angle)
            if one[1] and len(found) < ADDRESSES_AT_MOST:
                found.append(one)
            if one[1] or mark == ";":
                name = []
            elif name:  # a comma inside an unquoted name: Outlook's «Etternavn, Fornavn <a@b>»
                name.append(", ")
            angle = ""
        elif mark == ":" and not angle:
            name = []  # a group's name (RFC 5322, 3.4)
        elif mark.startswith("<"):
            angle = mark
        else:
            name.append(mark)
    return tuple(found)


def _one(name: list[str], angle: str) -> tuple[str, str]:
    text = "".join(name)
    match = _ADDRESS.search(words(angle)) if angle else None
    if match is None:
        bare = re.sub(r"\([^()]*\)|\"[^\"]*\"", " ", text)
        match = _ADDRESS.search(bare)
        if match is None:
            return "", ""
        text = "".join(re.findall(r"\(([^()]*)\)", text))
    return _name(text), match[0].strip(".'").lower()


def _name(text: str) -> str:
    plain = text.strip().strip('"').replace('\\"', '"').replace("\\\\", "\\")
    return one_line(words(plain)).strip("\"' ,<>")[:200]


def only_addresses(*values: str) -> tuple[str, ...]:
    """Return the addresses of several values, each once, in their order."""
    each = dict.fromkeys(address for value in values for _, address in addresses(value))
    return tuple(each)[:ADDRESSES_AT_MOST]


def message_ids(*values: str) -> tuple[str, ...]:
    """Return the Message-IDs of the values without their brackets, each once; the last hundred are enough."""
    found = [one for value in values for one in _ID.findall(value) or _bare(value)]
    return tuple(dict.fromkeys(found))[-100:]


def _bare(value: str) -> list[str]:
    """IDs that a program wrote without brackets; words of a phrase (RFC 822) are none."""
    return [
        mark for mark in value.replace("<", " ").replace(">", " ").split() if "@" in mark and len(mark) < 998
    ]
