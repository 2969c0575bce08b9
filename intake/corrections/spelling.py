"""Tell whether two values are one, written right and wrong, or share a part."""

from difflib import SequenceMatcher
from typing import Final

from rapidfuzz.distance import Indel

from intake.corrections.values import Value

ALIKE: Final = 0.72
"""Likeness from which two spellings are one value, written right and wrong."""
SHORTEST: Final = 3
"""Letters a word must have to be one that is shared, or misspelt."""


def alike(one: Value, two: Value) -> bool:
    """Whether two values are one, written right and wrong, or share a part as names before and after a wedding do."""
    first, second = one.folded, two.folded
    if any(len(word) >= SHORTEST for word in set(first.split()) & set(second.split())):
        return True
    return _close(first, second)


def _close(first: str, second: str) -> bool:
    most = Indel.normalized_similarity(first, second, score_cutoff=ALIKE)  # never less, and much cheaper
    return most >= ALIKE and SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def misspelt(one: Value, two: Value) -> bool:
    """Whether two values are words that differ by a few letters, and no "Model X" and "Model Y"."""
    odd = {*one.folded.split()} ^ {*two.folded.split()}
    told = bool(odd) and all(word.isalpha() and len(word) >= SHORTEST for word in odd)
    return told and _close(one.folded, two.folded)
