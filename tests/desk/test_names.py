"""The real resolver, against a name server on loopback."""

import socket
import threading
from collections.abc import Iterator

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from desk.names import Names
from intake.email.lookups import Silent

ZONE = {
    ("example.no.", "TXT"): ['"v=spf1 " "-all"', '"other"'],
    ("example.no.", "MX"): ["10 mail.example.no."],
    ("mail.example.no.", "A"): ["198.51.100.7"],
}


class Server:
    """Answers over UDP by the zone; `mood` is what it does instead."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.asked = 0
        self.mood = ""
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        """Until an empty datagram comes."""
        while True:
            data, peer = self.socket.recvfrom(4096)
            if not data:
                return
            self.asked += 1
            if self.mood == "deaf":
                continue
            query = dns.message.from_wire(data)
            reply = dns.message.make_response(query)
            question = query.question[0]
            kind = question.rdtype.name
            found = ZONE.get((str(question.name), kind))
            if self.mood == "failing":
                reply.set_rcode(dns.rcode.SERVFAIL)
            elif found:
                reply.answer.append(dns.rrset.from_text_list(question.name, 300, "IN", kind, found))
            elif not any(str(question.name) == name for name, _ in ZONE):
                reply.set_rcode(dns.rcode.NXDOMAIN)
            self.socket.sendto(reply.to_wire(), peer)

    def stop(self) -> None:
        """End the thread and let the port go."""
        self.socket.sendto(b"", self.socket.getsockname())
        self.thread.join(5)
        self.socket.close()


@pytest.fixture
def server() -> Iterator[Server]:
    """A name server for one test."""
    running = Server()
    yield running
    running.stop()


def names(server: Server, clock: float = 0.0) -> Names:
    """A resolver that asks it."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = server.socket.getsockname()[1]
    return Names(0.3, resolver=resolver)


def test_records_come_in_the_shapes_that_are_promised(server: Server) -> None:
    """Text joined, an exchange with its preference, nothing as nothing."""
    ask = names(server)
    assert set(ask("Example.no.", "TXT")) == {"v=spf1 -all", "other"}
    assert ask("example.no", "MX") == ("10 mail.example.no.",)
    assert ask("mail.example.no", "A") == ("198.51.100.7",)
    assert ask("nobody.example.no", "TXT") == ask("mail.example.no", "TXT") == ()
    assert ask("a..b", "TXT") == ask("x" * 70 + ".no", "TXT") == ()


def test_an_answer_is_asked_for_once(server: Server) -> None:
    """Ten mails of one domain cost one question."""
    ask = names(server)
    for _ in range(10):
        ask("example.no", "MX")
    assert server.asked == 1


@pytest.mark.parametrize("mood", ["deaf", "failing"])
def test_silence_is_told_and_not_kept(server: Server, mood: str) -> None:
    """No answer, or SERVFAIL, is not "no records"; when the server is back, so is the answer."""
    ask = names(server)
    server.mood = mood
    with pytest.raises(Silent):
        ask("example.no", "MX")
    server.mood = ""
    assert ask("example.no", "MX") == ("10 mail.example.no.",)
