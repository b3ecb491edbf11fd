"""The embedded servers for real, each test in a folder of its own, as separate processes: that is how they are used."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded

ROOT = Path(embedded.__file__).resolve().parent.parent

USER = """
import sys, psycopg2, redis
from config import embedded
embedded.ensure()
database = psycopg2.connect(host=str(embedded.SOCKETS), user="placard", dbname="placard")
database.autocommit = True
cursor = database.cursor()
valkey = redis.Redis.from_url(embedded.redis_url())
def ask(query):
    cursor.execute(query)
    return cursor.fetchone()[0]
"""


class Place:
    """One PLACARD_LOCAL, and processes that use it."""

    def __init__(self, local: Path) -> None:
        self.local = local
        self.environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "LANG")
        } | {"PLACARD_LOCAL": str(local), "PYTHONPATH": str(ROOT)}
        self.started: list[subprocess.Popen[str]] = []

    def user(self, code: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", USER + code]
        pipe = subprocess.PIPE
        user = subprocess.Popen(command, env=self.environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        self.started.append(user)
        return user

    def run(self, code: str) -> str:
        user = self.user(code)
        output, errors = user.communicate(timeout=60)
        assert user.returncode == 0, errors
        return output.strip()

    def stay(self) -> subprocess.Popen[str]:
        """A process that uses the servers until its standard input closes."""
        user = self.user("print('in', flush=True); sys.stdin.read()")
        assert user.stdout and user.stdout.readline() == "in\n", user.stderr and user.stderr.read()
        return user

    def close(self) -> None:
        for user in self.started:
            user.kill()
            user.communicate()
        if self.postmasters() or self.valkeys():
            self.run("")  # the last one out stops what a killed one left

    def postmasters(self) -> list[int]:
        return processes_with("postgres", "-D", str(self.local / "postgres/data"))

    def valkeys(self) -> list[int]:
        return [pid for pid in processes_with("valkey-server") if str(self.local / "valkey") in working_folder(pid)]


def processes_with(program: str, *arguments: str) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text().split("\0")
        except OSError:
            continue
        words = command[0].split(" ") + command[1:]
        if Path(words[0]).name == program and set(arguments) <= set(words):
            found.append(int(folder.name))
    return found


def working_folder(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""


@pytest.fixture
def place() -> Iterator[Place]:
    # Not tmp_path: only its owner can enter it, and under root the servers run as somebody else.
    folder = Path(tempfile.mkdtemp(prefix="placard-test-"))
    folder.chmod(0o711)
    place = Place(folder / "local")
    yield place
    place.close()
    shutil.rmtree(folder)


@pytest.fixture
def unreachable_place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "local")
    yield place
    place.close()


pytestmark = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="looks at processes through /proc")


def test_last_one_out_stops_both_and_the_next_finds_the_data(place: Place) -> None:
    place.run("cursor.execute('CREATE TABLE t AS SELECT 7 AS n'); valkey.set('k', 'v')")
    assert place.postmasters() == place.valkeys() == []
    assert place.run("print(ask('SELECT n FROM t'), valkey.get('k').decode())") == "7 v"


def test_letters_follow_unicode_without_lang(place: Place) -> None:
    assert place.run("print(ask(\"SELECT lower('ÉÇ') || ('é' ILIKE 'É')\"))") == "éçtrue"


def test_a_second_process_joins_and_its_end_stops_nothing(place: Place) -> None:
    first = place.stay()
    running = place.postmasters(), place.valkeys()
    assert [len(pids) for pids in running] == [1, 1]
    place.run("")
    assert (place.postmasters(), place.valkeys()) == running
    first.communicate()
    assert place.postmasters() == place.valkeys() == []


def test_six_at_once_start_one_of_each(place: Place) -> None:
    users = [place.user("print(ask('SELECT pg_postmaster_start_time()'))") for _ in range(6)]
    finished = [user.communicate(timeout=60) for user in users]
    assert [user.returncode for user in users] == [0] * 6, finished
    assert len({output for output, _ in finished}) == 1
    assert place.postmasters() == place.valkeys() == []


def test_kill_of_everything_is_recovered_with_the_data(place: Place) -> None:
    user = place.stay()
    place.run(
        "cursor.execute('CREATE TABLE t AS SELECT 7 AS n'); valkey.set('k', 'v'); time = __import__('time').sleep(1.2)"
    )
    for pid in [*place.postmasters(), *place.valkeys(), user.pid]:
        os.kill(pid, signal.SIGKILL)
    assert place.run("print(ask('SELECT n FROM t'), valkey.get('k').decode())") == "7 v"


def test_a_user_that_stays_can_call_again_after_a_server_died(place: Place) -> None:
    user = place.user("print('in', flush=True); sys.stdin.readline(); embedded.ensure(); print(embedded.alive())")
    assert user.stdout and user.stdout.readline() == "in\n"
    os.kill(place.valkeys()[0], signal.SIGKILL)
    output, errors = user.communicate("go on\n", timeout=60)
    assert output == "True\n", errors


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the servers as somebody else")
def test_data_goes_elsewhere_when_the_servers_user_cannot_reach_the_folder(unreachable_place: Place) -> None:
    place = unreachable_place
    modes = [folder.stat().st_mode for folder in place.local.parents]
    place.run("cursor.execute('CREATE TABLE t AS SELECT 7 AS n')")
    elsewhere = Path(place.run("print(embedded.FALLBACK, ask('SELECT n FROM t'))").removesuffix(" 7"))
    assert str(elsewhere) in (place.local / "DATA-IS-ELSEWHERE.txt").read_text()
    assert (elsewhere / "postgres/data").is_dir()
    assert [folder.stat().st_mode for folder in place.local.parents] == modes
    shutil.rmtree(elsewhere)


def test_servers_named_by_the_environment_are_left_alone(place: Place) -> None:
    place.environment |= {"DATABASE_URL": "postgresql://db/placard", "REDIS_URL": "redis://redis:6379/0"}
    command = [sys.executable, "-c", "from config import embedded; embedded.ensure()"]
    subprocess.run(command, env=place.environment, check=True, timeout=60)
    assert not place.local.exists()


def test_serve_says_which_port_is_in_use_and_how_to_choose_another(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        place.environment["PORT"] = str(port)
        started = time.monotonic()
        served = subprocess.run(
            [sys.executable, "-m", "config.serve"], cwd=ROOT, env=place.environment, capture_output=True, text=True
        )
    assert served.returncode == 1
    assert f"Port {port} is in use" in served.stderr
    assert f"PORT={port + 1} script/server" in served.stderr
    assert "Traceback" not in served.stderr
    assert time.monotonic() - started < 10
