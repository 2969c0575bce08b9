"""Make the databases behind the demo's overlay, on first run, each in one piece or not at all."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desk.demo.companies import adventor, cleverstore, easystep, fjordlys, invoiceclub, nettbutikk24
from desk.demo.invention import Invention


@dataclass(frozen=True, slots=True)
class Database:
    """One invented system: the NAME of the secret that reaches it, its company, its schema, what fills it."""

    secret: str
    company: str
    schema: str
    fill: Callable[[Invention], None]


DATABASES = (
    Database("cleverstore_db", "cleverstore", "cleverstore", cleverstore.fill),
    Database("adventor_db", "adventor", "adventor", adventor.fill),
    Database("adventor_crm_db", "adventor", "adventor_crm", adventor.fill_crm),
    Database("invoiceclub_db", "invoiceclub", "invoiceclub", invoiceclub.fill),
    Database("fakturanett_db", "invoiceclub", "invoiceclub_fakturanett", invoiceclub.fill_fakturanett),
    Database("24nettbutikk_db", "24nettbutikk", "24nettbutikk", nettbutikk24.fill),
    Database("24nettbutikk_shops_db", "24nettbutikk", "24nettbutikk_shops", nettbutikk24.fill_shops),
    Database("easystep_db", "easystep", "easystep", easystep.fill),
    Database("fjordlys_db", "fjordlys", "fjordlys", fjordlys.fill),
    Database("fjordlys_portal_db", "fjordlys", "fjordlys_portal", fjordlys.fill_portal),
)


def make_systems(folder: Path, today: date) -> Mapping[str, str]:
    """Make what is missing in `folder` and return secret name -> SQLAlchemy URL of every database.

    One that is there is left as it is, whatever `today` says, since people's requests may have changed it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    urls = {}
    for database in DATABASES:
        path = folder.resolve() / f"{database.schema}.sqlite"
        if not path.exists():
            make(database, path, today)
        urls[database.secret] = f"sqlite+aiosqlite:///{path}"
    return urls


def make(database: Database, path: Path, today: date) -> None:
    """Make one database at `path`; after a failure nothing stands there."""
    made = Invention(database.company, today)
    database.fill(made)
    schema = (Path(__file__).parent / "schema" / f"{database.schema}.sql").read_text(encoding="utf-8")
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        with closing(sqlite3.connect(draft)) as connection, connection:
            connection.execute("PRAGMA synchronous = OFF")  # a draft lost in a power cut is made again
            connection.execute("PRAGMA foreign_keys = ON")
            connection.executescript(schema)
            for table, rows in made.rows.items():
                columns = tuple(rows[0])
                places = ", ".join(f":{column}" for column in columns)
                insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 -- our own names
                connection.executemany(insert, rows)
        _publish(Path(draft), path)
    finally:
        Path(draft).unlink(missing_ok=True)


def _publish(draft: Path, path: Path) -> None:
    # A link, not a rename: where two processes start at once, the second must not replace a database
    # that the first already works in.
    try:
        os.link(draft, path)
    except FileExistsError:
        return
