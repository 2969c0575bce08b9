"""Tricks with names and domains: what an officer should see, and what must not cry wolf."""

from dataclasses import replace

import pytest

from intake.email.tricks import Ours, Trick, looks_like, mixed, tricks
from operators.profile import Contact, load, operators_root

OURS = Ours(("Fjordlys", "Fjordlys Strøm AS"), frozenset({"fjordlys.no"}))


def seen(sender: str, name: str = "", *reply_to: str) -> set[Trick]:
    """What is found."""
    return set(tricks(sender=sender, name=name, reply_to=reply_to, ours=OURS))


@pytest.mark.parametrize(
    ("sender", "name", "reply_to", "trick"),
    [
        ("x@evil.example", "kari@bank.no", "", Trick.NAME_HOLDS_ADDRESS),
        ("x@evil.example", "Kari (kari＠bank.no)", "", Trick.NAME_HOLDS_ADDRESS),
        ("x@evil.example", "Kundesenter dnb.no", "", Trick.NAME_HOLDS_DOMAIN),
        ("x@evil.example", "Fjordlys kundeservice", "", Trick.NAME_IS_OURS),
        ("x@evil.example", "Fjоrdlys", "", Trick.NAME_IS_OURS),
        ("x@fjordly.no", "Kari", "", Trick.LOOK_ALIKE),
        ("x@fjordlsy.no", "Kari", "", Trick.LOOK_ALIKE),
        ("x@fjord1ys.no", "Kari", "", Trick.LOOK_ALIKE),
        ("x@fjordlys.com", "Kari", "", Trick.LOOK_ALIKE),
        ("x@fjordlys-kundeservice.no", "Kari", "", Trick.LOOK_ALIKE),
        ("x@" + "fjоrdlys.no".encode("idna").decode(), "Kari", "", Trick.LOOK_ALIKE),
        ("x@" + "fjоrdlys.no".encode("idna").decode(), "Kari", "", Trick.MIXED_SCRIPT),
        ("x@evil.example", "Kаri Eksempel", "", Trick.MIXED_SCRIPT),
        ("x@evil.example", "Kari \u202egpj.exe", "", Trick.HIDDEN_SIGNS),
        ("kari@example.no", "Kari", "kari@evil.example", Trick.REPLY_ELSEWHERE),
    ],
)
def test_a_trick_is_seen(sender: str, name: str, reply_to: str, trick: Trick) -> None:
    """Each by its own word."""
    assert trick in seen(sender, name, *([reply_to] if reply_to else []))


@pytest.mark.parametrize(
    ("sender", "name", "reply_to"),
    [
        ("kari@example.no", "Kari Eksempel", ""),
        ("kari@example.no", "kari@example.no", ""),
        ("kari@example.no", "Kari Eksempel (example.no)", ""),
        ("kari@gmail.com", "Kåre Ødegård-Ørland", ""),
        ("kari@example.no", "Kari", "kari@mail.example.no"),
        ("ola@fjordlys.no", "Fjordlys", ""),
        ("ola@post.fjordlys.no", "Fjordlys kundeservice", ""),
        ("анна@example.no", "Анна Иванова", ""),
        ("kari@example.no", "Kari A.B. Hansen", ""),
        ("kari@fjordbygg.no", "Kari", ""),
        ("kari@fjordbus.no", "Kari", ""),
        ("", "", ""),
    ],
)
def test_a_plain_sender_is_left_in_peace(sender: str, name: str, reply_to: str) -> None:
    """Neither accents, other alphabets, own subdomains nor the company's own mail are tricks."""
    assert seen(sender, name, *([reply_to] if reply_to else [])) == set()


def test_short_names_are_not_like_everything() -> None:
    """One letter of three is no likeness; the same name with another ending is."""
    assert not looks_like("dnc.no", "dnb.no")
    assert looks_like("dnb.com", "dnb.no")


def test_two_scripts_in_two_words_are_no_mixture() -> None:
    """A name may be written in both."""
    assert not mixed("Anna Анна")
    assert mixed("Аnna")


def test_a_companys_names_come_from_its_profile() -> None:
    """Both its names, its own and its officer's addresses, its page, and the mailboxes it is written to."""
    operator = replace(
        load(operators_root() / "fjordlys"),
        contact=Contact(None, "hei@a.example", None, None),
        dpo=Contact(None, "ombud@b.example", None, None),
        privacy_url="https://www.c.example/personvern",
    )
    ours = Ours.of(operator, "personvern@d.example")
    assert ours.names == (operator.name, operator.legal_name)
    assert ours.domains == {"a.example", "b.example", "c.example", "d.example"}
    assert Ours.of(replace(operator, privacy_url=None)).domains == {"a.example", "b.example"}
