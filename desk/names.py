"""Asks the domain name system, for judging who sent a mail: bounded in time, and remembered for a while."""

from collections.abc import Sequence
from typing import Final

import dns.exception
import dns.rdatatype
import dns.resolver

from intake.email.lookups import Silent

SECONDS: Final = 5.0
"""For one look-up, all servers and tries in it; a mail waits for it, a person does not."""

REMEMBERED: Final = 2_000
"""Answers kept, each for as long as its zone says."""


class Resolver:
    """This machine's name servers, as an `intake.email.lookups.Lookup`. It blocks: call it in a thread.

    Without a name server of its own it is Silent, and every mail unauthenticated, which asks for a code.
    """

    def __init__(self, resolver: dns.resolver.Resolver | None = None) -> None:
        self._resolver = resolver

    def __call__(self, name: str, kind: str, /) -> Sequence[str]:
        """The records; () where there are none. Raises Silent where nothing is known."""
        try:
            found = self._asked().resolve(name, dns.rdatatype.from_text(kind), search=False, lifetime=SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError, ValueError, UnicodeError):
            # a name that is none, or servers that do not answer: nothing is known
            raise Silent(kind) from None
        if kind == "TXT":
            return [b"".join(one.strings).decode("utf-8", "replace") for one in found]
        return [one.to_text().rstrip(".") for one in found]

    def _asked(self) -> dns.resolver.Resolver:
        if self._resolver is None:
            try:
                made = dns.resolver.Resolver()
            except dns.resolver.NoResolverConfiguration:
                raise Silent("no name server") from None
            made.cache = dns.resolver.LRUCache(REMEMBERED)
            self._resolver = made
        return self._resolver
