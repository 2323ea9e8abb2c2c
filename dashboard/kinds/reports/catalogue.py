"""All reports there are, built in or an operator's own, read anew when their files change."""

import threading
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from flask import current_app, g, has_request_context

from dashboard.jobs.kind import Kind, Problem
from dashboard.kinds.reports.definition import Report, read
from dashboard.kinds.reports.head import ReportError
from dashboard.kinds.reports.kind import kind_of

BUILT_IN: Final = Path(__file__).with_name("sql")

Stamp = tuple[int, int, int]


class Entry(NamedTuple):
    """What a file gave when it was last read."""

    stamp: Stamp
    report: Report | None
    problem: Problem | None


class Shelf(NamedTuple):
    """What the catalogue holds at one moment."""

    reports: Mapping[str, Report]
    kinds: Mapping[str, Kind]
    problems: tuple[Problem, ...]


class Catalogue:
    """Reads the files of two folders; a file is read again when its stamp has changed.

    A report of the operator takes the place of a built-in one of the same name. Built-in reports
    are about the demo's source: on a desk without it they are left out.
    """

    def __init__(self, own: Path | None, sources: Container[str]) -> None:
        self._own = own
        self._sources = sources
        self._lock = threading.Lock()
        self._entries: dict[Path, Entry] = {}
        self._shelf: Shelf | None = None

    def shelf(self) -> Shelf:
        """Give the reports, their kinds and the problems as the files are now."""
        with self._lock:
            entries: dict[Path, Entry] = {}
            for file in self._files():
                known = self._entries.get(file)
                stamp = _stamp(file)
                entries[file] = known if known and known.stamp == stamp else _entry(file, stamp)
            if self._shelf is None or entries != self._entries:
                self._entries = entries
                self._shelf = self._fill()
            return self._shelf

    def _files(self) -> list[Path]:
        own = sorted(self._own.glob("*.sql")) if self._own else []
        return [*sorted(BUILT_IN.glob("*.sql")), *own]

    def _fill(self) -> Shelf:
        reports: dict[str, Report] = {}
        problems: list[Problem] = []
        if self._own and not self._own.is_dir():
            problems.append(Problem(str(self._own), None, "FLASK_REPORTS_DIR is no folder."))
        for file, entry in self._entries.items():
            if entry.problem:
                problems.append(entry.problem)
            if entry.report is None:
                continue
            if entry.report.source in self._sources:
                reports[entry.report.name] = entry.report
            elif file.parent != BUILT_IN:
                reason = f"FLASK_SOURCES has no source called “{entry.report.source}”."
                problems.append(Problem(str(file), entry.report.source_line, reason))
        kinds = {name: kind_of(report) for name, report in reports.items()}
        return Shelf(reports, kinds, tuple(problems))


def shelf() -> Shelf:
    """Give what there is on the present desk; a page looks at the files once."""
    if not has_request_context():
        return _look()
    if "reports" not in g:
        g.reports = _look()
    found: Shelf = g.reports
    return found


def _look() -> Shelf:
    extensions = current_app.extensions
    if "reports" not in extensions:
        own = current_app.config["REPORTS_DIR"]
        extensions.setdefault(
            "reports", Catalogue(Path(own) if own else None, extensions["sources"])
        )
    catalogue: Catalogue = extensions["reports"]
    return catalogue.shelf()


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def _entry(file: Path, stamp: Stamp) -> Entry:
    try:
        return Entry(stamp, read(file), None)
    except ReportError as error:
        return Entry(stamp, None, Problem(str(error.file), error.line, error.reason))
