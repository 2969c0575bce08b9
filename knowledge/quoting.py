"""Choose what to quote from a passage: whole sentences around the best one, as they stand, and not too
many."""

import re
from collections.abc import Sequence
from typing import Final

from knowledge.blocks import LONGEST

Span = tuple[int, int]

FROM_THE_START: Final = 0.6
"""Share of the best part's marks from which the beginning of a long sentence is quoted instead."""


def quotation(
    text: str, sentences: Sequence[Span], best: Span, marks: Sequence[tuple[int, float]] = ()
) -> str:
    """Return a slice of `text`, at most 400 characters, that holds the sentence `best` (start, end).

    `marks` are the places in `text` that answer to the question, with weights. A passage that is short enough
    is quoted whole; else the sentences beside the best are taken along, the better neighbour first, while
    they fit. A sentence too long by itself is cut where a clause begins, around most of the marks.
    """
    if len(text) <= LONGEST:
        return text
    at = list(sentences).index(best)
    first = last = at
    while True:
        options = [
            (_worth(sentences[i], marks), i)
            for i in (first - 1, last + 1)
            if 0 <= i < len(sentences) and sentences[max(last, i)][1] - sentences[min(first, i)][0] <= LONGEST
        ]
        if not options:
            break
        _, chosen = max(options)
        first, last = min(first, chosen), max(last, chosen)
    start, end = sentences[first][0], sentences[last][1]
    if end - start <= LONGEST:
        return text[start:end]
    return text[slice(*_window(text, (start, end), marks))]


def _worth(span: Span, marks: Sequence[tuple[int, float]]) -> float:
    return sum(weight for place, weight in marks if span[0] <= place < span[1])


def _window(text: str, sentence: Span, marks: Sequence[tuple[int, float]]) -> Span:
    """Return the part of a long sentence, between commas or brackets, that most of the marks fall in."""
    start, end = sentence
    piece = text[start:end]
    opens = [0, *(m.end() for m in re.finditer(r"[,;:(]\s+|\s[\u2013-]\s|\s(?=\()", piece))]
    closes = [*(m.end() for m in re.finditer(r"[,;:)](?=\s)", piece)), len(piece)]
    spans = []
    for a in opens:
        fitting = [c for c in closes if a < c <= a + LONGEST]
        b = max(fitting) if fitting else piece.rfind(" ", a, a + LONGEST)
        if b > a:
            spans.append((start + a, start + b))
    whole = max(spans, key=lambda s: (s[0] == start, s[1]))
    best = max(spans, key=lambda s: (_worth(s, marks), s[1] - s[0], -s[0]))
    return whole if _worth(whole, marks) >= FROM_THE_START * _worth(best, marks) else best
