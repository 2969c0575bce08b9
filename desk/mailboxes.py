"""The settings of mail that comes in: the companies' mailboxes, and the doors a mail server may deliver to."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from desk.section import Section
from desk.tokens import LOOPBACK, Grant


def _parted(value: object) -> object:
    """The environment gives several in one string, with commas between."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


class Mailbox(Section):
    """One address of a company. With a host its mailbox is watched by IMAP; without, mail is delivered to us."""

    operator: str | None = Field(None, description="The company; the mailbox' own name when not set.")
    address: str = Field(description="The address people write to.")
    also: Annotated[tuple[str, ...], NoDecode] = Field((), description="Further addresses that end up here.")
    host: str | None = Field(None, description="The IMAP server.")
    port: int | None = Field(None, ge=1, le=65535, description="Its port; 993 with tls, else 143.")
    security: Literal["tls", "starttls", "none"] = Field("tls", description="How the line is encrypted.")
    ca: Path | None = Field(
        None, description="The CA that signed the server's certificate, if not a public one."
    )
    username: str | None = Field(None, description="The name to log in with; the address when not set.")
    password: SecretStr | None = Field(None, description="The password to log in with.")
    oauth: Grant | None = Field(None, description="How tokens are got, where the server takes no password.")
    folders: Annotated[tuple[str, ...], NoDecode] = Field(
        ("INBOX",), description="The folders mail comes to."
    )
    junk: Annotated[tuple[str, ...], NoDecode] | None = Field(
        None, description="The spam folders; those the server calls so, Junk and Spam when not set."
    )
    after: Literal["move", "seen", "delete"] = Field(
        "move", description="What becomes of a mail that is kept."
    )
    folder: str = Field("Rettsvar", min_length=1, description="Where kept mails are moved to.")
    since: date | None = Field(None, description="Mails that arrived before this day are left alone.")
    look_seconds: float = Field(
        60, gt=0, le=1500, description="Seconds between two looks without being told."
    )
    timeout: float = Field(20, gt=0, description="Seconds to wait for the IMAP server.")

    @field_validator("also", "folders", "junk", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        """Several in one string, with commas between."""
        return _parted(value)

    @field_validator("address", "also")
    @classmethod
    def whole(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        """An address has two parts."""
        for one in (value,) if isinstance(value, str) else value:
            local, at, domain = one.rpartition("@")
            if not (local and at and domain) or any(sign.isspace() for sign in one):
                raise ValueError("an address such as personvern@example.no is needed")
        return value

    @model_validator(mode="after")
    def reachable(self) -> "Mailbox":
        """A watched mailbox has a password or tokens, and its line is encrypted unless it stays on this machine."""
        if self.host is None:
            return self
        if (self.password is None) is (self.oauth is None):
            raise ValueError("password or oauth is needed with host, and not both")
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("security none is for a server on this machine")
        if self.folder in self.folders:
            raise ValueError("folder must not be one of folders")
        return self

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that ends up here."""
        return (self.address, *self.also)


class Listener(Section):
    """A door a mail server delivers to. Closed without a port or a socket."""

    host: str = Field("127.0.0.1", description="The address it listens on.")
    port: int | None = Field(None, ge=1, le=65535, description="The port it listens on.")
    socket: Path | None = Field(None, description="A unix socket to listen on instead.")
    certificate: Path | None = Field(None, description="The certificate for STARTTLS, with its chain.")
    key: Path | None = Field(None, description="The certificate's key.")
    connections: int = Field(20, ge=1, description="Connections at the same time.")
    timeout: float = Field(300, gt=0, description="Seconds a silent client is waited for (RFC 5321 4.5.3.2).")

    @model_validator(mode="after")
    def one_place(self) -> "Listener":
        """A port or a socket; a certificate with its key."""
        if self.port is not None and self.socket is not None:
            raise ValueError("a port or a socket, not both")
        if (self.certificate is None) != (self.key is None):
            raise ValueError("certificate and key come together")
        return self

    @property
    def open(self) -> bool:
        """Whether anything is listened on."""
        return self.port is not None or self.socket is not None
