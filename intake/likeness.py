"""Group texts that say nearly the same in the same words, so that none is measured on what was learnt from its like."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

ALIKE: Final = 0.5
"""Shared words, of all words of the two, from which texts are alike."""
_WORD = re.compile(r"\w+")


def groups(texts: Sequence[str]) -> list[int]:
    """Return the number of each text's group, counted in the order in which groups first appear."""
    words = [frozenset(_WORD.findall(text.casefold())) for text in texts]
    leader = list(range(len(texts)))
    seen: dict[str, list[int]] = defaultdict(list)

    def first(at: int) -> int:
        while leader[at] != at:
            at = leader[at]
        return at

    for at, spoken in enumerate(words):
        shared: dict[int, int] = defaultdict(int)
        for word in spoken:
            for other in seen[word]:
                shared[other] += 1
            seen[word].append(at)
        for other, common in shared.items():
            if common / len(spoken | words[other]) >= ALIKE:
                one, two = sorted((first(at), first(other)))
                leader[two] = one
    numbers: dict[int, int] = {}
    return [numbers.setdefault(first(at), len(numbers)) for at in range(len(texts))]
