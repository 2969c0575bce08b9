"""Puts the desk together: the one place where settings become databases, keys, companies and adapters."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.hub import Hub
from desk.database import Database, open_engine
from desk.in_force import InForce
from desk.keys import FileKeys, master_from, master_given
from desk.knowing import Handed, KnowledgeByCompany
from desk.log import log
from desk.mail import Mailer
from desk.model import ModelReader, model_reader
from desk.postroom import Postroom, postroom_of
from desk.reviews import note
from desk.settings import BadSettings, Settings
from desk.systems import adapters_of
from fulfilment.adapter import Adapter
from fulfilment.progress import Tools
from intake.links import Links
from intake.unit_of_work import UnitOfWork
from intake.vault import Vault
from operators.profile import Operator, load_all
from verification.proofs import person

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the web, the worker and the command line share in one process."""

    settings: Settings
    operators: Mapping[str, Operator]
    knowledge: KnowledgeByCompany
    in_force: InForce
    vault: Vault
    database: Database
    clock: Clock
    tools: Tools
    hub: Hub
    links: Links
    mailer: Mailer
    postroom: Postroom
    woken: asyncio.Event
    signing_key: bytes
    new_master_key: bool
    engines: Mapping[str, AsyncEngine]
    model: ModelReader | None = None

    @property
    def unit_of_work(self) -> UnitOfWork:
        """A session whose work is committed on leaving."""
        return self.database.unit_of_work

    def wake(self) -> None:
        """Tell the worker that there may be work."""
        self.woken.set()

    async def close(self) -> None:
        """Let every database go, and the model."""
        if self.model is not None:
            await self.model.close()
        await self.database.close()
        for engine in self.engines.values():
            await engine.dispose()


def chosen_operators(settings: Settings, overlay: Path | None = None) -> dict[str, Operator]:
    """The companies this desk serves. Raises BadSettings for one that is not described."""
    known = load_all(overlay=overlay)
    if not settings.operators:
        return known
    strangers = sorted(set(settings.operators) - set(known))
    if strangers:
        raise BadSettings(
            f"operators: {', '.join(strangers)} not described; known are {', '.join(sorted(known))}"
        )
    return {name: known[name] for name in settings.operators}


def document_folders(settings: Settings) -> tuple[Path, ...]:
    """Where the companies' documents are looked for. Raises BadSettings where a named folder is missing."""
    if settings.terms_path is not None:
        if not settings.terms_path.is_dir():
            raise BadSettings(f"terms_path: {settings.terms_path} is not a folder")
        return (settings.terms_path,)
    here = Path("terms")
    return (here,) if here.is_dir() else ()


def know(
    settings: Settings,
    operators: Mapping[str, Operator],
    handed_in: Mapping[str, Handed] = MappingProxyType({}),
) -> KnowledgeByCompany:
    """What each company's documents and register say; `handed_in` are versions of the documents, by company."""
    return KnowledgeByCompany(operators, document_folders(settings), handed_in)


def build(
    settings: Settings,
    *,
    overlay: Path | None = None,
    systems: Mapping[str, str] | None = None,
    clock: Clock = utc_now,
) -> Desk:
    """The desk of this process. `overlay` and `systems` come from the demo alone."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if settings.master_key is not None:
        master, new = master_given(settings.master_key.get_secret_value()), False
    else:
        master, new = master_from(settings.keys)
    keys = FileKeys(settings.keys, master)
    if new:
        log.warning(
            "master key made: back up the key folder apart from the database", folder=str(settings.keys)
        )
    operators = chosen_operators(settings, overlay)
    knowledge = know(settings, operators)
    vault, links = Vault(keys), Links(settings.base_url)
    database = Database(open_engine(settings.database))
    woken = asyncio.Event()
    urls = {name: secret.get_secret_value() for name, secret in settings.systems.items()} | dict(
        systems or {}
    )
    engines: dict[str, AsyncEngine] = {}
    adapters: dict[str, Mapping[str, Adapter]] = {
        name: adapters_of(operator, urls, engines) for name, operator in operators.items()
    }
    tools = Tools(
        unit_of_work=database.unit_of_work,
        vault=vault,
        operators=operators,
        adapters=adapters.__getitem__,
        links=links,
        clock=clock,
        person=person,
        package_days=settings.package_days,
    )
    model = model_reader(settings.model, knowledge)
    in_force = InForce(database.unit_of_work, knowledge)
    hub = Hub(
        unit_of_work=database.unit_of_work,
        vault=vault,
        operators=operators,
        knowledge=knowledge,
        links=links,
        wake=woken.set,
        reader=model,
        in_force=in_force,
        feedback=note,
    )
    return Desk(
        settings=settings,
        operators=operators,
        knowledge=knowledge,
        in_force=in_force,
        vault=vault,
        database=database,
        clock=clock,
        tools=tools,
        hub=hub,
        links=links,
        mailer=Mailer(settings.mail),
        postroom=postroom_of(settings, operators),
        woken=woken,
        signing_key=keys.signing,
        new_master_key=new,
        engines=engines,
        model=model,
    )
