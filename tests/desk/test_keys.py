"""The key folder: keys apart from the database, forgotten for good when a dossier is erased."""

import errno
import os
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from desk.keys import FileKeys, KeysUnusable, master_from, master_given
from intake.vault import KeyGone, KeyLost, Unsealable, Vault


def keys(folder: Path) -> FileKeys:
    return FileKeys(folder, master_from(folder)[0])


def test_a_master_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """First run makes it, mode 0600; the next run finds the same."""
    first, made = master_from(tmp_path)
    again, made_again = master_from(tmp_path)
    assert (made, made_again, first) == (True, False, again)
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600


def test_what_one_process_sealed_another_opens(tmp_path: Path) -> None:
    """Keys live in the folder, not in the process."""
    dossier = uuid4().hex
    sealed = Vault(keys(tmp_path)).seal(dossier, "message.text:1", "blåbær")
    assert Vault(keys(tmp_path)).open_text(dossier, "message.text:1", sealed) == "blåbær"


def test_a_forgotten_key_never_comes_back(tmp_path: Path) -> None:
    """After `forget` nothing opens, also in a new process, and no new key takes its place."""
    dossier = uuid4().hex
    ring = keys(tmp_path)
    sealed = Vault(ring).seal(dossier, "p", "x")
    ring.forget(dossier)
    for one in (ring, keys(tmp_path)):
        with pytest.raises(KeyGone):
            Vault(one).open(dossier, "p", sealed)
        with pytest.raises(KeyGone):
            Vault(one).seal(dossier, "p", "y")


def test_keys_made_together_are_on_the_disk_when_they_are_told_of(tmp_path: Path) -> None:
    """Every key file is synced, and the folder they lie in; another process opens what they sealed."""
    synced: list[str] = []
    ring = FileKeys(
        tmp_path,
        master_from(tmp_path)[0],
        sync=lambda file: synced.append(os.readlink(f"/proc/self/fd/{file}")),
    )
    made = ring.begin(5)
    files = sorted((tmp_path / "dossiers").glob("*/*"))
    assert sorted(made) == [file.name for file in files]
    assert {file.stat().st_size for file in files} == {60}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert sorted(synced) == sorted([*map(str, files), str(files[0].parent)])
    for dossier in made:
        sealed = Vault(ring).seal(dossier, "p", "x")
        assert Vault(keys(tmp_path)).open_text(dossier, "p", sealed) == "x"


def test_a_disk_that_refuses_makes_no_keys(tmp_path: Path) -> None:
    """The fault comes out, and nobody is told of a dossier; when the disk is well again, keys are made."""
    full = True

    def sync(file: int) -> None:
        if full:
            raise OSError(errno.ENOSPC, "no space")

    ring = FileKeys(tmp_path, master_from(tmp_path)[0], sync=sync)
    with pytest.raises(OSError, match="no space"):
        ring.begin(3)
    full = False
    assert len(ring.begin(3)) == 3


def test_a_lost_data_key_is_not_replaced_in_silence(tmp_path: Path) -> None:
    """To open needs the very key; with the file back from its backup, everything opens again."""
    dossier = uuid4().hex
    sealed = Vault(keys(tmp_path)).seal(dossier, "p", "x")
    (file,) = (tmp_path / "dossiers").glob("*/*")
    kept = file.read_bytes()
    file.unlink()
    with pytest.raises(KeyLost):
        Vault(keys(tmp_path)).open(dossier, "p", sealed)
    assert not file.exists()
    file.write_bytes(kept)
    assert Vault(keys(tmp_path)).open_text(dossier, "p", sealed) == "x"


def test_data_keys_on_disk_are_wrapped(tmp_path: Path) -> None:
    """A copy of the dossiers' folder without the master key opens nothing."""
    dossier = uuid4().hex
    sealed = Vault(keys(tmp_path)).seal(dossier, "p", "x")
    other = FileKeys(tmp_path, b"\x01" * 32)
    with pytest.raises(KeysUnusable):
        Vault(other).open(dossier, "p", sealed)


def test_a_sealed_value_opens_only_in_its_own_place(tmp_path: Path) -> None:
    """Moved to another row it is refused."""
    dossier = uuid4().hex
    vault = Vault(keys(tmp_path))
    with pytest.raises(Unsealable):
        vault.open(dossier, "message.text:2", vault.seal(dossier, "message.text:1", "x"))


def test_a_lost_master_key_is_not_replaced_in_silence(tmp_path: Path) -> None:
    """Where data keys are there, a missing master key is an error that says what to do; restoring it mends it."""
    dossier = uuid4().hex
    sealed = Vault(keys(tmp_path)).seal(dossier, "p", "x")
    kept = (tmp_path / "master.key").read_text()
    (tmp_path / "master.key").unlink()
    with pytest.raises(KeysUnusable, match="restore it from the backup"):
        master_from(tmp_path)
    (tmp_path / "master.key").write_text(kept)
    assert Vault(keys(tmp_path)).open_text(dossier, "p", sealed) == "x"


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31])
def test_a_given_master_key_must_be_64_hex_digits(text: str) -> None:
    """Anything else is refused in words."""
    with pytest.raises(KeysUnusable, match="64 hex digits"):
        master_given(text)
