"""What judging a sender asks the domain name system, and within which bounds."""

from collections.abc import Sequence
from typing import Final, Protocol

AT_MOST: Final = 40  # look-ups for one mail: SPF alone may need ten, each MX another (RFC 7208 4.6.4)
LONGEST: Final = 4096  # characters of one TXT record that are read


class Silent(Exception):
    """The name servers gave no answer, in time or at all: nothing is known (RFC 8601 "temperror")."""


class Lookup(Protocol):
    """Asks for the records of one kind. It has a time limit of its own and follows aliases."""

    def __call__(self, name: str, kind: str, /) -> Sequence[str]:
        """Records of `kind` (TXT, A, AAAA, MX, PTR), () where there are none. Raises Silent.

        A TXT record is one joined string, an MX record "10 mx.example.no", a PTR record a name.
        """


class Bounded:
    """A lookup that asks each thing once and no more than `at_most` things; then it is Silent.

    `silent` tells that an answer is missing: what is not found may be there all the same.
    """

    def __init__(self, dns: Lookup, at_most: int = AT_MOST) -> None:
        self._dns = dns
        self._left = at_most
        self._known: dict[tuple[str, str], tuple[str, ...] | None] = {}
        self.silent = False

    def __call__(self, name: str, kind: str, /) -> tuple[str, ...]:
        """The records. Raises Silent, again without asking where it did before."""
        key = (name.rstrip(".").lower(), kind)
        if key not in self._known:
            self._known[key] = self._ask(*key)
        records = self._known[key]
        if records is None:
            self.silent = True
            raise Silent(kind)
        return records

    def _ask(self, name: str, kind: str) -> tuple[str, ...] | None:
        if self._left <= 0:
            return None
        self._left -= 1
        try:
            found = self._dns(name, kind)
        except Silent:
            return None
        return tuple(one for one in found if len(one) <= LONGEST)
