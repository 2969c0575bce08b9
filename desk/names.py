"""Asks the domain name system for real: the lookup that judging a sender is handed."""

import threading
import time
from collections.abc import Callable
from typing import Final

import dns.exception
import dns.resolver

from intake.email.lookups import Silent

LONGEST: Final = 3600.0  # seconds an answer is kept at most, whatever it says of itself
NOTHING: Final = 60.0  # seconds it is kept that there is nothing
KEPT: Final = 5000  # answers


class Names:
    """A lookup that blocks for at most `timeout` seconds; call it off the event loop. Safe over threads.

    Answers are kept for as long as they say. That a server is silent is not kept: the next mail asks again.
    """

    def __init__(
        self,
        timeout: float = 3,
        *,
        resolver: dns.resolver.Resolver | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeout = timeout
        self._given = resolver
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[float, tuple[str, ...]]] = {}

    def __call__(self, name: str, kind: str, /) -> tuple[str, ...]:
        """The records. Raises Silent where no server answers in time, or one says that it failed."""
        key = (name.lower().rstrip("."), kind)
        with self._lock:
            until, records = self._known.get(key, (0.0, ()))
        if until > self._clock():
            return records
        lasts, records = self._ask(*key)
        with self._lock:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[key] = (self._clock() + lasts, records)
        return records

    def _ask(self, name: str, kind: str) -> tuple[float, tuple[str, ...]]:
        try:
            answer = self._resolver().resolve(
                name + ".", kind, lifetime=self._timeout, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            return NOTHING, ()
        except (dns.resolver.NoNameservers, dns.resolver.NoResolverConfiguration, dns.exception.Timeout):
            raise Silent(kind) from None
        except dns.exception.DNSException:  # a name that is none, an answer that breaks the rules
            return NOTHING, ()
        if answer.rrset is None:
            return NOTHING, ()
        return min(float(answer.rrset.ttl), LONGEST), tuple(_said(one, kind) for one in answer)

    def _resolver(self) -> dns.resolver.Resolver:
        """The machine's own, read at the first question: nothing happens before."""
        with self._lock:
            if self._given is None:
                self._given = dns.resolver.Resolver()
            return self._given


def _said(record: object, kind: str) -> str:
    if kind == "TXT":
        return b"".join(getattr(record, "strings", ())).decode("utf-8", "replace")
    return str(record)
