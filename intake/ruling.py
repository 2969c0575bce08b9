"""Decide by the rules alone what a message asks: what has points enough, what yields to what, what only looks so."""

from intake.matching import Message
from intake.phrases import Phrases
from intake.rectification import Rectification
from intake.weighing import ENOUGH, RIGHTS, Scores, commanded, questions, speaks, weight, wonders


def ruled(
    scores: Scores, message: Message, phrases: Phrases, change: Rectification | None
) -> tuple[str, ...]:
    told = change is not None and (change.sure or (change.likely and not scores.reached(*RIGHTS)))
    if told and not scores.reached("rectification"):
        scores.add("rectification", ENOUGH, -1)
    if sum(weight("selling", sentence, message, phrases) for sentence in message.sentences) >= ENOUGH:
        return ("none",)
    _settle(scores)
    types = {name for name in (*RIGHTS, "human") if scores.reached(name)}
    asked = scores.where.get("status", set()) & {s.ordinal for s in message.sentences if s.question}
    if scores.reached("status") and (asked or "complaint" not in types):
        types.add("status")
    if _asks(scores, message, phrases, types):
        types.add("question")
    types = types or _likely(scores, message)
    if (
        not types
        and not scores.reached("retract")
        and any(
            wonders(sentence) and not commanded(sentence, message, phrases) for sentence in message.sentences
        )
    ):
        types.add("question")
    if not types and scores.reached("past") and not scores.reached("settled", "retract"):
        types.add("status")
    return tuple(sorted(types)) or ("none",)


def _settle(scores: Scores) -> None:
    """Where two rights are read from the same words, keep the one the words mean."""
    if scores.reached("withdraw_consent"):
        if not scores.reached("named_objection"):
            scores.drop("objection")
        _yield_to(scores, "erasure", "withdraw_consent")
    if scores.reached("restriction"):
        _yield_to(scores, "erasure", "restriction")
        _yield_to(scores, "objection", "restriction")
    if not scores.where.get("objection", set()) & scores.where.get("marketing", set()):
        _yield_to(scores, "objection", "erasure")
    if scores.reached("portability"):
        _yield_to(scores, "access", "portability")
    if scores.reached("complaint"):
        _yield_to(scores, "rectification", "complaint")
    if scores.reached("complaint") and not scores.where.get("access", set()) & scores.where.get(
        "asked", set()
    ):
        _yield_to(scores, "access", "complaint")


def _yield_to(scores: Scores, weaker: str, stronger: str) -> None:
    if scores.reached(f"named_{weaker}") and stronger != "restriction":
        return
    if scores.where.get(weaker, set()) <= scores.where.get(stronger, set()):
        scores.drop(weaker)


def _asks(scores: Scores, message: Message, phrases: Phrases, types: set[str]) -> bool:
    """A question beside a request must be one of its own; alone, any question about the company's terms counts."""
    if scores.reached("retract"):
        return False
    taken = set().union(*(scores.where.get(name, set()) for name in (*RIGHTS, "status"))) if types else set()
    return any(
        questions(sentence, message, phrases, beside=bool(types))
        for sentence in message.sentences
        if sentence.ordinal not in taken and not commanded(sentence, message, phrases)
    )


def _likely(scores: Scores, message: Message) -> set[str]:
    """Where nothing is sure, read the likeliest right: a case too many is closed sooner than one is missed."""
    everyday = ("support", "cancel", "consumer", "smalltalk", "thing_erase", "injection")
    if scores.reached("retract", "settled") or any(sentence.has(*everyday) for sentence in message.sentences):
        return set()
    hints = [(scores.points[name], name) for name in (*RIGHTS, "status", "human") if scores.points.get(name)]
    return {max(hints)[1]} if hints else set()


def plain(message: Message, phrases: Phrases) -> bool:
    """Whether the body speaks for itself, so that the subject must not be read into it."""
    return any(
        sentence.has("support", "cancel")
        or any(speaks(mood, sentence, message, phrases) for mood in ("mood_retract", "mood_thanks"))
        for sentence in message.sentences
    )
