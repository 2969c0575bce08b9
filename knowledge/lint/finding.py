"""What the linter hands back: one fault, where it stands, the law it meets and what to do about it."""

from dataclasses import dataclass
from typing import Final

from law.language import Words
from operators.register import Severity

LONGEST_QUOTE: Final = 400
"""Characters of the longest quotation."""

WORST_FIRST: Final = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


@dataclass(frozen=True, slots=True)
class Clause:
    """Where in a document: its title, the section's number ("" without numbers) and heading, and an anchor
    that is unique in the document ("" for a clause the document does not have)."""

    document: str
    section: str
    heading: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: `quotation` is a verbatim slice of the document or of its page's source, at most 400
    characters, "" where there is nothing to quote; `law` is the article or section; `words` say in nb, nn
    and en what is wrong and what to do."""

    rule: str
    clause: Clause
    quotation: str
    law: str
    severity: Severity
    words: Words


@dataclass(frozen=True, slots=True)
class Rule:
    """What every rule has: its id, the law it rests on, how grave a breach of it is, and its words."""

    id: str
    law: str
    severity: Severity
    words: Words

    def at(self, clause: Clause, quotation: str) -> Finding:
        """The finding that this rule is broken there; a longer quotation is cut."""
        return Finding(
            self.id, clause, quotation[:LONGEST_QUOTE].rstrip(), self.law, self.severity, self.words
        )
