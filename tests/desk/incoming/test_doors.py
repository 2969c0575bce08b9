"""The doors for mail servers: 250 is said when the mail is kept, to each recipient by itself, and never before."""

import asyncio
import contextlib
import smtplib
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import pytest

from desk.incoming.doors import Door, folded, outside
from desk.mailboxes import Listener
from fulfilment.adapter import Misconfigured
from intake.email.mail import Delivery
from tests.desk.incoming.shelf import Shelf, mail
from tests.ports import free_port

ADDRESSES = {"personvern@fjordlys.example.no": "fjordlys", "post@easystep.example.no": "easystep"}
OURS, THEIRS = ADDRESSES
SENDER = "kari@example.no"


@contextlib.asynccontextmanager
async def door(
    now: datetime,
    shelf: object,
    protocol: Literal["lmtp", "smtp"] = "lmtp",
    largest: int = 1_000_000,
    **more: object,
) -> AsyncIterator[tuple[Door, int]]:
    """An open door and its port."""
    listener = Listener.model_validate({"port": free_port()} | more)
    made = Door(protocol, listener, ADDRESSES, shelf, largest=largest, clock=lambda: now)  # type: ignore[arg-type]
    await made.open()
    try:
        async with asyncio.timeout(20):
            yield made, listener.port or 0
    finally:
        await made.close()


class Line:
    """A mail server's connection, spoken word for word."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self._file = self.socket.makefile("rb")

    def reads(self, answers: int = 1) -> list[int]:
        """The codes of the next answers."""
        codes: list[int] = []
        while len(codes) < answers:
            line = self._file.readline()
            if line[3:4] == b" ":
                codes.append(int(line[:3]))
            if not line:
                return codes
        return codes

    def says(self, words: str, answers: int = 1) -> list[int]:
        """Say something; the codes of the answers."""
        self.socket.sendall(words.encode() + b"\r\n")
        return self.reads(answers)

    def hands_over(self, raw: bytes, *recipients: str, sender: str = SENDER) -> list[int]:
        """One mail; the answers to the recipients' addresses and then to the data."""
        assert self.says(f"MAIL FROM:<{sender}>") == [250]
        codes = [self.says(f"RCPT TO:<{one}>")[0] for one in recipients]
        assert self.says("DATA") == [354]
        self.socket.sendall(raw)
        return [*codes, *self.says("\r\n." if not raw.endswith(b"\r\n") else ".", codes.count(250))]

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self.socket.close()


@contextlib.contextmanager
def _spoken(port: int, hello: str = "LHLO mx.example.no") -> Iterator[Line]:
    line = Line(port)
    try:
        assert line.reads() == [220]
        assert line.says(hello) == [250]
        yield line
    finally:
        line.close()


async def test_a_mail_is_kept_with_its_envelope(now: datetime) -> None:
    """Byte for byte, with sender and recipients; the relay's own name and address are no sender's."""
    shelf = Shelf()
    async with door(now, shelf) as (_, port):

        def hand_over() -> list[int]:
            with _spoken(port) as line:
                codes = line.hands_over(mail("en") + b"..punktum\r\n", "Personvern+sak@fjordlys.example.no")
                return codes + line.hands_over(mail("to"), OURS, sender="")

        assert await asyncio.to_thread(hand_over) == [250] * 4
    first, second = shelf.taken
    assert first == Delivery(
        "fjordlys", mail("en") + b".punktum\r\n", now, "lmtp", SENDER, ("Personvern+sak@fjordlys.example.no",)
    )
    assert second.envelope_from == ""


async def test_strangers_and_too_many_are_refused(now: datetime) -> None:
    """550 for an address that is nobody's here, 452 for the hundred and first; the others are kept."""
    shelf = Shelf()
    async with door(now, shelf) as (_, port):

        def hand_over() -> list[int]:
            with _spoken(port) as line:
                many = [f"personvern+{number}@fjordlys.example.no" for number in range(101)]
                codes = line.hands_over(mail("en"), "post@example.org", *many)
                return codes

        codes = await asyncio.to_thread(hand_over)
    assert codes == [550, *[250] * 100, 452, *[250] * 100]
    assert len(shelf.taken[0].envelope_to) == 100


@pytest.mark.parametrize(("protocol", "answers"), [("lmtp", [250, 451, 250]), ("smtp", [451])])
async def test_each_company_is_answered_for(
    now: datetime, protocol: Literal["lmtp", "smtp"], answers: list[int]
) -> None:
    """LMTP answers for each recipient; SMTP can only defer for all, and who had it already knows it again."""
    shelf = Shelf(lambda one: one.operator == "easystep")
    hello = "LHLO x" if protocol == "lmtp" else "EHLO x"

    def hand_over(port: int) -> list[int]:
        with _spoken(port, hello) as line:
            assert line.says(f"MAIL FROM:<{SENDER}>") == [250]
            for one in (OURS, THEIRS, "personvern+2@fjordlys.example.no"):
                assert line.says(f"RCPT TO:<{one}>") == [250]
            assert line.says("DATA") == [354]
            line.socket.sendall(mail("en"))
            codes = line.says(".", len(answers))
            return codes

    async with door(now, shelf, protocol) as (_, port):
        assert await asyncio.to_thread(hand_over, port) == answers
        assert [one.operator for one in shelf.taken] == ["fjordlys"]
        shelf.refuse = lambda _: False
        assert set(await asyncio.to_thread(hand_over, port)) == {250}
    assert shelf.asked == 4


async def test_a_mail_too_large_is_refused_to_everybody(now: datetime) -> None:
    """One 552 for each recipient (RFC 2033), announced or not; the line is in step afterwards."""
    shelf = Shelf()
    async with door(now, shelf, largest=2000) as (_, port):

        def hand_over() -> list[list[int]]:
            with _spoken(port) as line:
                return [
                    line.says(f"MAIL FROM:<{SENDER}> SIZE=2001"),
                    line.hands_over(mail("stor", "x\r\n" * 1000), OURS, THEIRS),
                    line.hands_over(mail("liten"), OURS),
                ]

        assert await asyncio.to_thread(hand_over) == [[552], [250, 250, 552, 552], [250, 250]]
    assert shelf.subjects == ["liten"]


async def test_a_long_line_is_no_reason_to_send_a_mail_back(now: datetime) -> None:
    """Programs write lines far beyond the standard's 998 bytes; the request in them counts."""
    shelf = Shelf()
    raw = mail("lang", "x" * 300_000 + "\r\n")
    async with door(now, shelf) as (_, port):

        def hand_over() -> list[int]:
            with _spoken(port) as line:
                codes = line.hands_over(raw, OURS)
                return codes

        assert await asyncio.to_thread(hand_over) == [250, 250]
    assert shelf.taken[0].raw == raw


async def test_one_connection_too_many_is_told_to_come_later(now: datetime) -> None:
    """421 over the limit; when somebody leaves there is room again."""
    async with door(now, Shelf(), connections=1) as (_, port):

        def connect() -> None:
            with _spoken(port):
                second = Line(port)
                assert second.reads() == [421]
                second.socket.sendall(b"LHLO x\r\n")
                second.close()
            while True:  # the server hears of the end a moment later
                line = Line(port)
                code = line.reads()
                line.close()
                if code == [220]:
                    return

        await asyncio.wait_for(asyncio.to_thread(connect), 5)


async def test_a_client_that_hangs_up_breaks_nothing_off(now: datetime) -> None:
    """What is being kept is kept; the mail server, which heard no answer, comes again and is told 250."""
    begun, go_on, shelf = asyncio.Event(), asyncio.Event(), Shelf()

    async def slowly(delivery: Delivery) -> bool:
        begun.set()
        await go_on.wait()
        return await shelf(delivery)

    async with door(now, slowly) as (_, port):

        def half() -> None:
            with _spoken(port) as line:
                for words in (f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{OURS}>", "DATA"):
                    line.says(words)
                line.socket.sendall(mail("en") + b".\r\n")

        def again() -> list[int]:
            with _spoken(port) as line:
                codes = line.hands_over(mail("en"), OURS)
                return codes

        await asyncio.to_thread(half)
        await begun.wait()
        go_on.set()
        assert await asyncio.to_thread(again) == [250, 250]
    assert (len(shelf.taken), shelf.asked) == (1, 2)


async def test_closing_lets_what_is_being_kept_be_answered(now: datetime) -> None:
    """A mail under way when the desk stops is kept and told so; a silent connection holds nobody up."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_: Delivery) -> bool:
        begun.set()
        return await go_on.wait()

    async with door(now, slowly) as (made, port):
        silent = Line(port)
        waiting = asyncio.create_task(asyncio.to_thread(lambda: _one(port)))
        await begun.wait()
        closing = asyncio.create_task(made.close())
        await asyncio.sleep(0)
        go_on.set()
        assert await waiting == [250, 250]
        await asyncio.wait_for(closing, 2)
        silent.close()


def _one(port: int) -> list[int]:
    with _spoken(port) as line:
        codes = line.hands_over(mail("en"), OURS)
        return codes


async def test_closing_leaves_no_socket_open(now: datetime) -> None:
    """Who was let in, and who was accepted in this very moment, are hung up on."""
    async with door(now, Shelf()) as (made, port):
        lines = []
        for _ in range(10):
            lines.append(Line(port))
            await asyncio.sleep(0)
        await made.close()

        def hear() -> None:
            for line in lines:
                with contextlib.suppress(ConnectionResetError):  # one that had not been accepted yet
                    while line.socket.recv(100):
                        pass
                line.close()

        await asyncio.to_thread(hear)


async def test_a_unix_socket(now: datetime, tmp_path: Path) -> None:
    """A door may be a file, for those it is opened to; it is gone afterwards, and one left behind is no hindrance."""
    shelf, place = Shelf(), tmp_path / "lmtp"
    for number in range(2):
        async with door(now, shelf, port=None, socket=place):
            assert place.stat().st_mode & 0o777 == 0o660

            def hand_over(number: int = number) -> object:
                with smtplib.LMTP(str(place)) as line:
                    return line.sendmail(SENDER, [OURS], mail(f"nr {number}"))

            assert await asyncio.to_thread(hand_over) == {}
        assert not place.exists()
    assert shelf.subjects == ["nr 0", "nr 1"]


async def test_a_place_that_is_taken_is_told(now: datetime) -> None:
    """The engineer reads which door could not be opened."""
    async with door(now, Shelf()) as (_, port):
        with pytest.raises(Misconfigured, match=str(port)):
            async with door(now, Shelf(), port=port):
                pass


def test_an_address_is_compared_without_its_detail() -> None:
    """Capitals, a plus and what follows it, a dot at the end: still the same mailbox."""
    assert folded("<Personvern+Sak-1@FJORDLYS.example.no.>") == "personvern@fjordlys.example.no"
    assert folded("+rart@example.no") == "+rart@example.no"


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        (("192.0.2.7", 4711), "192.0.2.7"),
        (("::ffff:192.0.2.7", 4711, 0, 0), "192.0.2.7"),
        (("fe80::1%eth0", 4711, 0, 2), "fe80::1"),
        (("127.0.0.1", 4711), None),
        (("::1", 4711, 0, 0), None),
        ("", None),
        (None, None),
    ],
)
def test_a_peer_on_this_machine_is_no_sender(peer: object, address: str | None) -> None:
    """What comes from our own relay must not pass for a sender's address: SPF would be asked about us."""
    assert outside(peer) == address
