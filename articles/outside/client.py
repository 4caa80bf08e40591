"""One small HTTP client: bounded in time and size, patient with busy servers, never led to a place it may not ask."""

import email.utils
import http
import random
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode, urljoin

import httpcore

from articles.outside import body
from articles.outside.deadline import Deadline
from articles.outside.errors import FetchError, Forbidden, NotFound, Refused, Unexpected, Unreachable
from articles.outside.guard import Guard, GuardedNetwork
from articles.outside.pace import Pace

MAX_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_ABSENT = (404, 410)
_BUSY = (408, 425, 429, 500, 502, 503, 504)
_CLOSED = (401, 402, 403, 407, 451)


@dataclass(frozen=True)
class Answer:
    """What came back. `final_address` is where redirects led to; `content_type` has no parameters, `charset` is one."""

    address: str
    final_address: str
    status: int
    content_type: str
    charset: str
    data: bytes
    fetched_at: datetime


def _any_hop(address: str) -> None:
    """Without a further rule every address that the guard lets pass may be asked."""


def _any_answer(answer: Answer) -> None:
    """Without a further check every answer of the right type will do."""


@dataclass(frozen=True)
class Question:
    """What to ask, and which answers will do.

    `form` is sent by POST. `types` are the content types that will do (none: any), `statuses` those beside 200 whose
    bodies are wanted. `limit` counts bytes, unpacked. `before_hop` is called with every address before it is asked,
    redirects included, and `check` with the answer; both refuse by raising a `FetchError`.
    """

    address: str
    form: Mapping[str, str] | None = None
    types: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    limit: int = 10_000_000
    before_hop: Callable[[str], None] = _any_hop
    check: Callable[[Answer], object] = _any_answer


@dataclass(frozen=True)
class Patience:
    """Seconds to wait for a connection, for the next bytes and for all of an answer; how often to try, pauses between.

    A server that asks for a longer pause than `longest_pause` is not asked again.
    """

    connect: float = 10
    read: float = 20
    total: float = 120
    tries: int = 4
    first_pause: float = 1
    longest_pause: float = 60


@dataclass
class Client:
    """Asks questions; `ask` is all it does."""

    user_agent: str
    guard: Guard = field(default_factory=Guard)
    pace: Pace = field(default_factory=Pace)
    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = time.sleep
    # Certificates as the system or SSL_CERT_FILE has them, and those that httpcore brings along.
    tls: ssl.SSLContext = field(default_factory=httpcore.default_ssl_context)

    def ask(self, question: Question) -> Answer:
        """The answer, after redirects and as many tries as patience allows. Raises `FetchError`."""
        for tried in range(1, self.patience.tries):
            try:
                return self._follow(question)
            except Unreachable as error:
                pause = self._pause(tried, error)
                if pause is None:
                    raise
                self.sleep(pause)
        return self._follow(question)

    def _pause(self, tried: int, error: Unreachable) -> float | None:
        """Seconds until the next try; None where none is worth it."""
        asked = error.retry_after or 0
        if not error.is_passing or asked > self.patience.longest_pause:
            return None
        pause = min(self.patience.first_pause * 2 ** (tried - 1), self.patience.longest_pause)
        # Of several clients that failed together not all come back together.
        return max(asked, pause * random.uniform(0.5, 1))  # noqa: S311 - no secret

    def _follow(self, question: Question) -> Answer:
        address = question.address
        deadline = Deadline(self.patience.total)
        for _ in range(MAX_REDIRECTS + 1):
            found = self._hop(question, address, deadline)
            if isinstance(found, Answer):
                question.check(found)
                return found
            address = _next_hop(question, address, found)
        raise Refused(f"{question.address} redirects more than {MAX_REDIRECTS} times.")

    def _hop(self, question: Question, address: str, deadline: Deadline) -> "Answer | Redirect":
        target = self.guard.target(address)
        question.before_hop(address)
        self.pace.wait(target.host.decode())
        try:
            with (
                httpcore.ConnectionPool(self.tls, network_backend=GuardedNetwork(self.guard, deadline)) as pool,
                self._stream(pool, question, target) as response,
            ):
                return _read(question, address, response)
        except httpcore.TimeoutException as error:
            raise Unreachable(f"{address} did not answer in time.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise _broken(address, error) from error

    def _stream(
        self, pool: httpcore.ConnectionPool, question: Question, target: httpcore.URL
    ) -> AbstractContextManager[httpcore.Response]:
        headers = [
            ("User-Agent", self.user_agent),
            ("Accept", ", ".join((*question.types, "*/*;q=0.1"))),
            ("Accept-Encoding", "gzip"),
            ("Connection", "close"),
        ]
        waits = {"connect": self.patience.connect, "read": self.patience.read, "write": self.patience.read}
        extensions = {"timeout": waits}
        if question.form is None:
            return pool.stream("GET", target, headers=headers, extensions=extensions)
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        content = urlencode(question.form).encode()
        return pool.stream("POST", target, headers=headers, content=content, extensions=extensions)


@dataclass(frozen=True)
class Redirect:
    """The address that an answer sends us to, as it was written."""

    location: str


def _read(question: Question, address: str, response: httpcore.Response) -> Answer | Redirect:
    if response.status in _REDIRECTS:
        return Redirect(_location(response))
    content_type, charset = _content_type(body.header(response, "content-type"))
    if response.status not in (200, *question.statuses):
        raise _failed(address, response)
    if response.status == http.HTTPStatus.OK and question.types and content_type not in question.types:
        raise Unexpected(
            f"{address} is of the type {content_type or 'unknown'}, not {' or '.join(question.types)}.", content_type
        )
    data = body.read(response, address, question.limit)
    return Answer(question.address, address, response.status, content_type, charset, data, datetime.now(UTC))


def _location(response: httpcore.Response) -> str:
    raw = next((value for key, value in response.headers if key.lower() == b"location"), b"")
    try:
        return raw.decode().strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def _next_hop(question: Question, address: str, redirect: Redirect) -> str:
    if question.form is not None:
        raise Refused(f"{address} has moved to {redirect.location[:200]}; what was sent is not sent there.")
    try:
        found = urljoin(address, redirect.location)
    except ValueError as error:
        raise Forbidden(f"{address} redirects to {redirect.location[:200]!r}, which is no web address.") from error
    if not redirect.location:
        raise Refused(f"{address} redirects without saying where to.")
    if address.startswith("https:") and found.startswith("http:"):
        raise Forbidden(f"{address} redirects to {found[:200]}, which is not encrypted; it is not followed.")
    return found


def _failed(address: str, response: httpcore.Response) -> FetchError:
    status = response.status
    if status in _ABSENT:
        return NotFound(f"{address} does not exist ({_named(status)}).")
    if status in _BUSY:
        retry_after = _seconds(body.header(response, "retry-after"))
        asked = f" and asks to wait {retry_after:.0f} seconds" if retry_after else ""
        return Unreachable(f"{address} cannot answer now ({_named(status)}){asked}.", retry_after=retry_after)
    said = "is not open to programs" if status in _CLOSED else "was refused"
    return Refused(f"{address} {said} ({_named(status)}).", status)


def _named(status: int) -> str:
    try:
        return f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _seconds(retry_after: str) -> float | None:
    """What a Retry-After header asks for: seconds, or a date."""
    if retry_after.isdecimal() and retry_after.isascii():
        return float(retry_after[:9])
    try:
        asked = email.utils.parsedate_to_datetime(retry_after)
        return max(0.0, (asked.replace(tzinfo=asked.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _content_type(header: str) -> tuple[str, str]:
    kind, *parameters = (part.strip() for part in header.split(";"))
    charsets = (part[8:].strip(" \"'") for part in parameters if part.lower().startswith("charset="))
    return kind.lower()[:100], next(charsets, "")


def _broken(address: str, error: Exception) -> FetchError:
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Unreachable(f"The certificate of {address} cannot be verified.", is_passing=False)
    if isinstance(error, httpcore.LocalProtocolError):
        return Refused(f"{address} cannot be asked: {error}.")
    if isinstance(error, httpcore.ConnectError):
        return Unreachable(f"{address} does not take connections.")
    return Unreachable(f"{address} broke off in the middle of the answer.")


def _causes(error: BaseException | None) -> Iterable[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
