"""How far a mail's From address can be believed: our own server's word where there is one, else SPF, DKIM and DMARC.

What is found opens no door. It decides how much verification is still needed, and what an officer is shown.
"""

from intake.email.chains import Chain, chain
from intake.email.domains import domain_of
from intake.email.head import Head, addresses, read_head
from intake.email.lookups import Bounded, Lookup, Silent
from intake.email.mail import Authentic, Delivery, Trust
from intake.email.peer import Peer, peer
from intake.email.policy import Policy, aligned, policy
from intake.email.reported import Finding, findings, reported
from intake.email.signatures import Signature, signatures
from intake.email.tricks import Ours, Trick, tricks

Results = tuple[tuple[str, str], ...]
Verdict = tuple[Authentic, Results]


def judge(
    raw: bytes,
    *,
    delivery: Delivery,
    sender: str,
    sender_name: str,
    reply_to: tuple[str, ...],
    dns: Lookup,
    trusted: frozenset[str] = frozenset(),
    sealers: frozenset[str] = frozenset(),
    ours: Ours = Ours(),
) -> Trust:
    """What can be said of the sender, whatever the bytes are. It blocks for as long as `dns` does: at most
    `lookups.AT_MOST` look-ups and `signatures.MOST` signatures.

    `trusted` are the ids our own mail servers write into Authentication-Results (see `reported`); `sealers` the
    domains whose last ARC seal is believed (RFC 8617), such as a mailing list's of our own. Time is that of the
    delivery: a signature that held when the mail came holds.
    """
    head = read_head(raw)
    seen = tricks(sender=sender, name=sender_name, reply_to=reply_to, ours=ours)
    authors = [address for value in head.all("from") for address in addresses(value)]
    if len(head.all("from")) > 1 or len(set(authors)) > 1:
        # RFC 5322 3.6 knows one From. Each reader shows another one of two, so neither can be believed.
        seen = (*seen, Trick.SEVERAL_FROM)
        return _trust(Authentic.FAIL, (("from", "several"),), seen)
    author = domain_of(sender)
    if not author or not head.whole or not authors or not _same(authors[0], sender):
        # nobody, or not the one the reader of the mail took it for
        return _trust(Authentic.NONE, (("from", "unclear"),), seen)
    lookup = Bounded(dns)
    found = reported(head, trusted)
    if found is not None:
        return _trust(*_of_server(found, author, lookup), seen)
    return _trust(*_of_mail(raw, head, delivery, author, lookup, sealers), seen)


def _same(author: str, sender: str) -> bool:
    local, other = author.rpartition("@")[0], sender.lower().rpartition("@")[0]
    return local == other and domain_of(author) == domain_of(sender)


def _trust(authentic: Authentic, results: Results, seen: tuple[Trick, ...]) -> Trust:
    return Trust(authentic, results, tuple(one.value for one in seen))


def _of_server(found: tuple[Finding, ...], author: str, lookup: Bounded) -> Verdict:
    """By what our server wrote: its DMARC result, else its SPF and DKIM results under the domain's policy."""
    results: Results = tuple((one.method, one.result) for one in found)
    verdicts = [one for one in found if one.method == "dmarc" and one.domain in ("", author)]
    if verdicts:
        return _by_word(verdicts[0].result), results
    try:
        wish = policy(author, lookup)
    except Silent:
        return Authentic.NONE, (*results, ("dmarc", "temperror"))
    if wish is None:
        return Authentic.NONE, (*results, ("dmarc", "none"))
    passed = any(
        one.result == "pass"
        and aligned(one.domain, author, strict=wish.strict_dkim if one.method == "dkim" else wish.strict_spf)
        for one in found
        if one.method in ("dkim", "spf")
    )
    if passed:
        return Authentic.PASS, (*results, ("dmarc", "pass"))
    if any(one.result == "temperror" for one in found):
        return Authentic.NONE, (*results, ("dmarc", "temperror"))
    return Authentic.FAIL, (*results, ("dmarc", "fail"), ("policy", wish.wish))


def _by_word(result: str) -> Authentic:
    return {"pass": Authentic.PASS, "fail": Authentic.FAIL}.get(result, Authentic.NONE)


def _of_mail(
    raw: bytes, head: Head, delivery: Delivery, author: str, lookup: Bounded, sealers: frozenset[str]
) -> Verdict:
    """By the mail itself and the names' own records."""
    try:
        wish, word = policy(author, lookup), ""
    except Silent:
        wish, word = None, "temperror"
    signed = signatures(raw, head, lookup, delivery.received_at)
    host = peer(delivery, lookup)
    sealed = chain(raw, lookup)
    results: Results = tuple(("dkim", one.result) for one in signed) or (("dkim", "none"),)
    if host.known:
        results += (("spf", host.result),)
    if sealed.result != "none":
        results += (("arc", sealed.result),)
    authentic, dmarc = (Authentic.NONE, word or "none")
    if wish is not None:
        authentic, dmarc = _dmarc(wish, author, signed, host)
    if dmarc != "pass" and _vouched(sealed, sealers, author):
        authentic = Authentic.PASS
    results += (("dmarc", dmarc),)
    return authentic, (*results, ("policy", wish.wish)) if wish is not None and dmarc != "pass" else results


def _dmarc(wish: Policy, author: str, signed: tuple[Signature, ...], host: Peer) -> tuple[Authentic, str]:
    """RFC 7489 6.6.2: one aligned pass is enough. What could not be asked is never a pass and never a fail.

    Where the door did not see the peer, SPF might have passed. Then it is a fail only where the domain's own
    signature is broken, or where the domain asks that what does not prove itself be refused.
    """
    own = [one for one in signed if aligned(one.domain, author, strict=wish.strict_dkim)]
    if any(one.result == "pass" for one in own):
        return Authentic.PASS, "pass"
    if host.result == "pass" and aligned(host.domain, author, strict=wish.strict_spf):
        return Authentic.PASS, "pass"
    if any(one.result == "temperror" for one in own) or (
        host.result == "temperror" and aligned(host.domain, author, strict=wish.strict_spf)
    ):
        return Authentic.NONE, "temperror"
    broken = any(one.result in ("fail", "policy", "permerror") for one in own)
    if host.known or broken or wish.enforced:
        return Authentic.FAIL, "fail"
    return Authentic.NONE, "none"


def _vouched(sealed: Chain, sealers: frozenset[str], author: str) -> bool:
    """Whether a sealer we believe says that the mail passed for this From when it came to him (RFC 8617 7.2.1)."""
    if sealed.result != "pass" or sealed.sealer not in {one.strip().lower() for one in sealers}:
        return False
    found = findings(sealed.results) or ()
    return any(one.method == "dmarc" and one.result == "pass" and one.domain == author for one in found)
