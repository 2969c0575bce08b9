"""A mail as it is read: from its raw bytes, or from what was kept of it once these are gone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desk.postroom import Postroom
from desk.wiring import Desk
from intake.email.asking import asked
from intake.email.mail import Authentic, Automatic, Delivery, Mail, Trust
from intake.email.own_words import passed_in
from intake.email.records import IncomingMail
from intake.reading import Reading


@dataclass(frozen=True, slots=True)
class Read:
    """A mail, what it asks, and how far its sender is believed."""

    delivery: Delivery
    mail: Mail
    trust: Trust
    reading: Reading


def read_mail(postroom: Postroom, delivery: Delivery) -> Read:
    """Parse, judge and read; takes a while, so it is called in a thread."""
    mail = postroom.parse(delivery.raw)
    trust = postroom.judge(delivery.raw, delivery, mail)
    reading = asked(mail, delivery.operator)
    if mail.automatic is None and reading.automatic:
        # its header does not say so, its words do; of what is read so no right is read (intake.hearing)
        mail = replace(mail, automatic=Automatic.AUTO_REPLY)
    return Read(delivery, mail, trust, reading)


def unproven(found: Read) -> Read:
    """The mail as one whose sender nobody vouches for."""
    return replace(found, trust=replace(found.trust, authentic=Authentic.NONE))


def as_kept(desk: Desk, row: IncomingMail) -> Read:
    """A mail whose raw bytes are gone, by what an officer is shown of it. Raises ValueError where that is gone too."""
    content = desk.vault.open_json(row.dossier_id, f"incoming_mail.content:{row.id}", row.content)
    if content is None:
        raise ValueError("nothing of the mail was kept")
    mail = Mail(
        sender=content["sender"],
        sender_name=content["sender_name"],
        reply_to=tuple(content["reply_to"]),
        to=(),
        subject=content["subject"],
        message_id=content["message_id"],
        in_reply_to=(),
        references=tuple(content["references"]),
        date=None,
        text=content["text"],
        whole=content["whole"],
        html=content["html"],
        attachments=(),
        automatic=None,
        forwarded=content.get("forwarded", False),
        forwarded_from=content.get("forwarded_from", ""),
        passed=passed_in(content["whole"].split("\n"), content["subject"]),
    )
    trust = Trust(
        Authentic(content["authentic"]),
        tuple((a, b) for a, b in content["results"]),
        tuple(content["tricks"]),
    )
    return Read(
        Delivery(row.operator, b"", row.received_at, row.source), mail, trust, asked(mail, row.operator)
    )


def delivery_of(desk: Desk, row: IncomingMail, raw: bytes) -> Delivery:
    """The delivery as it came, out of its seals."""
    vault = desk.vault
    envelope: Mapping[str, Any] = vault.open_json(
        row.dossier_id, f"incoming_mail.envelope:{row.id}", row.envelope
    )
    return Delivery(
        operator=row.operator,
        raw=vault.open(row.dossier_id, f"incoming_mail.raw:{row.id}", raw) if raw else b"",
        received_at=row.received_at,
        source=row.source,
        envelope_from=envelope["from"],
        envelope_to=tuple(envelope["to"]),
        peer_ip=envelope["peer_ip"],
        helo=envelope["helo"],
        junk=envelope["junk"],
    )
