"""The reader of the companies' TOML: what it gives, and that it says where a file is wrong."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from law.rights import Right
from operators.profile import ProfileError, Role, Severity, Treatment, load, load_all
from tests.operators.small import written

ACCOUNTS = "system[shop].holding[accounts]"
ORDERS = "system[shop].holding[orders]"


def test_a_company_is_read_from_its_five_files(tmp_path: Path) -> None:
    """Every kind of entry arrives in its type."""
    lampe = load(written(tmp_path))
    assert lampe.documents[0].dated == date(2026, 1, 31)
    assert lampe.acts_as == {Role.CONTROLLER}
    assert lampe.facts[0].words["en"] == "A lamp costs 9 kroner."
    assert lampe.promises[0].days == 7
    assert (lampe.conflicts[0].severity, lampe.conflicts[0].right) == (Severity.HIGH, Right.ERASURE)
    accounts, orders = lampe.system("shop").holdings
    assert accounts.identifiers == {"email": "email", "phone": "phone"}
    assert orders.parent == ("accounts", "account_id")
    assert orders.treatment is Treatment.KEEP
    assert orders.keep is not None
    assert orders.keep.period == "BOKF-5Y"
    assert lampe.year_end == "12-31"


def test_a_system_accepts_the_identifiers_its_holdings_use(tmp_path: Path) -> None:
    """Without a list of its own, a system accepts what its tables can be searched by."""
    assert load(written(tmp_path)).system("shop").identifiers == ("email", "phone")


def test_what_the_law_leaves_to_a_human_goes_to_an_officer_unless_released(tmp_path: Path) -> None:
    """The company's own choice wins; the rest follows the law's cards."""
    release = load(written(tmp_path)).release
    assert release.of(Right.ERASURE) == "auto"
    assert release.of(Right.COMPLAINT) == "officer"
    assert release.of(Right.ACCESS) == "auto"


def test_a_company_can_be_told_as_plain_values(tmp_path: Path) -> None:
    """`operator show --json` turns the whole profile into a dictionary."""
    assert asdict(load(written(tmp_path)))["release"]["by"]["complaint"] == "officer"


def test_facts_and_conflicts_may_be_missing(tmp_path: Path) -> None:
    """A new company begins with three files."""
    folder = written(tmp_path)
    (folder / "facts.toml").unlink()
    (folder / "conflicts.toml").unlink()
    lampe = load(folder)
    assert (lampe.facts, lampe.promises, lampe.conflicts) == ((), (), ())


def test_an_overlay_replaces_the_systems_and_nothing_else(tmp_path: Path) -> None:
    """The demo puts invented databases in the place of the real systems."""
    folder = written(tmp_path / "real")
    over = tmp_path / "demo" / "lampe"
    over.mkdir(parents=True)
    text = (folder / "systems.toml").read_text(encoding="utf-8")
    (over / "systems.toml").write_text(text.replace('id = "shop"', 'id = "invented"'), encoding="utf-8")
    lampe = load_all(tmp_path / "real", tmp_path / "demo")["lampe"]
    assert [system.id for system in lampe.systems] == ["invented"]
    assert lampe.facts


def test_an_overlay_without_systems_changes_nothing(tmp_path: Path) -> None:
    """An overlay folder may hold other things."""
    over = tmp_path / "over"
    over.mkdir()
    assert load(written(tmp_path), over).systems[0].id == "shop"


@pytest.mark.parametrize(
    ("file", "old", "new", "where"),
    [
        ("operator.toml", 'prefix = "LMP"', 'prefix = "LMP"\ncolour = "red"', "colour"),
        ("operator.toml", 'prefix = "LMP"', "", "prefix"),
        ("operator.toml", 'id = "lampe"', 'id = "lykt"', "id"),
        ("operator.toml", ', nn = "ansvarleg"', "", "roles.nn"),
        ("operator.toml", 'en = "controller"}', 'en = ""}', "roles.en"),
        ("operator.toml", 'en = "controller"}', 'en = "controller", sv = "x"}', "roles.sv"),
        ("operator.toml", '["nb", "nn", "en"]', '["nb", "de"]', "languages"),
        ("operator.toml", "fictional = true", 'fictional = "yes"', "fictional"),
        ("operator.toml", 'channels = ["chat"]', 'channels = "chat"', "channels"),
        ("operator.toml", 'channels = ["chat"]', 'channels = ["chat", "chat"]', "channels"),
        ("operator.toml", 'channels = ["chat"]', 'channels = ["chat", 3]', "channels"),
        ("operator.toml", '{nb = "ansvarlig", nn = "ansvarleg", en = "controller"}', '"ansvarlig"', "roles"),
        ("operator.toml", "dated = 2026-01-31", 'dated = "31.01.2026"', "document[0].dated"),
        ("operator.toml", 'lang = "nb"', 'lang = "no"', "document[0].lang"),
        ("operator.toml", 'email = "hei@example.no"', 'fax = "1"', "contact.fax"),
        ("operator.toml", 'erasure = "auto"', 'erasure = "maybe"', "release.erasure"),
        ("operator.toml", 'erasure = "auto"', 'forgetting = "auto"', "release.forgetting"),
        ("operator.toml", 'prefix = "LMP"', 'prefix = "LMP"\nyear_end = "31-12"', "year_end"),
        ("register.toml", 'recipients = ["bud"]', 'recipients = ["sykkel"]', "processing[orders].recipients"),
        ("register.toml", '"BOKF-5Y"', '"BOKF-99Y"', "processing[orders].retention_code"),
        ("register.toml", 'role = "controller"', 'role = "owner"', "processing[orders].role"),
        ("register.toml", 'clause = "3"', 'clauses = "3"', "recipient[bud].clause"),
        ("systems.toml", 'processing = "orders"', 'processing = "gifts"', ACCOUNTS + ".processing"),
        ("systems.toml", '"G17-3B"', '"G99"', ORDERS + ".keep.ground"),
        ("systems.toml", 'period = "BOKF-5Y"', 'period = "X"', ORDERS + ".keep.period"),
        ("systems.toml", "{email = ", "{fax = ", ACCOUNTS + ".identifiers.fax"),
        ("systems.toml", "rectify = {email", "rectify = {shoe_size", ACCOUNTS + ".rectify.shoe_size"),
        ("systems.toml", '["accounts", "account_id"]', '["people", "x"]', ORDERS + ".parent"),
        ("systems.toml", '["accounts", "account_id"]', '["accounts"]', ORDERS + ".parent"),
        ("systems.toml", 'treatment = "erase"', 'treatment = "keep"', ACCOUNTS + ".keep"),
        ("systems.toml", 'treatment = "erase"', 'treatment = "anonymise"', ACCOUNTS + ".anonymise"),
        ("systems.toml", 'adapter = "sql"', 'adapter = "manual"', "system[shop].task"),
        ("systems.toml", 'id = "orders"', 'id = "accounts"', ACCOUNTS),
        ("systems.toml", 'table = "account"', "", ACCOUNTS + ".table"),
        ("operator.toml", 'title = "Lampevilkår"', 'title = "x"\ncolour = "red"', "document[0].colour"),
        ("operator.toml", "[processor]", '[processor]\ncolour = "red"', "processor.colour"),
        ("register.toml", 'id = "bud"', 'id = "bud"\ncolour = "red"', "recipient[bud].colour"),
        ("register.toml", 'id = "bud"', 'id = ["bud"]', "recipient[0].id"),
        ("register.toml", 'id = "orders"', 'id = "orders"\ncolour = "red"', "processing[orders].colour"),
        ("register.toml", "[[recipient]]", 'colour = "red"\n[[recipient]]', "colour"),
        ("systems.toml", 'id = "shop"', 'id = "shop"\ncolour = "red"', "system[shop].colour"),
        ("systems.toml", "provided = true", 'customer_email = "mail"', ACCOUNTS + ".customer_email"),
        ("systems.toml", 'table = "account"', 'table = "account"\ncolour = "red"', ACCOUNTS + ".colour"),
        ("systems.toml", 'ground = "G17-3B"', 'ground = "G17-3B"\ncolour = "red"', ORDERS + ".keep.colour"),
        ("facts.toml", 'id = "price"', 'id = "price"\ncolour = "red"', "fact[price].colour"),
        ("facts.toml", "days = 7", 'days = 7\ncolour = "red"', "promise[answer].colour"),
        ("conflicts.toml", 'id = "L-C1"', 'id = "L-C1"\ncolour = "red"', "conflict[L-C1].colour"),
        ("facts.toml", "[[fact]]", 'colour = "red"\n[[fact]]', "colour"),
        ("conflicts.toml", "[[conflict]]", 'colour = "red"\n[[conflict]]', "colour"),
        ("systems.toml", "[[system]]", 'colour = "red"\n[[system]]', "colour"),
        (
            "systems.toml",
            'adapter = "sql"',
            'adapter = "sql"\nidentifiers = ["fax"]',
            "system[shop].identifiers",
        ),
        ("facts.toml", 'clause = "2"', "", "fact[price].clause"),
        ("facts.toml", "days = 7", "days = 0", "promise[answer].days"),
        ("facts.toml", "days = 7", "days = -7", "promise[answer].days"),
        ("facts.toml", "days = 7", "days = true", "promise[answer].days"),
        ("conflicts.toml", 'severity = "HIGH"', 'severity = "WORST"', "conflict[L-C1].severity"),
        ("conflicts.toml", 'right = "erasure"', 'right = "oblivion"', "conflict[L-C1].right"),
        ("conflicts.toml", "[[conflict]]", "[conflict]", "conflict"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(
    tmp_path: Path, file: str, old: str, new: str, where: str
) -> None:
    """Whoever keeps a profile is told the file and the key, not a traceback."""
    folder = written(tmp_path, file, old, new)
    with pytest.raises(ProfileError) as caught:
        load(folder)
    assert (caught.value.file, caught.value.where) == (f"lampe/{file}", where)
    assert where in str(caught.value)


def test_a_missing_key_is_called_missing(tmp_path: Path) -> None:
    """Not "wrong type": whoever reads it shall know that the key was forgotten."""
    folder = written(tmp_path, "operator.toml", 'prefix = "LMP"', "")
    with pytest.raises(ProfileError, match="prefix: is missing"):
        load(folder)


@pytest.mark.parametrize(
    ("damage", "why"),
    [(b"id = ", "TOML"), (b'id = "\xff"', "TOML"), (None, "missing")],
    ids=["syntax", "not utf-8", "no file"],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, damage: bytes | None, why: str) -> None:
    """A broken or missing file is a clear error too."""
    path = written(tmp_path) / "register.toml"
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    with pytest.raises(ProfileError, match=why) as caught:
        load(path.parent)
    assert caught.value.file == "lampe/register.toml"


def test_two_companies_cannot_share_a_prefix(tmp_path: Path) -> None:
    """Case numbers begin with the prefix, so it must tell the companies apart."""
    written(tmp_path)
    written(tmp_path, "operator.toml", 'id = "lampe"', 'id = "lykt"', name="lykt")
    with pytest.raises(ProfileError, match="prefix"):
        load_all(tmp_path)
