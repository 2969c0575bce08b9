"""Reads the settings: one TOML file, then the environment, then secret files; unknown keys are errors."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from desk.mailboxes import Listener, Mailbox
from desk.outgoing import Mail as Mail
from desk.section import Section

PREFIX = "RETTSVAR_"
CONFIG, SECRETS = PREFIX + "CONFIG", PREFIX + "SECRETS_DIR"


class BadSettings(Exception):
    """The settings cannot be used; the text names each key and what is wrong with it."""


class Clamd(Section):
    """A clamd daemon. Without a host attachments are not scanned; with one, what could not be scanned is not kept."""

    host: str | None = Field(None, description="Where it listens.")
    port: int = Field(3310, ge=1, le=65535, description="Its port.")
    timeout: float = Field(30, gt=0, description="Seconds for one file.")


class Telegram(Section):
    """One company's bot."""

    token: SecretStr = Field(description="The bot's token from BotFather.")
    mode: Literal["polling", "webhook"] = Field("polling", description="How updates come in.")
    webhook_secret: SecretStr | None = Field(
        None, description="What Telegram must send along to the webhook."
    )
    api: str = Field("https://api.telegram.org", description="The Bot API server.")


class Model(Section):
    """The language model that may read questions too: an OpenAI-compatible endpoint. Off without a url."""

    url: str | None = Field(None, description="The endpoint, up to and with /v1.")
    name: str = Field("", description="The model's name there.")
    api_key: SecretStr | None = Field(None, description="The key to it, where it wants one.")
    timeout: float = Field(8, gt=0, le=120, description="Seconds for one question, all in all.")
    max_characters: int = Field(
        12_000, ge=400, description="Characters of the documents that are sent at most."
    )
    max_passages: int = Field(12, ge=1, le=200, description="Passages sent where the documents are longer.")
    max_tokens: int = Field(1200, ge=100, description="Tokens the model may reply with.")
    format: Literal["json_schema", "json_object", "none"] = Field(
        "json_schema", description="How the endpoint is told to reply in JSON."
    )
    at_once: int = Field(2, ge=1, le=64, description="Questions it is asked at the same time.")

    @field_validator("url")
    @classmethod
    def plain(cls, value: str | None) -> str | None:
        """An address without a password or a query in it: `config show` prints it."""
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an http or https address is needed")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("nothing but host and path; a key goes into api_key")
        return value

    @property
    def in_the_clear(self) -> bool:
        """Whether questions would go over a network unencrypted."""
        parts = urlsplit(self.url or "")
        return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")

    @model_validator(mode="after")
    def named(self) -> "Model":
        """An endpoint serves several models."""
        if self.url is not None and not self.name:
            raise ValueError("name is needed with url")
        return self


class Settings(BaseSettings):
    """Everything that can be set. Each field is also RETTSVAR_<NAME>, nested by two underscores."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, nested_model_default_partial_update=True
    )  # fmt: skip

    data_dir: Path = Field(Path("data"), description="Where the embedded databases and the keys lie.")
    base_url: str = Field("http://127.0.0.1:8400", description="The address people reach the desk at.")
    host: str = Field("127.0.0.1", description="The address the web server listens on.")
    port: int = Field(8400, ge=0, le=65535, description="The port the web server listens on.")
    database_url: SecretStr | None = Field(
        None, description="The desk's database; an SQLite file when not set."
    )
    work_url: SecretStr | None = Field(None, description="DBOS' own database; an SQLite file when not set.")
    keys_dir: Path | None = Field(None, description="The folder of the keys; data_dir/keys when not set.")
    master_key: SecretStr | None = Field(
        None, description="The master key, 64 hex digits, instead of a file."
    )
    operators: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="The companies served; all when empty."
    )
    terms_path: Path | None = Field(
        None, description="The folder of the companies' documents; terms/ when not set."
    )
    node: str = Field(
        "desk-1", pattern=r"^[A-Za-z0-9_.-]+$", description="This process' stable, unique name."
    )
    package_days: int = Field(
        14, ge=1, le=90, description="Days a package can be downloaded before it is wiped."
    )
    questions_days: int = Field(
        180, ge=1, le=730, description="Days it is kept which questions found no answer, or none that helped."
    )
    raw_mail_days: int = Field(
        30, ge=1, le=365, description="Days the raw bytes of a mail are kept after it was sorted."
    )
    mails_a_day: int = Field(
        30, ge=2, description="Mails of one sender in a day from which they go to the tray unanswered."
    )
    chat_messages: int = Field(40, ge=1, description="Chat messages one address may send in five minutes.")
    sweep_seconds: float = Field(1.0, gt=0, description="Seconds between two looks for due work.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least grave log line."
    )
    mail: Mail = Field(Mail(), description="How letters leave.")
    mailboxes: Mapping[str, Mailbox] = Field(
        {}, description="The companies' mailboxes, by a name of their own."
    )
    lmtp: Listener = Field(Listener(), description="Where the company's mail server may deliver by LMTP.")
    smtp: Listener = Field(Listener(), description="Where mail servers may deliver by SMTP.")
    largest_mail: int = Field(
        50_000_000, ge=100_000, description="Bytes of one mail that are kept; larger ones are refused or cut."
    )
    trusted_mail_servers: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="The ids our own mail servers write into Authentication-Results; these are believed."
    )
    trusted_sealers: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Domains whose ARC seal on forwarded mail is believed."
    )
    clamd: Clamd = Field(Clamd(), description="The virus scanner that is asked about attachments.")
    model: Model = Field(Model(), description="The language model that may read questions too.")
    telegram: Mapping[str, Telegram] = Field({}, description="The bots, by company.")
    widget_origins: Mapping[str, tuple[str, ...]] = Field(
        {}, description="Sites the chat widget may stand on, by company."
    )
    systems: Mapping[str, SecretStr] = Field(
        {}, description="The addresses of the companies' systems, by secret name."
    )

    @field_validator("operators", "trusted_mail_servers", "trusted_sealers", mode="before")
    @classmethod
    def split(cls, value: Any) -> Any:
        """The environment gives several in one string, with commas between."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, the secret files and the TOML file."""
        sources = [init_settings, env_settings]
        folder = os.environ.get(SECRETS)
        if folder:
            sources.append(
                NestedSecretsSettingsSource(
                    file_secret_settings, secrets_dir=folder, secrets_nested_delimiter="__", secrets_prefix=""
                )
            )
        file = settings_file()
        if file is not None:
            sources.append(TomlConfigSettingsSource(settings_cls, toml_file=file))
        return tuple(sources)

    @property
    def database(self) -> str:
        """The desk's database as a SQLAlchemy URL."""
        return _url(self.database_url) or f"sqlite+aiosqlite:///{self.data_dir / 'desk.sqlite'}"

    @property
    def work_database(self) -> str:
        """DBOS' database as a synchronous SQLAlchemy URL; beside ours on PostgreSQL, in a schema of its own."""
        if self.work_url is not None:
            return self.work_url.get_secret_value()
        if self.database.startswith("postgresql"):
            return "postgresql+psycopg" + self.database[self.database.index("://") :]
        return f"sqlite:///{self.data_dir / 'work.sqlite'}"

    @property
    def keys(self) -> Path:
        """The folder of the keys."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def embedded(self) -> bool:
        """One process over SQLite files; several processes need PostgreSQL."""
        return self.database.startswith("sqlite")


def settings_file() -> Path | None:
    """The TOML file: RETTSVAR_CONFIG, else rettsvar.toml here. Raises BadSettings where a named one is missing."""
    named = os.environ.get(CONFIG)
    if named:
        if not Path(named).is_file():
            raise BadSettings(f"{CONFIG} names {named}, which is not a file")
        return Path(named)
    here = Path("rettsvar.toml")
    return here if here.is_file() else None


def load_settings(**given: Any) -> Settings:
    """The settings of this process. Raises BadSettings with every fault named."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {CONFIG, SECRETS}
    strangers = [
        name
        for name in os.environ
        if name.startswith(PREFIX)
        and name.split("__")[0] not in known
        and not name.startswith(PREFIX + "TEST_")
    ]
    if strangers:
        raise BadSettings("unknown in the environment: " + ", ".join(sorted(strangers)))
    try:
        return Settings(**given)
    except ValidationError as fault:
        lines = [".".join(str(part) for part in e["loc"]) + ": " + e["msg"] for e in fault.errors()]
        raise BadSettings("\n".join(lines)) from None


def shown(settings: Settings) -> dict[str, Any]:
    """The settings as `config show` prints them: secrets masked."""
    shown: dict[str, Any] = settings.model_dump(mode="json")
    return shown


def _url(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None
