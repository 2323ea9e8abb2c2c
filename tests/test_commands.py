"""The commands in bin/, with small stand-ins for Python, uv and apt."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("sh", "cat", "chmod", "cmp", "cp", "dirname", "env", "grep", "mkdir", "rm", "tail")

# A Python that can do what bin/setup asks: tell its version, take the lock, make an environment
# and install. Each call that matters is noted in the file "calls".
PYTHON = """#!/bin/sh
case $* in
*"import sys; sys.exit("*) exit {too_old} ;;
*platform*) echo 3.9.18 ;;
*version_info*) echo python3.12-venv ;;
*fcntl*) ;;
*"import ensurepip"*) [ -e "{bench}/has_ensurepip" ] ;;
*"-m venv"*) echo "venv" >>"{bench}/calls"; mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
*"-m pip --version"*) ;;
*"-m pip install"*)
    echo "$*" | grep -o 'pip install.*' >>"{bench}/calls"
    echo "WARNING: Location of no interest"; echo "ERROR: no such package" >&2
    [ ! -e "{bench}/pip_fails" ] ;;
*"-m dashboard"* | *"-m flask"*) env >"{bench}/environment"; echo "$*" >>"{bench}/calls" ;;
*) echo "$*" >>"{bench}/calls" ;;
esac
"""
UV = """#!/bin/sh
case $* in
--version) ;;
venv*) echo "uv venv" >>"{bench}/calls"; for last; do :; done
    mkdir -p "$last/bin" && cp "{bench}/python3" "$last/bin/python" ;;
*) echo "uv $1 $2" >>"{bench}/calls" ;;
esac
"""
APT = """#!/bin/sh
echo "apt-get $*" >>"{bench}/calls"
[ "$1" = update ] || : >"{bench}/has_ensurepip"
"""


PYTEST = "-m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder"
USUAL = "not faults and not screens and (main_path or not browser)"


class Bench:
    """A project folder with nothing but bin/ and locks, and a PATH with nothing but stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.path = folder / "path"
        self.path.mkdir()
        for tool in TOOLS:
            (self.path / tool).symlink_to(shutil.which(tool) or pytest.fail(f"no {tool} here"))
        shutil.copytree(ROOT / "bin", self.root / "bin")
        for lock in ("", "-dev", "-flights"):
            (self.root / f"requirements{lock}.lock").write_text("flask==3.1.3\n")

    def put(self, name: str, script: str) -> None:
        """Lay a stand-in on the PATH."""
        program = self.path / name
        program.write_text(script)
        program.chmod(0o755)

    def python(self, *, too_old: bool = False, ensurepip: bool = True) -> None:
        """Lay a Python on the PATH."""
        self.put("python3", PYTHON.format(bench=self.path, too_old=int(too_old)))
        if ensurepip:
            (self.path / "has_ensurepip").touch()

    def run(self, command: str, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run a command of bin/; give its exit code and all that it said."""
        done = subprocess.run(
            [self.root / "bin" / command, *arguments],
            env={"PATH": str(self.path), "HOME": str(self.root), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=20,
            check=False,
        )
        return done.returncode, done.stdout

    def calls(self) -> list[str]:
        """Give what was called since the last question."""
        notes = self.path / "calls"
        found = notes.read_text().splitlines() if notes.exists() else []
        notes.unlink(missing_ok=True)
        return found

    def environment(self) -> dict[str, str]:
        """Give the environment that the desk or flask was started with."""
        lines = (self.path / "environment").read_text().splitlines()
        return dict(line.partition("=")[::2] for line in lines)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Give a project on a machine with a good Python and without uv."""
    bench = Bench(tmp_path)
    bench.python()
    return bench


def test_the_first_start_makes_the_environment_and_the_second_does_nothing(bench: Bench) -> None:
    code, said = bench.run("run", "--port", "8001")
    assert code == 0, said
    venv, pip, desk = bench.calls()
    assert venv == "venv"
    assert "--require-hashes" in pip
    assert pip.endswith("requirements.lock")
    assert desk == "-m dashboard --port 8001"

    assert bench.run("run") == (0, "")
    assert bench.calls() == ["-m dashboard"]


def test_a_changed_lock_is_installed_into_the_same_environment(bench: Bench) -> None:
    bench.run("run")
    bench.calls()
    (bench.root / "requirements.lock").write_text("flask==3.1.4\n")
    assert bench.run("run")[0] == 0
    pip, desk = bench.calls()
    assert pip.startswith("pip install")
    assert desk == "-m dashboard"


def test_an_interrupted_first_start_is_made_good(bench: Bench) -> None:
    (bench.root / ".venv" / "bin").mkdir(parents=True)
    assert bench.run("run")[0] == 0
    assert bench.calls()[0] == "venv"


def test_uv_is_used_where_it_is_present(bench: Bench) -> None:
    bench.put("uv", UV.format(bench=bench.path))
    assert bench.run("run")[0] == 0
    assert bench.calls() == ["uv venv", "uv pip install", "-m dashboard"]


def test_the_desk_may_keep_bytecode_and_sees_no_packages_of_the_callers(bench: Bench) -> None:
    bench.run("run", PYTHONDONTWRITEBYTECODE="1", PYTHONPATH="/elsewhere", PYTHONHOME="/elsewhere")
    environment = bench.environment()
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert "PYTHONHOME" not in environment
    assert environment["PYTHONPATH"] == str(bench.root)


def test_a_python_that_is_too_old_is_a_sentence(bench: Bench) -> None:
    bench.python(too_old=True)
    assert bench.run("run") == (
        1,
        "Bellhop needs Python 3.11 or newer; python3 here is 3.9.18. Install a newer one, or uv.\n",
    )


def test_no_python_at_all_is_a_sentence_with_the_command(bench: Bench) -> None:
    (bench.path / "python3").unlink()
    assert bench.run("run") == (
        1,
        (
            "Bellhop needs Python 3.11 or newer, and there is no python3 here. "
            "On Debian or Ubuntu: sudo apt install python3 python3-venv\n"
        ),
    )


def test_a_newer_python_under_its_own_name_is_found(bench: Bench) -> None:
    (bench.path / "python3").rename(bench.path / "python3.13")
    bench.put("python3", "#!/bin/sh\nexit 1\n")
    assert bench.run("run")[0] == 0


def test_debians_python_without_venv_names_the_exact_command(bench: Bench) -> None:
    bench.python(ensurepip=False)
    (bench.path / "has_ensurepip").unlink()
    bench.put("apt-get", APT.format(bench=bench.path))
    bench.put("id", "#!/bin/sh\necho 1000\n")
    code, said = bench.run("run")
    assert code == 1
    assert said.endswith(
        "The Python here cannot make environments yet. Run this, then start again: "
        "sudo apt install python3.12-venv\n"
    )
    assert bench.calls() == []


def test_as_root_debians_python_without_venv_is_completed_by_apt(bench: Bench) -> None:
    (bench.path / "has_ensurepip").unlink()
    bench.put("apt-get", APT.format(bench=bench.path))
    bench.put("id", "#!/bin/sh\necho 0\n")
    assert bench.run("run")[0] == 0
    update, install, venv = bench.calls()[:3]
    assert update.startswith("apt-get update")
    assert install.endswith("python3.12-venv")
    assert venv == "venv"


def test_packages_that_cannot_be_installed_are_a_sentence_with_the_last_lines(
    bench: Bench,
) -> None:
    (bench.path / "pip_fails").touch()
    code, said = bench.run("run")
    assert code == 1
    assert said.splitlines()[-2:] == [
        "ERROR: no such package",
        (
            "The packages of requirements.lock could not be installed. The lines above say why; "
            f"all are in {bench.root}/.venv/install.log."
        ),
    ]
    assert "of no interest" not in said

    (bench.path / "pip_fails").unlink()
    assert bench.run("run")[0] == 0


@pytest.fixture
def flask(bench: Bench) -> Callable[..., dict[str, str]]:
    """Give what runs bin/flask and tells the environment of the flask command."""

    def run(*arguments: str, **environment: str) -> dict[str, str]:
        code, said = bench.run("flask", *arguments, **environment)
        assert code == 0, said
        return bench.environment()

    return run


def test_flask_commands_use_the_state_of_bin_run(
    bench: Bench, flask: Callable[..., dict[str, str]]
) -> None:
    environment = flask("users", "list")
    assert environment["FLASK_APP"] == "dashboard"
    assert environment["FLASK_INSTANCE_PATH"] == str(bench.root / "instance")
    assert "FLASK_REDIS_URL" not in environment
    assert bench.calls()[-1] == "-m flask users list"


@pytest.mark.parametrize("form", ["--home {}", "--home={}"])
def test_flask_commands_take_another_home(
    bench: Bench, flask: Callable[..., dict[str, str]], tmp_path: Path, form: str
) -> None:
    home = tmp_path / "home"
    environment = flask(*form.format(home).split(), "users", "list")
    assert environment["FLASK_INSTANCE_PATH"] == str(home)
    assert home.stat().st_mode & 0o777 == 0o700
    assert bench.calls()[-1] == "-m flask users list"


def test_flask_commands_reach_the_embedded_valkey(
    bench: Bench, flask: Callable[..., dict[str, str]]
) -> None:
    (bench.root / "instance").mkdir()
    (bench.root / "instance" / "redis_url").write_text("unix:///somewhere/valkey.sock\n")
    assert flask("doctor")["FLASK_REDIS_URL"] == "unix:///somewhere/valkey.sock"
    given = flask("doctor", FLASK_REDIS_URL="redis://elsewhere")
    assert given["FLASK_REDIS_URL"] == "redis://elsewhere"


@pytest.mark.parametrize("command", ["bin/test", ".ci/run"])
def test_everything_is_checked_and_the_tests_come_last(bench: Bench, command: str) -> None:
    shutil.copytree(ROOT / ".ci", bench.root / ".ci")
    bench.put("chromium", "#!/bin/sh\n")
    code, said = bench.run(f"../{command}", "-k", "commands")
    assert code == 0, said
    calls = bench.calls()
    assert [call.partition("requirements")[2] for call in calls[1:5]] == [
        ".lock",
        "-dev.lock",
        "-flights.lock",
        "-scale.lock",
    ]
    assert "--no-deps --no-build-isolation" in calls[3]
    more = [
        f"{PYTEST} -m browser and not main_path and not faults and not screens",
        f"{PYTEST} -m faults",
        f"{PYTEST} -m screens --screens",
        "-m chaos --minutes 3",
    ]
    after = more if command == ".ci/run" else []
    assert [call for call in calls[5:] if "requirements" not in call] == [
        "-m ruff check",
        "-m ruff format --check",
        "-m mypy",
        f"{bench.root}/.venv/bin/lint-imports --no-cache --no-logo",
        f"{PYTEST} -m {USUAL} -k commands",
        *after,
    ]
    assert "SKIPPED" not in said


def test_no_browser_is_a_clearly_printed_skip(bench: Bench) -> None:
    code, said = bench.run("test")
    assert code == 0
    assert "SKIPPED: the browser tests" in said
    assert bench.calls()[-1] == f"{PYTEST} -m {USUAL}"


def test_as_root_browser_mariadb_and_dovecot_are_installed_by_apt(bench: Bench) -> None:
    bench.put("id", "#!/bin/sh\necho 0\n")
    bench.put(
        "apt-get",
        f'#!/bin/sh\necho "apt-get $*" >>{bench.path}/calls\n'
        'case "$*" in\n*chromium*) program=chromium ;;\n*mariadb*) program=mariadbd ;;\n'
        "*dovecot*) program=dovecot ;;\n"
        "*) exit ;;\nesac\n"
        f"printf '#!/bin/sh\\n' >{bench.path}/$program; chmod 755 {bench.path}/$program\n",
    )
    code, said = bench.run("test")
    assert code == 0
    assert "SKIPPED" not in said
    asked = [call for call in bench.calls() if call.startswith("apt-get install")]
    for package in ("chromium", "mariadb-server-core", "dovecot-imapd"):
        assert any(package in call for call in asked)


@pytest.mark.parametrize("name", ["run", "flask", "test", "lock", "bench", "chaos"])
def test_each_command_can_be_run(name: str) -> None:
    assert os.access(ROOT / "bin" / name, os.X_OK)


@pytest.mark.parametrize(("asked", "loaded"), [("celery", False), ("flask", True)])
def test_only_flask_loads_the_commands_and_alembic(
    tmp_path: Path, asked: str, loaded: bool
) -> None:
    arguments = {
        "celery": ["-A", "make_celery", "report"],
        "flask": ["--app", "dashboard", "routes"],
    }
    module = {"celery": "celery.__main__", "flask": "flask.cli"}[asked]
    script = (
        f"import sys; from {module} import main; sys.argv[1:] = {arguments[asked]!r}\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('alembic' in sys.modules, 'dashboard.cli' in sys.modules)"
    )
    environment = {**os.environ, "FLASK_INSTANCE_PATH": str(tmp_path), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == f"{loaded} {loaded}", ran.stderr
