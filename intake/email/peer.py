"""Whether the host that handed a mail over may send for the domain of its envelope (SPF, RFC 7208)."""

import ipaddress
from dataclasses import dataclass
from typing import Final

import spf

from intake.email.domains import ascii_domain, domain_of
from intake.email.lookups import Bounded, Silent
from intake.email.mail import Delivery

VOID: Final = 2  # names without records that are asked for at most (RFC 7208 4.6.4)
OURS: Final = tuple(
    ipaddress.ip_network(one)
    for one in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Peer:
    """What came of it in the words of RFC 8601, and the domain it was asked about; "" where it was not asked."""

    domain: str
    result: str  # pass, fail, softfail, neutral, none, permerror, temperror; "" where the peer is not known

    @property
    def known(self) -> bool:
        """Whether there was anything to ask."""
        return bool(self.result)


UNKNOWN: Final = Peer("", "")


def peer(delivery: Delivery, lookup: Bounded) -> Peer:
    """Ask about the peer where the door saw it. A peer of our own network is a relay, not the sender's host.

    The domain is the envelope sender's, or that of HELO where it is the null sender (RFC 7208 2.4).
    """
    if delivery.peer_ip is None or delivery.envelope_from is None or delivery.source == "lmtp":
        return UNKNOWN
    try:
        address = ipaddress.ip_address(delivery.peer_ip)
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in OURS if network.version == address.version):
        return UNKNOWN
    helo = ascii_domain(delivery.helo or "")
    sender = delivery.envelope_from
    domain = domain_of(sender) if sender else helo
    if not domain:
        return Peer("", "none")
    local = sender.rpartition("@")[0] if sender else "postmaster"
    question = _Question(str(address), f"{local}@{domain}", helo or "unknown", lookup)
    try:
        return Peer(domain, str(question.check()[0]))
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
        return Peer(domain, "permerror")  # a record that was written to break its reader


class _Question(spf.query):  # type: ignore[misc]  # pyspf has no types
    """pyspf asking through our lookup, which is bounded, instead of the network."""

    def __init__(self, address: str, sender: str, helo: str, lookup: Bounded) -> None:
        super().__init__(i=address, s=sender, h=helo)
        self._lookup = lookup

    def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[object]:
        """The records in the shapes pyspf wants them in."""
        asked = ascii_domain(str(name))
        if not asked or qtype == "SPF":  # type 99 is given up (RFC 7208 3.1)
            return []
        try:
            records = self._lookup(asked, qtype)
        except Silent:
            raise spf.TempError("no answer") from None
        if not records and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > VOID:
                raise spf.PermError("too many names without records")
        match qtype:
            case "TXT":
                return [(one.encode("utf-8"),) for one in records]
            case "MX":
                pairs = [one.split(maxsplit=1) for one in records]
                return [(int(pair[0]), pair[1].rstrip(".")) for pair in pairs if len(pair) == 2]
            case _:
                return [one.rstrip(".") for one in records]
