"""Settings: one file, then the environment, then secret files; unknown keys are errors; secrets stay masked."""

import json
from pathlib import Path

import pytest

from desk.settings import BadSettings, Settings, load_settings, shown
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings file, no settings in the environment."""
    monkeypatch.chdir(tmp_path)


def test_the_environment_outranks_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RETTSVAR_PORT wins over port in rettsvar.toml; what only the file says still holds."""
    (tmp_path / "rettsvar.toml").write_text('port = 9000\nnode = "desk-7"\n')
    monkeypatch.setenv("RETTSVAR_PORT", "9100")
    settings = load_settings()
    assert (settings.port, settings.node) == (9100, "desk-7")


def test_an_unknown_key_in_the_file_is_an_error(tmp_path: Path) -> None:
    """A typing error must not be a silent default; mended, the file loads."""
    (tmp_path / "rettsvar.toml").write_text("prot = 9000\n")
    with pytest.raises(BadSettings, match="prot"):
        load_settings()
    (tmp_path / "rettsvar.toml").write_text("port = 9000\n")
    assert load_settings().port == 9000


def test_an_unknown_key_in_a_table_is_an_error(tmp_path: Path) -> None:
    """The same goes for nested tables, and the error names the place."""
    (tmp_path / "rettsvar.toml").write_text("[mail]\nhots = 'x'\n")
    with pytest.raises(BadSettings, match=r"mail\.hots"):
        load_settings()


def test_an_unknown_name_in_the_environment_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """RETTSVAR_TERM_PATH is not RETTSVAR_TERMS_PATH."""
    monkeypatch.setenv("RETTSVAR_TERM_PATH", "/somewhere")
    with pytest.raises(BadSettings, match="RETTSVAR_TERM_PATH"):
        load_settings()


def test_secret_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file per secret, nested by two underscores, as containers mount them."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "mail__password").write_text("hemmelig\n")
    monkeypatch.setenv("RETTSVAR_SECRETS_DIR", str(folder))
    password = load_settings().mail.password
    assert password is not None
    assert password.get_secret_value() == "hemmelig"


def test_what_is_shown_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """`config show` masks passwords, tokens, keys and database addresses."""
    for name in (
        "MASTER_KEY",
        "DATABASE_URL",
        "MAIL__PASSWORD",
        "TELEGRAM__FJORDLYS__TOKEN",
        "SYSTEMS__SHOP",
    ):
        monkeypatch.setenv(f"RETTSVAR_{name}", "topp-hemmelig")
    text = json.dumps(shown(load_settings()))
    assert "topp-hemmelig" not in text
    assert text.count("**********") == 5


def test_companies_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """RETTSVAR_OPERATORS=a,b serves two."""
    monkeypatch.setenv("RETTSVAR_OPERATORS", "fjordlys, adventor")
    assert load_settings().operators == ("fjordlys", "adventor")


def test_every_setting_is_documented() -> None:
    """docs/operating.md names each setting, and each has a description."""
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"`{name}`" not in text]
    assert not missing
    assert all(field.description for field in Settings.model_fields.values())
