"""The mail servers, for the tests of mail that comes in."""

from tests.mailservers.fixtures import certificates, dovecot, postfix

__all__ = ["certificates", "dovecot", "postfix"]
