"""A web server of the tests' own, which answers what it is told to, faults included."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpcore

from articles.outside.client import Client, Patience
from articles.outside.guard import Guard
from articles.outside.pace import Pace

QUICK = Patience(connect=1, read=0.4, total=1.2, tries=3, first_pause=0.5, longest_pause=30)


@dataclass(frozen=True)
class Request:
    """What the server was asked; `values` are the parameters of address and form."""

    method: str
    path: str
    values: dict[str, str]
    headers: dict[str, str]
    query: str


@dataclass(frozen=True)
class Reply:
    """An answer. `promised` bytes are announced though `body` may have fewer; a `drip` sends a byte every so many
    seconds."""

    body: bytes = b""
    type: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None
    drip: float = 0
    hang: float = 0


Answering = Reply | Callable[[Request], Reply]


class Site:
    """Answers by path: the replies given for it one after the other, the last one for ever; 404 elsewhere."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._replies: dict[str, list[Answering]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.address = f"http://clinic.example:{self.port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def on(self, path: str, *replies: Answering) -> str:
        """Answer so at this path; the address to ask."""
        self._replies[path] = list(replies)
        return self.address + path

    def asked(self, path: str) -> list[Request]:
        """The requests for this path so far."""
        return [request for request in self.requests if request.path == path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reply(self, request: Request) -> Reply:
        self.requests.append(request)
        replies = self._replies.get(request.path, [Reply(b"nothing here", status=404)])
        answering = replies.pop(0) if len(replies) > 1 else replies[0]
        return answering if isinstance(answering, Reply) else answering(request)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                values = {name: value[0] for name, value in parse_qs(f"{parts.query}&{form}").items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                self._send(site.reply(Request(self.command, parts.path, values, headers, parts.query)))

            do_POST = do_GET

            def _send(self, reply: Reply) -> None:
                time.sleep(reply.hang)
                self.send_response(reply.status)
                if reply.type:
                    self.send_header("Content-Type", reply.type)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body) if reply.promised is None else reply.promised))
                self.end_headers()
                pieces = [reply.body] if not reply.drip else [bytes([byte]) for byte in reply.body]
                try:
                    for piece in pieces:
                        self.wfile.write(piece)
                        time.sleep(reply.drip)
                except OSError:
                    pass
                self.close_connection = True

            def log_message(self, *_: Any) -> None:
                """Nothing: the tests read what was asked."""

        return Handler


class Wires(httpcore.NetworkBackend):
    """Connects every address to the site, and notes which address and which TLS name were meant."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.addresses: list[tuple[str, int]] = []
        self.names: list[str | None] = []

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.addresses.append((host, port))
        stream = httpcore.SyncBackend().connect_tcp("127.0.0.1", self.site.port, timeout=1)
        return PretendTLS(stream, self.names)


class PretendTLS(httpcore.NetworkStream):
    """A plain connection that says it is encrypted."""

    def __init__(self, stream: httpcore.NetworkStream, names: list[str | None]) -> None:
        self._stream, self._names = stream, names

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, _: Any, server_hostname: str | None = None, timeout: float | None = None) -> "PretendTLS":
        self._names.append(server_hostname)
        return self

    def get_extra_info(self, info: str) -> Any:
        return None if info == "ssl_object" else self._stream.get_extra_info(info)


def guard_for(site: Site) -> Guard:
    """Names under .example lead to the site; other names and numbers are what the system makes of them."""

    def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"] if host.endswith(".example") else Guard().resolve(host, port)

    return Guard(frozenset({("127.0.0.1", site.port)}), resolve)


def client_for(site: Site, guard: Guard | None = None, patience: Patience = QUICK) -> tuple[Client, list[float]]:
    """A client that reaches the site and does not really pause; and the list of its pauses."""
    pauses: list[float] = []
    return Client(
        "mskb/1.0 (+mailto:desk@example.org)", guard or guard_for(site), Pace(otherwise=0), patience, pauses.append
    ), pauses
