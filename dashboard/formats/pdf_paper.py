"""The paper of a PDF: its size and margins, the colours and sizes of everything on it.

All lengths are in points, 72 to an inch; y grows upwards.
"""

from dataclasses import dataclass

TEXT = "#1c1c1a"
MUTED = "#62615b"
LINE = "#e6e5e1"
STRONG_LINE = "#908e87"

# The colours of a chart's series, in their order; more series begin again.
SERIES = (
    "#2457c5",
    "#7093e0",
    "#14746c",
    "#3f9d94",
    "#3d4a5f",
    "#8a94a4",
    "#7a4fb0",
    "#a07ad2",
)

TITLE_SIZE = 17.0
HEADING_SIZE = 10.5
BODY_SIZE = 9.0
SMALL_SIZE = 7.0
LEADING = 1.3  # The distance of lines, in heights of the font.


@dataclass(frozen=True)
class Paper:
    """A sheet of paper."""

    width: float
    height: float
    side: float = 42.0  # the margins left and right
    head: float = 62.0  # from the upper edge to the body
    foot: float = 54.0  # from the lower edge to the body

    @property
    def top(self) -> float:
        return self.height - self.head

    @property
    def bottom(self) -> float:
        return self.foot

    @property
    def right(self) -> float:
        return self.width - self.side

    @property
    def breadth(self) -> float:
        """The width of the body."""
        return self.width - 2 * self.side


A4_UPRIGHT = Paper(595.3, 841.9)
A4_ACROSS = Paper(841.9, 595.3)
A3_ACROSS = Paper(1190.6, 841.9)
