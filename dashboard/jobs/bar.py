"""The one measure of a run, from the count to the stored files."""

from collections.abc import Callable, Sequence
from typing import Final

from dashboard.formats import FORMATS, Format
from dashboard.jobs.running import Running
from dashboard.words import marked

COUNT: Final = marked("Count the rows")
READ: Final = marked("Read the rows")
READ_AND_WRITE: Final = marked("Read the rows and write CSV")
WRITE: Final = {
    "xlsx": marked("Write XLSX"),
    "pdf": marked("Write PDF"),
    "parquet": marked("Write Parquet"),
}
STORE: Final = marked("Store the files")
# What a row costs in a format that is made after the read, as a multiple of reading it: measured
# once, and only to make the bar even.
WEIGHTS: Final = {"xlsx": 1, "pdf": 2, "parquet": 1}


class Bar:
    """Counts rows, each as far as all of its files have it.

    Without a *total* there is nothing to be even with: then the rows that were read are counted.
    """

    def __init__(self, running: Running, formats: Sequence[str]) -> None:
        self.total: int | None = None
        self._running = running
        self._reading = READ_AND_WRITE if "csv" in formats else READ
        deferred = [FORMATS[name] for name in formats if FORMATS[name].deferred]
        self._weight = 1 + sum(WEIGHTS[made.name] for made in deferred)
        self._units = 0
        steps = [WRITE[made.name] for made in deferred]
        running.steps([COUNT, self._reading, *steps, STORE])

    def count(self) -> None:
        """Begin to count."""
        self._running.step(COUNT)

    def read(self, rows: int | None = None) -> None:
        """Begin to read, or say that *rows* rows have been read so far.

        A known total is told at the begin: the first rows of a slow query may be long in coming.
        """
        if rows is None:
            self._running.step(self._reading)
            if self.total is None:
                return
        self._say(rows or 0, self._reading)

    def write(self, made: Format) -> Callable[[int], None]:
        """Begin the file of a format; gives what hears how many of its rows are done."""
        if not made.deferred:
            return lambda rows: self._running.check()
        self._running.step(WRITE[made.name])
        before = self._units

        def tell(rows: int) -> None:
            self._say(before + rows * WEIGHTS[made.name], WRITE[made.name])

        return tell

    def store(self) -> None:
        """Begin to store the files."""
        self._running.step(STORE)

    def _say(self, units: int, phase: str) -> None:
        self._units = units
        if self.total is not None:
            self._running.progress(units // self._weight, self.total, phase)
        elif phase == self._reading:
            self._running.progress(units, None, phase)
        else:
            self._running.phase(phase)
