"""What a database says when something goes wrong, in our words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from fulfilment.adapter import Misconfigured, NeedsOfficer, TryLater

# SQLSTATE classes that pass: connection, rollback, resources, object in use, operator's intervention
_PASSING = frozenset({"08", "40", "53", "55", "57"})
WAIT = 30.0  # seconds before a database that was down is asked again


@contextmanager
def translated() -> Iterator[None]:
    """What the database says, in our words; its own text may hold personal data and goes no further."""
    try:
        yield
    except IntegrityError:
        raise NeedsOfficer("integrity") from None
    except DataError:
        raise NeedsOfficer("value") from None
    except (OperationalError, InterfaceError, PoolTimeout, OSError):
        raise TryLater(WAIT, "unreachable") from None
    except DBAPIError as fault:
        state = str(getattr(fault.orig, "sqlstate", None) or "")[:2]
        if state == "22":  # data exception: too long, out of range
            raise NeedsOfficer("value") from None
        if fault.connection_invalidated or state in _PASSING:
            raise TryLater(WAIT, "unreachable") from None
        raise Misconfigured(f"refused: {type(fault.orig).__name__}") from None
    except SQLAlchemyError as fault:
        raise Misconfigured(f"refused: {type(fault).__name__}") from None
