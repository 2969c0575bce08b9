"""Finds what in a mail points to a case or a conversation of ours; looks, and changes nothing."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hub import Channel
from intake.case import OPEN
from intake.email.mail import Mail
from intake.email.placing import How, Pointer
from intake.email.records import IncomingMail, MailState
from intake.opening import TOKEN_LENGTH, TOKEN_LETTERS, TOKEN_MARK
from intake.records import Case, Conversation, Dossier, Letter
from intake.vault import Vault
from verification.proofs import EMAIL, address_hash
from verification.records import ProvenIdentifier

TOKEN: Final = re.compile(rf"(?<![a-z0-9]){TOKEN_MARK}[{TOKEN_LETTERS}]{{{TOKEN_LENGTH}}}(?![a-z0-9])")
NUMBER: Final = re.compile(r"(?<![A-Z0-9-])[A-Z]{2,6}-\d{4}-\d{4,8}(?![\d-])")
LOOKED_AT: Final = 20_000  # characters of a body in which a token or a number is looked for
AT_MOST: Final = 50  # Message-IDs, tokens or numbers of a mail

Place = tuple[str, str | None]
"""A dossier, and the case in it where there is one."""


async def pointers(
    session: AsyncSession, vault: Vault, operator_id: str, mail: Mail, *, sent_to: Iterable[str] = ()
) -> list[Pointer]:
    """All that points somewhere, with whether the sender is known there; what was erased is pointed to no more.

    `sent_to` are the envelope's recipients, which carry the plus-address where the header does not.
    """
    found: list[tuple[How, Place]] = []
    for how, ids in ((How.IN_REPLY_TO, mail.in_reply_to), (How.REFERENCES, mail.references)):
        found += [(how, one) for one in await _answered(session, vault, operator_id, ids)]
    told_to = " ".join((*mail.to, *sent_to)).casefold()
    for how, text in ((How.PLUS_ADDRESS, told_to), (How.TOKEN, mail.whole[:LOOKED_AT].casefold())):
        found += [(how, one) for one in await _by_token(session, vault, operator_id, TOKEN.findall(text))]
    for how, text in ((How.SUBJECT, mail.subject), (How.BODY, mail.whole[:LOOKED_AT])):
        found += [(how, one) for one in await _by_number(session, operator_id, NUMBER.findall(text.upper()))]
    hashed = address_hash(vault, operator_id, mail.sender) if mail.sender else None
    found += [(How.ADDRESS, one) for one in await _by_address(session, operator_id, hashed)]
    knowing = await _knowing(session, {place[0] for _, place in found}, hashed)
    return [
        Pointer(how, dossier, case, knowing[dossier]) for how, (dossier, case) in found if dossier in knowing
    ]


async def _answered(session: AsyncSession, vault: Vault, operator_id: str, ids: Sequence[str]) -> list[Place]:
    """What the mail answers, by Message-IDs: letters of ours, or mails of a conversation."""
    some = [*ids[:1], *ids[-AT_MOST:]]
    if not some:
        return []
    letters = await session.execute(
        select(Letter.dossier_id, Letter.case_id).where(
            Letter.operator == operator_id, Letter.message_id.in_([f"<{one}>" for one in some])
        )
    )
    mails = await session.execute(
        select(IncomingMail.dossier_id, IncomingMail.case_id).where(
            IncomingMail.operator == operator_id,
            IncomingMail.state == MailState.PLACED,
            IncomingMail.message_id_hash.in_(
                [vault.lookup("message_id", one, operator=operator_id) for one in some]
            ),
        )
    )
    return [(dossier, case) for dossier, case in (*letters, *mails)]


async def _by_token(
    session: AsyncSession, vault: Vault, operator_id: str, tokens: Sequence[str]
) -> list[Place]:
    if not tokens:
        return []
    hashed = [vault.lookup("mail_token", one) for one in tokens[:AT_MOST]]
    rows = await session.execute(
        select(Case.dossier_id, Case.id).where(Case.operator == operator_id, Case.mail_token.in_(hashed))
    )
    return [(dossier, case) for dossier, case in rows]


async def _by_number(session: AsyncSession, operator_id: str, numbers: Sequence[str]) -> list[Place]:
    if not numbers:
        return []
    rows = await session.execute(
        select(Case.dossier_id, Case.id).where(
            Case.operator == operator_id, Case.reference.in_(numbers[:AT_MOST])
        )
    )
    return [(dossier, case) for dossier, case in rows]


async def _by_address(session: AsyncSession, operator_id: str, hashed: str | None) -> list[Place]:
    """The one open case that the sender's address is proven for; none where there are several."""
    if hashed is None:
        return []
    rows = await session.execute(
        select(Case.dossier_id, Case.id)
        .join(ProvenIdentifier, ProvenIdentifier.dossier_id == Case.dossier_id)
        .where(
            Case.operator == operator_id,
            Case.state.in_([state.value for state in OPEN]),
            ProvenIdentifier.kind == EMAIL,
            ProvenIdentifier.value_hash == hashed,
        )
        .limit(2)
    )
    places: list[Place] = [(dossier, case) for dossier, case in rows]
    return places if len(places) == 1 else []


async def _knowing(session: AsyncSession, dossiers: set[str], hashed: str | None) -> dict[str, bool]:
    """Of these dossiers those that are not erased, and whether each knows the address."""
    if not dossiers:
        return {}
    there = await session.scalars(
        select(Dossier.id).where(Dossier.id.in_(dossiers), Dossier.erased_at.is_(None))
    )
    known = set(
        await session.scalars(
            select(ProvenIdentifier.dossier_id).where(
                ProvenIdentifier.dossier_id.in_(dossiers), ProvenIdentifier.value_hash == hashed
            )
        )
    ) | set(
        await session.scalars(
            select(Conversation.dossier_id).where(
                Conversation.dossier_id.in_(dossiers),
                Conversation.channel == Channel.EMAIL.value,
                Conversation.address == hashed,
            )
        )
    )
    return {one: hashed is not None and one in known for one in there}
