"""Keeps the keys in files apart from the database: one master key, one wrapped data key for each dossier."""

import errno
import functools
import hashlib
import os
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake.vault import KeyGone, KeyLost

SYNCED_AT_ONCE = 16  # keys that wait for the disk together
MASTER = "master.key"
GONE = b"gone"


class KeysUnusable(Exception):
    """The key folder or the master key cannot be used; the text says what to do."""


class FileKeys:
    """A KeyRing over a folder: `master.key` (or the key handed in) and `dossiers/<xx>/<id>`, all mode 0600.

    Deleting a dossier's file erases what it sealed, in backups of the database too.
    """

    def __init__(self, folder: Path, master: bytes, *, sync: Callable[[int], None] = os.fsync) -> None:
        if len(master) != 32:
            raise KeysUnusable("the master key must be 32 bytes")
        self._folder = folder / "dossiers"
        self._wrapping = _derive(master, b"rettsvar data keys")
        self._lookup = _derive(master, b"rettsvar look-ups")
        self.signing = _derive(master, b"rettsvar signatures")
        self._sync = sync
        self._read = functools.lru_cache(maxsize=4096)(self._unwrap)

    def data_key(self, dossier_id: str, *, make: bool) -> bytes:
        """The dossier's key. Raises KeyGone after `forget`, KeyLost where there is none and none shall be made."""
        path = self._path(dossier_id)
        if not path.exists():
            if not make:
                raise KeyLost(dossier_id)
            self._make(dossier_id, path)
        return self._read(dossier_id)

    def begin(self, count: int) -> tuple[str, ...]:
        """Make keys for so many new dossiers, in one folder; each of them and the folder are on the disk then.

        The disk is asked for all at once, since it then writes them in one go. Raises OSError; a file left behind
        belongs to nobody.
        """
        shelf = secrets.token_hex(1)
        made = tuple(shelf + secrets.token_hex(15) for _ in range(count))
        if not made:
            return made
        folder = self._folder / shelf
        _make_folder(folder)
        opened: list[int] = []
        try:
            for dossier_id in made:
                opened.append(os.open(folder / dossier_id, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
                wrapped = self._wrapped(dossier_id)
                if os.write(opened[-1], wrapped) != len(wrapped):
                    raise OSError(errno.EIO, "a key was not written whole")
            opened.append(os.open(folder, os.O_RDONLY))
            with ThreadPoolExecutor(min(len(opened), SYNCED_AT_ONCE)) as pool:
                for _ in pool.map(self._sync, opened):
                    pass  # a fault is raised here
        finally:
            for descriptor in opened:
                os.close(descriptor)
        return made

    def forget(self, dossier_id: str) -> None:
        """Overwrite the key with a mark that it is gone, so that it is never made anew."""
        path = self._path(dossier_id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, GONE)
        self._read.cache_clear()

    def lookup_key(self) -> bytes:
        """The key of keyed hashes."""
        return self._lookup

    def _path(self, dossier_id: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", dossier_id):
            raise ValueError("a dossier id is 32 hex digits")
        return self._folder / dossier_id[:2] / dossier_id

    def _make(self, dossier_id: str, path: Path) -> None:
        """Write a new wrapped key; where two processes race, the first one's stays."""
        _make_folder(path.parent)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        _write(temporary, self._wrapped(dossier_id))
        try:
            os.link(temporary, path)
        except FileExistsError:
            return
        finally:
            temporary.unlink()
        _sync(path.parent)

    def _wrapped(self, dossier_id: str) -> bytes:
        """A new key, which the master key opens."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self._wrapping).encrypt(nonce, os.urandom(32), dossier_id.encode())

    def _unwrap(self, dossier_id: str) -> bytes:
        wrapped = self._path(dossier_id).read_bytes()
        if wrapped == GONE:
            raise KeyGone(dossier_id)
        try:
            return AESGCM(self._wrapping).decrypt(wrapped[:12], wrapped[12:], dossier_id.encode())
        except InvalidTag:
            raise KeysUnusable("a data key was wrapped with another master key") from None


def master_from(folder: Path) -> tuple[bytes, bool]:
    """The master key in the folder and whether it was made now (then the engineer must back it up)."""
    path = folder / MASTER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        return _decoded(path.read_text("ascii")), False
    if any((folder / "dossiers").glob("*/*")):
        raise KeysUnusable(f"{MASTER} is missing although data keys are there: restore it from the backup")
    _write(path, secrets.token_hex(32).encode() + b"\n")
    _sync(folder)
    return _decoded(path.read_text("ascii")), True


def master_given(text: str) -> bytes:
    """A master key of 64 hex digits from a secret. Raises KeysUnusable."""
    return _decoded(text)


def fingerprint(master: bytes) -> str:
    """Eight hex digits that tell keys apart without telling the key."""
    return hashlib.sha256(b"rettsvar fingerprint" + master).hexdigest()[:8]


def _decoded(text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise KeysUnusable("the master key must be 64 hex digits")
    return key


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(master)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    """Make a folder that is not there, and those above it, so that each is found again after a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
