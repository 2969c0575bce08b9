"""How far a sender can be believed: by signatures, the envelope, the domain's policy, and our server's own word."""

import time
from datetime import UTC, datetime, timedelta

import dkim
import pytest

from intake.email.lookups import AT_MOST
from intake.email.mail import Authentic
from tests.intake.email.senders import MAIL, Zone, judged, pem, record, signed, zone

PASS, FAIL, NONE = Authentic.PASS, Authentic.FAIL, Authentic.NONE
AR = b"Authentication-Results: mx.fjordlys.no; dmarc=%s header.from=example.no\r\n"
HOP = b"Received: from mail.example.no (mail.example.no [198.51.100.7]) by mx.fjordlys.no; today\r\n"
OWN = frozenset({"mx.fjordlys.no"})


def test_a_good_signature_of_the_own_domain_passes() -> None:
    """DKIM passes, is aligned, and the domain has a policy."""
    trust = judged(signed(), zone())
    assert (trust.authentic, trust.results) == (PASS, (("dkim", "pass"), ("dmarc", "pass")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"om meg", b"om deg"),
        (b"Subject: Innsyn", b"Subject: Slett"),
        (b"kari@example.no>\r\nTo", b"ola@example.no>\r\nTo"),
    ],
)
def test_what_was_changed_under_way_fails(old: bytes, new: bytes) -> None:
    """The body, the subject and the author are covered; unchanged, the same mail passes."""
    raw = signed()
    changed = raw.replace(old, new)
    assert changed != raw
    sender = "ola@example.no" if b"ola@" in new else "kari@example.no"
    trust = judged(changed, zone(), sender=sender)
    assert (trust.authentic, dict(trust.results)["dkim"]) == (FAIL, "fail")
    assert judged(raw, zone()).authentic is PASS


def test_without_a_signature_it_is_as_the_domain_wishes() -> None:
    """Refused by a domain that says so; where SPF could not be asked, one that only watches says nothing."""
    assert judged(MAIL, zone()).authentic is FAIL
    assert judged(MAIL, zone("v=DMARC1; p=none")).authentic is NONE
    assert judged(MAIL, zone("v=DMARC1; p=none"), peer_ip="198.51.100.7").authentic is FAIL


def test_a_domain_without_a_policy_says_nothing() -> None:
    """Neither signed nor unsigned: nobody says what the domain sends."""
    trust = judged(signed(), zone(None))
    assert (trust.authentic, trust.results) == (NONE, (("dkim", "pass"), ("dmarc", "none")))
    assert judged(MAIL, zone(None)).authentic is NONE


def test_a_policy_that_only_watches_passes_and_fails_too() -> None:
    """p=none: a pass is a pass; a broken signature is a fail, told with the wish."""
    watching = zone("v=DMARC1; p=none")
    assert judged(signed(), watching).authentic is PASS
    trust = judged(signed().replace(b"om meg", b"om deg"), watching)
    assert (trust.authentic, trust.results[-1]) == (FAIL, ("policy", "none"))


def test_a_signature_that_has_run_out_fails() -> None:
    """x= is held against the time the mail reached us, not the time it is read."""
    now = int(time.time())
    raw = _with_tag(f"x={now + 600}; ".encode())
    assert judged(raw, zone()).authentic is PASS
    assert judged(raw, zone(), at=datetime.now(UTC) + timedelta(hours=3)).authentic is FAIL


def test_another_domains_signature_does_not_count() -> None:
    """A replay under a changed From, and a stranger's good signature: the domain must be the author's."""
    stranger = Zone({**zone().records, "s._domainkey.evil.example": record()})
    raw = signed(domain="evil.example")
    trust = judged(raw, stranger)
    assert (trust.authentic, trust.results[0]) == (FAIL, ("dkim", "pass"))


@pytest.mark.parametrize("domain", ["example.no-evil.com", "evilexample.no", "no"])
def test_a_domain_that_begins_or_ends_the_same_is_another(domain: str) -> None:
    """Alignment is by whole names: nobody passes for example.no by a longer one."""
    dns = Zone({**zone().records, f"s._domainkey.{domain}": record()})
    assert judged(signed(domain=domain), dns).authentic is FAIL


def test_strict_alignment_wants_the_very_domain() -> None:
    """adkim=s refuses mail.example.no for example.no; the default takes it."""
    raw = signed(domain="mail.example.no")
    key = {"s._domainkey.mail.example.no": record()}
    assert judged(raw, Zone({**zone().records, **key})).authentic is PASS
    strict = Zone({**zone("v=DMARC1; p=reject; adkim=s").records, **key})
    assert judged(raw, strict).authentic is FAIL


def test_a_subdomain_follows_its_owners_wish_for_subdomains() -> None:
    """sp= counts, and a signature of the owner is aligned."""
    raw = MAIL.replace(b"kari@example.no", b"kari@shop.example.no")
    dns = zone("v=DMARC1; p=reject; sp=none")
    unsigned = judged(raw, dns, sender="kari@shop.example.no")
    assert unsigned.authentic is NONE
    assert judged(signed(raw), dns, sender="kari@shop.example.no").authentic is PASS


def test_public_suffixes_are_nobodys_domain() -> None:
    """Two municipalities are two owners: one does not sign for the other."""
    raw = MAIL.replace(b"kari@example.no", b"kari@bergen.kommune.no")
    dns = Zone({
        "_dmarc.bergen.kommune.no": "v=DMARC1; p=reject", "s._domainkey.oslo.kommune.no": record(),
    })  # fmt: skip
    assert judged(signed(raw, "oslo.kommune.no"), dns, sender="kari@bergen.kommune.no").authentic is FAIL


def test_text_added_below_the_signed_length_is_not_believed() -> None:
    """l= covers a part of the body: the signature holds still, and is refused by policy."""
    raw = signed(length=True) + b"Slett alt om Ola Nordmann.\r\n"
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record())
    trust = judged(raw, zone())
    assert (trust.authentic, trust.results[0]) == (FAIL, ("dkim", "policy"))


def test_a_second_from_is_refused() -> None:
    """Whichever of the two a reader shows, nobody has signed for it."""
    raw = b"From: Sjefen <sjef@fjordlys.no>\r\n" + signed()
    for sender in ("kari@example.no", "sjef@fjordlys.no"):
        trust = judged(raw, zone(), sender=sender)
        assert (trust.authentic, "several_from" in trust.tricks) == (FAIL, True)


def test_several_authors_in_one_from_are_refused() -> None:
    """One signs, another is shown."""
    raw = signed(MAIL.replace(b"<kari@example.no>", b"<kari@example.no>, ola@evil.example"))
    assert judged(raw, zone()).authentic is FAIL


def test_a_second_subject_above_the_signature_is_refused() -> None:
    """A signature covers the lower one, a reader shows the upper one."""
    trust = judged(b"Subject: Slett alt\r\n" + signed(), zone())
    assert (trust.authentic, trust.results[0]) == (FAIL, ("dkim", "policy"))


def test_no_author_is_nobody() -> None:
    """Neither pass nor fail."""
    assert judged(MAIL.replace(b"From: Kari", b"X-From: Kari"), zone(), sender="").authentic is NONE
    assert judged(MAIL, zone(), sender="").authentic is NONE


def test_an_author_the_reader_took_for_another_is_not_believed() -> None:
    """What is judged must be what is shown."""
    for sender in ("sjef@fjordlys.no", "ola@example.no"):
        assert judged(signed(), zone(), sender=sender).authentic is NONE
    assert judged(signed(), zone(), sender="Kari@Example.no").authentic is PASS


def test_one_good_aligned_signature_of_several_is_enough() -> None:
    """A stranger's broken one above does no harm; six strangers' above push it out of sight."""
    raw = signed()
    broken = b"DKIM-Signature: v=1; a=rsa-sha256; d=list.example; s=s; h=from; bh=AAAA; b=AAAA\r\n"
    trust = judged(broken + raw, zone())
    assert (trust.authentic, [result for _, result in trust.results]) == (
        PASS,
        ["permerror", "pass", "pass"],
    )
    assert judged(broken * 6 + raw, zone()).authentic is FAIL


def test_from_must_be_signed() -> None:
    """A signature over the rest says nothing of the author."""
    raw = signed()
    assert b"h=from : to" in raw.replace(b"\r\n ", b" ") or b"from" in raw
    bare = raw.replace(b"h=from :", b"h=", 1)
    assert bare != raw
    assert judged(bare, zone()).results[0] == ("dkim", "permerror")


def test_a_weak_key_is_refused() -> None:
    """Fewer than 1024 bits can be broken: RFC 8301."""
    dns = Zone({"s._domainkey.example.no": _weak_record(), "_dmarc.example.no": "v=DMARC1; p=reject"})
    assert judged(signed(), dns).results[0] == ("dkim", "policy")


def test_a_key_that_was_taken_back_signs_no_more() -> None:
    """p= is empty; so is a key record that is none."""
    for text in ("v=DKIM1; p=", "v=DKIM1; p=AAAA", "v=DKIM1; p=!!!", "p=MAA=", "v=DKIM1; k=ed25519; p=AA=="):
        dns = Zone({"s._domainkey.example.no": text, "_dmarc.example.no": "v=DMARC1; p=reject"})
        assert judged(signed(), dns).authentic is FAIL, text


@pytest.mark.parametrize("name", ["s._domainkey.example.no", "_dmarc.example.no"])
def test_what_could_not_be_asked_is_neither_pass_nor_fail(name: str) -> None:
    """A name server that does not answer for the key or the policy; when it does, the mail passes."""
    dns = Zone(zone().records, frozenset({name}))
    trust = judged(signed(), dns)
    assert (trust.authentic, trust.results[-1 if name[0] == "_" else 0][1]) == (NONE, "temperror")
    dns.silent = frozenset()
    assert judged(signed(), dns).authentic is PASS


def test_the_envelope_may_pass_alone() -> None:
    """SPF for the envelope's domain, where that is the author's; from another host it fails."""
    dns = Zone({**zone().records, "example.no": "v=spf1 mx -all", "example.no MX": "10 mail.example.no",
                "mail.example.no A": "198.51.100.7"})  # fmt: skip
    assert judged(MAIL, dns, peer_ip="198.51.100.7").authentic is PASS
    assert judged(MAIL, dns, peer_ip="198.51.100.8").authentic is FAIL
    other = judged(MAIL, Zone({**dns.records, "evil.example": "v=spf1 +all"}),
                   peer_ip="198.51.100.8", envelope="x@evil.example")  # fmt: skip
    assert (other.authentic, dict(other.results)["spf"]) == (FAIL, "pass")


def test_a_relay_of_our_own_is_not_the_senders_host() -> None:
    """SPF is not asked about 10.0.0.5 or the machine itself."""
    dns = Zone({**zone("v=DMARC1; p=none").records, "example.no": "v=spf1 -all"})
    for address in ("10.0.0.5", "127.0.0.1", "::1", "nonsense"):
        assert "spf" not in dict(judged(MAIL, dns, peer_ip=address).results), address
    assert dict(judged(MAIL, dns, peer_ip="::ffff:198.51.100.7").results)["spf"] == "fail"


def test_a_record_that_asks_without_end_is_cut_off() -> None:
    """Bounded in look-ups, whatever the records say; the answer is an honest one."""
    text = "v=spf1 " + " ".join(f"include:n{number}.example.no" for number in range(30))
    dns = Zone({**zone("v=DMARC1; p=none").records, "example.no": text,
                **{f"n{number}.example.no": text for number in range(30)}})  # fmt: skip
    trust = judged(MAIL, dns, peer_ip="198.51.100.7")
    assert dict(trust.results)["spf"] == "permerror"
    assert dns.asked <= AT_MOST


def test_our_own_servers_word_counts() -> None:
    """The field it put on top, whatever the mail itself would show."""
    for word, verdict in ((b"pass", PASS), (b"fail", FAIL), (b"none", NONE), (b"bestguesspass", NONE)):
        assert judged(AR % word + HOP + MAIL, Zone(), trusted=OWN).authentic is verdict
        assert judged(HOP + AR % word + MAIL, Zone(), trusted=OWN).authentic is verdict


def test_a_word_under_our_servers_name_from_outside_is_not_believed() -> None:
    """Below our server's own, below a foreign hop, or with no server named at all."""
    forged = AR % b"pass"
    foreign = b"Received: from a.example by b.example; today\r\n"
    dns = zone("v=DMARC1; p=reject")
    assert judged(AR % b"fail" + HOP + forged + MAIL, dns, trusted=OWN).authentic is FAIL
    assert judged(HOP + foreign + forged + MAIL, dns, trusted=OWN).authentic is FAIL
    assert judged(foreign + forged + MAIL, dns, trusted=OWN).authentic is FAIL
    assert judged(forged + MAIL, dns).authentic is FAIL
    other = forged.replace(b"mx.fjordlys.no;", b"mx.fjordlys.no.evil.example;")
    assert judged(other + MAIL, dns, trusted=OWN).authentic is FAIL


def test_our_servers_word_about_another_author_is_not_taken() -> None:
    """header.from must be the author's domain."""
    raw = (AR % b"pass").replace(b"header.from=example.no", b"header.from=evil.example") + HOP + MAIL
    assert judged(raw, zone(), trusted=OWN).authentic is FAIL


def test_our_servers_spf_and_dkim_results_are_held_against_the_policy() -> None:
    """A server that does no DMARC: alignment is ours to tell."""
    field = b"Authentication-Results: mx.fjordlys.no; dkim=pass header.d=%s header.s=s\r\n"
    assert judged(field % b"example.no" + HOP + MAIL, zone(), trusted=OWN).authentic is PASS
    assert judged(field % b"evil.example" + HOP + MAIL, zone(), trusted=OWN).authentic is FAIL
    assert judged(field % b"example.no" + HOP + MAIL, zone(None), trusted=OWN).authentic is NONE


def _sealed(raw: bytes = MAIL, word: bytes = b"pass") -> bytes:
    """The mail as a list at list.example sealed it after it came in with that DMARC result."""
    field = b"Authentication-Results: list.example; dmarc=%s header.from=example.no\r\n" % word
    lines = dkim.ARC(field + raw).sign(b"s", b"list.example", pem(), b"list.example")
    return b"".join(lines) + raw


def test_a_chain_is_told_and_believed_only_from_who_is_named() -> None:
    """Anyone can seal: without its name in the settings a good chain only stands among the results."""
    dns = Zone({**zone().records, "s._domainkey.list.example": record()})
    known = frozenset({"list.example"})
    told = judged(_sealed(), dns)
    assert (told.authentic, dict(told.results)["arc"]) == (FAIL, "pass")
    assert judged(_sealed(), dns, sealers=known).authentic is PASS
    assert judged(_sealed(word=b"fail"), dns, sealers=known).authentic is FAIL


def test_a_broken_chain_says_nothing() -> None:
    """Changed after the seal: fail, even from who is named."""
    dns = Zone({**zone().records, "s._domainkey.list.example": record()})
    raw = _sealed().replace(b"om meg", b"om deg")
    trust = judged(raw, dns, sealers=frozenset({"list.example"}))
    assert (trust.authentic, dict(trust.results)["arc"]) == (FAIL, "fail")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b" folded first\r\n" + MAIL,
        b"DKIM-Signature: \xff\xfe;;;===\r\n" + MAIL,
        b"DKIM-Signature: v=1; a=rsa-sha256; d=\xc3\xa6.no; s=; h=from; bh=; b=\r\n" + MAIL,
        b"ARC-Seal: i=999999999; cv=pass\r\n" + MAIL,
        b"ARC-Seal: i=0\r\nARC-Message-Signature: i=1\r\n" + MAIL,
        b"Authentication-Results: mx.fjordlys.no; ((((\r\n" + MAIL,
        b"Received: \r\n" * 2000 + MAIL,
        b"X: " + b"\xff" * 300_000 + b"\r\n" + MAIL,
        MAIL.replace(b"\r\n", b"\n"),
        MAIL[:50],
    ],
)
def test_whatever_the_bytes_are_there_is_an_answer(raw: bytes) -> None:
    """Nothing raises, and nothing passes."""
    assert judged(raw, zone(), trusted=OWN).authentic is not PASS


def test_long_runs_of_blanks_cost_no_time() -> None:
    """A body made to keep a canonicaliser busy is judged at once, and rightly."""
    raw = MAIL + b" \t" * 100_000 + b"x\r\n"
    began = time.perf_counter()
    assert judged(signed(MAIL).split(MAIL)[0] + raw, zone()).authentic is FAIL
    assert time.perf_counter() - began < 2


def _with_tag(tag: bytes) -> bytes:
    """The mail signed with one more tag, which dkimpy does not write by itself."""
    raw = MAIL
    message = dkim.DKIM(raw)
    gen = message.gen_header

    def header(fields: list[tuple[bytes, bytes]], *rest: object, **more: object) -> bytes:
        name, _, value = tag.strip().rstrip(b";").partition(b"=")
        fields.insert(-2, (name, value))
        line: bytes = gen(fields, *rest, **more)
        return line

    message.gen_header = header
    line: bytes = message.sign(b"s", b"example.no", pem(), include_headers=[b"from", b"to", b"subject"])
    return line + raw


def _weak_record() -> str:
    """A published key of 512 bits: dkimpy would take the time to try it."""
    import base64

    modulus = (1 << 511) | 1
    body = b"\x02\x41\x00" + modulus.to_bytes(64, "big") + b"\x02\x03\x01\x00\x01"
    return "v=DKIM1; p=" + base64.b64encode(b"\x30" + bytes([len(body)]) + body).decode()
