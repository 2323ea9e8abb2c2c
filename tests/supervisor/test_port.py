"""The address on which the desk listens."""

import errno
import os
import socket

import pytest

from dashboard.supervisor import Trouble, port


def test_a_free_port_is_taken_and_named() -> None:
    with port.listen("127.0.0.1", 0) as listener:
        number = listener.getsockname()[1]
        assert port.url(listener) == f"http://127.0.0.1:{number}"
        socket.create_connection(("127.0.0.1", number)).close()


def test_a_taken_port_is_a_sentence_with_another_one() -> None:
    with port.listen("127.0.0.1", 0) as listener:
        number = listener.getsockname()[1]
        with pytest.raises(Trouble) as refusal:
            port.listen("127.0.0.1", number)
    assert str(refusal.value) == (
        f"Port {number} is taken by another program. "
        f"Stop that one, or choose another port: bin/run --port {number + 1}"
    )


def test_a_port_that_was_just_left_can_be_taken_again() -> None:
    with port.listen("127.0.0.1", 0) as listener:
        number = listener.getsockname()[1]
        visitor = socket.create_connection(("127.0.0.1", number))
        listener.accept()[0].close()
    visitor.close()
    port.listen("127.0.0.1", number).close()


def test_everywhere_is_shown_as_this_machine() -> None:
    with port.listen("0.0.0.0", 0) as listener:
        assert port.url(listener).startswith("http://127.0.0.1:")


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_an_ipv6_address_is_shown_in_brackets() -> None:
    try:
        listener = port.listen("::1", 0)
    except Trouble:
        pytest.skip("this machine has no IPv6 address")
    with listener:
        assert port.url(listener).startswith("http://[::1]:")


def test_an_unknown_host_is_a_sentence() -> None:
    with pytest.raises(Trouble, match="The host “no.such.invalid” is not known here."):
        port.listen("no.such.invalid", 0)


def test_a_host_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(Trouble, match="“192.0.2.1” is no address of this machine"):
        port.listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "Port 80 is kept for the administrator."),
        (errno.ENOBUFS, "Port 80 of 127.0.0.1 cannot be used: "),
    ],
)
def test_other_refusals_are_sentences(
    monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(Trouble) as refusal:
        port.listen("127.0.0.1", 80)
    assert str(refusal.value).startswith(sentence)
