"""What the same work costs without us: the same rows written by psycopg2, the same list written by COPY, the same
messages sent by smtplib."""

from __future__ import annotations

import secrets
import smtplib
import threading
import time
import uuid
from pathlib import Path
from typing import Any

from psycopg2 import sql

from bench.rows import autocommitting, connect
from bench.stack import Stack

CONNECTIONS = 2  # as many as there are web workers
FRESH = {
    "reference": lambda: f"Z-{secrets.token_hex(5)}",
    "attempt": lambda: str(uuid.uuid4()),
    "digest": lambda: secrets.token_hex(32),
    "key": lambda: f"floor-{secrets.token_hex(8)}",
}
# What one registration writes, transaction by transaction: the draft with its letter, the key to its page, the move
# with its history and its mail; then the worker takes the mail with a key of its own, and notes that it was sent.
TRANSACTIONS = (
    ("registration_registration", "registration_letter"),
    ("registration_accesskey",),
    ("UPDATE registration_registration", "registration_registrationevent", "registration_outgoingmail"),
    ("UPDATE registration_outgoingmail", "registration_accesskey"),
    ("UPDATE registration_outgoingmail",),
)
UPDATES = {
    "UPDATE registration_registration": "UPDATE registration_registration SET status_since = now(), "
    "submitted_at = now(), changed_at = now() WHERE id = %(registration)s",
    "UPDATE registration_outgoingmail": "UPDATE registration_outgoingmail SET claimed_at = now(), "
    "attempts = attempts + 1 WHERE id = %(mail)s",
}
TABLES = dict.fromkeys(t for tables in TRANSACTIONS for t in tables if not t.startswith("UPDATE"))


class Copies:
    """Rows of real registrations, to be written again under new keys."""

    def __init__(self, references: list[str]) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.inserts: dict[str, str] = {}
        with autocommitting() as cursor:
            cursor.execute("SELECT id FROM registration_registration WHERE reference = ANY(%s)", [references])
            ids = [row[0] for row in cursor.fetchall()]
            for table in TABLES:
                column = "id" if table == "registration_registration" else "registration_id"
                select = sql.SQL("SELECT * FROM {} WHERE {} = ANY(%s) ORDER BY id")
                cursor.execute(select.format(sql.Identifier(table), sql.Identifier(column)), [ids])
                self._keep(cursor, table)

    def _keep(self, cursor: Any, table: str) -> None:
        names = [c.name for c in cursor.description]
        self.rows[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        columns = [n for n in names if n != "id"]
        insert = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(map(sql.Placeholder, columns)),
        )
        self.inserts[table] = insert.as_string(cursor)

    def write(self, connection: Any, number: int) -> None:
        """One registration: the same statements in the same transactions, each committed."""
        known: dict[str, int] = {}
        for statements in TRANSACTIONS:
            with connection, connection.cursor() as cursor:
                for statement in statements:
                    self._execute(cursor, statement, number, known)

    def _execute(self, cursor: Any, statement: str, number: int, known: dict[str, int]) -> None:
        if statement in UPDATES:
            cursor.execute(UPDATES[statement], known)
            return
        row = self.rows[statement][number % len(self.rows[statement])]
        fresh = {name: make() for name, make in FRESH.items() if name in row}
        if "registration_id" in row:
            fresh["registration_id"] = known["registration"]
        cursor.execute(self.inserts[statement], row | fresh)
        made = cursor.fetchone()[0]
        if statement == "registration_registration":
            known["registration"] = made
        elif statement == "registration_outgoingmail":
            known["mail"] = made


def insert_again(references: list[str], count: int) -> float:
    """Registrations a second when nothing is left of them but their statements; what it wrote is taken away again."""
    copies = Copies(references)

    def work(share: range) -> None:
        connection = connect()
        for number in share:
            copies.write(connection, number)
        connection.close()

    threads = [threading.Thread(target=work, args=(range(n, count, CONNECTIONS),)) for n in range(CONNECTIONS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    _forget_copies()
    return count / seconds


def _forget_copies() -> None:
    copied = "(SELECT id FROM registration_registration WHERE reference LIKE 'Z-%')"
    with autocommitting() as cursor:
        for table in reversed(TABLES):
            column = "id" if table == "registration_registration" else "registration_id"
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN {copied}")  # noqa: S608 (our own names)
        cursor.execute("VACUUM ANALYZE")


def copy_to_file(copy_sql: str, path: Path) -> float:
    """Seconds that PostgreSQL takes to write what this statement selects into a file."""
    with autocommitting() as cursor, path.open("wb") as file:
        started = time.perf_counter()
        cursor.copy_expert(copy_sql, file)
        return time.perf_counter() - started


def send_again(stack: Stack, messages: list[bytes]) -> float:
    """Seconds that one raw connection takes to send the same messages."""
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", stack.mailbox.port) as connection:
        for message in messages:
            connection.sendmail("floor@example.org", ["somebody@example.org"], message)
        arrived = stack.mailbox.wait_for(len(messages))
    stack.mailbox.empty()
    return arrived - started
