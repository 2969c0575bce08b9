"""The settings of mail that leaves: the server, how the line is secured, what is signed, and how much may go."""

import ipaddress
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from desk.section import Section
from desk.tokens import Grant


class Mail(Section):
    """How letters leave. Without a host they stay queued, and `doctor` says so."""

    host: str | None = Field(None, description="The mail server letters are handed to.")
    port: int = Field(587, ge=1, le=65535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="How the line is encrypted.")
    ca: Path | None = Field(
        None, description="The CA that signed the server's certificate, if not a public one."
    )
    insecure: bool = Field(False, description="Allow security none to a server on another machine.")
    username: str | None = Field(None, description="The name to log in with.")
    password: SecretStr | None = Field(None, description="The password to log in with.")
    oauth: Grant | None = Field(None, description="How tokens are got, where the server takes no password.")
    sender: str = Field("personvern@localhost", description="The address letters are sent from.")
    bounces: str | None = Field(
        None,
        description="The address bounces go to; none when not set (RFC 3834 3.3). {operator} stands for the company.",
    )
    timeout: float = Field(20, gt=0, description="Seconds to wait for the mail server.")
    dkim_domain: str | None = Field(None, description="The domain that signs letters (DKIM).")
    dkim_selector: str | None = Field(None, description="The name its key is published under.")
    dkim_key: SecretStr | None = Field(None, description="The key, in PEM, or the file it lies in.")
    a_day: int = Field(20, ge=1, description="Letters one address may get in 24 hours.")
    patience_days: int = Field(
        5, ge=4, le=30, description="Days a letter is tried while its address puts it off (RFC 5321 4.5.4.1)."
    )

    @field_validator("bounces")
    @classmethod
    def one_address(cls, value: str | None) -> str | None:
        """An address, with no other place-holder than the company's."""
        if value is None:
            return None
        plain = value.replace("{operator}", "x")
        local, at, domain = plain.rpartition("@")
        if not (local and at and domain) or not plain.isascii() or any(one in " <>{}" for one in plain):
            raise ValueError("an address such as bounces@example.no is needed")
        return value

    @property
    def in_the_clear(self) -> bool:
        """Whether letters would go over a network unencrypted."""
        return self.security == "none" and self.host is not None and not _loopback(self.host)

    @model_validator(mode="after")
    def private(self) -> "Mail":
        """Letters hold personal data (Art. 32): another machine is spoken to encrypted, unless it is said outright."""
        if self.in_the_clear and not self.insecure:
            raise ValueError(
                "security none is for a server on this machine; insecure = true allows it all the same"
            )
        return self

    @model_validator(mode="after")
    def one_log_in(self) -> "Mail":
        """A password or tokens; tokens are for a name."""
        if self.oauth is not None and (self.password is not None or self.username is None):
            raise ValueError("oauth comes with a username and without a password")
        return self

    @model_validator(mode="after")
    def signed_whole(self) -> "Mail":
        """Domain, selector and key come together, and the domain is the sender's (RFC 7489 3.1.1)."""
        given = (self.dkim_domain, self.dkim_selector, self.dkim_key)
        if any(one is not None for one in given) and not all(given):
            raise ValueError("dkim_domain, dkim_selector and dkim_key come together")
        if self.dkim_domain is not None:
            sender, signer = self.sender.rpartition("@")[2].lower(), self.dkim_domain.lower()
            if not f".{sender}".endswith(f".{signer}") and not f".{signer}".endswith(f".{sender}"):
                raise ValueError("dkim_domain is another than the sender's: nobody would count the signature")
        return self


def _loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
