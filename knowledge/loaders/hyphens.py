"""Put lines of text together to one, mending the words that were broken at their ends."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\u00a0": " "}
)


def whole_words(lines: Iterable[str]) -> Counter[str]:
    """Return how often each word stands inside a line, where nothing has been broken, in small letters."""
    inside = (re.findall(r"[^\W_]+(?:-[^\W_]+)*", line) for line in lines)
    return Counter(word.casefold() for words in inside for word in words[:-1])


def mended(lines: Sequence[str], known: Counter[str]) -> str:
    """Return lines as one, words broken with a hyphen at the end of a line put together.

    The hyphen stays where it belongs to the word: after capitals, a figure or a single letter («IT-», «e-»),
    before «og», and where the document has the word with it elsewhere (`known`: its words in small letters).
    """
    text = ""
    for line in lines:
        line = line.translate(_LIGATURES)
        match = re.search(r"([^\W_]+)[-\u2010\u00ad]$", text)
        if not text or not match:
            text += (" " if text else "") + line
            continue
        begun, soft = match[1], text.endswith("\u00ad")
        rest = re.match(r"[^\W_]+", line)
        go_on = rest[0] if rest else ""
        whole, split = (begun + go_on).casefold(), f"{begun}-{go_on}".casefold()
        if go_on.casefold() in ("og", "eller", "samt", "and", "or", "til") and not soft:
            text += " " + line
        elif soft or known[whole] > known[split]:
            text = text[:-1] + line
        elif (
            begun.isupper()
            or begun[-1].isdigit()
            or len(begun) == 1
            or known[split]
            or not go_on[:1].islower()
        ):
            text += line
        else:
            text = text[:-1] + line
    return text.replace("\u00ad", "")
