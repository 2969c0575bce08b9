"""A desk put together for a test: real databases and keys, the invented systems, a clock that can be set."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from desk.demo.overlay import overlay_root
from desk.demo.systems import make_systems
from desk.migrate import upgrade
from desk.settings import Mail, Settings
from desk.wiring import Desk, build


@dataclass(slots=True)
class Clock:
    """The desk's time, moved by the test."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_on(self, **time: float) -> None:
        """Let time go by."""
        self.now += timedelta(**time)


async def make_desk(
    folder: Path,
    clock: Clock,
    *,
    mail_port: int | None = None,
    systems: bool = True,
    operators: tuple[str, ...] = (),
) -> Desk:
    """A desk over SQLite in a folder, in the newest form, for all companies or some."""
    settings = Settings(
        data_dir=folder / "data",
        base_url="http://127.0.0.1:8400",
        operators=operators,
        mail=Mail(
            host="127.0.0.1" if mail_port else None, port=mail_port or 25, security="none",
            sender="personvern@example.no", timeout=5,
        ),
    )  # fmt: skip
    urls = make_systems(folder / "systems", clock.now.date()) if systems else None
    desk = build(settings, overlay=overlay_root() if systems else None, systems=urls, clock=clock)
    await upgrade(desk.database.engine)
    return desk
