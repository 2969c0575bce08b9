"""A brake on floods: so many messages from one caller in so long, counted in this process alone."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class Brake:
    """At most `times` messages in `within` from one caller; beyond `room` callers the oldest is forgotten."""

    times: int = 40
    within: timedelta = timedelta(minutes=5)
    room: int = 10_000
    _seen: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)

    def wait(self, caller: str, now: datetime) -> timedelta | None:
        """Count a message; None where it may pass, else how long to wait."""
        times = self._seen.setdefault(caller, deque())
        self._seen.move_to_end(caller)
        while times and times[0] <= now - self.within:
            times.popleft()
        if len(times) >= self.times:
            return times[0] + self.within - now
        times.append(now)
        while len(self._seen) > self.room:
            self._seen.popitem(last=False)
        return None


def minutes(wait: timedelta) -> str:
    """A waiting time in whole minutes, at least one."""
    return str(max(1, -int(-wait.total_seconds() // 60)))
