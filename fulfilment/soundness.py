"""Why a decision cannot be taken as it stands."""

from dataclasses import dataclass
from enum import StrEnum


class Flaw(StrEnum):
    """Why a decision cannot be taken as it stands; the console words it."""

    NO_GROUND = "no_ground"
    SUBCODE = "subcode"
    EVIDENCE = "evidence"
    PARTIAL_ONLY = "partial_only"
    SAME_OFFICER = "same_officer"
    NOT_EXTENDABLE = "not_extendable"
    EXTENDED = "extended"
    TOO_LATE = "too_late"
    NO_REASON = "no_reason"
    NOT_BY_HAND = "not_by_hand"
    NO_NOTE = "no_note"


@dataclass(slots=True, eq=False)
class Unsound(Exception):
    """A decision the law does not bear: `flaw` says why, `missing` names evidence fields not filled in."""

    flaw: Flaw
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.flaw}: {', '.join(self.missing)}" if self.missing else self.flaw.value
