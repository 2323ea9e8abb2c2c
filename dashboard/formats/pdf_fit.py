"""Which paper and font size a table needs, and how wide its columns become."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.formats.fonts import bold, regular
from dashboard.formats.pdf_paper import A3_ACROSS, A4_ACROSS, A4_UPRIGHT, Paper
from dashboard.formats.table import NUMERIC, Column, FormatError

# Ways to set a table, the best first: the paper, the size of the font, and the width that a long
# text gets at least, in heights of the font.
SETTINGS = (
    (A4_UPRIGHT, 8.5, 16.0),
    (A4_ACROSS, 8.5, 14.0),
    (A4_ACROSS, 7.5, 11.0),
    (A4_ACROSS, 6.5, 9.0),
    (A3_ACROSS, 6.5, 8.0),
    (A3_ACROSS, 5.5, 6.0),
)
GAP = 1.3  # between columns, in heights of the font
OUTLIER = 3.0  # A text that is that many times as long as the mean may wrap.
LONGEST_NUMBER = 22.0  # heights of the font; the room for 40 digits


class Measure:
    """How wide the texts of one column are, in heights of the font."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.widest = 0.0
        self.breaks = False  # whether any text has several lines
        self._sum = 0.0
        self._count = 0
        self._heading = max((bold().width(word) for word in column.label.split()), default=0.0)
        self._label = bold().width(column.label)

    def add(self, texts: Sequence[str]) -> None:
        """Takes the texts of one batch."""
        width = regular().width
        if "\n" in "".join(texts):
            self.breaks = True
            widths = [max(map(width, text.split("\n"))) for text in texts if text]
        else:
            widths = [width(text) for text in texts if text]
        self.widest = max(self.widest, *widths, 0.0)
        self._sum += sum(widths)
        self._count += len(widths)

    def reserve(self, width: float) -> None:
        """Makes room for a text that is not one of the rows."""
        self.widest = max(self.widest, width)

    @property
    def is_text(self) -> bool:
        """Whether the texts may be wrapped; numbers and dates may not, unless they are none."""
        return self.column.type == "text" or self.breaks or self.widest > LONGEST_NUMBER

    @property
    def is_right(self) -> bool:
        """Whether the texts stand at the right edge, as numbers do."""
        return self.column.type in NUMERIC and not self.is_text

    def least(self, text: float) -> float:
        """Gives the width below which the column is not legible; *text* is that of a long text."""
        body = min(self.widest, text) if self.is_text else self.widest
        return max(body, min(self._heading, text))

    def wanted(self) -> float:
        """Gives the width at which the column looks best."""
        usual = OUTLIER * self._sum / max(1, self._count)
        body = min(self.widest, usual) if self.is_text else self.widest
        return max(body, min(self._label, 2 * self._heading))


@dataclass(frozen=True)
class Fit:
    """The paper, the size of the font and the place of each column in points from the left."""

    paper: Paper
    size: float
    lefts: tuple[float, ...]
    widths: tuple[float, ...]


def fit(measures: Sequence[Measure]) -> Fit:
    """Gives the best setting. Raises FormatError where no paper is wide enough."""
    for paper, size, text in SETTINGS:
        gaps = GAP * (len(measures) - 1)
        room = paper.breadth / size - gaps
        least = [measure.least(text) for measure in measures]
        if sum(least) <= room:
            wanted = [measure.wanted() for measure in measures]
            widths = [width * size for width in _spread(least, wanted, room)]
            lefts = [
                paper.side + sum(widths[:index]) + index * GAP * size
                for index in range(len(widths))
            ]
            return Fit(paper, size, tuple(lefts), tuple(widths))
    raise FormatError(
        f"The {len(measures):,} columns of this table do not fit on a page. Choose CSV or Excel.",
        change=True,
    )


def _spread(least: list[float], wanted: list[float], room: float) -> list[float]:
    """Gives widths that fill *room*, serving the columns first that lack the least."""
    widths = list(least)
    lacks = [max(0.0, want - have) for have, want in zip(least, wanted, strict=True)]
    spare = room - sum(least)
    order = sorted(range(len(lacks)), key=lacks.__getitem__)
    for place, index in enumerate(order):
        given = min(lacks[index], spare / (len(order) - place))
        widths[index] += given
        spare -= given
    factor = room / sum(widths) if sum(widths) else 1.0
    return [width * factor for width in widths]
