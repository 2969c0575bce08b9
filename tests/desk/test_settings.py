"""Settings: one file, then the environment, then secret files; unknown keys are errors; secrets stay masked."""

import json
from pathlib import Path

import pytest

from desk.settings import BadSettings, Model, Settings, load_settings, shown
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


def test_a_models_key_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    """`config show` tells the endpoint and not the key to it."""
    for name, value in {
        "URL": "http://127.0.0.1:8080/v1",
        "NAME": "small",
        "API_KEY": "topp-hemmelig",
    }.items():
        monkeypatch.setenv(f"RETTSVAR_MODEL__{name}", value)
    text = json.dumps(shown(load_settings()))
    assert "topp-hemmelig" not in text
    assert "http://127.0.0.1:8080/v1" in text


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("ftp://127.0.0.1/v1", "small"),
        ("127.0.0.1:8080", "small"),
        ("http://user:topp-hemmelig@127.0.0.1/v1", "small"),
        ("http://127.0.0.1/v1?key=topp-hemmelig", "small"),
        ("http://127.0.0.1/v1", ""),
    ],
)
def test_a_models_address_is_plain(monkeypatch: pytest.MonkeyPatch, url: str, name: str) -> None:
    """A secret in the address would be shown and logged; an endpoint without a model's name answers nothing."""
    monkeypatch.setenv("RETTSVAR_MODEL__URL", url)
    monkeypatch.setenv("RETTSVAR_MODEL__NAME", name)
    with pytest.raises(BadSettings, match="model") as told:
        load_settings()
    assert "topp-hemmelig" not in str(told.value)
    monkeypatch.setenv("RETTSVAR_MODEL__URL", "https://model.internal/v1")
    monkeypatch.setenv("RETTSVAR_MODEL__NAME", "small")
    assert not load_settings().model.in_the_clear


def test_no_model_is_the_default() -> None:
    """Nothing leaves the house unless somebody has set where to."""
    assert load_settings().model.url is None


@pytest.mark.parametrize(
    ("url", "in_the_clear"),
    [
        ("http://127.0.0.1:8080/v1", False),
        ("http://localhost/v1", False),
        ("https://model.example/v1", False),
        ("http://model.example/v1", True),
    ],
)
def test_a_model_elsewhere_wants_encryption(url: str, in_the_clear: bool) -> None:
    """`check --deploy` remarks on questions that would cross a network in the clear."""
    assert Model(url=url, name="small").in_the_clear is in_the_clear


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
