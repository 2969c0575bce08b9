"""Makes the adapters of a company's systems from their description and the addresses in the settings."""

from collections.abc import Mapping, MutableMapping

from sqlalchemy.ext.asyncio import AsyncEngine

from desk.database import open_engine
from fulfilment.adapter import Adapter
from fulfilment.adapters.manual import ManualAdapter
from fulfilment.adapters.sql import SqlAdapter
from operators.profile import Operator, System


class NoAddress(Exception):
    """A system is described, but the settings give no address for it."""


def adapters_of(
    operator: Operator, urls: Mapping[str, str], engines: MutableMapping[str, AsyncEngine]
) -> dict[str, Adapter]:
    """One adapter for each system, by its id; engines are shared where systems share a database."""
    return {system.id: _adapter(operator, system, urls, engines) for system in operator.systems}


def _adapter(
    operator: Operator, system: System, urls: Mapping[str, str], engines: MutableMapping[str, AsyncEngine]
) -> Adapter:
    if system.adapter == "manual":
        return ManualAdapter(system)
    if system.adapter != "sql":
        raise NoAddress(f"{system.id}: no adapter is called {system.adapter}")
    url = urls.get(system.secret or "")
    if url is None:
        raise NoAddress(f"{system.id}: set systems.{system.secret} to the address of its database")
    if url not in engines:
        engines[url] = open_engine(url)
    return SqlAdapter(system, engines[url], year_end=operator.year_end)
