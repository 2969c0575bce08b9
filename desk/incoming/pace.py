"""How long the watchers wait before they try again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds."""

    first: float = 2  # after the first fault of a server or of a mail; twice as long after each further one
    longest: float = 300
    slow: float = 120  # where nothing helps until somebody mends the settings or the access
    grace: float = 1  # what is under way may still end by itself when the desk stops
    leave: float = 0.8  # and then, cut off, must end in this
    in_a_row: int = 3  # so many mails that cannot be kept one after another: it is not the mails, it is us

    def pause(self, faults: int) -> float:
        """The wait after so many faults one after another, of which there is at least one."""
        return min(self.longest, self.first * 2.0 ** min(faults - 1, 30))
