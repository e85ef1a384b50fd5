"""The guard that keeps tests on this machine does so."""

import socket

import pytest

from tests.fakes.network import NetworkIsOff


def test_a_connection_to_elsewhere_is_refused() -> None:
    with socket.socket() as outside, pytest.raises(NetworkIsOff):
        outside.connect(("192.0.2.1", 80))


def test_a_look_up_of_elsewhere_is_refused() -> None:
    with pytest.raises(NetworkIsOff):
        socket.getaddrinfo("example.com", 80)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
