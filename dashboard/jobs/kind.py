"""Kinds of job and the families they come in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from flask import current_app

from dashboard.jobs.errors import UNCHANGED
from dashboard.words import marked

if TYPE_CHECKING:
    from dashboard.jobs.running import Running

STARTERS = frozenset({"staff", "admin"})


@dataclass(frozen=True)
class Param:
    """A choice that a kind asks for, as the API describes it.

    *fields* are the flat names of its values in a job's params: ("region",), or for a date range
    ("period_from", "period_until").
    """

    name: str
    type: str
    label: str
    fields: tuple[str, ...]
    required: bool = False
    default: object = None
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    presets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Preview:
    """The first rows of what a job would give, as text: columns (label, type) and rows.

    *numbers* says of each column whether its cells are numbers, which pages write in the reader's
    manner.
    """

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Estimate:
    """About how many *rows* a job would give, as its source reckons without having counted."""

    rows: int


class ChoiceForm(Protocol):
    """A WTForms form whose fields are a kind's choices, with formats and notify beside them."""

    errors: Any

    def validate(self) -> bool:
        """Check what was sent; errors then names each wrong field."""
        ...

    def params(self) -> dict[str, Any]:
        """Give the checked choices as flat JSON values, "formats" included."""
        ...


def relative_of(form: ChoiceForm) -> dict[str, str]:
    """Give the named periods among the choices of *form*, as in {"period": "last-month"}.

    A form that knows such periods has a method relative().
    """
    named: Callable[[], dict[str, str]] = getattr(form, "relative", dict)
    return named()


class FormFactory(Protocol):
    """Makes a kind's form."""

    def __call__(
        self, formdata: Any = None, *, initial: Mapping[str, Any] | None = None, csrf: bool = True
    ) -> ChoiceForm:
        """Give a form of what was sent (*formdata*), or one filled with *initial* choices."""
        ...


@dataclass(frozen=True)
class Kind:
    """A sort of job: what it asks (form), what it does (work), and its bounds."""

    name: str
    title: str
    family: str
    summary: str
    work: Callable[["Running"], None]
    form: FormFactory
    title_of: Callable[[Mapping[str, Any]], str]
    describe: Callable[[Mapping[str, Any]], Sequence[tuple[str, str]]]
    params: tuple[Param, ...] = ()
    formats: tuple[str, ...] = ()
    icon: str = "file-text"
    preview: Callable[[Mapping[str, Any]], Preview] | None = None
    # Counts beforehand what a job would give, in rows; None when that cannot be known quickly.
    count: Callable[[Mapping[str, Any]], int | Estimate | None] | None = None
    # Gives the title of a job of these choices if it began now, its named periods rolled on.
    title_now: Callable[[Mapping[str, Any], Mapping[str, str]], str] | None = None
    roles: frozenset[str] = STARTERS
    queue: str = "reports"
    priority: int = 5  # Lower numbers run first.
    soft_limit: int = 1800  # seconds
    hard_limit: int = 2100  # seconds
    max_attempts: int = 3
    verb: str = marked("Generate report")
    # Whether its files hold what one person may see: then the same choices of two people give
    # different files, and a job keeps whose sight that is (jobs.chosen).
    by_sight: bool = False
    exports: str = ""  # The page whose list its jobs make a file of, as in “jobs”: it links here.
    # Gives the text of the file that says what its jobs do, where there is one.
    definition: Callable[[], str] | None = None
    # The partial of its choices on the start page, where the fields one by one would not do.
    choices: str = ""
    # The template of a start page of its own.
    page: str = ""
    # The partial of what has come of a finished job, in place of its files.
    outcome: str = ""
    # The partial of a link to what its jobs are about, where that has a page of its own.
    about: str = ""
    # Whether people start it from a form; without, it is begun from another job's page.
    listed: bool = True
    # What is said of a job that failed or was cancelled: what it has not changed.
    unchanged: str = UNCHANGED


@dataclass(frozen=True)
class Problem:
    """A definition that cannot be used: shown to administrators, harmless to all others."""

    file: str
    line: int | None
    reason: str


@dataclass(frozen=True)
class Family:
    """A package of related kinds; *prefix* begins the numbers of its jobs, as in R-4821."""

    name: str
    title: str
    prefix: str
    icon: str
    kinds: Callable[[], Mapping[str, Kind]]
    problems: Callable[[], Sequence[Problem]] = field(default=lambda: ())
    # Gives one kind by its name, where that is less work than all of them, or looks farther.
    find: Callable[[str], Kind | None] | None = None
    # What the scheduler does for it at each tick: safe to do twice, and by two schedulers.
    mend: Callable[[], None] = field(default=lambda: None)


def families() -> tuple[Family, ...]:
    """Give the families of this desk, in the order of the catalogue."""
    return tuple(current_app.extensions["families"])


def kinds() -> dict[str, Kind]:
    """Give every kind by its name."""
    return {name: kind for family in families() for name, kind in family.kinds().items()}


def find(name: str) -> Kind | None:
    """Give the kind called *name*, or None."""
    for family in families():
        kind = family.find(name) if family.find else family.kinds().get(name)
        if kind is not None:
            return kind
    return None


def family_of(kind: Kind) -> Family:
    """Give the family of *kind*."""
    return next(family for family in families() if family.name == kind.family)
