"""Weigh what the sentences of a message speak for: rights, reminders, questions, and moods that silence them."""

from dataclasses import dataclass, field
from typing import Final

from intake.matching import Message, matches
from intake.phrases import Phrases
from intake.sentences import Sentence

RIGHTS: Final = (
    "access",
    "complaint",
    "erasure",
    "objection",
    "portability",
    "rectification",
    "restriction",
    "withdraw_consent",
)
"""Types that open a case; Art. 22 reads as objection."""

NAMED: Final = ("access", "erasure", "objection")
"""Types that may be named outright, and then stand beside another read from the same words."""

ENOUGH: Final = 2.0
"""Points from which a type is read."""

SHORTEST: Final = 4
"""Words in a question that is one without a known topic."""

TITLE: Final = 5
"""Words in a title below a name."""

_MOODS: Final = ("general", "reported", "received", "retract", "past", "thanks")
_ASKING: Final = ("question_word", "polar", "wonder")


@dataclass(slots=True)
class Scores:
    """Points by what is spoken for, and the numbers of the sentences that gave them."""

    points: dict[str, float] = field(default_factory=dict)
    where: dict[str, set[int]] = field(default_factory=dict)
    earlier: set[str] = field(default_factory=set)
    """Rights that were asked for before, as the message tells."""

    def add(self, name: str, weight: float, ordinal: int) -> None:
        """Give `name` points for a sentence."""
        self.points[name] = self.points.get(name, 0.0) + weight
        self.where.setdefault(name, set()).add(ordinal)

    def reached(self, *names: str) -> bool:
        """Whether one of `names` has points enough."""
        return any(self.points.get(name, 0.0) >= ENOUGH for name in names)

    def drop(self, name: str) -> None:
        """Take all points from `name`."""
        self.points.pop(name, None)
        self.where.pop(name, None)


def weight(name: str, sentence: Sentence, message: Message, phrases: Phrases) -> float:
    """The heaviest rule counts, and a lighter one once: many wordings of one thing are not many things."""
    rules = sentence.rules.get(name)
    if not rules:
        return 0
    return sum({rule.weight for rule in rules if matches(rule, sentence, message) is not None})


def speaks(name: str, sentence: Sentence, message: Message, phrases: Phrases, least: float = 1.0) -> bool:
    """Whether a rule of `name` with at least that weight is met."""
    rules = sentence.rules.get(name)
    if not rules:
        return False
    return any(rule.weight >= least and matches(rule, sentence, message) is not None for rule in rules)


def commanded(sentence: Sentence, message: Message, phrases: Phrases) -> bool:
    """Whether a sentence tries to order the desk about, or demands something about everybody."""
    return any(speaks(name, sentence, message, phrases) for name in ("mood_injection", "mood_third"))


def weigh(message: Message, phrases: Phrases) -> Scores:
    """Weigh each sentence by itself.

    A right counts where the sentence uses it now, for somebody in particular. One that only asks in general,
    tells of an earlier request or of the company's doings, takes back or gives thanks uses none.
    """
    scores = Scores()
    for sentence in message.sentences:
        if commanded(sentence, message, phrases):
            continue
        moods = {mood for mood in _MOODS if speaks(f"mood_{mood}", sentence, message, phrases)}
        if _hypothetical(sentence):
            moods.add("general")
        status = not sentence.has("if_i") and speaks("status", sentence, message, phrases, ENOUGH)
        if "retract" in moods:
            for name in RIGHTS:
                scores.drop(name)
            scores.add("retract", ENOUGH, sentence.ordinal)
        if moods & {"thanks", "received"}:
            scores.add("settled", ENOUGH, sentence.ordinal)
        if status:
            scores.earlier.update(
                name for name in RIGHTS if weight(name, sentence, message, phrases) >= ENOUGH
            )
        elif not moods & {"retract", "thanks", "received"}:
            _rights(scores, sentence, message, phrases, moods)
        for name in ("status", "human", "question"):
            points = weight(name, sentence, message, phrases)
            if (
                points
                and not (name == "human" and titled(sentence, message))
                and not (name == "question" and status)
                and not (name == "status" and sentence.has("if_i"))
            ):
                scores.add(name, points, sentence.ordinal)
    for sentence in message.sentences:
        if scores.earlier and sentence.has("repeat"):
            for name in scores.earlier:
                scores.add(name, ENOUGH, sentence.ordinal)
    return scores


def _rights(scores: Scores, sentence: Sentence, message: Message, phrases: Phrases, moods: set[str]) -> None:
    free = {"complaint"}
    if sentence.has("on_me") and not sentence.has("if_i"):
        free.add("access")
    if sentence.has("stuff") and not sentence.has("if_i"):
        free.add("portability")
    if sentence.has("record_says") and not sentence.question:
        free.add("rectification")
    ordered = sentence.has("must_erase", "gone_must") and not sentence.question
    silencing = {"general"} if ordered else {"general", "reported"}
    silent = {name for name in ("erasure", "rectification") if _trades(sentence, message)}
    if speaks("mood_unsub", sentence, message, phrases):
        silent.add("erasure")
    for name in RIGHTS:
        points = 0.0 if name in silent else weight(name, sentence, message, phrases)
        sure = name in free and points >= ENOUGH
        if not points or (not sure and moods & silencing):
            continue
        told = name == "complaint" and sentence.has("ignored")
        if "past" in moods and not sentence.has("order_now") and not told:
            scores.add("past", ENOUGH, sentence.ordinal)
            scores.earlier.add(name)
        else:
            scores.add(name, points, sentence.ordinal)
    for name in NAMED:
        if speaks(f"named_{name}", sentence, message, phrases):
            scores.add(f"named_{name}", ENOUGH, sentence.ordinal)
    if sentence.question:
        scores.add("asked", ENOUGH, sentence.ordinal)
    if sentence.has("marketing", "list_erase"):
        scores.add("marketing", ENOUGH, sentence.ordinal)


def titled(sentence: Sentence, message: Message) -> bool:
    """Whether a short line below others says who signs: a title alone is no wish to speak with one who bears it."""
    below = sentence.ordinal >= 2 and len(message.sentences) > 2 and len(sentence.words) <= TITLE
    return below and not sentence.has("talk", "want", "please", "call_me", "not_robot", "over_phone")


def _trades(sentence: Sentence, message: Message) -> bool:
    """Whether a change is wished in an order, an invoice or a price, and in nothing about the sender."""
    own = ("trade_own", "facts")
    if sentence.has(*own):
        return False
    bare = not sentence.has("field", "account", "mine_everything", "of_me", "theirs", "relation")
    return sentence.has("trade") or (
        bare and any(s.has("trade") and not s.has(*own) for s in message.sentences)
    )


def _hypothetical(sentence: Sentence) -> bool:
    """A question about an "if", or one that asks about the company and nobody in particular, uses no right."""
    if not sentence.question:
        return False
    opens = any(
        span.first == 0 for name in ("question_word", "polar") for span in sentence.spans.get(name, ())
    )
    return sentence.has("if_i") or (
        opens and not sentence.has("mine_only", "on_me", "mine", "theirs", "relation", "how_know")
    )


def questions(sentence: Sentence, message: Message, phrases: Phrases, *, beside: bool) -> bool:
    """Whether a sentence asks about the company's terms or practice.

    `beside` a request only a question with a question word counts that is not about the sender.
    """
    points = weight("question", sentence, message, phrases)
    if beside:
        return (
            bool(points)
            and sentence.question
            and sentence.has("question_word")
            and not sentence.has("mine_only")
        )
    if sentence.has("support") and not sentence.has("if_i", "general"):
        return False
    if _undone(sentence):
        return False
    if sentence.has("wonder") and sentence.has("you") and not sentence.has("mine_only"):
        return True
    opens = any(span.first == 0 for name in _ASKING for span in sentence.spans.get(name, ()))
    return bool(points) and (sentence.question or opens or sentence.has("wonder", "not_yet"))


def wonders(sentence: Sentence) -> bool:
    """Whether a sentence is a question of any kind that the company could be asked."""
    if not sentence.question or sentence.has("selling", "support") or _undone(sentence):
        return False
    told = sentence.has("wonder", "question_word", "polar", "if_i")
    if sentence.has("polar_ask") and not told and not sentence.has("polar_may"):
        return False
    if sentence.has("topic"):
        return True
    everyday = sentence.has("smalltalk", "consumer", "thing_erase", "polar_ask", "order_now")
    return len(sentence.words) >= SHORTEST and not everyday


def _undone(sentence: Sentence) -> bool:
    """A wish put as a question: to have a line removed from an invoice, or a contract ended."""
    ending = sentence.has("cancel") and sentence.has("polar_ask") and not sentence.has("polar_may")
    return ending or (sentence.has("thing_erase") and sentence.has("erase"))
