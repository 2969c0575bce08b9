"""Codes by themselves: made, read, hashed, judged."""

from datetime import UTC, datetime, timedelta

import pytest

from intake.vault import Vault
from verification.codes import (
    LIFETIME,
    PAUSE,
    PER_ADDRESS,
    TRIES,
    WINDOW,
    Standing,
    Verdict,
    hash_code,
    judge,
    matches,
    new_code,
    read_code,
    wait_until,
)

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def standing(*, tries: int = 0, locked: timedelta | None = None, used: bool = False) -> Standing:
    """A challenge sent now."""
    return Standing(NOW + LIFETIME, tries, None if locked is None else NOW + locked, used)


def test_a_code_is_six_digits() -> None:
    """Leading zeros are kept, and two hundred codes are not a handful."""
    codes = {new_code() for _ in range(200)}
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
    assert len(codes) > 190


@pytest.mark.parametrize("typed", ["012345", " 012 345 ", "012-345", "０１２３４５", "012\u00a0345\n"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    """Blanks, hyphens and full-width digits are all the same code."""
    assert read_code(typed) == "012345"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12345a", "١٢٣٤٥٦", "1" * 100_000, "🔑"])
def test_what_is_no_code_is_not_read_as_one(typed: str) -> None:
    """Too short, too long, letters, other scripts' digits or a flood of text: no code."""
    assert read_code(typed) is None


def test_a_hash_is_bound_to_its_challenge(vault: Vault) -> None:
    """The same code of two challenges is stored unlike, and answers only its own."""
    one, two = hash_code(vault, "c1", "012345"), hash_code(vault, "c2", "012345")
    assert one != two
    assert matches(vault, "c1", "012345", one)
    assert not matches(vault, "c2", "012345", one)
    assert not matches(vault, "c1", "012346", one)
    assert "012345" not in one


@pytest.mark.parametrize(
    ("at", "state", "verdict"),
    [
        (timedelta(0), standing(), None),
        (LIFETIME - timedelta(seconds=1), standing(tries=TRIES - 1), None),
        (LIFETIME, standing(), Verdict.EXPIRED),
        (timedelta(0), standing(used=True), Verdict.USED),
        (LIFETIME, standing(used=True), Verdict.USED),
        (timedelta(0), standing(tries=TRIES, locked=PAUSE), Verdict.PAUSED),
        (PAUSE, standing(tries=TRIES, locked=PAUSE), Verdict.EXPIRED),
    ],
)
def test_what_is_settled_before_the_answer(at: timedelta, state: Standing, verdict: Verdict | None) -> None:
    """Used, paused and run-out codes are settled whatever is answered; a live one is not."""
    assert judge(state, NOW + at) is verdict


def test_the_sixth_code_waits_until_the_first_is_an_hour_old() -> None:
    """Five codes in an hour are enough for anybody: the next may be asked for an hour after the first."""
    made = [NOW + timedelta(minutes=5 * i) for i in range(PER_ADDRESS)]
    asked = made[-1]
    assert wait_until(made[:-1], [], asked) is None
    assert wait_until(made, [], asked) == NOW + WINDOW
    assert wait_until(made, [], NOW + WINDOW) is None


def test_the_longest_wait_counts() -> None:
    """A pause and a full hour together mean the later of the two; a pause that is over means nothing."""
    made = [NOW - timedelta(minutes=59)] * PER_ADDRESS
    assert wait_until(made, [NOW + PAUSE], NOW) == NOW + PAUSE
    assert wait_until([], [NOW], NOW) is None
