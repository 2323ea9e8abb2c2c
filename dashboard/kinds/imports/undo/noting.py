"""Notes on an import that it was undone, so that its own page says so."""

from sqlalchemy import select

from dashboard.jobs.ending import fenced
from dashboard.jobs.events import tell_of
from dashboard.jobs.running import Running
from dashboard.kinds.imports.undo.choice import Choice
from dashboard.kinds.imports.undo.standing import imports_of
from dashboard.models import Job, clock


def note(check_kind: str, running: Running, choice: Choice) -> None:
    """Write on the imports of a check that the undo *running* has begun, or what came of it.

    Raises LeaseLost where another attempt may own the undo now.
    """
    told = {
        "id": str(running.id),
        "number": running.number,
        "by": running.requested_by_name,
        "at": clock().isoformat(),
        "is_whole": not choice.numbers,
        "is_done": "removed" in running.result,
    }
    with fenced(running.id, running.fence) as (session, __):
        query = select(Job).where(Job.id == choice.check)
        check = session.scalars(query).one_or_none()
        found = [] if check is None else list(imports_of(check))
        for job in found:
            session.refresh(job, with_for_update={"of": Job})
            before = job.result.get("undone", {})
            was_whole = before.get("is_done", False) and before["is_whole"]
            is_whole = told["is_whole"] or was_whole
            job.result = {**job.result, "undone": {**told, "is_whole": is_whole}}
            job.version += 1
    for job in found:
        tell_of(job)
