"""The derivation of a deadline in words: which steps are told, in which order, with which rule."""

from datetime import datetime

import pytest

from law.deadlines import ClockEvent, ClockEventType, due, explain
from law.language import LANGS, Lang, catalogue


def at(text: str) -> datetime:
    """A time on the Oslo clock in summer, "2029-06-04 09:00"."""
    return datetime.fromisoformat(f"{text}+02:00")


def told(received: str, *events: tuple[str, ClockEventType], lang: Lang = "nb", ground: bool = True) -> str:
    """All sentences about a request received in an Oslo summer, one a line."""
    return "\n".join(explain(due(at(received), [ClockEvent(at(t), k, ground) for t, k in events]), lang))


ASK, CONFIRM = ClockEventType.IDENTITY_REQUESTED, ClockEventType.IDENTITY_CONFIRMED
CLARIFY, CLEAR = ClockEventType.CLARIFICATION_REQUESTED, ClockEventType.CLARIFICATION_RECEIVED
EXTEND = ClockEventType.EXTENDED


def test_the_derivation_of_a_plain_month_reads_as_agreed() -> None:
    """The golden text: receipt, month, working day, last day, and the date we work to."""
    assert told("2029-04-17 09:00", lang="en").splitlines() == [
        "The request arrived on 17 April 2029. The time limit counts from the day it arrived, Norwegian "
        "time, whether or not anyone had read it (GDPR Art. 12(3), EDPB 01/2022 para. 159).",
        "The answer must come without undue delay and at the latest one month after receipt. The day it "
        "arrived is not counted, and the month ends on the same date in the next month: 17 May 2029 (GDPR "
        "Art. 12(3), Reg. 1182/71 Art. 3(1) and (2)(c) = FOR-1992-12-04-910, EDPB 01/2022 para. 160).",
        "17 May 2029 is Constitution Day. The time limit then ends with the next working day, Friday "
        "18 May 2029 (Reg. 1182/71 Art. 3(4) = FOR-1992-12-04-910, EDPB 01/2022 para. 161).",
        "The last lawful day to answer is 18 May 2029, until midnight Norwegian time "
        "(Reg. 1182/71 Art. 3(2)(c) = FOR-1992-12-04-910).",
        "We work towards 16 May 2029: without pauses the period ends on 17 May 2029, which is Constitution "
        "Day, and then we take the last working day before it. That is our own cautious rule, not the law "
        "(EDPB 01/2022 para. 158).",
    ]


@pytest.mark.parametrize(
    ("lang", "names"),
    [
        ("nb", ["1. påskedag", "2. påskedag", "tirsdag 3. april 2029"]),
        ("nn", ["1. påskedag", "2. påskedag", "tysdag 3. april 2029"]),
        ("en", ["Easter Sunday", "Easter Monday", "Tuesday 3 April 2029"]),
    ],
)
def test_days_off_are_passed_by_name(lang: Lang, names: list[str]) -> None:
    """Each day between the end of the month and the due date is named, and so is the day reached."""
    text = told("2029-03-01 09:00", lang=lang)
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize(("lang", "month"), [("nb", "I februar"), ("nn", "I februar"), ("en", "February")])
def test_a_month_without_the_day_is_explained(lang: Lang, month: str) -> None:
    """31 January has no counterpart in February: the sentence says so and cites example 33."""
    text = told("2029-01-31 09:00", lang=lang)
    assert month in text
    assert "31" in text
    assert "33)" in text


def test_a_pause_granted_is_told_with_both_dates_and_its_length() -> None:
    """Who was asked what when, when the answer came, how many days, and where the period now ends."""
    text = told("2029-06-04 09:00", ("2029-06-05 09:00", ASK), ("2029-06-11 09:00", CONFIRM))
    assert "5. juni 2029 spurte vi hvem henvendelsen kom fra, fordi det var rimelig tvil." in text
    assert "Svaret kom 11. juni 2029. Fristen sto stille i 6 dager" in text
    assert "Med 6 dager pause slutter perioden 10. juli 2029" in text


def test_a_single_day_of_pause_is_one_day() -> None:
    """Not «1 dager»."""
    text = told("2029-06-04 09:00", ("2029-06-05 09:00", CLARIFY), ("2029-06-06 09:00", CLEAR))
    assert "i 1 dag (" in text


@pytest.mark.parametrize(
    ("asked", "ground", "reason"),
    [
        ("2029-06-14", True, "10 dager etter mottak og ikke uten ugrunnet opphold"),
        ("2029-06-05", False, "Det var ingen rimelig tvil"),
        ("2029-07-10", True, "Da var fristen alt ute"),
    ],
)
def test_a_pause_not_granted_is_told_with_the_reason(asked: str, ground: bool, reason: str) -> None:
    """Late, without ground, or after the end: the officer reads why the clock did not stop."""
    text = told("2029-06-04 09:00", (f"{asked} 09:00", ASK), (f"{asked} 12:00", CONFIRM), ground=ground)
    assert reason in text
    assert "Fristen sto stille i" not in text


def test_overlapping_pauses_are_added_up_aloud() -> None:
    """Six and four days that share two make eight, and the text says that each day counts once."""
    text = told(
        "2029-06-04 09:00",
        ("2029-06-05 09:00", ASK),
        ("2029-06-09 09:00", CLARIFY),
        ("2029-06-11 09:00", CONFIRM),
        ("2029-06-13 09:00", CLEAR),
    )
    assert "Hver dag telles bare én gang, til sammen 8 dager" in text


def test_an_accepted_extension_names_three_months_in_all() -> None:
    """Datatilsynet's «til to måneder» is not repeated: the total is said."""
    text = told("2029-06-04 09:00", ("2029-06-20 09:00", EXTEND))
    assert "tre måneder i alt, regnet fra mottak: 4. september 2029" in text


@pytest.mark.parametrize(
    ("notices", "reason"),
    [
        (["2029-07-05"], "kom for sent, for siste dag for den var 4. juli 2029"),
        (["2029-06-20", "2029-06-25"], "Fristen kan forlenges bare én gang"),
        (["2029-05-20"], "datert før henvendelsen kom"),
    ],
)
def test_a_refused_extension_is_told_with_the_reason(notices: list[str], reason: str) -> None:
    """Too late, a second time, or before there was a request."""
    assert reason in told("2029-06-04 09:00", *[(f"{day} 09:00", EXTEND) for day in notices])


def test_while_we_wait_no_last_day_is_told_but_a_day_to_close_by() -> None:
    """The text promises no date it cannot know, and says what happens if no answer comes."""
    text = told("2029-06-04 09:00", ("2029-06-05 09:00", ASK))
    assert "Siste lovlige dag" not in text
    assert "senest 4. juli 2029 (personvernforordningen art. 11 nr. 2" in text


def test_a_clock_that_has_not_started_gets_one_sentence() -> None:
    """It says why, and no date but the arrival."""
    found = due(at("2029-06-04 09:00"), official_channel=False)
    for lang in LANGS:
        (sentence,) = explain(found, lang)
        assert "4" in sentence
        assert "54" in sentence


def test_the_languages_say_the_same_things() -> None:
    """The same sentences exist in all three, with the same blanks to fill."""
    blanks = {
        lang: {
            key: sorted(part.split("}")[0] for part in text.split("{")[1:])
            for key, text in catalogue(f"deadlines.{lang}.toml").items()
        }
        for lang in LANGS
    }
    assert blanks["nb"].keys() == blanks["nn"].keys() == blanks["en"].keys()
    assert [key for key in blanks["nb"] if set(blanks["nb"][key]) != set(blanks["en"][key])] == []
    assert [key for key in blanks["nb"] if set(blanks["nb"][key]) != set(blanks["nn"][key])] == []
