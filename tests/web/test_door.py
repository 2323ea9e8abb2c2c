"""Who goes away is seen at once; who says something on a stream is neither read nor sent away."""

import socket
from collections.abc import Iterator

import pytest

from dashboard.web.door import Door
from dashboard.web.viewer import Viewer
from tests.web.streams import PATIENCE

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """Give both ends of a connection: ours, and the browser's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@pytest.fixture
def viewer(ends: Ends) -> Viewer:
    """Give a viewer that writes to our end."""
    return Viewer(1, lambda fact: True, ends[0])


def test_a_browser_that_goes_away_wakes_its_viewer(ends: Ends, viewer: Viewer) -> None:
    door = Door()
    door.watch(viewer)
    door.look(0)
    assert viewer.connection is not None

    ends[1].close()
    door.look(PATIENCE)

    assert viewer.is_gone
    assert viewer.take(PATIENCE) == []
    assert viewer.connection is None


def test_a_connection_that_breaks_is_gone_as_well() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        theirs = socket.create_connection(listener.getsockname())
        ours, _ = listener.accept()
    viewer = Viewer(1, lambda fact: True, ours)
    door = Door()
    door.watch(viewer)
    theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    theirs.close()

    door.look(PATIENCE)

    assert viewer.is_gone
    ours.close()


def test_what_a_browser_says_on_its_stream_is_left_alone(ends: Ends, viewer: Viewer) -> None:
    door = Door()
    door.watch(viewer)
    ends[1].sendall(b"GET / HTTP/1.1\r\n")

    door.look(PATIENCE)

    assert not viewer.is_gone
    assert viewer.connection is None  # Else the door would see the same again and again.
    assert ends[0].recv(3) == b"GET"


def test_a_viewer_that_left_is_not_looked_at(ends: Ends, viewer: Viewer) -> None:
    door = Door()
    door.watch(viewer)
    door.forget(viewer)
    door.forget(viewer)
    ends[1].close()

    door.look(0)

    assert not viewer.is_gone


def test_a_connection_that_is_closed_already_is_not_watched(ends: Ends, viewer: Viewer) -> None:
    door = Door()
    ends[0].close()

    door.watch(viewer)
    door.look(0)

    assert viewer.connection is None


def test_viewers_without_a_known_connection_are_let_in() -> None:
    door, viewer = Door(), Viewer(1, lambda fact: True)
    door.watch(viewer)
    door.look(0)
    door.forget(viewer)
    assert not viewer.is_gone
