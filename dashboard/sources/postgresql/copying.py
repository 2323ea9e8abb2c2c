"""What COPY sends, gathered into chunks."""

from psycopg import Copy, errors, pq


def gather(copy: Copy, pgconn: pq.abc.PGconn, size: int) -> tuple[bytearray, int]:
    """Give at least *size* bytes of whole rows, and how many rows; less only at the end.

    Rows that have already arrived are taken straight from libpq, which halves the cost of a row;
    psycopg is asked only where there is something to wait for. Raises psycopg.Error.
    """
    chunk = bytearray()
    rows = 0  # One message is one row, line breaks within it included.
    while len(chunk) < size:
        length, row = pgconn.get_copy_data(1)
        if length < 0:
            _finish(pgconn)
            break
        if length > 0:
            chunk += row
        elif waited := copy.read():
            chunk += waited
        else:
            break
        rows += 1
    return chunk, rows


def _finish(pgconn: pq.abc.PGconn) -> None:
    """Take what the server says at the end. Raises psycopg.Error where that is a failure."""
    failure = None
    while (result := pgconn.get_result()) is not None:
        if result.status != pq.ExecStatus.COMMAND_OK:
            failure = errors.error_from_result(result, encoding="utf-8")
    if failure is not None:
        raise failure
