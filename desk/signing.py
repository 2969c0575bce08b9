"""Signs letters for the sender's domain (DKIM, RFC 6376), with a key that is tried before the first letter."""

from pathlib import Path
from typing import Final

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from desk.outgoing import Mail
from fulfilment.adapter import Misconfigured

LEAST_BITS: Final = 1024  # RFC 8301 3.2; 2048 is what a new key should have

# Each is signed once more than it stands there, so that no second one can be put on top.
COVERED: Final = (
    b"from", b"reply-to", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references",
    b"mime-version", b"content-type", b"content-transfer-encoding", b"content-language", b"auto-submitted",
)  # fmt: skip


class Signer:
    """Puts a signature on top of a mail."""

    def __init__(self, domain: str, selector: str, pem: bytes) -> None:
        self._domain, self._selector, self._pem = domain.lower().encode(), selector.encode(), pem

    def signed(self, mail: bytes) -> bytes:
        """The mail, with CRLF line ends and nothing but ASCII in it, under its signature."""
        there = [name.lower() for name, _ in dkim.rfc822_parse(mail)[0]]
        names = [name for name in COVERED for _ in range(there.count(name) + 1)]
        line: bytes = dkim.sign(
            mail,
            self._selector,
            self._domain,
            self._pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=names,
        )
        return line + mail


def signer(settings: Mail) -> Signer | None:
    """The signer of the settings, None without them. Raises Misconfigured where the key is missing or is none."""
    if settings.dkim_domain is None or settings.dkim_selector is None or settings.dkim_key is None:
        return None
    given = settings.dkim_key.get_secret_value()
    pem = given.encode() if given.lstrip().startswith("-----BEGIN") else _read(Path(given))
    try:
        key = load_pem_private_key(pem, password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        raise Misconfigured("mail.dkim_key is no private key in PEM, or is locked by a password") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < LEAST_BITS:
        raise Misconfigured(f"mail.dkim_key must be an RSA key of {LEAST_BITS} bits or more")
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return Signer(settings.dkim_domain, settings.dkim_selector, plain)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Misconfigured(f"mail.dkim_key cannot be read: {fault.strerror}") from None
