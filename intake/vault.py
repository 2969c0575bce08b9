"""Seals and opens personal fields with the dossier's own key, and hashes identifiers for look-ups."""

import hashlib
import hmac
import json
import os
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

IDENTIFIERS = frozenset({"email", "phone", "name", "customer_number", "username"})


class KeyGone(Exception):
    """The dossier's key was deleted: what it sealed is erased for good."""


class KeyLost(Exception):
    """The dossier's key was never deleted and is not there: the folder of keys must come from its backup."""


class Unsealable(Exception):
    """The sealed value was moved, changed or sealed with another key."""


class KeyRing(Protocol):
    """Where data keys live, apart from the database."""

    def data_key(self, dossier_id: str, *, make: bool) -> bytes:
        """The dossier's 32-byte key; where there is none yet, a new one if `make`, else KeyLost.

        Raises KeyGone after `forget`.
        """

    def begin(self, count: int) -> Sequence[str]:
        """Make keys for so many new dossiers; their ids, 32 hex digits each. The keys are kept for good then."""

    def forget(self, dossier_id: str) -> None:
        """Delete the key for good (and remember that it is gone)."""

    def lookup_key(self) -> bytes:
        """The 32-byte key of keyed hashes."""


class Vault:
    """AES-GCM with the place authenticated, so that a sealed value cannot be moved to another row or field."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def seal(self, dossier_id: str, place: str, value: bytes | str) -> bytes:
        """Seal a value for one place, such as "message.text:<row id>"."""
        plain = value.encode() if isinstance(value, str) else value
        nonce = os.urandom(12)
        return nonce + AESGCM(self._keys.data_key(dossier_id, make=True)).encrypt(
            nonce, plain, place.encode()
        )

    def open(self, dossier_id: str, place: str, sealed: bytes) -> bytes:
        """The plain bytes. Raises KeyGone, KeyLost, or Unsealable where the place or the key is another."""
        key = self._keys.data_key(dossier_id, make=False)
        try:
            return AESGCM(key).decrypt(sealed[:12], sealed[12:], place.encode())
        except InvalidTag:
            raise Unsealable(place.split(":")[0]) from None

    def open_text(self, dossier_id: str, place: str, sealed: bytes) -> str:
        """The plain text; errors as `open`."""
        return self.open(dossier_id, place, sealed).decode()

    def seal_json(self, dossier_id: str, place: str, value: Any) -> bytes:
        """Seal a value as JSON."""
        return self.seal(dossier_id, place, json.dumps(value, ensure_ascii=False, sort_keys=True))

    def open_json(self, dossier_id: str, place: str, sealed: bytes | None) -> Any:
        """The JSON value; None for a field that was never written. Errors as `open`."""
        return None if sealed is None else json.loads(self.open(dossier_id, place, sealed))

    def lookup(self, kind: str, value: str, *, operator: str = "") -> str:
        """A keyed hash of a normalised identifier: equal identifiers meet, nobody can read one back."""
        message = f"{kind}\x1f{operator}\x1f{normalised(kind, value)}".encode()
        return hmac.new(self._keys.lookup_key(), message, hashlib.sha256).hexdigest()

    def begin(self, count: int) -> Sequence[str]:
        """The ids of so many new dossiers, whose keys are made together, which costs little more than one.

        It waits for the disk; raises what the key ring raises, and then none of them counts.
        """
        return self._keys.begin(count)

    def forget(self, dossier_id: str) -> None:
        """Erase everything the dossier sealed, here and in every backup, by deleting its key."""
        self._keys.forget(dossier_id)


def normalised(kind: str, value: str) -> str:
    """An identifier in the one spelling under which it is looked up; a secret or a token stays as it is."""
    if kind not in IDENTIFIERS:
        return value
    text = unicodedata.normalize("NFKC", value).strip().casefold()
    if kind == "phone":
        digits = re.sub(r"\D", "", text)
        for prefix in ("0047", "47"):
            if digits.startswith(prefix) and len(digits) == len(prefix) + 8:
                return digits[len(prefix) :]
        return digits
    return re.sub(r"\s+", " ", text)
