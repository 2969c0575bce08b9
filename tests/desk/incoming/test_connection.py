"""One IMAP connection where the server refuses: nothing is deleted that was not copied, nothing passes for marked."""

import imaplib
from types import SimpleNamespace

import pytest

from desk.incoming.connection import Connection
from fulfilment.adapter import Misconfigured


class Client:
    """A server that can neither move nor copy, and keeps the marks it names; it remembers what it was told."""

    def __init__(self, marks: bytes) -> None:
        self.marks = marks
        self.told: list[str] = []

    def capability(self) -> tuple[str, list[bytes]]:
        """What it can do."""
        return "OK", [b"IMAP4rev1 UIDPLUS"]

    def response(self, name: str) -> tuple[str, list[bytes]]:
        """What it said when the folder was chosen."""
        return name, [self.marks if name == "PERMANENTFLAGS" else b"1"]

    def create(self, folder: object) -> tuple[str, list[bytes]]:
        """No folder is made."""
        return "NO", [b""]

    def uid(self, verb: str, *rest: str) -> tuple[str, list[bytes]]:
        """One command."""
        self.told.append(verb)
        return ("NO" if verb == "COPY" else "OK"), [b""]


def connection(client: Client) -> Connection:
    """A connection to it, with a folder chosen."""
    made = Connection(SimpleNamespace(client=client, folder=SimpleNamespace(set=lambda name: None)), "/")  # type: ignore[arg-type]
    made.choose("INBOX")
    return made


def test_a_mail_that_could_not_be_copied_is_not_deleted() -> None:
    """The folder is full or may not be made: the mail stays, and somebody is told."""
    client = Client(b"(\\*)")
    with pytest.raises(imaplib.IMAP4.error, match="cannot be written to"):
        connection(client).move(1, "Rettsvar")
    assert client.told == ["COPY", "COPY"]


def test_a_mark_that_the_server_will_not_keep_is_not_relied_on() -> None:
    """Else the same mails would be fetched for ever; a server that keeps any or ours is taken at its word."""
    with pytest.raises(Misconfigured, match="keeps no keywords"):
        connection(Client(b"(\\Seen \\Deleted)")).mark(1)
    for marks in (b"(\\Seen \\*)", b"(\\Seen RettsvarTaken)"):
        client = Client(marks)
        connection(client).mark(1)
        assert client.told == ["STORE"]
