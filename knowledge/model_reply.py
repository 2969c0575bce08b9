"""Check what a language model replied: its quotations word for word, its sentence against them; or say why not."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from knowledge.blocks import LONGEST, sentences
from knowledge.claim_words import is_english, without_numbers
from knowledge.claims import Unfounded, unfounded
from knowledge.documents import Passage
from knowledge.lexicon import ideas_of_word
from knowledge.model_request import LONGEST_SENTENCE, MOST_QUOTES, Request, reads_like_orders
from knowledge.words import words_of
from operators.languages import detect, evidence

LONGEST_REPLY: Final = 20_000
"""Characters of a reply that are read at all."""

SHORTEST_QUOTE: Final = 12
"""Characters below which a quotation shows nothing, unless it is the whole passage."""

MOST_SENTENCES: Final = 2

PLAINLY: Final = 2.0
"""How much more a sentence must speak for another language before it counts as not in the asker's."""

GROUNDED: Final = 0.5
"""Share of the sentence's telling words that the quotations or the question know, where all speak one language."""

GROUNDED_ACROSS: Final = 0.3
"""The same where the document's language is another, and words meet by their ideas alone."""


class Broken(StrEnum):
    """What is wrong with a reply beside claims that are unfounded."""

    NONSENSE = "nonsense"
    SHAPE = "shape"
    TOO_LONG = "too_long"
    QUOTE_COUNT = "quote_count"
    QUOTE_LENGTH = "quote_length"
    NOT_VERBATIM = "not_verbatim"
    SENTENCE_LENGTH = "sentence_length"
    NOT_PLAIN = "not_plain"
    LANGUAGE = "language"
    ORDERS = "orders"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A slice of one passage: `text` as it is shown, `own` the part of it that the model quoted.

    `around` is all that `own` has to be understood with: its sentences, and what leads in to a list.
    """

    passage: Passage
    text: str
    own: str
    around: str


@dataclass(frozen=True, slots=True)
class Read:
    """A reply that holds: the sentence and its quotations, or neither where the model found no answer."""

    sentence: str
    quotes: tuple[Quoted, ...]

    @property
    def answered(self) -> bool:
        """Whether the model found an answer."""
        return bool(self.quotes)


def check_reply(request: Request, content: str, *, company: str) -> Read | Broken | Unfounded:
    """Return what the model read out of the passages of `request`, or the first thing that is wrong with its reply.

    `content` is the text of the model's message: a JSON object as `reply_schema` has it, perhaps fenced or after
    its thoughts. `company` is the asked company's name.
    """
    found = _parsed(content)
    if isinstance(found, Broken):
        return found
    answered, pairs, sentence = found
    if not answered:
        return Read("", ())
    if not 1 <= len(pairs) <= MOST_QUOTES:
        return Broken.QUOTE_COUNT
    quotes: list[Quoted] = []
    for id, quote in pairs:
        placed = _placed(request.passages, id, quote)
        if isinstance(placed, Broken):
            return placed
        if all((placed.passage, placed.text) != (q.passage, q.text) for q in quotes):
            quotes.append(placed)
    wrong = _wrong_sentence(request, sentence, quotes)
    if wrong:
        return wrong
    known = (request.question, *(passage.text for passage in request.passages.values()))
    own, around = [q.own for q in quotes], [q.around for q in quotes]
    claimed = unfounded(sentence, own, around=around, own=company, known=known)
    return claimed or Read(sentence, tuple(quotes))


def _parsed(content: str) -> tuple[bool, list[tuple[str, str]], str] | Broken:
    if len(content) > LONGEST_REPLY:
        return Broken.TOO_LONG
    bare = re.sub(r"^\s*<think>.*?</think>", "", content, flags=re.DOTALL).strip()
    fenced = re.fullmatch(r"```(?:json)?\s*\n(.*)\n\s*```", bare, re.DOTALL)
    try:
        found = json.loads(fenced[1] if fenced else bare)
    except (ValueError, RecursionError):
        return Broken.NONSENSE
    match found:
        case {"answered": False}:
            return False, [], ""
        case {"answered": True, "quotes": list(quotes), "sentence": str(sentence)}:
            pairs = [_pair(one) for one in quotes]
            if all(pairs):
                return True, [pair for pair in pairs if pair], sentence.strip()
    return Broken.SHAPE


def _pair(quote: Any) -> tuple[str, str] | None:
    match quote:
        case {"passage": str(id), "quote": str(text)}:
            return id, text
    return None


def _placed(passages: Mapping[str, Passage], id: str, quote: str) -> Quoted | Broken:
    """Find a quotation in the passage it names, else in another that was sent; only its white space may differ."""
    words = quote.split()
    if len(quote) > LONGEST:
        return Broken.QUOTE_LENGTH
    if not words:
        return Broken.NOT_VERBATIM
    left = r"(?<!\w)" if words[0][0].isalnum() else ""
    right = r"(?!\w)" if words[-1][-1].isalnum() else ""
    pattern = re.compile(left + r"\s+".join(map(re.escape, words)) + right)
    named = passages.get(id)
    for passage in ([named] if named else []) + list(passages.values()):
        match = pattern.search(passage.text)
        if match is None:
            continue
        if len(match[0]) < SHORTEST_QUOTE and match[0] != passage.text.strip():
            return Broken.QUOTE_LENGTH
        (start, end), around = _whole(passage, match.span())
        if end - start > LONGEST:
            return Broken.QUOTE_LENGTH
        return Quoted(passage, passage.text[start:end], match[0], around)
    return Broken.NOT_VERBATIM


def _whole(passage: Passage, span: tuple[int, int]) -> tuple[tuple[int, int], str]:
    """Widen a quotation to the sentences it stands in, so that no «not» is cut off; where that is too long it
    stays as it is. Return the slice, and all it has to be understood with."""
    spans, text = sentences(passage.text), passage.text
    touched = [(a, b) for a, b in spans if a < span[1] and b > span[0]]
    start, end = min([span[0], *(a for a, _ in touched)]), max([span[1], *(b for _, b in touched)])
    leads = [text[a:b] for a, b in spans if b <= start and text[a:b].endswith(":")]
    around = " ".join((passage.lead, *leads[-1:], text[start:end]))
    return ((start, end) if end - start <= LONGEST else span), around


def _wrong_sentence(request: Request, sentence: str, quotes: list[Quoted]) -> Broken | None:
    if not 1 <= len(sentence) <= LONGEST_SENTENCE:
        return Broken.SENTENCE_LENGTH
    if len(sentences(sentence)) > MOST_SENTENCES:
        return Broken.SENTENCE_LENGTH
    if not _is_plain(sentence):
        return Broken.NOT_PLAIN
    if reads_like_orders(sentence):
        return Broken.ORDERS
    # names are the same in every language, and «AS» is a word in English
    bare = re.sub(r"(?<=\s)[A-ZÆØÅ][\w-]*", " ", without_numbers(sentence))
    scores, usual, spoken = evidence(bare), evidence(""), detect(bare)
    if (
        spoken != request.lang
        and scores[spoken] - usual[spoken] >= scores[request.lang] - usual[request.lang] + PLAINLY
    ):
        return Broken.LANGUAGE
    return None if _is_grounded(request, sentence, quotes) else Broken.UNRELATED


def _is_plain(sentence: str) -> bool:
    """Whether a sentence is words and punctuation: no markup, no link, no letters of another script."""
    if re.search(r"[<>\[\]{}|`*_#\\~^=]|://|\bwww\.", sentence, re.IGNORECASE):
        return False
    if any(unicodedata.category(c)[0] == "C" or unicodedata.category(c) in ("Zl", "Zp") for c in sentence):
        return False
    if any(c.isnumeric() and c not in "0123456789" for c in sentence):
        return False
    letters = [c for c in sentence if c.isalpha()]
    return bool(letters) and all(unicodedata.name(c, "").startswith("LATIN ") for c in letters)


def _is_grounded(request: Request, sentence: str, quotes: list[Quoted]) -> bool:
    there = " ".join((request.question, *(f"{' '.join(q.passage.path)} {q.text}" for q in quotes)))
    telling = [w for w in words_of(sentence) if w.telling and w.text.isalpha()]
    known = words_of(there)
    forms = frozenset(form for w in known for form in w.forms)
    ideas = frozenset(idea for w in known for idea in ideas_of_word(w.text))
    met = [w for w in telling if not forms.isdisjoint(w.forms) or not ideas.isdisjoint(ideas_of_word(w.text))]
    across = is_english(sentence) != is_english(" ".join(q.text for q in quotes))
    return len(met) >= (GROUNDED_ACROSS if across else GROUNDED) * len(telling)
