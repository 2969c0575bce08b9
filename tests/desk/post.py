"""People who write mails to a desk, the robots that answer it, and what a test may see of what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from sqlalchemy import select

from bot.memory import Said, said
from desk import sweep
from desk.postroom import Postroom
from desk.sorting import sort_mail
from desk.taking_in import Keeper
from desk.wiring import Desk
from intake.email.mail import Authentic, Delivery, Mail, Trust
from intake.email.records import IncomingMail
from intake.letters import OpenLetter, open_letter
from intake.records import Case, Conversation, Letter
from tests.desk.desks import Clock

OURS = "personvern@fjordlys.example"
KARI = "kari.nordmann@example.no"


@dataclass(slots=True)
class Post:
    """One desk's post. `trust` is what is found out about every sender; none of it asks a network."""

    desk: Desk
    clock: Clock
    trust: Trust = field(default_factory=lambda: Trust(Authentic.NONE))

    @property
    def postroom(self) -> Postroom:
        """The desk's, but for the judge."""

        def judge(raw: bytes, delivery: Delivery, mail: Mail) -> Trust:
            return self.trust

        return replace(self.desk.postroom, judge=judge)

    async def deliver(self, raw: bytes, *, received_at: datetime | None = None) -> bool:
        """One delivery at the door."""
        delivery = Delivery(
            operator="fjordlys", raw=raw, received_at=received_at or self.clock(), source="file",
            envelope_to=(OURS,),
        )  # fmt: skip
        return await Keeper(self.desk)(delivery)

    async def sort(self) -> None:
        """Sort all that is due."""
        for start in await sweep.due(self.desk):
            if start.kind == "mail":
                await sort_mail(self.desk, self.postroom, start.row)

    async def writes(
        self, text: str, *, sender: str = KARI, subject: str = "Personvern", answering: Letter | None = None,
        **headers: str,
    ) -> IncomingMail:  # fmt: skip
        """A person writes, and the mail is sorted; a minute and more goes by before."""
        self.clock.pass_on(minutes=5)
        await self.deliver(written(text, sender, subject, self.clock(), answering, headers))
        await self.sort()
        return (await self.mails())[-1]

    async def send_letters(self) -> list[tuple[Letter, OpenLetter]]:
        """What leaves now: every queued letter is marked as sent; returns these, oldest first."""
        async with self.desk.unit_of_work() as session:
            rows = await session.scalars(
                select(Letter).where(Letter.state == "queued").order_by(Letter.written_at, Letter.id)
            )
            letters = list(rows.all())
            for one in letters:
                one.state, one.sent_at = "sent", self.clock()
        return [(one, open_letter(self.desk.vault, one)) for one in letters]

    async def mails(self) -> list[IncomingMail]:
        """All that came in, oldest first."""
        async with self.desk.unit_of_work() as session:
            rows = await session.scalars(
                select(IncomingMail).order_by(IncomingMail.received_at, IncomingMail.kept_at)
            )
            return list(rows.all())

    async def cases(self) -> list[Case]:
        """All cases."""
        async with self.desk.unit_of_work() as session:
            return list(await session.scalars(select(Case).order_by(Case.reference)))

    async def conversations(self) -> list[tuple[Conversation, Sequence[Said]]]:
        """All conversations with what was said in them."""
        async with self.desk.unit_of_work() as session:
            talks = list(await session.scalars(select(Conversation).order_by(Conversation.created_at)))
            return [(one, await said(session, self.desk.vault, one.id)) for one in talks]


def written(
    text: str, sender: str, subject: str, at: datetime, answering: Letter | None, headers: dict[str, str]
) -> bytes:
    """A mail as a mail program writes it."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, OURS, subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain="example.no")
    if answering is not None:
        mail["In-Reply-To"] = mail["References"] = answering.message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()
