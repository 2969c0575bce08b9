"""What is decided from evidence: types that stand alone, types that have a sentence of their own, likeness of texts."""

import numpy as np
import pytest

from intake.deciding import PIECES, Judged, choose, decided, evidence
from intake.examples import TYPES, our_examples
from intake.features import NOTHING, together
from intake.hearing import hear
from intake.learnt import learnt
from intake.likeness import ALIKE, groups
from intake.reading import read

AHEAD = 15
"""Where in the evidence it stands how far a type leads in a sentence."""


def scores(**high: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return scores that are low but for those named, and surely ask for something."""
    return np.array([high.get(name, -4.0) for name in TYPES] + [5.0], np.float32)


def test_a_type_leads_in_the_sentence_that_is_its_own() -> None:
    """Two requests in two sentences each lead, however low the second is in the message as a whole."""
    heard = hear("Slett kontoen min. Rett namnet mitt.")
    each = np.stack([scores(erasure=5.0), scores(rectification=3.0)])
    found = evidence(heard, Judged(scores(erasure=4.0, rectification=-2.0), each))
    lead = dict(zip(TYPES, found[:, AHEAD], strict=True))
    assert (lead["erasure"], lead["rectification"]) == (9.0, 7.0)
    assert all(lead[name] < 0 for name in TYPES if name not in ("erasure", "rectification"))


def test_evidence_has_its_numbers_for_each_type() -> None:
    """A message of one sentence has as many numbers as one of several."""
    one, several = hear("Slett meg."), hear("Hei. Slett meg. Takk for no.")
    shapes = {evidence(heard, Judged(scores(), np.stack([scores()]))).shape for heard in (one, several)}
    assert shapes == {(len(TYPES), PIECES + 2 * len(TYPES))}


@pytest.mark.parametrize(("doubtful", "types"), [(0.3, ("erasure",)), (0.45, ("none",))])
def test_the_likeliest_stands_sooner_where_something_is_surely_asked(
    doubtful: float, types: tuple[str, ...]
) -> None:
    """One and the same doubtful type is read or left, as the message asks for something or not."""
    assert choose({"erasure": 0.35, "access": 0.1}, {}, doubtful).types == types


@pytest.mark.parametrize(
    ("text", "types"),
    [
        (
            "Hei!\n\nVi har hatt kano hos dere i mange år, og ungene har vært så glade i det. Nå er de store.\n\n"
            "Kan jeg få en kopi av alt dere har skrevet om meg? Og send ikke flere tilbud på sms.\n\nHilsen Berit",
            ("access", "objection"),
        ),
        (
            "Dear all,\n\nI left the choir last spring after twenty years. It was time.\n\nMy surname is spelt with "
            "one s too few in your list, please correct it to Prossner. I also want my consent to the photographs "
            "withdrawn.\n\nKind regards\nJo",
            ("rectification", "withdraw_consent"),
        ),
        (
            "God dag,\n\neg var med på kurset dykkar i fjor haust, og det var triveleg.\n\nEg vil klage på at de "
            "sende adressa mi til alle dei andre. Dessutan vil eg at de slettar alt de har om meg.\n\nHelsing Nils",
            ("complaint", "erasure"),
        ),
    ],
)
def test_requests_in_a_long_letter_are_all_read(text: str, types: tuple[str, ...]) -> None:
    """What is told beside requests neither hides one nor adds another."""
    assert read(text, channel="email").types == types


def test_nothing_is_decided_of_a_text_without_words() -> None:
    """Where nothing can be weighed nothing is asked."""
    assert decided(hear("…"), learnt()).types == ("none",)


def test_texts_that_are_compared_are_those_that_are_alike() -> None:
    """What comparing only texts with a rare word in common groups is what comparing all with all would."""
    whole = [one.text for one in our_examples()[::100]]
    texts = [*whole, *(text.rpartition(" ")[0] for text in whole)]
    words = [frozenset("".join(c if c.isalnum() else " " for c in text.casefold()).split()) for text in texts]
    found = groups(texts)
    assert len(set(found)) < len(whole) * 1.5
    for at, one in enumerate(words):
        for other in range(at):
            if len(one & words[other]) >= ALIKE * len(one | words[other]) > 0:
                assert found[at] == found[other]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Vi har ferie til mandag. Jeg krever innsyn i opplysningene mine.", "access"),
        ("We are on holiday and the cat is well. I demand access to my personal data.", "access"),
        ("I request erasure of my data.", "erasure"),
        ("Snøen kom i går. Eg krev sletting av opplysningane mine.", "erasure"),
    ],
)
def test_a_right_by_its_own_name_is_never_passed_over(text: str, right: str) -> None:
    """However little what was learnt makes of it, and whatever idle words stand beside it (GDPR Art. 12(3))."""
    assert right in read(text, channel="email").types


@pytest.mark.parametrize(
    ("spare", "types"),
    [(0.0, ("rectification",)), (0.1, ("access",)), (0.4, ("access",))],
)
def test_what_values_say_goes_before_the_likeliest_where_they_say_it_plainly(
    spare: float, types: tuple[str, ...]
) -> None:
    """A correction whose values are plain stands rather than another type that is only likeliest; others do not."""
    shares = {"access": 0.35, "rectification": 0.15}
    assert choose(shares, {}, 0.3, {"rectification": spare}).types == types


def test_what_values_say_is_read_where_nothing_else_is() -> None:
    """A correction is read from less where no type is likely, and none from nothing at all."""
    shares = {"access": 0.2, "rectification": 0.15}
    assert choose(shares, {}, 0.3, {"rectification": 0.1}).types == ("rectification",)
    assert choose(shares, {}, 0.3).types == ("none",)


def test_a_right_is_not_passed_over_for_a_plain_correction() -> None:
    """Where values say plainly that something is to be corrected, a right that is likelier than not is read too; a
    question yields."""
    spare = {"rectification": 0.0}
    assert choose({"erasure": 0.55, "rectification": 0.2}, {}, 0.3, spare).types == (
        "erasure",
        "rectification",
    )
    assert choose({"question": 0.55, "rectification": 0.2}, {}, 0.3, spare).types == ("rectification",)


def test_texts_weighed_together_weigh_as_each_does_alone() -> None:
    """Rows do not mix, and a text without features has the constant alone."""
    texts = [
        together(heard.asking)
        for heard in map(hear, ("Slett kontoen min.", "Når har dere åpent?", "Send me a copy of my data."))
    ]
    rows = [*texts, NOTHING]
    found = learnt().scores_each(rows)
    alone = [learnt().scores_each((one,))[0] for one in rows]
    assert np.allclose(found, alone, atol=1e-4)
    assert not np.allclose(found[0], found[1], atol=0.1)


def test_what_is_said_again_is_weighed_once() -> None:
    """A thousand greetings are one greeting beside one request."""
    assert len(hear("Slett kontoen min. " + "Hei. " * 1_000).asking) == 2


def test_beside_two_that_the_rules_read_a_third_must_be_plain() -> None:
    """Where all types are as likely, somewhat more than not, only those that the rules read are."""
    alike = np.zeros(PIECES + 2 * len(TYPES) + 1, np.float32)
    alike[-1] = np.log(0.6 / 0.4)
    found = decided(hear("Slett kontoen min. Rett namnet mitt."), learnt().with_blend(alike))
    assert found.types == ("erasure", "rectification")
