"""Fills the ledger with a job of every kind in every state, and with what stands around them."""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.jobs import Kind
from dashboard.models import (
    Favourite,
    Job,
    Part,
    Process,
    Queue,
    State,
    User,
    clock,
    transaction,
)
from dashboard.showcase.choices import at_the_desk, playable
from dashboard.showcase.colleagues import colleagues
from dashboard.showcase.crowd import NoKinds
from dashboard.showcase.marks import KEY
from dashboard.showcase.player import job_of
from dashboard.showcase.scenes import SCENES
from dashboard.showcase.specials import SPECIALS
from dashboard.showcase.stage import (
    FAR,
    LINE,
    PAUSED,
    WORKER,
    WORKERS,
    NotPlayable,
    Stage,
    undisturbed,
)

SILENT: Final = timedelta(minutes=11)
STARS: Final = (0, 2)  # which kinds of the catalogue the viewer has at the top


@dataclass
class Made:
    """What was made: jobs by state and kind, single jobs by name, and what could not be made."""

    scenes: dict[str, dict[str, uuid.UUID]] = field(default_factory=dict)
    specials: dict[str, uuid.UUID] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many jobs were made."""
        return len(self.specials) + sum(len(jobs) for jobs in self.scenes.values())

    def numbers(self, name: str) -> list[str]:
        """Give the numbers of the jobs in the state *name*, or of the job of that name."""
        jobs = [self.specials[name]] if name in self.specials else self.scenes[name].values()
        return [job_of(each).number for each in jobs]

    def job(self, name: str) -> uuid.UUID:
        """Give the single job, or the first one in the state, called *name*; KeyError without."""
        return (
            self.specials[name] if name in self.specials else next(iter(self.scenes[name].values()))
        )


def states(
    viewer: User,
    *,
    only: Collection[str] | None = None,
    of: Sequence[Kind] | None = None,
    told: Callable[[str, list[str]], None] = lambda name, numbers: None,
) -> Made:
    """Make a job of every kind in every state for *viewer*, and the special ones.

    *only* names some of SCENES and SPECIALS, *of* some kinds. What lies ahead of the jobs stays
    there: no worker or scheduler that lives changes any of them. *told* hears, after each state,
    its name and the numbers of its jobs: a report that is slow is run for each. Raises NoKinds.
    """
    listed = playable()
    chosen = listed if of is None else list(of)
    if not chosen:
        raise NoKinds("There is no kind of job here yet.")
    made = Made()
    viewer_id = viewer.id
    with undisturbed(), at_the_desk():
        person = db.session.get_one(User, viewer_id)
        stage = Stage(person, colleagues(), chosen, batch=batches() + 1)
        _pause(stage.administrator)
        _play(stage, made, only, told)
        _workers()
        if only is None:
            _stars([person, *stage.people[:3]], chosen)
    return made


def batches() -> int:
    """Give how many sets of made-up states are in the ledger."""
    keys = select(Job.idempotency_key).where(Job.idempotency_key.startswith(f"{KEY}states:"))
    return max((int(key.split(":")[2]) for key in db.session.scalars(keys)), default=0)


def _play(
    stage: Stage,
    made: Made,
    only: Collection[str] | None,
    told: Callable[[str, list[str]], None],
) -> None:
    for name, scene in SCENES.items():
        if only is not None and name not in only:
            continue
        for kind in stage.kinds:
            try:
                made.scenes.setdefault(name, {})[kind.name] = scene(stage, kind)
            except NotPlayable as error:
                made.left_out.append(f"{name}: {error}")
        if name in made.scenes:
            told(name, made.numbers(name))
    for name, special in SPECIALS.items():
        if only is not None and name not in only:
            continue
        try:
            made.specials[name] = special(stage)
            told(name, made.numbers(name))
        except NotPlayable as error:
            made.left_out.append(f"{name}: {error}")


def _pause(administrator: User) -> None:
    with transaction() as session:
        queue = session.get(Queue, PAUSED)
        if queue is None:
            queue = Queue(name=PAUSED)
            session.add(queue)
        queue.paused_at, queue.paused_by_id = clock(), administrator.id


def _workers() -> None:
    """Let made-up workers be busy with what runs, and let one have fallen silent."""
    with transaction() as session:
        now = clock()
        for number in range(1, WORKERS + 1):
            name = WORKER.format(number)
            mine = select(func.count()).where(Job.state == State.RUNNING, Job.worker == name)
            slots = session.execute(mine).scalar_one()
            session.merge(_process(name, max(1, slots), now + FAR))
        session.merge(_process(WORKER.format(WORKERS + 1), 4, now - SILENT))


def _process(name: str, slots: int, heard_at: Any) -> Process:
    return Process(
        name=name,
        part=Part.WORKER,
        host=name.partition("@")[2],
        pid=0,
        slots=slots,
        queues=[LINE, PAUSED],
        started_at=heard_at - FAR - SILENT,
        heard_at=heard_at,
        stopped_at=None,
    )


def _stars(people: Sequence[User], chosen: Sequence[Kind]) -> None:
    wanted: Mapping[tuple[int, str], None] = {
        (person.id, chosen[place].name): None
        for person in people
        for place in STARS
        if place < len(chosen)
    }
    with transaction() as session:
        for user_id, kind in wanted:
            session.merge(Favourite(user_id=user_id, kind=kind))
