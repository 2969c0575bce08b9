"""What a deadline by the law costs, against simply adding a month, and how often the simple date is another."""

import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from law.deadlines import due, explain, oslo_day

MANY = 2000
FIRST = datetime(2026, 1, 1, 6, 30, tzinfo=UTC)


def main() -> None:
    """Print how many a second each way gives, and the ratios."""
    moments = [FIRST + timedelta(hours=13 * number) for number in range(MANY)]
    ways: dict[str, Callable[[datetime], date | None]] = {
        "relativedelta alone": naive,
        "law.deadlines.due": lambda received: due(received).due_date,
        "due and explain": explained,
    }
    rates, dates = {}, {}
    for name, way in ways.items():
        rates[name], dates[name] = measure(way, moments)
        say(f"{name:22}{rates[name]:12,.0f} a second")
    other = sum(a != b for a, b in zip(dates["relativedelta alone"], dates["law.deadlines.due"], strict=True))
    plain, reasoned = (rates["relativedelta alone"] / rates[name] for name in list(ways)[1:])
    say(f"{'ratio':22}{plain:.1f} times the time, with the reasons {reasoned:.1f}")
    say(f"{'other dates':22}{other / MANY:.1%} of the simple dates are not the law's")


def naive(received: datetime) -> date:
    """A month later on the calendar, weekends and holidays or not."""
    return oslo_day(received) + relativedelta(months=1)


def explained(received: datetime) -> date | None:
    """The date and why, as the status page shows it."""
    found = due(received)
    explain(found, "nb")
    return found.due_date


def measure(
    way: Callable[[datetime], date | None], moments: Sequence[datetime]
) -> tuple[float, list[date | None]]:
    """The best of three runs, as deadlines a second of computing, and the dates."""
    best, dates = 0.0, [way(moment) for moment in moments]
    for _ in range(3):
        started = time.process_time()
        for moment in moments:
            way(moment)
        best = max(best, len(moments) / (time.process_time() - started))
    return best, dates


def say(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
