"""Choose what to quote from a passage: whole sentences around the best one, as they stand, and not too
many."""

from collections.abc import Sequence

from knowledge.blocks import LONGEST


def quotation(text: str, scored: Sequence[tuple[int, int, float]], best: tuple[int, int]) -> str:
    """Return a slice of `text`, at most 400 characters, that holds the sentence `best` (start, end).

    A passage that is short enough is quoted whole; else the sentences beside it are taken along, the better
    neighbour first, while they fit. A sentence too long by itself is cut at a comma or a space.
    """
    if len(text) <= LONGEST:
        return text
    spans = [(a, b) for a, b, _ in scored]
    scores = [score for _, _, score in scored]
    at = spans.index(best)
    first = last = at
    while True:
        options = [
            (scores[i], i)
            for i in (first - 1, last + 1)
            if 0 <= i < len(spans) and spans[max(last, i)][1] - spans[min(first, i)][0] <= LONGEST
        ]
        if not options:
            break
        _, chosen = max(options)
        first, last = min(first, chosen), max(last, chosen)
    start, end = spans[first][0], spans[last][1]
    return text[start:end] if end - start <= LONGEST else _cut(text[start:end])


def _cut(sentence: str) -> str:
    piece = sentence[:LONGEST]
    comma, space = piece.rfind(", "), piece.rfind(" ")
    return piece[: comma + 1] if comma > LONGEST // 2 else piece[:space] if space > 0 else piece
