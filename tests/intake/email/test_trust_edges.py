"""Believing a sender where something is missing, hidden or another's: what was not seen is never a pass, nor a fail."""

from datetime import UTC, datetime

import dkim
import pytest

from intake.email.lookups import Bounded
from intake.email.mail import Authentic, Delivery
from intake.email.peer import UNKNOWN, peer
from tests.intake.email.senders import MAIL, Zone, judged, pem, record, signed, zone

PASS, FAIL, NONE = Authentic.PASS, Authentic.FAIL, Authentic.NONE
OWN = frozenset({"mx.fjordlys.no"})
THEIRS = "198.51.100.7"


def test_a_second_from_below_what_is_read_is_not_overlooked() -> None:
    """A head so long that its end is not read may hold another author: nobody is believed then."""
    raw = signed()
    head, body = raw.split(b"\r\n\r\n", 1)
    assert judged(head + b"\r\nX-A: 1" * 10 + b"\r\n\r\n" + body, zone()).authentic is PASS
    long = head + b"\r\nX-A: 1" * 1000 + b"\r\nFrom: sjef@fjordlys.no\r\n\r\n" + body
    assert judged(long, zone()).authentic is NONE


def test_what_our_server_could_not_ask_is_no_fail() -> None:
    """Its word for it is temperror; a signature that it found broken is one."""
    field = b"Authentication-Results: mx.fjordlys.no; dkim=%s header.d=example.no\r\n"
    assert judged(field % b"temperror" + MAIL, zone(), trusted=OWN).authentic is NONE
    assert judged(field % b"fail" + MAIL, zone(), trusted=OWN).authentic is FAIL


@pytest.mark.parametrize(("wish", "authentic"), [("aspf=s", FAIL), ("adkim=s", PASS)])
def test_our_servers_spf_word_is_aligned_as_the_domain_wishes_for_spf(
    wish: str, authentic: Authentic
) -> None:
    """A strict wish for signatures says nothing of the envelope."""
    field = b"Authentication-Results: mx.fjordlys.no; spf=pass smtp.mailfrom=x@mail.example.no\r\n"
    dns = zone(f"v=DMARC1; p=reject; {wish}")
    assert judged(field + MAIL, dns, trusted=OWN).authentic is authentic


def test_a_sealers_word_about_another_author_is_not_taken() -> None:
    """The list saw a good mail of evil.example, and this one says that it is from example.no."""
    dns = Zone({**zone().records, "s._domainkey.list.example": record()})

    def sealed(domain: bytes) -> bytes:
        field = b"Authentication-Results: list.example; dmarc=pass header.from=%s\r\n" % domain
        return b"".join(dkim.ARC(field + MAIL).sign(b"s", b"list.example", pem(), b"list.example")) + MAIL

    known = frozenset({"list.example"})
    assert judged(sealed(b"evil.example"), dns, sealers=known).authentic is FAIL
    assert judged(sealed(b"example.no"), dns, sealers=known).authentic is PASS


def test_a_senders_record_that_could_not_be_asked_is_no_fail() -> None:
    """The name server is silent about SPF: neither the one nor the other, until it speaks."""
    records = {**zone().records, "example.no": f"v=spf1 ip4:{THEIRS} -all"}
    trust = judged(MAIL, Zone(records, frozenset({"example.no"})), peer_ip=THEIRS)
    assert (trust.authentic, dict(trust.results)["spf"]) == (NONE, "temperror")
    assert judged(MAIL, Zone(records), peer_ip=THEIRS).authentic is PASS


def test_a_mail_without_return_path_is_asked_about_by_its_helo() -> None:
    """RFC 7208 2.4: the null sender has no domain, and the host that greets has one."""
    dns = Zone({**zone().records, "mail.example.no": f"v=spf1 ip4:{THEIRS} -all"})
    assert judged(MAIL, dns, peer_ip=THEIRS, envelope="").authentic is PASS
    assert judged(MAIL, dns, peer_ip="198.51.100.8", envelope="").authentic is FAIL


def test_names_without_records_are_asked_for_twice_at_most() -> None:
    """RFC 7208 4.6.4; two of them are forgiven."""

    def said(number: int) -> str:
        names = " ".join(f"a:n{one}.example.no" for one in range(number))
        dns = Zone({**zone().records, "example.no": f"v=spf1 {names} ip4:{THEIRS} -all"})
        return dict(judged(MAIL, dns, peer_ip=THEIRS).results)["spf"]

    assert (said(2), said(3)) == ("pass", "permerror")


def test_a_relay_in_a_mapped_address_is_our_own_too() -> None:
    """::ffff:10.0.0.5 is 10.0.0.5."""
    dns = Zone({**zone("v=DMARC1; p=none").records, "example.no": "v=spf1 -all"})
    assert "spf" not in dict(judged(MAIL, dns, peer_ip="::ffff:10.0.0.5").results)


def test_who_delivers_by_lmtp_is_not_the_senders_host() -> None:
    """It is the company's own mail server, whatever its address; by SMTP the same peer is asked about."""

    def asked(source: str) -> str:
        delivery = Delivery(
            "fjordlys", MAIL, datetime(2026, 11, 26, tzinfo=UTC), source, "kari@example.no", (), THEIRS, "mx"
        )
        found = peer(delivery, Bounded(Zone({"example.no": "v=spf1 -all"})))
        assert (found == UNKNOWN) is (source == "lmtp")
        return found.result

    assert (asked("lmtp"), asked("smtp")) == ("", "fail")
