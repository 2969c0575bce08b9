"""A sentence may claim what its quotations say, in figures, units, dates, names and negations, and nothing else."""

import pytest

from knowledge.claims import Unfounded, unfounded

KEPT = "Fakturaer og betalinger: 5 år etter regnskapsårets slutt, etter bokføringsloven § 13."
OFFICER = "Personvernombudet vårt er Solveig Nordlys. Ring 00 00 12 34."
HOSTS = "Skyholmen Drift AS drifter systemene våre i Norge."
PRICE = "Fra 1. mars 2026 koster det 5 000 kr, eller kr 49,50 per måned innen én måned."
NEVER = "Vi selger aldri opplysninger."
PERIOD = "Fristen er 10-14 dager; svar kommer innen 3 dager. Meldinger: 24 måneder."


def claimed(sentence: str, *quotes: str) -> Unfounded | None:
    """What the sentence claims beyond the quotations."""
    known = ["Hvor lenge lagrer dere fakturaer? Hva koster det, når kommer ombudet?"]
    return unfounded(sentence, quotes, around=quotes, own="Fjordlys Strøm AS", known=known)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Fakturaer lagres i 5 år etter bokføringsloven § 13.", KEPT),
        ("Fakturaer lagres i fem år.", KEPT),
        ("We keep them for five years under the Bookkeeping Act.", KEPT),
        ("Fjordlys lagrer fakturaer i 5 år.", KEPT),
        ("Ombudet er Solveig Nordlys.", OFFICER),
        ("Ring 00 00 12 34.", OFFICER),
        ("It is run in Norway by Skyholmen Drift AS.", HOSTS),
        ("Det koster 5000 kroner.", PRICE),
        ("It is 49.50 kr per month, from 1 March 2026.", PRICE),
        ("Du får svar innen en måned.", PRICE),
        ("Nei, vi selger aldri opplysninger.", NEVER),
        ("You have 14 days.", PERIOD),
        ("Det er 915 836 216.", "Org.nr. 915\u00a0\u00a0836\u00a0\u00a0216"),
        ("Du får svar innen tre dager.", PERIOD),
    ],
)
def test_what_the_quotations_say_may_be_said(sentence: str, quote: str) -> None:
    """Also in another language, in number words and with other thousands' marks."""
    assert claimed(sentence, quote) is None


@pytest.mark.parametrize(
    ("sentence", "quote", "what"),
    [
        ("Fakturaer lagres i 3 år.", KEPT, Unfounded.FIGURE),
        ("Fakturaer lagres i tre år.", KEPT, Unfounded.FIGURE),
        ("Fakturaer lagres i to år.", KEPT, Unfounded.FIGURE),
        ("We keep them for twenty-five years.", KEPT, Unfounded.FIGURE),
        ("Ring 12 34 00 00.", OFFICER, Unfounded.FIGURE),
        ("Det koster 5 kroner.", PRICE, Unfounded.FIGURE),
        ("Det koster 49 kroner.", PRICE, Unfounded.FIGURE),
        ("Det koster 500 kroner.", PRICE, Unfounded.FIGURE),
        ("Fakturaer lagres i 5 måneder.", KEPT, Unfounded.UNIT),
        ("Du får svar innen 3 måneder.", PERIOD, Unfounded.UNIT),
        ("Svar kommer innen 3 virkedager.", PERIOD, Unfounded.UNIT),
        ("We answer within 3 working days.", PERIOD, Unfounded.UNIT),
        ("Det gjelder fra 1. april 2026.", PRICE, Unfounded.DATE),
        ("We answer on Mondays within 3 days.", PERIOD, Unfounded.DATE),
        ("Skriv til kari@example.no.", OFFICER, Unfounded.ADDRESS),
        ("Ring 00 00 12 34 eller se evil.example.", OFFICER, Unfounded.ADDRESS),
        ("Google lagrer fakturaer i 5 år.", KEPT, Unfounded.NAME),
        ("Fakturaer lagres i 5 år hos Visma.", KEPT, Unfounded.NAME),
        ("Fakturaer lagres i 5 år hos eBay.", KEPT, Unfounded.NAME),
        ("Ombudet er Kari Nordlys.", OFFICER, Unfounded.NAME),
        ("Vi selger opplysninger.", NEVER, Unfounded.NEGATION),
        ("Fakturaer lagres ikke i 5 år.", KEPT, Unfounded.NEGATION),
        ("We do not keep them for 5 years.", KEPT, Unfounded.NEGATION),
    ],
)
def test_what_they_do_not_say_may_not(sentence: str, quote: str, what: Unfounded) -> None:
    """A figure that is merely part of another, the same figure of another unit, another name, the opposite."""
    assert claimed(sentence, quote) is what


def test_a_name_is_not_put_together_of_two() -> None:
    """Half of one name beside half of another is nobody."""
    assert claimed("Ombudet er Solveig Drift.", OFFICER, HOSTS) is Unfounded.NAME
    assert claimed("Ombudet er Solveig Nordlys, og driften er i Norge.", OFFICER, HOSTS) is None
