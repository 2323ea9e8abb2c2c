"""Whether the desk lives, is ready, and how it does."""

import hmac
from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from redis import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from dashboard.extensions import db, sse
from dashboard.jobs import damage, dead_letters
from dashboard.models import Job, Part, Process, State, clock
from dashboard.web.hub import Hub

bp = Blueprint("health", __name__)

HEARD_WITHIN = timedelta(seconds=20)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Say that this process answers; nothing else is looked at."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say whether jobs can be started and done: 200, or 503 with what is missing."""
    checks = {"database": _database(), "redis": _redis()}
    if checks["database"]:
        heard = parts_heard()
        checks["worker"] = heard.get(Part.WORKER, 0) > 0
        checks["scheduler"] = heard.get(Part.SCHEDULER, 0) > 0
    ok = all(checks.values())
    return jsonify(status="ok" if ok else "not ready", checks=checks), 200 if ok else 503


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Give figures for Prometheus, read from the ledger."""
    wanted = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if wanted and not hmac.compare_digest(str(wanted).encode(), given.encode()):
        abort(401, "Send the token of METRICS_TOKEN as a bearer token.")
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def parts_heard() -> dict[str, int]:
    """Give how many processes of each part were heard of lately."""
    query = (
        select(Process.part, func.count())
        .where(Process.heard_at > clock() - HEARD_WITHIN, Process.stopped_at.is_(None))
        .group_by(Process.part)
    )
    return dict(db.session.execute(query).all())


def _database() -> bool:
    try:
        clock()
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def _redis() -> bool:
    try:
        return bool(sse.redis.ping())
    except RedisError:
        return False


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    jobs = Gauge("bellhop_jobs", "Jobs in the ledger", ["queue", "state"], registry=registry)
    by_state = select(Job.queue, Job.state, func.count()).group_by(Job.queue, Job.state)
    for queue, state, count in db.session.execute(by_state):
        jobs.labels(queue, state).set(count)
    waiting = Gauge(
        "bellhop_longest_wait_seconds",
        "How long the oldest queued job has waited",
        ["queue"],
        registry=registry,
    )
    now = clock()
    oldest = select(Job.queue, func.min(Job.created_at)).where(Job.state == State.QUEUED)
    for queue, created_at in db.session.execute(oldest.group_by(Job.queue)):
        waiting.labels(queue).set((now - created_at).total_seconds())
    attention = Gauge(
        "bellhop_jobs_needing_attention",
        "Failed jobs that nobody has run again or dismissed",
        registry=registry,
    )
    attention.set(dead_letters.count())
    damaged = Gauge(
        "bellhop_files_damaged", "Kept files that are missing or damaged", registry=registry
    )
    damaged.set(damage.count())
    heard = Gauge("bellhop_processes", "Processes heard of", ["part"], registry=registry)
    found = parts_heard()
    for part in Part:
        heard.labels(part).set(found.get(part, 0))
    streams = Gauge("bellhop_live_streams", "Open live pages here", registry=registry)
    hub: Hub = current_app.extensions["hub"]
    streams.set(hub.viewers)
    return registry
