"""Find values written in small letters: the words that follow or precede a plain cue, to where the talk goes on."""

from collections.abc import Sequence
from typing import Final

from intake.corrections.cues import Cue
from intake.corrections.leaning import PLAIN, Leaning, leanings
from intake.corrections.lexicon import Token, words
from intake.corrections.roles import ends_as_role, leads_role
from intake.corrections.spoken import Spoken
from intake.corrections.values import SMALL_AT_MOST, Met, Value

_SKIPPED: Final = ("(", '"', "«", "'", ":", "-", "=")


def small(text: Spoken, known: Sequence[Value]) -> list[Leaning]:
    """Return how the values in small letters lean, those `known` among them."""
    met = Met()
    met.values.extend(known)
    told = [cue for cue in text.cues if abs(cue.before) + abs(cue.after) >= 1]
    named = [(one.start, one.end) for one in text.mentions if one.kind != "here"]
    taken = {at for cue in told for at in range(cue.first, cue.last)}
    taken |= {
        at for at, token in enumerate(text.tokens) if any(start <= token.start < end for start, end in named)
    }
    for cue in text.cues:
        if cue.before > -9 and (cue.before or "with" in cue.kinds):
            _add(met, text, _following(text, cue, taken))
        if abs(cue.after) >= PLAIN:
            _add(met, text, _preceding(text, cue, taken))
    for at, token in enumerate(text.tokens):
        if token.plain and len(token.text) > 3 and at not in taken and ends_as_role(token.text):
            first = at - (at > 0 and at - 1 not in taken and leads_role(text.tokens[at - 1].text))
            _add(met, text, text.tokens[first : at + 1])
    return leanings(text, met.sorted())


def _add(met: Met, text: Spoken, run: Sequence[Token]) -> None:
    if run and any(len(token.text) > 1 for token in run):
        start, end = run[0].start, run[-1].end
        if met.free(start, end):
            met.add("small", text.text, start, end)


def _following(text: Spoken, cue: Cue, taken: set[int]) -> list[Token]:
    known = words()
    at = cue.last
    while at < len(text.tokens) and (
        text.tokens[at].text in _SKIPPED or text.tokens[at].text in known.article
    ):
        at += 1
    run: list[Token] = []
    while at < len(text.tokens) and len(run) < SMALL_AT_MOST:
        token = text.tokens[at]
        joins = bool(run) and token.text == "of"  # "head of support"
        known_talk = at in taken or token.text in known.stop
        if not token.text[0].isalpha() or (known_talk and not joins) or _parted(text, run, token):
            break
        run.append(token)
        at += 1
    return run[:-1] if run and run[-1].text == "of" else run


def _preceding(text: Spoken, cue: Cue, taken: set[int]) -> list[Token]:
    known = words()
    at = cue.first - 1
    if at >= 0 and text.tokens[at].text in (",", '"', "»", ")", "'"):
        at -= 1
    run: list[Token] = []
    while at >= 0 and len(run) < SMALL_AT_MOST:
        token = text.tokens[at]
        if (
            not token.text[0].isalpha()
            or at in taken
            or token.text in known.stop
            or token.text in known.article
        ):
            break
        if run and "\n" in text.text[token.end : run[0].start]:
            break
        run.insert(0, token)
        at -= 1
    return run


def _parted(text: Spoken, run: Sequence[Token], token: Token) -> bool:
    return bool(run) and "\n" in text.text[run[-1].end : token.start]
