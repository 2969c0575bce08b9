"""Letters: their words in three languages, and the rows they are written to.

The golden files in tests/intake/golden are renewed by `python -m tests.intake.specimens`; read what changed.
"""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import get_args

import pytest
from jinja2 import UndefinedError

from intake import letters
from intake.opening import open_dossier
from intake.unit_of_work import UnitOfWork
from intake.vault import KeyGone, Vault
from intake.writing import FOLDER
from law.language import LANGS, Lang
from law.rights import Right
from tests.company import company
from tests.intake.specimens import GOLDEN, LINK, TODAY, case, golden, specimen, values

ANSWERS = ("answer", "partial", "refusal", "extension", "nothing_found", "forwarded")
EVERY = [(name, lang) for name in letters.names() for lang in get_args(Lang)]


def plain(page: str) -> str:
    """The words of an HTML body."""
    body = page.split("<body", 1)[1].split(">", 1)[1]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def words(text: str) -> list[str]:
    """The words of a text, list marks left out."""
    return re.findall(r"[^\W_]+", text)


def templates() -> Iterator[tuple[str, str]]:
    """Every template with its language."""
    for file in sorted(FOLDER.glob("*/*.*.n[bn]")):
        yield file.suffix[1:], file.read_text("utf-8")


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_a_letter_reads_as_its_golden_file(name: str, lang: Lang) -> None:
    """No word of a letter changes without somebody having read the new one."""
    assert golden(specimen(name, lang)) == (GOLDEN / f"letter.{name}.{lang}").read_text("utf-8")


def test_every_golden_file_belongs_to_a_letter() -> None:
    """A letter that is gone leaves no golden file behind."""
    assert {f.name for f in GOLDEN.glob("letter.*")} == {f"letter.{n}.{lang}" for n, lang in EVERY}


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_text_and_html_say_the_same(name: str, lang: Lang) -> None:
    """Whoever reads the plain text misses nothing that the HTML says."""
    rendered = specimen(name, lang)
    assert words(plain(rendered.html)) == words(rendered.text)


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_html_fetches_nothing(name: str, lang: Lang) -> None:
    """Opening a letter tells nobody: no image, script, style sheet or link but ours and Datatilsynet's."""
    page = specimen(name, lang).html
    assert not re.search(r"<(img|script|link|iframe|form)|src=|url\(|@import", page)
    assert all(
        h.startswith((LINK, "https://www.datatilsynet.no")) for h in re.findall(r'href="([^"]*)"', page)
    )


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("lang", LANGS)
def test_an_answer_holds_what_every_answer_must(name: str, lang: Lang) -> None:
    """GDPR Art. 12(3)-(4): what was asked and when, the reference, Datatilsynet, the courts, whom to ask."""
    text = specimen(name, lang).text
    received = "25 November 2026" if lang == "en" else "25. november 2026"
    court = {"nb": "rettslig prøving", "nn": "rettsleg prøving", "en": "judicial remedy"}[lang]
    must = ("FJL-2026-0042", received, "Postboks 458 Sentrum, 0105 Oslo", "datatilsynet.no", court)
    assert [part for part in (*must, "hei@example.no", "ombud@example.no") if part not in text] == []


def test_the_acknowledgement_tells_the_date_and_how_it_was_found() -> None:
    """25 December is a holiday, so the answer is due on the 28th; the letter says both, and where to look."""
    text = specimen("acknowledgement", "nb").text
    assert "Du får svar senest: 28. desember 2026" in text
    assert "25. desember 2026 er 1. juledag" in text
    assert LINK in text


def test_an_acknowledged_correction_names_the_field_and_not_the_value() -> None:
    """Mail is a postcard: the field to correct is named, what stands there is not."""
    told = {**values("acknowledgement"), "field": "phone"}
    rendered = letters.render(
        company(), "acknowledgement", "nn", told, now=TODAY, case=case(Right.RECTIFICATION)
    )
    assert "Det gjeld telefonnummeret." in rendered.text


def test_a_kept_thing_has_ground_provision_and_last_day() -> None:
    """GDPR Art. 17(3): what stays is named with its reason, the law's own place, and until when."""
    line = next(row for row in specimen("partial", "nb").text.splitlines() if row.startswith("- Fakturaer"))
    assert "12 oppføringer" in line
    assert "bokføringsloven § 13" in line
    assert "til og med 31. desember 2031" in line


def test_what_an_officer_did_is_told_without_a_number() -> None:
    """A thing done by hand was not counted, and the letter does not say that nothing was done."""
    place = {"nb": "Arkivet", "nn": "Arkivet", "en": "The archive"}
    told = {"done": [letters.Deed("erase", place, place, 0)]}
    text = letters.render(company(), "answer", "nb", told, now=TODAY, case=case(Right.ERASURE)).text
    assert "- Arkivet (Arkivet): Vi har slettet opplysningene og kontrollert" in text


def test_a_refusal_has_no_second_reading_as_html() -> None:
    """An officer's words are shown as they are, never as markup."""
    told = {**values("refusal"), "facts": '<a href="https://evil.example">her</a>'}
    rendered = letters.render(company(), "refusal", "nb", told, now=TODAY, case=case(Right.ERASURE))
    assert "&lt;a href=" in rendered.html
    assert '<a href="https://evil.example">her</a>' in rendered.text


def test_words_of_a_person_are_no_template() -> None:
    """A request that looks like a template is quoted, not run."""
    told = {**values("forward"), "wish": "{{ operator.folder }} {% raw %}"}
    assert (
        "{{ operator.folder }} {% raw %}"
        in letters.render(company(), "forward", "nb", told, now=TODAY, case=case()).text
    )


def test_a_controller_is_told_of_no_proof_that_was_not_given() -> None:
    """Where the person is known by the case's number alone, the controller reads that nobody was checked."""
    told = {**values("forward"), "requester": case().reference}
    text = letters.render(company(), "forward", "nb", told, now=TODAY, case=case(Right.OBJECTION)).text
    assert "Personen kan nås gjennom oss." in text
    assert "Vi har ikke kontrollert hvem personen er." in text
    assert "engangskode" not in text


def test_a_subject_stays_one_line() -> None:
    """No name can add a header to a mail: line ends and control characters in a subject become blanks."""
    odd = company(name="Fjordlys\r\nBcc: alle@example.com\x00\u2028slutt")
    subject = letters.render(odd, "code", "nb", values("code"), now=TODAY).subject
    assert subject == "Koden din fra Fjordlys Bcc: alle@example.com slutt"


@pytest.mark.parametrize("name", [name for name in letters.names() if values(name)])
def test_a_missing_value_is_an_error(name: str) -> None:
    """A letter with a hole in it is never written."""
    about = None if name == "code" else case()
    with pytest.raises(UndefinedError):
        letters.render(company(), name, "nb", {}, now=TODAY, case=about)


def test_an_unknown_letter_is_an_error() -> None:
    """A letter nobody wrote the words for cannot be sent."""
    with pytest.raises(ValueError, match="no letter"):
        letters.render(company(), "invoice", "nb", {}, now=TODAY)


def test_norwegian_letters_use_plain_words() -> None:
    """The words that plain Norwegian does without are in no template."""
    heavy = r"\b(vennligst|anmodning\w*|begjæring\w*|foreta\w*|vedrørende|vedkommende|iht|nevnte|30 dager)\b"
    assert [found for _, text in templates() for found in re.findall(heavy, text, re.I)] == []


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_sentences_are_short(name: str, lang: Lang) -> None:
    """No sentence of a letter's own has more than 25 words; the law's derivation, in its list, is another's."""
    lines = [row for row in specimen(name, lang).text.splitlines() if not row.startswith("- ")]
    sentences = [one for row in lines for one in re.split(r"(?<=[.?!:])\s+", row)]
    assert [one for one in sentences if len(one.split()) > 25] == []


def test_bokmal_and_nynorsk_are_not_mixed() -> None:
    """A bokmål letter has no nynorsk word among the commonest, nor the other way round."""
    foreign = {
        "nb": r"\b(ikkje|eg|kva|korleis|frå|berre|noko|dei|eit|opplysningar\w*)\b",
        "nn": r"\b(ikke|jeg|hva|hvordan|fra|bare|noe|dem|et|opplysninger\w*|henvendelse\w*)\b",
    }
    stripped = ((lang, re.sub(r"{[{%].*?[%}]}", "", text)) for lang, text in templates())
    assert [found for lang, text in stripped for found in re.findall(foreign[lang], text)] == []


@pytest.mark.parametrize(
    "address",
    ["kari@example.com", "k.n+tag@sub.example.no", "post@blåbær.no"],
)
def test_a_plain_address_is_mailable(address: str) -> None:
    """Ordinary addresses, with a tag or a Norwegian domain, can be written to."""
    assert letters.mailable(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kari",
        "kari@",
        "@example.com",
        "a@b",
        "a@example.com\nBcc: b@example.com",
        "a@example.com, b@example.com",
        "Kari <kari@example.com>",
        "a b@example.com",
        "a..b@example.com",
        "a" * 250 + "@example.com",
        "a@" + "b" * 64 + ".com",
    ],
)
def test_an_odd_address_is_not_mailable(address: str) -> None:
    """Whatever could be two addresses, a header or no address at all is not written to."""
    assert not letters.mailable(address)


async def test_a_letter_is_sealed_and_opens_with_the_dossiers_key(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """Neither address nor text of a letter lies in the database in the clear; the key opens all of it."""
    async with unit_of_work() as session:
        dossier = await open_dossier(session, "fjordlys", now)
        letter = await letters.write(
            session,
            vault,
            company(),
            name="code",
            lang="en",
            dossier_id=dossier.id,
            to="kari@example.com",
            values=values("code"),
            now=now,
        )
    assert letter.state == "queued"
    assert letter.message_id == f"<rettsvar.{letter.id}@example.no>"
    assert letter.to is not None
    assert b"kari" not in letter.to
    assert b"012345" not in letter.text + letter.html + letter.subject
    opened = letters.open_letter(vault, letter)
    assert opened.to == "kari@example.com"
    assert "012345" in opened.text
    vault.forget(dossier.id)
    with pytest.raises(KeyGone):
        letters.open_letter(vault, letter)


async def test_a_norwegian_domain_is_written_as_mail_servers_take_it(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """No header of a mail can hold «å»: the domain goes out in its ASCII form."""
    async with unit_of_work() as session:
        dossier = await open_dossier(session, "fjordlys", now)
        letter = await letters.write(
            session,
            vault,
            company(),
            name="code",
            lang="nb",
            dossier_id=dossier.id,
            to="post@blåbær.no",
            values=values("code"),
            now=now,
        )
    assert letters.open_letter(vault, letter).to == "post@xn--blbr-roah.no"


async def test_a_letter_without_address_is_kept_until_there_is_one(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """A letter to nobody waits on the status page and is queued, once, when an address is known."""
    async with unit_of_work() as session:
        dossier = await open_dossier(session, "fjordlys", now)
        letter = await letters.write(
            session,
            vault,
            company(),
            name="code",
            lang="nb",
            dossier_id=dossier.id,
            values=values("code"),
            now=now,
        )
        assert (letter.state, letter.to) == ("kept", None)
        about = {"dossier_id": dossier.id, "name": "code", "to": "kari@example.com"}
        assert await letters.send_kept(session, vault, now=now, **about) == 1
        assert await letters.send_kept(session, vault, now=now, **about) == 0
    assert letter.state == "queued"
    assert letters.open_letter(vault, letter).to == "kari@example.com"


async def test_a_letter_to_two_addresses_is_refused(
    unit_of_work: UnitOfWork, vault: Vault, now: datetime
) -> None:
    """An address that could carry a header is no address."""
    async with unit_of_work() as session:
        dossier = await open_dossier(session, "fjordlys", now)
        with pytest.raises(ValueError, match="one plain address"):
            await letters.write(
                session,
                vault,
                company(),
                name="code",
                lang="nb",
                dossier_id=dossier.id,
                to="a@example.com\r\nBcc: b@example.com",
                values=values("code"),
                now=now,
            )
