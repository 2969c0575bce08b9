"""Read a message: what it asks for, for whom, in which language, and by what the sender can be found.

Rules are data (`phrases/`); this module weighs what they find. Nothing here decides about a person: a reading
opens a case or fetches an answer, and everything it may have missed stays in the message, which is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from intake.identifiers import identify
from intake.phrases import Phrases, load
from intake.quoted import clean, own_text
from intake.rectification import Rectification, rectification
from intake.sentences import Message, Sentence, matches, split
from law.rights import Right
from operators.languages import detect

RIGHTS: Final = (
    "access", "complaint", "erasure", "objection", "portability", "rectification", "restriction", "withdraw_consent",
)
"""Types that open a case; Art. 22 reads as objection."""

NAMED: Final = ("access", "erasure", "objection")
"""Types that may be named outright, and then stand beside another read from the same words."""

ENOUGH: Final = 2.0
_REPLY = ("re:", "sv:", "vs:", "fw:", "fwd:", "ang:", "svar:", "aw:")
_ASKING = ("question_word", "polar", "wonder")
_LOWEST, _HIGHEST = 0.3, 0.95


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks. `types` is sorted and never empty; `none` stands alone."""

    types: tuple[str, ...]
    on_behalf: bool
    lang: str
    automatic: bool
    identifiers: Mapping[str, str | list[str]] = field(default_factory=dict)
    rectification: Rectification | None = None
    confidence: float = 0.0

    def rights(self) -> tuple[Right, ...]:
        """Return the rights the message uses, in the order of `types`; each opens a case of its own."""
        return tuple(Right(name) for name in self.types if name in RIGHTS)


@dataclass(slots=True)
class _Scores:
    points: dict[str, float] = field(default_factory=dict)
    where: dict[str, set[int]] = field(default_factory=dict)

    def add(self, name: str, weight: float, ordinal: int) -> None:
        self.points[name] = self.points.get(name, 0.0) + weight
        self.where.setdefault(name, set()).add(ordinal)

    def reached(self, name: str) -> bool:
        return self.points.get(name, 0.0) >= ENOUGH

    def drop(self, name: str) -> None:
        self.points.pop(name, None)
        self.where.pop(name, None)


def read(
    body: str, *, subject: str | None = None, channel: Literal["chat", "email"] = "chat", operator: str | None = None
) -> Reading:
    """Return what `body` asks for, from the sender's own new words and, where these are silent, the subject.

    Any text can be read; of a very long one only the beginning is (see `quoted.READ_AT_MOST`). `operator` is
    accepted for the day a company needs phrases of its own; none does yet.
    """
    phrases = load()
    parts = own_text(body)
    title = clean(subject or "")[:300].strip()
    headline = split(title, phrases)
    message = Message(split(parts.said, phrases))
    lang = detect(f"{parts.said}\n{title}")
    if _automatic(message, headline, parts.own, title, channel, phrases):
        return Reading(("none",), False, lang, True, {}, None, _HIGHEST)
    whole = Message(headline + message.sentences)
    behalf = any(_any("behalf", sentence, message, phrases) for sentence in whole.sentences)
    scores = _score(message, phrases)
    change = rectification(parts.said)
    types = _types(scores, message, phrases, change)
    if types == ("none",) and not title.casefold().startswith(_REPLY) and not _plain(message, phrases):
        scores = _score(whole, phrases)
        types = _types(scores, whole, phrases, change)
    change = change if "rectification" in types else None
    new, old = (change.new_value, change.old_value) if change else (None, None)
    found = identify(parts, on_behalf=behalf, new_value=new, old_value=old)
    return Reading(types, behalf, lang, False, found, change, _confidence(types, scores))


def _score(message: Message, phrases: Phrases) -> _Scores:
    """Weigh each sentence by itself; a mood of the sentence (it asks in general, it takes back) silences rights."""
    scores = _Scores()
    past: set[str] = set()
    context = message
    for sentence in message.sentences:
        if _any("mood_injection", sentence, context, phrases) or _any("mood_third", sentence, context, phrases):
            continue
        moods = {m for m in ("general", "reported", "received", "retract", "past", "thanks") if _any(f"mood_{m}", sentence, context, phrases)}
        if _hypothetical(sentence):
            moods.add("general")
        status = not sentence.has("if_i") and _any("status", sentence, context, phrases, ENOUGH)
        for name in RIGHTS:
            weight = _weigh(name, sentence, context, phrases)
            if not weight:
                continue
            if "retract" in moods or (name != "complaint" and moods & {"general", "reported"}) or moods & {"thanks", "received"} or status:
                continue
            elif "past" in moods:
                past.add(name)
            else:
                scores.add(name, weight, sentence.ordinal)
        if sentence.has("marketing", "list_erase"):
            scores.add("marketing", ENOUGH, sentence.ordinal)
        for name in NAMED:
            if _any(f"named_{name}", sentence, context, phrases):
                scores.add(f"named_{name}", ENOUGH, sentence.ordinal)
        for name in ("status", "human", "question"):
            weight = _weigh(name, sentence, context, phrases)
            if weight and not (name == "question" and status) and not (name == "status" and sentence.has("if_i")):
                scores.add(name, weight, sentence.ordinal)
        if "retract" in moods:
            for name in RIGHTS:
                scores.drop(name)
            scores.add("retract", ENOUGH, sentence.ordinal)
        if past and not moods & {"thanks", "received"}:
            scores.add("past", ENOUGH, sentence.ordinal)
        if moods & {"thanks", "received"}:
            scores.add("settled", ENOUGH, sentence.ordinal)
    return scores


def _hypothetical(sentence: Sentence) -> bool:
    """A question about an "if", or one that asks about the company and nobody in particular, uses no right."""
    if not sentence.question:
        return False
    opens = any(span.first == 0 for name in ("question_word", "polar") for span in sentence.spans.get(name, ()))
    return sentence.has("if_i") or (opens and not sentence.has("mine_only", "on_me", "mine", "theirs", "relation"))


def _weigh(name: str, sentence: Sentence, context: Message, phrases: Phrases) -> float:
    """The heaviest rule counts, and lighter ones once: many wordings of one thing are not many things."""
    met = {rule.weight for rule in phrases.rules[name] if matches(rule, sentence, context) is not None}
    return sum(met)


def _any(name: str, sentence: Sentence, context: Message, phrases: Phrases, least: float = 1.0) -> bool:
    return any(
        rule.weight >= least and matches(rule, sentence, context) is not None for rule in phrases.rules[name]
    )


def _types(
    scores: _Scores, message: Message, phrases: Phrases, change: Rectification | None
) -> tuple[str, ...]:
    if change is not None and change.sure and not scores.reached("rectification"):
        scores.add("rectification", ENOUGH, -1)
    _settle(scores)
    rights = {name for name in RIGHTS if scores.reached(name)}
    types = set(rights)
    if scores.reached("status"):
        types.add("status")
    if scores.reached("human"):
        types.add("human")
    selling = sum(_weigh("selling", sentence, message, phrases) for sentence in message.sentences)
    if selling >= ENOUGH:
        return ("none",)
    if _asks(scores, message, phrases, types):
        types.add("question")
    if not types:
        types |= _likely(scores, message)
    if not types and scores.reached("past") and not scores.reached("settled") and not scores.reached("retract"):
        types.add("status")
    return tuple(sorted(types)) or ("none",)


def _likely(scores: _Scores, message: Message) -> set[str]:
    """Where nothing is sure, the most likely right is read: a case too many is closed sooner than one is missed."""
    if any(scores.reached(name) for name in ("retract", "settled")) or any(
        sentence.has("support", "cancel", "consumer", "smalltalk", "thing_erase", "injection") for sentence in message.sentences
    ):
        return set()
    hints = [(scores.points[name], name) for name in (*RIGHTS, "status", "human") if scores.points.get(name)]
    return {max(hints)[1]} if hints else set()


def _settle(scores: _Scores) -> None:
    """Where two rights are read from the same words, keep the one the words mean."""
    if scores.reached("withdraw_consent"):
        if not scores.reached("named_objection"):
            scores.drop("objection")
        _yield_to(scores, "erasure", "withdraw_consent")
    if scores.reached("restriction"):
        _yield_to(scores, "erasure", "restriction")
        _yield_to(scores, "objection", "restriction")
        _yield_to(scores, "access", "restriction")
    if not scores.where.get("objection", set()) & scores.where.get("marketing", set()):
        _yield_to(scores, "objection", "erasure")
    if scores.reached("portability"):
        _yield_to(scores, "access", "portability")
    if scores.reached("complaint"):
        _yield_to(scores, "access", "complaint")


def _yield_to(scores: _Scores, weaker: str, stronger: str) -> None:
    if scores.reached(f"named_{weaker}") and stronger != "restriction":
        return
    if scores.where.get(weaker, set()) <= scores.where.get(stronger, set()):
        scores.drop(weaker)


def _asks(scores: _Scores, message: Message, phrases: Phrases, types: set[str]) -> bool:
    """A question beside a request must be one of its own; alone, any question about the company's terms counts."""
    if scores.reached("retract"):
        return False
    taken = set().union(*(scores.where.get(name, set()) for name in (*RIGHTS, "status")))
    return any(
        _is_question(sentence, message, phrases, beside=bool(types))
        for sentence in message.sentences
        if not (types and sentence.ordinal in taken)
        and not _any("mood_injection", sentence, message, phrases)
        and not _any("mood_third", sentence, message, phrases)
    )


def _is_question(sentence: Sentence, message: Message, phrases: Phrases, *, beside: bool) -> bool:
    weight = _weigh("question", sentence, message, phrases)
    if beside:
        return bool(weight) and sentence.question and sentence.has("question_word") and not sentence.has("mine_only")
    if (sentence.has("support") and not sentence.has("if_i", "general")) or (sentence.has("thing_erase") and sentence.has("erase")):
        return False
    first = min((s.first for name in _ASKING for s in sentence.spans.get(name, ())), default=99)
    asking = sentence.question or first == 0 or sentence.has("wonder", "not_yet")
    if sentence.has("wonder") and sentence.has("you") and not sentence.has("mine_only"):
        return True
    if sentence.has("cancel") and sentence.has("polar_ask") and not sentence.has("polar_may"):
        return False
    if weight and asking:
        return True
    return (
        (sentence.question
        and not sentence.has("smalltalk", "selling", "polar_ask")
        and sentence.has("topic", "you")
        and sentence.has(*_ASKING))
        or (sentence.question
        and sentence.has("topic")
        and not sentence.has("selling"))
    )


def _plain(message: Message, phrases: Phrases) -> bool:
    """Whether the body speaks for itself, so that the subject must not be read into it."""
    return any(
        _any(f"mood_{mood}", sentence, message, phrases) for sentence in message.sentences for mood in ("retract", "thanks")
    ) or any(sentence.has("support", "cancel") for sentence in message.sentences)


def _automatic(
    message: Message, headline: list[Sentence], own: str, title: str, channel: str, phrases: Phrases
) -> bool:
    if channel != "email":
        return False
    lines = Message(split(own, phrases) + headline)
    weights = [_weigh("automatic", sentence, lines, phrases) for sentence in lines.sentences]
    return any(weight >= ENOUGH for weight in weights) or sum(weight > 0 for weight in weights) >= 2


def _confidence(types: tuple[str, ...], scores: _Scores) -> float:
    """How sure the reading is, 0 to 1: by the weight of what decided it; `none` is never very sure."""
    if types == ("none",):
        return 0.5 if scores.points else 0.7
    least = min(scores.points.get(name, 1.0) for name in types)
    return round(min(_HIGHEST, _LOWEST + 0.15 * least), 2)
