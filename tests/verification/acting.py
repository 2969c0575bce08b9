"""What the tests of verification do again and again: ask for a code, read it from its letter, answer it."""

import re
from datetime import datetime
from typing import Final

from sqlalchemy import select

from intake import letters
from intake.opening import open_case, open_dossier
from intake.records import Case, Letter
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from law.rights import Right
from tests.company import company
from verification.challenges import Purpose, Sent, Verdict, answer_code, send_code

KARI: Final = "kari@example.com"


class Desk:
    """A desk as small as verification needs it; every call is a unit of work of its own."""

    def __init__(self, unit_of_work: UnitOfWork, vault: Vault) -> None:
        self.unit_of_work = unit_of_work
        self.vault = vault

    async def dossier(self, now: datetime, operator: str = "fjordlys") -> str:
        """A new dossier's id."""
        async with self.unit_of_work() as session:
            return (await open_dossier(session, operator, now)).id

    async def case(
        self, dossier_id: str, now: datetime, right: Right = Right.ACCESS, *, on_behalf: bool = False
    ) -> str:
        """A new case's id."""
        async with self.unit_of_work() as session:
            made = await open_case(
                session,
                self.vault,
                company(),
                dossier_id=dossier_id,
                conversation_id=None,
                right=right,
                channel="chat",
                lang="nb",
                received_at=now,
                now=now,
                wish="Hei",
                on_behalf=on_behalf,
            )
            return made.case.id

    async def read(self, case_id: str) -> Case:
        """The case as the database has it."""
        async with self.unit_of_work() as session:
            return await session.get_one(Case, case_id)

    async def ask(
        self, dossier_id: str, now: datetime, address: str = KARI, purpose: Purpose = "identify"
    ) -> Sent:
        """Ask for a code."""
        async with self.unit_of_work() as session:
            return await send_code(
                session,
                self.vault,
                company(),
                dossier_id=dossier_id,
                address=address,
                purpose=purpose,
                lang="nb",
                now=now,
            )

    async def codes(self, dossier_id: str) -> list[tuple[str, str]]:
        """The codes in the dossier's letters with the address each went to, oldest first."""
        async with self.unit_of_work() as session:
            rows = await session.scalars(
                select(Letter)
                .where(Letter.dossier_id == dossier_id, Letter.name == "code")
                .order_by(Letter.written_at)
            )
            opened = [letters.open_letter(self.vault, letter) for letter in rows]
        return [(found[1], one.to or "") for one in opened if (found := re.search(r"\b(\d{6})\b", one.text))]

    async def answer(
        self, dossier_id: str, code: str, now: datetime, purpose: Purpose = "identify"
    ) -> Verdict:
        """Answer with a code."""
        async with self.unit_of_work() as session:
            return await answer_code(
                session, self.vault, dossier_id=dossier_id, purpose=purpose, code=code, now=now
            )

    async def prove(self, dossier_id: str, now: datetime, address: str = KARI) -> None:
        """Ask for a code and answer it."""
        await self.ask(dossier_id, now, address)
        code, _ = (await self.codes(dossier_id))[-1]
        assert await self.answer(dossier_id, code, now) is Verdict.PROVEN


def wrong(code: str) -> str:
    """Another code than this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
