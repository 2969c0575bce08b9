"""The servers as fixtures, started once in each test process; a test module imports those it asks for."""

import os
import shutil
from collections.abc import Iterator
from typing import NoReturn

import pytest

from tests.mailservers.certificates import Certificates, make_certificates
from tests.mailservers.dovecot import Dovecot
from tests.mailservers.postfix import Postfix
from tests.mailservers.programs import Missing, make_folder


def _absent(missing: Missing) -> NoReturn:
    """Skip, unless the suite must be whole."""
    if os.environ.get("RETTSVAR_TEST_STRICT"):
        raise missing
    pytest.skip(str(missing))


@pytest.fixture(scope="session")
def certificates() -> Iterator[Certificates]:
    """A private CA and a certificate for localhost."""
    folder = make_folder("certificates")
    yield make_certificates(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def dovecot(certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """One Dovecot; every test asks it for an account of its own."""
    try:
        server = Dovecot(certificates)
    except Missing as missing:
        _absent(missing)
    try:
        server.start()
        yield server
    finally:
        server.remove(tmp_path_factory.mktemp("dovecot"))


@pytest.fixture(scope="session")
def postfix(
    certificates: Certificates, dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Postfix]:
    """One Postfix in front of that Dovecot and of the ports where tests listen."""
    try:
        server = Postfix(certificates, dovecot)
    except Missing as missing:
        _absent(missing)
    try:
        server.start()
        yield server
    finally:
        server.remove(tmp_path_factory.mktemp("postfix"))
