"""The network is off: a test that reaches for anything but this machine fails where it does so."""

import ipaddress
import sys
from typing import Any

_open_to_all = False


class NetworkIsOff(BaseException):
    """Not an Exception, so that no error handling under test can swallow it."""


def guard(*, live: bool) -> None:
    """Watch every connection and look-up that Python makes from now on; `live` lets them through."""
    global _open_to_all
    _open_to_all = live
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _open_to_all:
        return
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _refuse_unless_here(arguments[1][0])
    elif event == "socket.getaddrinfo":
        _refuse_unless_here(arguments[0])


def _refuse_unless_here(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        here = ipaddress.ip_address(str(name))
    except ValueError:
        here = None
    if here is None or not (here.is_loopback or here.is_unspecified):
        raise NetworkIsOff(f"a test reached for {name!r}")
