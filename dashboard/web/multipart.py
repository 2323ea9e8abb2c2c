"""A form with a file, read while it arrives: nothing of the file is kept on the way."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import IO, Final

from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

BLOCK: Final = 1 << 18  # bytes that are waited for at once
# What stands before the file and around it, in bytes: a few short fields.
FIELDS_MOST: Final = 1 << 16
NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})


class BrokenOff(Exception):
    """Whoever sent the form went away before its end."""


class ArrivingForm:
    """The fields of a form up to its file, and the file; what comes after it is not looked at.

    A form of another sort, which can hold no file, has no *boundary*: its *fields* are known.
    """

    def __init__(
        self, stream: IO[bytes], boundary: str, fields: Mapping[str, str] = NO_FIELDS
    ) -> None:
        self.fields: dict[str, str] = dict(fields)
        self._boundary = boundary
        self._stream = stream
        # One block more than it may hold: a block of the file may come with the last of the fields.
        self._decoder = MultipartDecoder(boundary.encode(), BLOCK + FIELDS_MOST)
        self._events = self._decoded()
        self._begun = 0

    def file(self, name: str) -> str | None:
        """Read all fields before the file *name*; gives its name, or None where there is no file.

        Raises BrokenOff, RequestEntityTooLarge for fields that are none of ours, BadRequest for
        what is no form.
        """
        if not self._boundary:
            return None
        field: str | None = None
        held = b""
        for event in self._events:
            match event:
                case File():
                    if event.name == name:
                        return event.filename
                    field = None
                case Field():
                    field, held = event.name, b""
                case Data():
                    self._begun += len(event.data)
                    if self._begun > FIELDS_MOST:
                        raise RequestEntityTooLarge
                    held += event.data
                    if field is not None and not event.more_data:
                        self.fields[field] = held.decode(errors="replace")
        return None

    def blocks(self) -> Iterator[bytes]:
        """Give the bytes of the file that was just found, piece by piece. Raises BrokenOff."""
        for event in self._events:
            assert isinstance(event, Data)
            if event.data:
                yield event.data
            if not event.more_data:
                return

    def _decoded(self) -> Iterator[Event]:
        try:
            while True:
                event = self._decoder.next_event()
                if isinstance(event, Epilogue):
                    return
                if not isinstance(event, NeedData):
                    yield event
                    continue
                self._decoder.receive_data(self._read() or None)
        except ValueError as error:
            if self._decoder.complete:
                raise BrokenOff from error
            raise BadRequest from error

    def _read(self) -> bytes:
        try:
            return self._stream.read(BLOCK)
        except BadRequest as error:  # Werkzeug's own word for a client that has gone.
            raise BrokenOff from error
        except OSError as error:
            raise BrokenOff from error
