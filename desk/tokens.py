"""Access tokens for mail servers that take no password (OAuth 2.0, RFC 6749), as Microsoft 365's and Google's do."""

import re
import ssl
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import httpx2
from pydantic import Field, SecretStr, model_validator

from desk.section import Section
from fulfilment.adapter import Misconfigured, TryLater

EARLY: Final = 60.0  # seconds before its end from which a token is not used any more
SHORTEST: Final = 300.0  # seconds a token is taken to hold where the server does not say
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Grant(Section):
    """By what right tokens are asked for: the desk's own (client credentials, RFC 6749 4.4), or a person's who once
    agreed (a refresh token, RFC 6749 6). A refresh token that a server renews at every use is not kept."""

    token_url: str = Field(description="Where tokens are asked for.")
    client_id: str = Field(description="The desk's name there.")
    client_secret: SecretStr = Field(description="Its secret there.")
    scope: str = Field("", description="What the token is to be good for.")
    refresh_token: SecretStr | None = Field(None, description="A refresh token, where a person agreed.")
    ca: Path | None = Field(
        None, description="The CA that signed the server's certificate, if not a public one."
    )
    timeout: float = Field(10, gt=0, description="Seconds to wait for a token.")

    @model_validator(mode="after")
    def private(self) -> "Grant":
        """A secret goes nowhere in the clear."""
        address = urlsplit(self.token_url)
        if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
            raise ValueError("token_url must be https")
        return self


class Tokens:
    """The tokens of one grant; each is used until shortly before its end. To be called by any thread."""

    def __init__(self, grant: Grant, clock: Callable[[], float] = monotonic) -> None:
        self._grant, self._clock = grant, clock
        self._lock = Lock()
        self._token, self._until = "", 0.0

    def current(self) -> str:
        """A token that holds. Waits for the network where there is none. Raises Misconfigured where the server refuses
        us, else TryLater."""
        with self._lock:
            if self._clock() >= self._until:
                asked_at = self._clock()
                self._token, seconds = self._ask()
                self._until = asked_at + seconds - EARLY
            return self._token

    def forget(self) -> None:
        """The mail server refuses the token; the next is a new one."""
        with self._lock:
            self._until = 0.0

    def _ask(self) -> tuple[str, float]:
        """A new token and the seconds it holds."""
        grant = self._grant
        form = {"client_id": grant.client_id, "client_secret": grant.client_secret.get_secret_value()}
        if grant.refresh_token is None:
            form["grant_type"] = "client_credentials"
        else:
            form |= {"grant_type": "refresh_token", "refresh_token": grant.refresh_token.get_secret_value()}
        if grant.scope:
            form["scope"] = grant.scope
        try:
            context = ssl.create_default_context(cafile=grant.ca)
            with httpx2.Client(timeout=grant.timeout, verify=context, follow_redirects=False) as client:
                reply = client.post(grant.token_url, data=form, headers={"Accept": "application/json"})
        except httpx2.HTTPError as fault:
            raise TryLater(30, f"no token: {type(fault).__name__}") from None
        except OSError as fault:
            raise Misconfigured(f"no token: the CA cannot be read: {fault.strerror}") from None
        if reply.status_code == 429 or reply.status_code >= 500:
            raise TryLater(60, f"no token ({reply.status_code})")
        try:
            said = reply.json()
        except ValueError:
            said = None
        said = said if isinstance(said, dict) else {}
        token, seconds = said.get("access_token"), said.get("expires_in", SHORTEST)
        if reply.status_code != 200 or not isinstance(token, str) or not token.isascii() or not token:
            raise Misconfigured(f"no token ({reply.status_code}{_why(said.get('error'))})")
        return token, float(seconds) if isinstance(seconds, (int, float)) else SHORTEST


def _why(code: object) -> str:
    """The error's code as RFC 6749 5.2 has it; nothing else of what a server says goes into a log."""
    return f": {code}" if isinstance(code, str) and re.fullmatch(r"[a-z_]{1,40}", code) else ""
