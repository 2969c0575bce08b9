"""What sealing costs: messages stored with their dossiers' keys against the same rows with the text as it is."""

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from desk.database import Database, open_engine
from desk.keys import FileKeys, master_from
from intake.opening import open_dossier
from intake.records import Conversation, Message, Record
from intake.vault import Vault

DOSSIERS, EACH = 40, 25
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TEXT = "Hei, jeg vil gjerne vite hvilke opplysninger dere har lagret om meg, og hvor de kommer fra. " * 3


def main() -> None:
    """Print both, and the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder)))


async def compare(folder: Path) -> None:
    """Three rounds, one way after the other in each; the best round of each way counts."""
    master, _ = master_from(folder / "keys")
    vault = Vault(FileKeys(folder / "keys", master))
    database = Database(open_engine(f"sqlite+aiosqlite:///{folder / 'desk.sqlite'}"))
    async with database.engine.begin() as connection:
        await connection.run_sync(Record.metadata.create_all)
    ways: dict[str, Vault | None] = {"plain": None, "sealed": vault}
    stored = {name: [await store(database, way)] for name, way in ways.items()}
    read = {name: [await read_all(database, way)] for name, way in ways.items()}
    for _ in range(2):
        for name, way in ways.items():
            stored[name].append(await store(database, way))
            read[name].append(await read_all(database, way))
    await database.close()
    rows = DOSSIERS * EACH
    for name in ways:
        said = f"{1e6 * min(stored[name]) / rows:8.0f} µs a message stored{1e6 * min(read[name]) / rows:8.0f} µs read"
        say(f"{name:8}{said}")
    more = {what: min(of["sealed"]) / min(of["plain"]) for what, of in (("store", stored), ("read", read))}
    say(f"ratio   {more['store']:8.2f} times to store, a new key file for each dossier included")
    say(f"        {more['read']:8.2f} times to read")


async def store(database: Database, vault: Vault | None) -> float:
    """Seconds to store the messages, one unit of work for each dossier, as conversations do."""
    started = time.perf_counter()
    for _ in range(DOSSIERS):
        async with database.unit_of_work() as session:
            dossier = await open_dossier(session, "fjordlys", NOW)
            talk = Conversation(
                id=uuid4().hex, operator="fjordlys", dossier_id=dossier.id, channel="sealed" if vault else "plain",
                peer=uuid4().hex, lang="nb", created_at=NOW, last_at=NOW,
            )  # fmt: skip
            session.add(talk)
            await session.flush()
            for number in range(EACH):
                row = uuid4().hex
                text = vault.seal(dossier.id, f"message.text:{row}", TEXT) if vault else TEXT.encode()
                session.add(
                    Message(
                        id=row, conversation_id=talk.id, dossier_id=dossier.id, seq=number, inbound=True,
                        external_id=None, at=NOW, text=text,
                    )
                )  # fmt: skip
    return time.perf_counter() - started


async def read_all(database: Database, vault: Vault | None) -> float:
    """Seconds to read as many messages of that kind as one round stores."""
    channel = "sealed" if vault else "plain"
    started = time.perf_counter()
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            select(Message)
            .join(Conversation, Conversation.id == Message.conversation_id)
            .where(Conversation.channel == channel)
            .limit(DOSSIERS * EACH)
        )
        for row in rows:
            text = (
                vault.open_text(row.dossier_id, f"message.text:{row.id}", row.text)
                if vault
                else row.text.decode()
            )
            assert text == TEXT
    return time.perf_counter() - started


def say(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
