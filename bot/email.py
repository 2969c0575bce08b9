"""The e-mail channel: hands a mail that was placed to the dialogue; its answers are letter rows.

Nothing is sent here. A machine that does not say that it is one must not draw us into an endless exchange: what
comes back too fast, or says again what was said, is heard and not answered, and an officer is told. Only the right code
and the word that takes a request back are answered all the same: no machine writes them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from rapidfuzz.fuzz import ratio
from sqlalchemy import select

from bot.dialogue import handle
from bot.hub import Channel, Hub, Incoming, Turn, Written
from bot.memory import find_conversation, said
from intake.reading import Reading
from intake.records import Letter
from law.rights import Right

TOO_FAST: Final = timedelta(seconds=60)
"""Nobody reads a letter and answers it in less; a machine does."""

ASTRAY: Final = timedelta(seconds=5)
"""How far a mail server's clock may be behind ours; its times of receipt have no fractions either."""

SAME: Final = 85
"""Likeness, of 100, from which a text says again what was said in the conversation before."""

COMPARED: Final = 2_000  # characters
LOOKED_BACK: Final = 20  # messages


@dataclass(frozen=True, slots=True)
class PlacedMail:
    """A mail that belongs in a conversation: the dossier it is held in, and what was read of it.

    `vouched`: the sender's domain vouches for the address (DMARC), which proves it like a code does. `muted`: it is
    heard, and not answered by letter. `right`: an officer has read which right it asks for.
    """

    mail_id: str
    dossier_id: str
    sender: str
    text: str
    reading: Reading
    received_at: datetime
    vouched: bool
    muted: bool = False
    file: bool = False
    right: Right | None = None


async def hear(hub: Hub, operator_id: str, mail: PlacedMail, now: datetime) -> Turn:
    """Hand the mail to the dialogue, once: a mail that was heard before does nothing.

    Cases that it opens were received when the mail was (`received_at`), however late it is looked at.
    """
    silent = mail.muted or await _of_a_machine(hub, operator_id, mail)
    written = Written(
        dossier_id=mail.dossier_id, sender=mail.sender, received_at=mail.received_at,
        vouched=mail.vouched, silent=silent,
    )  # fmt: skip
    choice = f"right:{mail.right}" if mail.right is not None else None
    message = Incoming(
        mail.text, mail.mail_id, choice=choice, file=mail.file, mail=written, reading=mail.reading
    )
    return await handle(
        hub, operator_id=operator_id, channel=Channel.EMAIL, peer=mail.dossier_id, message=message, now=now
    )


async def _of_a_machine(hub: Hub, operator_id: str, mail: PlacedMail) -> bool:
    """Whether the mail came as only a machine's would: at once upon a letter of ours, or as an echo of an earlier one."""
    async with hub.unit_of_work() as session:
        talk = await find_conversation(session, hub.vault, operator_id, Channel.EMAIL, mail.dossier_id)
        if talk is None:
            return False
        earlier = await said(session, hub.vault, talk.id)
        last_sent = await session.scalar(
            select(Letter.sent_at)
            .where(Letter.dossier_id == mail.dossier_id, Letter.sent_at <= mail.received_at + ASTRAY)
            .order_by(Letter.sent_at.desc())
            .limit(1)
        )
    heard = [one.reply.text for one in earlier[-LOOKED_BACK:] if one.inbound]
    if any(ratio(one[:COMPARED], mail.text[:COMPARED]) >= SAME for one in heard if len(one) > 40):
        return True
    return last_sent is not None and mail.received_at - last_sent < TOO_FAST
