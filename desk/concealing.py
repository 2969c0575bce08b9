"""Hides from officers what would let them act as the person: the secret of a status link, and a one-time code."""

import re
from typing import Final

_SECRET: Final = re.compile(r"(/s/)[A-Za-z0-9_-]{20,}")
# Between the word and the digits a quoting program may have put a tag with its style, or the end of a line.
_BETWEEN: Final = r"(?:<[^<>]{0,300}>|[^\d\n<]|\n[> \t]{0,20}){0,20}?"
_CODE: Final = re.compile(rf"(?i)(\b(?:koden?|code)\b{_BETWEEN})\d{{3}}[ \u00a0-]?\d{{3}}(?!\d)")


def concealed(text: str) -> str:
    """The text with every such link and code cut short; a person's own letters, quoted or not, carry both."""
    return _CODE.sub(r"\1••••••", _SECRET.sub(r"\1…", text))
