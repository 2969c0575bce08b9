"""What officers say that messages asked for: kept as labels, and handed out as examples to learn the reading from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.memory import opened
from desk.records import ReadingLabel
from intake.email.records import IncomingMail
from intake.records import Message
from intake.vault import KeyGone, Vault
from knowledge.masking import blanked
from law.rights import Right

NONE: Final = "none"
LABELS: Final = (
    *(one.value for one in Right if one is not Right.AUTOMATED_DECISION),
    "question",
    "status",
    "human",
    NONE,
)
"""What an officer may choose; Art. 22 reads as objection."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One example: the words, masked of what tells who wrote, what they ask for, and their language."""

    text: str
    types: tuple[str, ...]
    lang: str


async def label(
    session: AsyncSession,
    *,
    source: str,
    operator_id: str,
    types: Iterable[str],
    read_as: Iterable[str],
    lang: str,
    by: str,
    now: datetime,
) -> None:
    """Keep what an officer says of a message or a mail; said again, the newer word stands.

    Raises ValueError for a type there is none of. Nothing is kept where the reading was right: it is no news.
    """
    said = sorted(set(types) - {NONE})
    if unknown := set(said) - set(LABELS):
        raise ValueError(f"no such type: {', '.join(sorted(unknown))}")
    read = sorted(set(read_as) - {NONE})
    row = await session.get(ReadingLabel, source, with_for_update=True)
    if row is None:
        if said == read:
            return
        row = ReadingLabel(source=source, operator=operator_id, read_as=" ".join(read))
        session.add(row)
    row.types, row.lang, row.labelled_at, row.labelled_by = " ".join(said), lang[:2], now, by


async def examples(session: AsyncSession, vault: Vault, operators: Sequence[str]) -> list[Labelled]:
    """The labelled examples of these companies whose words are still there, oldest first, masked.

    Masked is not anonymous: names that follow no word we know stay. They are the company's, to learn from there.
    """
    rows = await session.scalars(
        select(ReadingLabel).where(ReadingLabel.operator.in_(operators)).order_by(ReadingLabel.labelled_at)
    )
    found = []
    for row in rows.all():
        text = await _words(session, vault, row.source)
        if text.strip():
            found.append(Labelled(blanked(text), tuple(row.types.split()), row.lang))
    return found


async def _words(session: AsyncSession, vault: Vault, source: str) -> str:
    """The words of a message or a mail; "" where they are gone."""
    try:
        message = await session.get(Message, source)
        if message is not None:
            return opened(vault, message)
        mail = await session.get(IncomingMail, source)
        if mail is None or mail.content is None:
            return ""
        content = vault.open_json(mail.dossier_id, f"incoming_mail.content:{mail.id}", mail.content)
    except KeyGone:
        return ""
    return f"{content['subject']}\n\n{content['text']}".strip()
