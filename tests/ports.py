"""Ports for the servers that tests start: this process' own until it ends, whoever else runs tests on the machine."""

import random
import socket

LOOPBACK = "127.0.0.1"
# Below what Linux gives to connections by itself (ip_local_port_range begins at 32768): a port that a server leaves
# for a moment, to be started again, is not taken by somebody's connection meanwhile.
FIRST, LAST = 10_000, 32_000


def free_port() -> int:
    """A TCP port on loopback that no server has and that no other test process will be given. Raises OSError.

    It is claimed by holding the UDP port of the same number, which none of the servers use: the claim ends with the
    process, however it ends.
    """
    for port in random.sample(range(FIRST, LAST), 200):
        if _claimed(port) and _nobody_has(port):
            return port
    raise OSError("two hundred ports were tried, and all are taken")


def _claimed(port: int) -> bool:
    claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        claim.bind((LOOPBACK, port))
    except OSError:
        claim.close()
        return False
    claim.detach()  # open, and nobody's: it is never closed
    return True


def _nobody_has(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
