"""Every fault a step can carry has words in three languages."""

import pytest

from fulfilment.adapter import OutcomeKind
from fulfilment.faults import say_fault
from law.language import LANGS, Lang


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "fault",
    [
        "try_later:unreachable",
        "needs_officer:integrity",
        "needs_officer:else",
        "misconfigured:x",
        "residue:a=1",
    ],
)
def test_a_fault_is_told_in_words(fault: str, lang: Lang) -> None:
    """The code itself never reaches the officer, and no fault we write falls back to that of our own."""
    told = say_fault(fault, lang)
    assert told != say_fault("internal:KeyError", lang)
    assert fault.partition(":")[0] not in told


def test_outcomes_that_stop_a_step_have_words() -> None:
    """The kinds that leave a step to a human are each worded on their own."""
    kinds = [OutcomeKind.PARTIAL, OutcomeKind.REFERRED, OutcomeKind.BLOCKED, OutcomeKind.REFUSED]
    assert len({say_fault(kind.value, "nb") for kind in kinds}) == len(kinds)
