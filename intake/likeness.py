"""Group texts that say nearly the same in the same words, so that none is measured on what was learnt from its like."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

ALIKE: Final = 0.5
"""Shared words, of all words of the two, from which texts are alike."""
_WORD = re.compile(r"\w+")


def groups(texts: Sequence[str]) -> list[int]:
    """Return the number of each text's group, counted in the order in which groups first appear.

    Texts that are alike share one of their rarest words, so that only those are compared (Chaudhuri, Ganti and
    Kaushik 2006, "prefix filter"): thousands take seconds.
    """
    words = [frozenset(_WORD.findall(text.casefold())) for text in texts]
    often = Counter(word for spoken in words for word in spoken)
    leader = list(range(len(texts)))
    seen: dict[str, list[int]] = defaultdict(list)

    def first(at: int) -> int:
        while leader[at] != at:
            at = leader[at]
        return at

    for at, spoken in enumerate(words):
        rarest = sorted(spoken, key=lambda word: (often[word], word))
        rarest = rarest[: len(spoken) - math.ceil(ALIKE * len(spoken)) + 1]
        for other in {near for word in rarest for near in seen[word]}:
            if len(spoken & words[other]) >= ALIKE * len(spoken | words[other]):
                one, two = sorted((first(at), first(other)))
                leader[two] = one
        for word in rarest:
            seen[word].append(at)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(first(at), len(numbers)) for at in range(len(texts))]
