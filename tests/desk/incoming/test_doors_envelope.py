"""What a door hands on of an envelope: to each company its own recipients, and the sender's host where it was seen."""

import asyncio
from datetime import datetime
from typing import Literal

import pytest
from aiosmtpd.smtp import Envelope, Session

from intake.email.mail import Delivery
from tests.desk.incoming.shelf import Shelf, mail
from tests.desk.incoming.test_doors import OURS, SENDER, THEIRS, _spoken, door


async def test_a_company_is_not_told_of_anothers_recipients(now: datetime) -> None:
    """One mail to two companies: each keeps whom it was to there."""
    kept: dict[str, tuple[str, ...]] = {}

    async def keep(delivery: Delivery) -> bool:
        kept[delivery.operator] = delivery.envelope_to
        return True

    async with door(now, keep) as (_, port):

        def hand_over() -> list[int]:
            with _spoken(port) as line:
                return line.hands_over(mail("en"), OURS, THEIRS)

        await asyncio.to_thread(hand_over)
    assert kept == {"fjordlys": (OURS,), "easystep": (THEIRS,)}


@pytest.mark.parametrize(
    ("protocol", "seen"), [("lmtp", (None, None)), ("smtp", ("192.0.2.7", "mx.example.no"))]
)
async def test_only_by_smtp_the_peer_is_the_senders_host(
    now: datetime, protocol: Literal["lmtp", "smtp"], seen: tuple[str | None, str | None]
) -> None:
    """By LMTP it is the company's own server, wherever it stands."""
    async with door(now, Shelf(), protocol) as (made, _):
        session, envelope = Session(asyncio.get_running_loop()), Envelope()
        session.peer = ("192.0.2.7", 4711)  # type: ignore[assignment]  # aiosmtpd's annotation is narrower than it is
        session.host_name = "mx.example.no"
        envelope.mail_from, envelope.rcpt_tos, envelope.content = SENDER, [OURS], mail("en")
        delivery = made._delivery("fjordlys", session, envelope)
    assert (delivery.peer_ip, delivery.helo) == seen


async def test_a_fault_of_ours_sends_no_mail_back(now: datetime) -> None:
    """4xx: the sender's server keeps it and comes again."""
    async with door(now, Shelf()) as (made, _):
        assert (await made.handle_exception(ValueError("strange"))).startswith("451 ")
