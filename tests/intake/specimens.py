"""One specimen of each letter, and the golden files they are compared with.

Renew the golden files after a wanted change of wording, then read the difference in version control:

    python -m tests.intake.specimens
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from intake import letters
from intake.records import Case
from law.deadlines import ClockEvent, ClockEventType, due
from law.grounds import ground
from law.language import LANGS, Lang, Words
from law.periods import period
from law.rights import Right, card
from tests.company import company

GOLDEN: Final = Path(__file__).with_name("golden")
RECEIVED: Final = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TODAY: Final = datetime(2026, 12, 7, 12, 30, tzinfo=UTC)
LINK: Final = "https://personvern.example.no/s/hemmelig"
RIGHTS: Final = {"refusal": Right.ERASURE, "partial": Right.ERASURE, "forward": Right.RECTIFICATION}

_ACCOUNTS: Final[Words] = {"nb": "Kontoer", "nn": "Kontoar", "en": "Accounts"}
_INVOICES: Final[Words] = {"nb": "Fakturaer", "nn": "Fakturaer", "en": "Invoices"}
_PORTAL: Final[Words] = {"nb": "Min side", "nn": "Mi side", "en": "My page"}
_BOOKS: Final[Words] = {"nb": "Regnskapet", "nn": "Rekneskapen", "en": "The accounts"}


def case(right: Right = Right.ACCESS) -> Case:
    """A case that no database knows."""
    return Case(id="c" * 32, reference="FJL-2026-0042", right=right.value, received_at=RECEIVED, lang="nb")


def values(name: str) -> Mapping[str, Any]:
    """What the specimen of a letter is told."""
    found: dict[str, dict[str, Any]] = {
        "acknowledgement": {"deadline": due(RECEIVED), "proof": "code", "link": LINK},
        "code": {"code": "012345", "minutes": 10, "purpose": "identify"},
        "answer": {
            "done": [
                letters.Deed("export", _PORTAL, _ACCOUNTS, 1),
                letters.Deed("export", _BOOKS, _INVOICES, 12),
            ],
            "package": letters.Download(f"{LINK}/pakke", datetime(2026, 12, 21, 12, 30, tzinfo=UTC)),
        },
        "partial": {
            "done": [letters.Deed("erase", _PORTAL, _ACCOUNTS, 1)],
            "kept": [
                letters.Retained(
                    system=_BOOKS,
                    holding=_INVOICES,
                    count=12,
                    reason=ground("G17-3B").text,
                    provision=period("BOKF-5Y").statute,
                    until=date(2031, 12, 31),
                )
            ],
            "recipients": ["Måler AS", "Nett AS"],
            "backups_until": date(2027, 1, 6),
        },
        "refusal": {
            "ground": ground("G17-3B"),
            "subground": period("BOKF-5Y"),
            "facts": "Det gjelder tolv fakturaer fra 2026.\nVi trenger dem til regnskapet & revisjonen.",
        },
        "extension": {
            "reason": "Opplysningene ligger i to systemer, og noe må sladdes for hånd.",
            "old_due": due(RECEIVED).due_date,
            "deadline": due(RECEIVED, [ClockEvent(TODAY, ClockEventType.EXTENDED)]),
            "link": LINK,
        },
        "nothing_found": {"searched": [_PORTAL, _BOOKS], "link": LINK},
        "forwarded": {"controllers": ["Bygdekraft AS"], "deadline": due(RECEIVED)},
        "forward": {
            "requester": "kari@example.com",
            "deadline": due(RECEIVED),
            "wish": "Navnet mitt er skrevet feil.",
        },
        "withdrawn": {},
        "received": {
            "cases": [
                letters.Asked(card(one).ask, number, f"{LINK}{number[-1]}")
                for one, number in ((Right.ACCESS, "FJO-2026-0042"), (Right.ERASURE, "FJO-2026-0043"))
            ],
            "deadline": due(RECEIVED),
            "proof": "code",
            "code": "012345",
            "hours": 48,
            "remarks": ("Meldingen er lang & lest bare i starten.", "Nummeret er skjult."),
        },
        "reply": {
            "parts": [
                letters.Said(
                    "Vi sletter fakturaer etter fem år.",
                    (letters.Cited("Fakturaer: 5 år & ikke mer.", "Personvern, 4, Lagring", f"{LINK}#4"),),
                ),
                letters.Said("Saken er registrert.", link=LINK, label="Åpne trygg side"),
            ],
            "offers": ["«Slett opplysningene mine»", "«Snakk med et menneske»"],
        },
        "identity": {
            "doubt": "To kunder har samme navn og telefonnummer.",
            "question": "Hva er målernummeret ditt?",
            "link": LINK,
        },
    }
    return found[name]


def specimen(name: str, lang: Lang) -> letters.Rendered:
    """The letter as it would be written."""
    about = None if name == "code" else case(RIGHTS.get(name, Right.ACCESS))
    return letters.render(company(), name, lang, values(name), now=TODAY, case=about)


def golden(rendered: letters.Rendered) -> str:
    """How a letter stands in its golden file: subject, text and HTML."""
    return f"{rendered.subject}\n\n{rendered.text}\n{rendered.html}"


def renew() -> None:
    """Write every golden file anew and remove those of letters that are gone."""
    for old in GOLDEN.glob("letter.*"):
        old.unlink()
    for name in letters.names():
        for lang in LANGS:
            (GOLDEN / f"letter.{name}.{lang}").write_text(golden(specimen(name, lang)), "utf-8")


if __name__ == "__main__":
    renew()
