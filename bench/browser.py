"""As light a web client as can be: one socket a request (sync workers close it anyway), cookies, redirects, CSRF."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from urllib.parse import urlencode

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
BOUNDARY = "placard-bench-7f3k2"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def token(self) -> str:
        found = TOKEN.search(self.body)
        assert found, self.body[:2000]
        return found[1].decode()


def unchunked(body: bytes) -> bytes:
    parts, at = [], 0
    while size := int(body[at : (line := body.index(b"\r\n", at))], 16):
        parts.append(body[line + 2 : line + 2 + size])
        at = line + 2 + size + 2
    return b"".join(parts)


class Browser:
    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.requests = 0

    def get(self, path: str) -> Answer:
        return self._follow(self.send("GET", path))

    def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        kind = "application/x-www-form-urlencoded"
        return self._follow(self.send("POST", path, urlencode(fields).encode(), kind))

    def post_with_file(self, path: str, fields: dict[str, str], name: str, content: bytes) -> Answer:
        start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
        parts = [f'{start}"{field}"\r\n\r\n{value}\r\n' for field, value in fields.items()]
        parts.append(f'{start}"{name}"; filename="letter.pdf"\r\nContent-Type: application/pdf\r\n\r\n')
        body = "".join(parts).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self._follow(self.send("POST", path, body, f"multipart/form-data; boundary={BOUNDARY}"))

    def _follow(self, answer: Answer) -> Answer:
        while answer.status in (301, 302, 303):
            self.last = answer.headers["location"]
            answer = self.send("GET", self.last)
        return answer

    def send(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        self.requests += 1
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}", "Accept-Language: en"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
            return self._read(connection)

    def _read(self, connection: socket.socket) -> Answer:
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(1 << 16)
        head, _, start = received.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return Answer(int(status.split()[1]), headers, self._body(connection, start, headers))

    def _body(self, connection: socket.socket, start: bytes, headers: dict[str, str]) -> bytes:
        """What follows the headers: as long as they say (closing without delay frees the worker), else to the end."""
        missing = int(headers.get("content-length", 1 << 40)) - len(start)
        chunks = [start]
        while missing > 0 and (chunk := connection.recv(1 << 18)):
            chunks.append(chunk)
            missing -= len(chunk)
        body = b"".join(chunks)
        return unchunked(body) if headers.get("transfer-encoding") == "chunked" else body


def signed_in(port: int, email: str, password: str) -> Browser:
    """An organiser's browser."""
    browser = Browser(port)
    page = browser.get("/admin/login/?next=/admin/")
    fields = [("csrfmiddlewaretoken", page.token), ("username", email), ("password", password), ("next", "/admin/")]
    answer = browser.post("/admin/login/", fields)
    assert "sessionid" in browser.cookies, answer.body[:2000]
    return browser
