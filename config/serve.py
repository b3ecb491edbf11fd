"""`script/server`: everything Placard needs, in the foreground of one terminal, until Ctrl-C.

Ends with 0 after Ctrl-C or SIGTERM, with 1 and one clear sentence when something keeps it from running.
"""

import contextlib
import ctypes
import errno
import fcntl
import http.client
import io
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import NamedTuple
from urllib.parse import urlsplit

import environ

from config import embedded

BIND = os.environ.get("BIND", "127.0.0.1")
ORGANISER = "organiser@example.org"
SAMPLE_MEETING = "eap-2008"
SECONDS_TO_STOP = 8  # for children that were asked to; then they are killed
SECONDS_BETWEEN_LOOKS = 5  # at the embedded servers


class SignIn(NamedTuple):
    """What to tell about signing in; `is_new` when it holds a password that is shown this once only."""

    text: str
    is_new: bool = False


class CannotRunError(Exception):
    """Shown to whoever typed script/server, as the last thing said."""


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    for name in STOP_SIGNALS:
        if name != signal.SIGHUP or signal.getsignal(name) != signal.SIG_IGN:  # nohup wants it ignored
            signal.signal(name, _stop)
    try:
        serve()
    except KeyboardInterrupt:
        say("Stopped.")
    except (CannotRunError, embedded.EmbeddedError) as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    finally:
        embedded.leave()
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # Only the first one counts: a second Ctrl-C must not interrupt the stopping.
    for name in STOP_SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    raise KeyboardInterrupt


def say(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:  # whoever read our output has gone, so we go too
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
        raise KeyboardInterrupt from None


def serve() -> None:
    os.umask(0o077)  # mail, uploads and keys are for nobody else on this machine
    port = chosen_port()
    # Taken before anything else and handed to the web process: nobody can take it while the database is prepared.
    with listen(port) as listener:
        environ.Env.read_env(embedded.BASE_DIR / ".env")  # it may name the servers
        os.environ["SITE_URL"] = os.environ.get("SITE_URL") or f"http://localhost:{port}"
        say("Starting PostgreSQL and Valkey, or joining them ...")
        embedded.ensure()
        with one_at_a_time():
            sign_in = prepare()
        Supervisor(processes(port, listener), port, sign_in).run()


# The port.


def chosen_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotRunError(
            f"PORT={text} is not a port. Choose a number from 1 to 65535, like PORT=8001 script/server"
        )
    return int(text)


def listen(port: int) -> socket.socket:
    """The listening socket. Waits a moment, for the children of a server that was killed are still leaving it."""
    deadline = time.monotonic() + 3
    while True:
        try:
            return socket.create_server((BIND, port), backlog=2048)
        except PermissionError:
            raise CannotRunError(f"Port {port} is kept for the administrator. {_another(8000)}") from None
        except OSError as error:
            if error.errno and error.errno != errno.EADDRINUSE:
                raise CannotRunError(f"Cannot listen on port {port} of {BIND}: {os.strerror(error.errno)}.") from None
            if time.monotonic() > deadline:
                raise CannotRunError(f"Port {port} is in use. {_another(port + 1 if port < 65535 else 8000)}") from None
            time.sleep(0.2)


def _another(port: int) -> str:
    return f"Stop what uses it, or choose another: PORT={port} script/server"


# The database.


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two starts from one folder prepare the database one after the other."""
    embedded.LOCAL_DIR.mkdir(parents=True, exist_ok=True)
    with (embedded.LOCAL_DIR / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare() -> SignIn:
    """Bring database and static files up to date, fill an empty database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.db import OperationalError, connections

    try:
        django.setup()
        say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        load_sample()
        sign_in = find_or_make_sign_in()
        connections.close_all()
        return sign_in
    except OperationalError as error:
        raise CannotRunError(f"The database does not answer. {str(error).strip()}") from None
    except (CommandError, ImproperlyConfigured) as error:
        raise CannotRunError(str(error)) from None


def load_sample() -> None:
    from django.core.management import call_command

    from meeting.models import Meeting

    if Meeting.objects.exists():
        return
    say("Loading the directory of States and organisations, and the sample meeting ...")
    call_command("load_directory", verbosity=0)
    call_command("load_sample_meeting", verbosity=0)


def find_or_make_sign_in() -> SignIn:
    """A password is made, and shown, only when nobody could sign in."""
    from django.contrib.auth import get_user_model

    from meeting.models import Meeting

    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    if staff.exists():
        email = ORGANISER if staff.filter(email=ORGANISER).exists() else "EMAIL"
        return SignIn(f"Password forgotten?   .venv/bin/python manage.py changepassword {email}")
    if Meeting.objects.filter(slug=SAMPLE_MEETING).exists():
        return create_organiser()
    return SignIn("Nobody can yet:       .venv/bin/python manage.py create_staff EMAIL --meeting SLUG --role organiser")


def create_organiser() -> SignIn:
    from django.core.management import call_command

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        call_command("create_staff", ORGANISER, "--meeting", SAMPLE_MEETING, "--role", "organiser", stdout=said)
    return SignIn(said.getvalue().strip(), is_new=True)


# The processes.


def processes(port: int, listener: socket.socket) -> dict[str, list[str]]:
    """The arguments of Python for each."""
    web = ["-m", "gunicorn", "config.wsgi", "--bind", f"fd://{listener.fileno()}", "--workers", "2", "--timeout", "60"]
    web += ["--graceful-timeout", "5", "--max-requests", "5000", "--max-requests-jitter", "500"]
    web += ["--log-level", "warning", "--no-control-socket"]
    # Celery's advice against root is for daemons; here root was the choice of who typed script/server.
    celery = ["-W", "ignore:You're running the worker with superuser", "-m", "celery", "--quiet", "-A", "config"]
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "-n", f"placard-{port}@%h"]
    worker += ["--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "-s", str(embedded.LOCAL_DIR / f"beat-{port}")]
    return {"web": web, "worker": worker, "beat": beat}


LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def _die_with_parent() -> None:
    """In a child, before its program starts: a supervisor killed with -9 cannot stop it, so the kernel does."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    output: int
    unfinished: bytes = field(default=b"")

    def print_output(self) -> bool:
        """Print the lines it wrote, each with its name in front; False when it has closed its output."""
        chunk = os.read(self.output, 65536)
        *lines, self.unfinished = (self.unfinished + chunk).split(b"\n")
        if not chunk and self.unfinished:
            lines.append(self.unfinished)
        for line in lines:
            say(f"{self.name:6} | {line.decode(errors='replace')}")
        return bool(chunk)

    def how_it_ended(self) -> str:
        code = self.process.returncode
        return f"was killed by signal {-code}" if code < 0 else f"ended by itself with exit code {code}"


class Supervisor:
    """Runs the processes until one ends or somebody stops us; then stops them all."""

    def __init__(self, commands: dict[str, list[str]], port: int, sign_in: SignIn) -> None:
        self.commands = commands
        self.port = port
        self.sign_in = sign_in
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.announced = False
        self.next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS

    def run(self) -> None:
        try:
            for name, command in self.commands.items():
                self._start(name, command)
            while True:
                self._print_output()
                self._announce_when_ready()
                self._look_after_servers()
                for child in self.children:
                    if child.process.poll() is not None:
                        self._print_output()
                        raise CannotRunError(f"The {child.name} process {child.how_it_ended()}, so all were stopped.")
        finally:
            self._stop()
            if self.sign_in.is_new and not self.announced:
                say(self.sign_in.text)

    def _start(self, name: str, command: list[str]) -> None:
        output, its_end = os.pipe()
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=embedded.BASE_DIR,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            pass_fds=[int(part.removeprefix("fd://")) for part in command if part.startswith("fd://")],
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone; we stop them in order
            preexec_fn=_die_with_parent,
            stdin=subprocess.DEVNULL,
            stdout=its_end,
            stderr=its_end,
        )
        os.close(its_end)
        child = Child(name, process, output)
        self.children.append(child)
        self.selector.register(output, selectors.EVENT_READ, child)

    def _print_output(self, patience: float = 0.25) -> None:
        for key, _ in self.selector.select(patience):
            if not key.data.print_output():
                self.selector.unregister(key.fileobj)

    def _announce_when_ready(self) -> None:
        if self.announced or not self._web_answers():
            return
        self.announced = True
        address = os.environ["SITE_URL"]
        mail_server = urlsplit(os.environ.get("EMAIL_URL", "")).hostname  # only this part: there may be a password too
        mail = f"sent through {mail_server}" if mail_server else f"written to {embedded.LOCAL_DIR / 'mail'}"
        lines = [
            f"Placard is ready:     {address}/",
            f"Organisers sign in:   {address}/admin/",
            *self.sign_in.text.splitlines(),
        ]
        lines += [f"Mail:                 {mail}", "Ctrl-C stops everything."]
        say("\n" + "\n".join(f"  {line}" for line in lines) + "\n")

    def _web_answers(self) -> bool:
        host = "127.0.0.1" if BIND in ("", "0.0.0.0") else BIND  # noqa: S104
        connection = http.client.HTTPConnection(host, self.port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _look_after_servers(self) -> None:
        """Start the embedded servers again when one died: web and worker reconnect by themselves."""
        if time.monotonic() < self.next_look:
            return
        if not embedded.alive():
            say("PostgreSQL or Valkey stopped. Starting it again ...")
            embedded.ensure()
        self.next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS

    def _stop(self) -> None:
        for child in self.children:
            child.process.terminate()
        deadline = time.monotonic() + SECONDS_TO_STOP
        while self._running() and time.monotonic() < deadline:
            self._print_output()
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)  # each leads a group: what it left behind goes too
            child.process.wait()

    def _running(self) -> bool:
        return any(child.process.poll() is None for child in self.children)


if __name__ == "__main__":
    sys.exit(main())
