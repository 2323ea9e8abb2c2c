"""The hashed locks."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Give the packages of a lock and their versions."""
    return dict(PIN.findall((ROOT / name).read_text()))


@pytest.fixture
def project() -> dict[str, Any]:
    """Give what pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_index_and_hashes_every_package(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) == len(pins(name))
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_locks_agree_on_every_version() -> None:
    base, scale, dev = (pins(f"requirements{part}.lock") for part in ("", "-scale", "-dev"))
    assert base.items() <= scale.items()
    assert "gevent" in scale
    assert "gevent" not in base
    shared = base.keys() & dev.keys()
    assert {name: base[name] for name in shared} == {name: dev[name] for name in shared}


def test_every_dependency_is_locked(project: dict[str, Any]) -> None:
    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in requirements}

    assert names(project["project"]["dependencies"]) <= pins("requirements.lock").keys()
    groups = project["dependency-groups"]
    assert names(groups["dev"]) <= pins("requirements-dev.lock").keys()
    assert names(groups["flights"]) == pins("requirements-flights.lock").keys()


def test_celery_is_below_the_release_whose_worker_dies_with_redis() -> None:
    assert (5, 6, 3) <= tuple(map(int, pins("requirements.lock")["celery"].split("."))) < (5, 7)


def test_what_a_wheel_takes_along_is_there(project: dict[str, Any]) -> None:
    taken = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert all((ROOT / path).exists() for path in taken)


# Hides every package that is not in the lock given, then loads what the parts of a desk load.
LOAD = """
import importlib.abc, importlib.metadata, importlib.util, re, sys
locked = set(sys.argv[1:])
owners = importlib.metadata.packages_distributions()

def is_hidden(name):
    known = {re.sub("[-_.]+", "-", owner).lower() for owner in owners.get(name, ())}
    return bool(known and not known & locked)

class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if is_hidden(name):
            raise ModuleNotFoundError(f"{name} is not in requirements.lock", name=name)

look = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if is_hidden(name) else look(name)
sys.meta_path.insert(0, Hidden())
import celery.apps.beat, celery.apps.worker, celery.concurrency.prefork
import gunicorn.app.wsgiapp, gunicorn.workers.gthread, kombu.transport.redis, psycopg
import dashboard.__main__, dashboard.jobs.scheduler, make_web
"""


def test_the_desk_runs_without_the_packages_of_the_development_lock(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, *pins("requirements.lock")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "FLASK_INSTANCE_PATH": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
