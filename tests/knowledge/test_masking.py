"""Identifiers are taken out of a text; what a question is about stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.no import fodselsnummer

from knowledge.masking import Kind, mask


def identity_number(day: int, month: int, year: int, individual: int) -> str | None:
    """A number with two right check digits, if there is one."""
    start = f"{day:02}{month:02}{year:02}{individual:03}"
    try:
        number = start + fodselsnummer.calc_check_digit1(start)
        number += fodselsnummer.calc_check_digit2(number)
    except ValueError:
        return None
    return number if fodselsnummer.is_valid(number) else None


NUMBERS = st.builds(
    identity_number,
    st.one_of(st.integers(1, 28), st.integers(41, 68)),
    st.integers(1, 12),
    st.integers(40, 99),
    st.integers(0, 499),
).filter(bool)


@given(
    NUMBERS,
    st.sampled_from(["{}", "Mitt nummer er {}.", "fnr:{}", "12 {} takk", "({})", "kari{}x"]),
    st.data(),
)
def test_every_identity_number_is_masked_however_it_is_spaced(
    number: str, around: str, data: st.DataObject
) -> None:
    """Whatever stands around it and between its digits, none of it is left, and it is told which kind it was."""
    gaps = data.draw(st.lists(st.sampled_from(["", "", " ", "-", "."]), min_size=10, max_size=10))
    spaced = "".join(digit + gap for digit, gap in zip(number, [*gaps, ""], strict=True))
    masked = mask(around.format(spaced), only=frozenset({Kind.NATIONAL_ID}))
    assert spaced not in masked.text
    assert masked.kinds == {Kind.NATIONAL_ID}


def test_a_wrong_check_digit_is_no_identity_number() -> None:
    """Eleven digits that are none stay where only identity numbers are looked for; else they are a long number."""
    wrong = "Kontonummer 12345678911"
    assert mask(wrong, only=frozenset({Kind.NATIONAL_ID})).text == wrong
    assert mask(wrong) == mask("Kontonummer 12345678912")
    assert mask(wrong).kinds == {Kind.NUMBER}


@pytest.mark.parametrize(
    ("text", "masked", "kinds"),
    [
        ("Skriv til kari.n+x@example.no!", "Skriv til [email]!", {Kind.EMAIL}),
        ("Ring 99 88 77 66 eller +47 412 34 567.", "Ring [phone] eller [phone].", {Kind.PHONE}),
        ("Faktura 1234567 og konto 1234.56.78901", "Faktura [number] og konto [number]", {Kind.NUMBER}),
        ("Sak FJL-2026-0042", "Sak [number]", {Kind.NUMBER}),
        ("Jeg er født 12.03.1984", "Jeg er født [number]", {Kind.NUMBER}),
        ("Jeg heter Kari Nordmann og lurer", "Jeg heter [name] og lurer", {Kind.NAME}),
        ("eg heiter ola og undrast", "eg heiter [name] og undrast", {Kind.NAME}),
        ("my name is ann lee, hello", "my name is [name], hello", {Kind.NAME}),
        ("Hva koster det?\nMvh\nPer Hansen", "Hva koster det?\nMvh\n[name]", {Kind.NAME}),
        ("Jeg bor i Storgata 5, 5000 Bergen", "Jeg bor i [address]", {Kind.ADDRESS}),
    ],
)
def test_identifiers_are_replaced(text: str, masked: str, kinds: set[Kind]) -> None:
    """Each by what kind it was."""
    found = mask(text)
    assert (found.text, set(found.kinds)) == (masked, kinds)


@pytest.mark.parametrize(
    "text",
    [
        "Koster det kr 1 250 000 eller 2000000 kroner?",
        "Gjelder det fra 01.03.2026, eller bare 2024-2025?",
        "Hva skjer etter 12 måneder og 30 dager?",
        "Er det bokføringsloven § 13 eller artikkel 6 nr. 1?",
        "Jeg er kunde og lurer på om dere deler noe med Datatilsynet",
        "Do I pay 49,00 or 10 000?",
        "",
    ],
)
def test_what_a_question_is_about_stays(text: str) -> None:
    """Amounts, dates, years, periods, sections and the names of others are the question."""
    assert mask(text) == mask(mask(text).text)
    assert mask(text).text == text
