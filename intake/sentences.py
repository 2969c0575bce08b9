"""Part a text into sentences and find in them the word classes and rules of the phrase files."""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from intake.phrases import FOLDER, Phrases, Rule, load
from intake.shapes import DATE, EMAIL, addresses

LONGEST: Final = 600
"""Characters in a sentence; a longer run without a full stop is cut, so that reading stays linear."""
OFTEN: Final = 12
"""Times a class is noted in one sentence; what is said more often is not said more."""

_CASE = re.compile(r"(?<![\w-])[A-Z]{2,5}-\d{4}-\d{3,8}(?![\w-])")
_FIGURE = re.compile(r"\d")
_WRAPPED = re.compile(r"(?<=\S)([^\n]{40}[\w,]) ?\n(?=[a-zæøåäö])(?!\w{1,3}[.)])")
"""Where a mail program has broken a line in the middle of a sentence."""
_URL = re.compile(r"https?://\S{1,500}|www\.\S{1,500}", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w@])(?:\+|00)?\d(?:[\d ./-]{0,16}\d)?(?![\w])")
_WORD = re.compile(r"\w+(?:[-'/]\w+)*")


class Span(NamedTuple):
    """Where a class was met: character offsets and word numbers, both inclusive of the first, words of the last.

    One is made for every class of every word, so that it is the cheapest kind of value.
    """

    start: int
    end: int
    first: int
    last: int


@dataclass(slots=True)
class Sentence:
    """A sentence in lower case, with addresses and numbers replaced by what they are."""

    text: str
    question: bool
    ordinal: int
    words: list[tuple[int, int]] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    clauses: list[tuple[int, int]] = field(default_factory=list)
    rules: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    """Those it can meet by its classes, by what they speak for."""

    def numbered(self, ordinal: int) -> "Sentence":
        """Return the same sentence at another place of a message."""
        return Sentence(self.text, self.question, ordinal, self.words, self.spans, self.clauses, self.rules)

    def has(self, *names: str) -> bool:
        """Whether one of the classes occurs."""
        return any(self.spans.get(name) for name in names)


Known = dict[tuple[str, bool], Sentence]
"""Sentences by what they say and whether they ask; only their number is still another."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where a sentence ends, where a clause does, and where a full stop only shortens a word."""

    end: re.Pattern[str]
    clause: re.Pattern[str]
    short: re.Pattern[str]


MASKS: Final = frozenset(("xlinkx", "xmailx", "xplacex", "xcasex", "xdatex", "xphonex", "xnumberx"))
"""What `mask` sets for addresses, links, dates and numbers."""


def wordless(sentence: Sentence) -> bool:
    """Whether a sentence holds no word at all, only numbers and addresses: by itself it asks for nothing."""
    words = (sentence.text[start:end] for start, end in sentence.words)
    return not any(word not in MASKS and not word.isnumeric() for word in words)


def mask(text: str) -> str:
    """Return `text` with addresses, links, dates and numbers replaced by words that say what they were.

    What can stand nowhere, as there is no sign of it, is not looked for: most sentences hold no figure at all.
    """
    if "://" in text or "www." in text.casefold():
        text = _URL.sub(" xlinkx ", text)
    if "@" in text:
        text = EMAIL.sub(" xmailx ", text)
    if _FIGURE.search(text) is None:
        return text
    for found in reversed(list(addresses(text))):
        text = f"{text[: found.start()]} xplacex {text[found.end() :]}"
    text = _CASE.sub(" xcasex ", text)
    text = DATE.sub(" xdatex ", text)
    return _NUMBER.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    digits = sum(c.isdigit() for c in found[0])
    return " xphonex " if digits >= 8 else found[0] if digits < 3 else " xnumberx "


def split(text: str, phrases: Phrases, known: Known | None = None) -> list[Sentence]:
    """Return the sentences of `text` in order, each with the classes that occur in it.

    What is `known` from another part of the same message is not looked through again.
    """
    known = {} if known is None else known
    marks = _marks()
    plain = marks.short.sub(lambda found: found[0][:-1], mask(_WRAPPED.sub(r"\1 ", text)))
    sentences: list[Sentence] = []
    start = 0
    for end in [*marks.end.finditer(plain), None]:
        stop = end.start() if end else len(plain)
        mark = end[0] if end else ""
        for piece in _pieces(plain[start:stop].strip()):
            if _WORD.search(piece):
                key = (piece, "?" in mark)
                sentence = known.get(key) or known.setdefault(key, _tagged(*key, phrases))
                sentences.append(sentence.numbered(len(sentences)))
        start = end.end() if end else stop
    return sentences


def _pieces(text: str) -> Iterator[str]:
    while len(text) > LONGEST:
        cut = text.rfind(" ", 1, LONGEST)
        cut = cut if cut > 0 else LONGEST
        yield text[:cut]
        text = text[cut:].strip()
    yield text


def _tagged(piece: str, question: bool, phrases: Phrases) -> Sentence:
    lowered = piece.casefold()
    text = _WORD.sub(lambda found: respell(found[0]), lowered)
    sentence = Sentence(text, question, 0, [found.span() for found in _WORD.finditer(text)])
    ends = [stop for _, stop in sentence.words]
    for name, start, end in phrases.met(text):
        spans = sentence.spans.setdefault(name, [])
        if len(spans) < OFTEN:
            spans.append(_span(sentence.words, ends, start, end))
    if question and sentence.words:
        last = len(sentence.words) - 1
        sentence.spans["asked"] = [Span(*sentence.words[last], last, last)]
    sentence.clauses = [found.span() for found in _marks().clause.finditer(text)]
    sentence.rules = phrases.open_to(sentence.spans.keys())
    return sentence


def _span(words: Sequence[tuple[int, int]], ends: Sequence[int], start: int, end: int) -> Span:
    first = bisect_right(ends, start)
    last = bisect_left(words, (end, -1)) - 1
    return Span(start, end, first, last if last >= 0 else first)


@lru_cache(maxsize=20_000)
def respell(word: str) -> str:
    """Return the listed long word that `word` is a slip of, else `word` itself."""
    phrases = load()
    if not 5 <= len(word) <= 24 or not word.isalpha() or phrases.known(word):
        return word
    for candidate in _spelling().get(word[0], ()):
        allowed = 1 if len(candidate) < 9 else 2
        if abs(len(word) - len(candidate)) <= allowed >= OSA.distance(word, candidate, score_cutoff=allowed):
            return candidate
    return word


@cache
def _spelling() -> dict[str, list[str]]:
    """The listed long words by their first letter, which slips leave alone."""
    found: dict[str, list[str]] = {}
    for candidate in load().spelling:
        found.setdefault(candidate[0], []).append(candidate)
    return found


@cache
def _marks() -> _Marks:
    words = tomllib.loads((FOLDER / "sentences.toml").read_text(encoding="utf-8"))

    def either(name: str) -> str:
        return "|".join(
            entry.strip().replace(" ", r"\s") for entry in re.split(r"[,\n]", words[name]) if entry.strip()
        )

    end = (
        r"[.!?…]+(?:[\"')\]]+)?(?=\s|$)|\n+|;\s|\s(?=\(?\d[.)]{1,2}\s)|[\U0001F300-\U0001FAFF☀-➿]+|\.\.+"
        rf"|\s(?:{either('and')})\s(?=(?:(?:{either('before_order')})\s)?(?:{either('order')})\b)"
    )
    clause = rf",\s|\s-+\s|:\s|\s\(|\)\s|\s(?:{either('clause')})\s"
    return _Marks(
        re.compile(end, re.IGNORECASE),
        re.compile(clause),
        re.compile(rf"\b(?:{either('short')})\.(?=\s)", re.IGNORECASE),
    )
