"""Sealing, and look-ups that cannot be read back."""

import pytest

from intake.vault import KeyGone, Unsealable, Vault, normalised


def test_what_is_sealed_opens_in_its_place(vault: Vault) -> None:
    """The same dossier and place give the text back, Norwegian letters and all."""
    sealed = vault.seal("d1", "message.text:m1", "Blåbærsyltetøy 🫐")
    assert vault.open_text("d1", "message.text:m1", sealed) == "Blåbærsyltetøy 🫐"


@pytest.mark.parametrize(("dossier", "place"), [("d1", "message.text:m2"), ("d2", "message.text:m1")])
def test_a_sealed_value_cannot_be_moved(vault: Vault, dossier: str, place: str) -> None:
    """Copied to another row or another dossier it does not open; the error names the field and no row."""
    sealed = vault.seal("d1", "message.text:m1", "hemmelig")
    vault.seal("d2", "message.text:m1", "noe annet")
    with pytest.raises(Unsealable, match=r"^message\.text$"):
        vault.open(dossier, place, sealed)


def test_a_changed_value_does_not_open(vault: Vault) -> None:
    """One flipped bit is noticed."""
    sealed = bytearray(vault.seal("d1", "message.text:m1", "hemmelig"))
    sealed[-1] ^= 1
    with pytest.raises(Unsealable):
        vault.open("d1", "message.text:m1", bytes(sealed))


def test_the_same_text_is_never_sealed_alike(vault: Vault) -> None:
    """Two equal messages cannot be told to be equal."""
    assert vault.seal("d1", "p", "ja") != vault.seal("d1", "p", "ja")


def test_forgetting_a_dossier_erases_it_and_no_other(vault: Vault) -> None:
    """After the key is gone nothing of the dossier opens or is sealed; others are untouched."""
    one, two = vault.seal("d1", "p", "en"), vault.seal("d2", "p", "to")
    vault.forget("d1")
    with pytest.raises(KeyGone):
        vault.open("d1", "p", one)
    with pytest.raises(KeyGone):
        vault.seal("d1", "p", "ny")
    assert vault.open_text("d2", "p", two) == "to"


def test_json_comes_back_as_it_was(vault: Vault) -> None:
    """Sealed JSON keeps its values; a field never written is None."""
    value = {"wish": "Slett meg", "rectification": None, "tall": [1, 2]}
    assert vault.open_json("d1", "p", vault.seal_json("d1", "p", value)) == value
    assert vault.open_json("d1", "p", None) is None


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", "Kari@Example.COM ", "kari@example.com"),
        ("phone", "+47 952 97 319", "95297319"),
        ("phone", "0047-95297319", "952 97 319"),
        ("name", "Kari  Nordmann", "kari nordmann"),
    ],
)
def test_spellings_of_one_identifier_meet(vault: Vault, kind: str, one: str, other: str) -> None:
    """However it is written, the same identifier is found."""
    assert vault.lookup(kind, one) == vault.lookup(kind, other)


def test_a_foreign_number_keeps_its_country(vault: Vault) -> None:
    """Only Norway's own prefix is dropped: +46 701234567 is no Norwegian number."""
    assert normalised("phone", "+46 70 123 45 67") == "46701234567"


def test_lookups_differ_by_kind_and_company(vault: Vault) -> None:
    """The hash of an address at one company says nothing about the same address at another, or as a name."""
    hashes = {
        vault.lookup("email", "kari@example.com", operator="cleverstore"),
        vault.lookup("email", "kari@example.com", operator="easystep"),
        vault.lookup("email", "kari@example.com"),
        vault.lookup("name", "kari@example.com"),
    }
    assert len(hashes) == 4
