"""What is learnt from questions, as rows: what found no answer or did not help, and the answers officers wrote."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hub import Noted
from bot.memory import opened
from desk.records import Feedback, ReviewedAnswer
from intake.records import Message
from intake.vault import KeyGone, KeyLost, Unsealable, Vault
from knowledge.grouping import Open
from knowledge.reviewed import Bound, Reviewed
from law.language import LANGS

OPEN_KINDS = ("unanswered", "not_helpful")
AT_MOST = 1000  # open questions of one company that are grouped, the newest


async def note(session: AsyncSession, noted: Noted) -> None:
    """Keep what came of one question; said twice of one message, what was said last counts."""
    earlier = await session.scalar(select(Feedback).where(Feedback.message_id == noted.message_id))
    if earlier is not None:
        if earlier.closed_at is None:
            earlier.kind, earlier.at = noted.kind, noted.at
        return
    session.add(
        Feedback(
            id=uuid4().hex,
            operator=noted.operator,
            at=noted.at,
            lang=noted.lang,
            kind=noted.kind,
            topics=" ".join(noted.topics)[:400],
            confidence=noted.confidence,
            document=noted.document[:200],
            section=noted.section[:200],
            heading=noted.heading[:400],
            message_id=noted.message_id,
        )
    )
    await session.flush()


def as_value(row: ReviewedAnswer) -> Reviewed:
    """A row as `knowledge` takes it."""
    bound = Bound(row.document, row.section, row.heading, row.fingerprint) if row.document else None
    texts: dict[str, str] = {lang: getattr(row, lang) for lang in LANGS if getattr(row, lang)}
    return Reviewed(row.id, texts, tuple(row.examples.split("\n")), bound)


async def standing_answers(session: AsyncSession, operators: Sequence[str]) -> list[ReviewedAnswer]:
    """The answers that nobody has retired, the newest first."""
    rows = await session.scalars(
        select(ReviewedAnswer)
        .where(ReviewedAnswer.operator.in_(operators), ReviewedAnswer.retired_at.is_(None))
        .order_by(ReviewedAnswer.written_at.desc(), ReviewedAnswer.id)
    )
    return list(rows)


async def reviewed_of(session: AsyncSession, operator: str) -> tuple[Reviewed, ...]:
    """A company's standing answers, as values."""
    return tuple(as_value(row) for row in await standing_answers(session, (operator,)))


async def open_questions(
    session: AsyncSession, vault: Vault, operator: str
) -> tuple[tuple[Open, ...], dict[str, Feedback]]:
    """A company's open questions, opened where they still can be, and their rows by id."""
    rows = (
        await session.execute(
            select(Feedback, Message)
            .outerjoin(Message, Message.id == Feedback.message_id)
            .where(
                Feedback.operator == operator,
                Feedback.closed_at.is_(None),
                Feedback.kind.in_(OPEN_KINDS),
            )
            .order_by(Feedback.at.desc())
            .limit(AT_MOST)
        )
    ).all()
    found = tuple(
        Open(row.id, _text(vault, message), tuple(row.topics.split()), row.lang, row.at)
        for row, message in rows
    )
    return found, {row.id: row for row, _ in rows}


def _text(vault: Vault, message: Message | None) -> str | None:
    if message is None:
        return None
    try:
        return opened(vault, message)
    except (KeyGone, KeyLost, Unsealable):
        return None  # erased: the question is counted, and no more


async def close(session: AsyncSession, operator: str, ids: Sequence[str], answer: str, now: datetime) -> None:
    """Close the open questions that an answer was written for."""
    await session.execute(
        update(Feedback)
        .where(Feedback.operator == operator, Feedback.id.in_(ids), Feedback.closed_at.is_(None))
        .values(closed_at=now, closed_by=answer)
    )


async def forget_old(session: AsyncSession, now: datetime, days: int) -> int:
    """Delete what is older than `days`, and what was asked in messages that are gone; how many rows."""
    gone = ~exists().where(Message.id == Feedback.message_id)
    done = await session.execute(delete(Feedback).where((Feedback.at < now - timedelta(days=days)) | gone))
    return int(getattr(done, "rowcount", 0))
