"""The one table of a run."""

from collections.abc import Sequence

from bench.measure import Line

HEAD = ("name", "what", "figure", "goal", "ratio", "")
GAP = "  "


def table(rows: Sequence[tuple[str, Line]]) -> str:
    """Give the table of *rows*, each the name of a measure and a line of it."""
    cells = [HEAD, *(_cells(name, line) for name, line in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [_line(row, widths) for row in cells]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _cells(name: str, line: Line) -> tuple[str, ...]:
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    return (name, line.what, line.figure, line.goal, ratio, line.verdict)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if head == "ratio" else cell.ljust(width)
        for head, cell, width in zip(HEAD, row, widths, strict=True)
    ]
    return GAP.join(padded).rstrip()
