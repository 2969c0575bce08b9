"""A small desk for tests: our tables, a shop that can be made to fail, a clock that is moved by hand."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fulfilment.adapter import (
    Adapter,
    AdapterSpec,
    Catalogue,
    Change,
    KeepRule,
    Match,
    Outcome,
    Person,
    Record,
    Residue,
)
from fulfilment.progress import Tools, do_step, due_work, plan_case, settle_case
from fulfilment.records import StepRecord
from fulfilment.work import current_plan, steps_of
from intake.case import Act
from intake.letters import OpenLetter, open_letter
from intake.links import Links
from intake.log import DESK, record
from intake.opening import open_case, open_dossier
from intake.records import Case, Letter
from intake.rectification import Rectification
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from law.rights import Right
from operators.profile import Operator
from tests.fulfilment.shop import KARI


class Killed(Exception):
    """The process died here."""


@dataclass
class Troubled:
    """An adapter that raises the next fault in line before a call, or dies after one took effect."""

    inner: Adapter
    faults: list[Exception] = field(default_factory=list)
    die_after: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)

    @property
    def spec(self) -> AdapterSpec:
        return self.inner.spec

    def _before(self, name: str) -> None:
        self.calls.append(name)
        if self.faults:
            raise self.faults.pop(0)

    def _after(self, name: str) -> None:
        if name in self.die_after:
            self.die_after.remove(name)
            raise Killed(name)

    async def check(self) -> None:
        await self.inner.check()

    async def discover(self) -> Catalogue:
        return await self.inner.discover()

    async def find(self, person: Person) -> Match:
        self._before("find")
        return await self.inner.find(person)

    async def export(self, person: Person) -> AsyncIterator[Record]:
        self._before("export")
        async for one in self.inner.export(person):
            yield one
        self._after("export")

    async def rectify(self, person: Person, change: Change) -> Outcome:
        self._before("rectify")
        outcome = await self.inner.rectify(person, change)
        self._after("rectify")
        return outcome

    async def restrict(self, person: Person, on: bool) -> Outcome:
        self._before("restrict")
        return await self.inner.restrict(person, on)

    async def object(self, person: Person) -> Outcome:
        self._before("object")
        outcome = await self.inner.object(person)
        self._after("object")
        return outcome

    async def erase(
        self, person: Person, holdings: Sequence[str], keep: Sequence[KeepRule], *, today: date
    ) -> Outcome:
        self._before("erase")
        outcome = await self.inner.erase(person, holdings, keep, today=today)
        self._after("erase")
        return outcome

    async def verify(self, person: Person, outcome: Outcome) -> Residue:
        self._before("verify")
        residue = await self.inner.verify(person, outcome)
        self._after("verify")
        return residue


@dataclass
class World:
    """Everything a test moves: time, the systems, and the cases."""

    unit_of_work: UnitOfWork
    vault: Vault
    operator: Operator
    systems: dict[str, Troubled]
    now: datetime = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    proven: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"email": (KARI,)})
    die_on_commit: set[int] = field(default_factory=set)
    commits: int = 0

    @property
    def tools(self) -> Tools:
        """What the desk would hand in."""
        return Tools(
            unit_of_work=self._unit,
            vault=self.vault,
            operators={self.operator.id: self.operator},
            adapters=lambda operator: self.systems,
            links=Links("https://desk.example.com"),
            clock=lambda: self.now,
            person=self._person,
        )

    async def _person(
        self, session: AsyncSession, vault: Vault, dossier: str
    ) -> Mapping[str, tuple[str, ...]]:
        return self.proven

    @asynccontextmanager
    async def _unit(self) -> AsyncIterator[AsyncSession]:
        """A unit of work that dies before its commit where the test says so."""
        async with self.unit_of_work() as session:
            yield session
            self.commits += 1
            if self.commits in self.die_on_commit:
                raise Killed(f"commit {self.commits}")

    async def case(
        self,
        right: Right,
        *,
        change: tuple[str, str | None, str] | None = None,
        address: str | None = KARI,
        wish: str = "Jeg vil",
    ) -> str:
        """Open a case and confirm who asks."""
        async with self.unit_of_work() as session:
            dossier = await open_dossier(session, self.operator.id, self.now)
            asked = None if change is None else Rectification(*change)
            opened = await open_case(
                session,
                self.vault,
                self.operator,
                dossier_id=dossier.id,
                conversation_id=None,
                right=right,
                channel="chat",
                lang="nb",
                received_at=self.now,
                now=self.now,
                wish=wish,
                address=address,
                rectification=asked,
            )
            confirm = Act.CONFIRM_IDENTITY
            await record(session, self.vault, opened.case, confirm, now=self.now, actor=DESK)
            return opened.case.id

    async def read(self, case_id: str) -> Case:
        """The case as it stands."""
        async with self.unit_of_work() as session:
            return await session.get_one(Case, case_id)

    async def steps(self, case_id: str) -> list[StepRecord]:
        """The steps of the plan that holds."""
        async with self.unit_of_work() as session:
            row = await current_plan(session, case_id)
            return [] if row is None else await steps_of(session, row)

    async def digest(self, case_id: str) -> str:
        """What an officer would have seen."""
        async with self.unit_of_work() as session:
            row = await current_plan(session, case_id)
            assert row is not None
            return row.digest

    async def letters(self, case_id: str) -> list[tuple[str, OpenLetter]]:
        """Every letter of the case but the acknowledgement, by template."""
        async with self.unit_of_work() as session:
            rows = await session.scalars(
                select(Letter).where(Letter.case_id == case_id).order_by(Letter.written_at, Letter.id)
            )
            return [(one.name, open_letter(self.vault, one)) for one in rows if one.name != "acknowledgement"]

    async def sweep(self) -> bool:
        """One attempt of everything that is due; whether there was anything."""
        async with self.unit_of_work() as session:
            work = await due_work(session, self.now)
        for case in work.plans:
            await plan_case(self.tools, case)
        for step in work.steps:
            await do_step(self.tools, step)
        for case in work.settles:
            await settle_case(self.tools, case)
        return bool(work.plans or work.steps or work.settles)

    async def run(self, hours: float = 0) -> None:
        """Sweep until nothing is due; with `hours`, let that time pass and sweep again."""
        for wait in (0.0, hours) if hours else (0.0,):
            self.now += timedelta(hours=wait)
            for _ in range(8):
                if not await self.sweep():
                    break
