"""Busy, broken, slow and hostile servers: a whole answer or one plain reason, in bounded time."""

import gzip
import socketserver
import ssl
import threading
import time
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from articles.outside.client import Client, Patience, Question
from articles.outside.errors import NotFound, Refused, TooLarge, Unexpected, Unreachable
from articles.outside.guard import Guard
from articles.outside.pace import Pace
from tests.outside.site import QUICK, Reply, client_for

PAGE = Reply(b"<p>Alpha</p>", 'text/html; Charset="utf-8"')


def busy(status: int, **headers: str) -> Reply:
    return Reply(b"busy", status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_answer_says_what_came_and_when(site):
    client, _ = client_for(site)
    answer = client.ask(Question(site.on("/a", PAGE) + "?b=%C3%A4&c=d e#part", types=("text/html",)))
    assert (answer.data, answer.status, answer.content_type, answer.charset) == (PAGE.body, 200, "text/html", "utf-8")
    assert abs(answer.fetched_at - datetime.now(UTC)) < timedelta(seconds=20)
    (request,) = site.requests
    assert request.headers["user-agent"] == "mskb/1.0 (+mailto:desk@example.org)"
    assert request.headers["host"] == f"clinic.example:{site.port}"
    assert request.query == "b=%C3%A4&c=d%20e"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_busy_server_is_asked_again(site, status):
    client, pauses = client_for(site)
    assert client.ask(Question(site.on("/a", busy(status), PAGE))).data == PAGE.body
    assert len(pauses) == 1


def test_pauses_grow_and_end(site):
    client, pauses = client_for(site, patience=Patience(tries=5, first_pause=8, longest_pause=20))
    with pytest.raises(Unreachable, match="cannot answer now \\(503 Service Unavailable\\)"):
        client.ask(Question(site.on("/a", busy(503))))
    assert len(site.requests) == 5
    assert all(
        least <= pause <= most for pause, least, most in zip(pauses, (4, 8, 10, 10), (8, 16, 20, 20), strict=True)
    )


def test_retry_after_is_honoured_in_seconds_and_as_a_date(site):
    client, pauses = client_for(site)
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    client.ask(Question(site.on("/a", busy(429, Retry_After="7"), busy(503, Retry_After=later), PAGE)))
    assert pauses[0] == 7
    assert 15 < pauses[1] <= 20


@pytest.mark.parametrize("wish", ["soon", "-3", "\u00b2", "", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 99 Nov 1994"])
def test_senseless_retry_after_is_no_wish(site, wish):
    client, pauses = client_for(site)
    client.ask(Question(site.on("/a", busy(429, Retry_After=wish), PAGE)))
    assert 0.25 <= pauses[0] <= 0.5


def test_server_that_wants_a_long_pause_is_not_waited_for(site):
    client, pauses = client_for(site)
    with pytest.raises(Unreachable, match="asks to wait 3600 seconds"):
        client.ask(Question(site.on("/a", busy(429, Retry_After="3600"))))
    assert (pauses, len(site.requests)) == ([], 1)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (404, NotFound, "does not exist"),
        (410, NotFound, "410 Gone"),
        (403, Refused, "not open to programs"),
        (401, Refused, "not open to programs"),
        (400, Refused, "400 Bad Request"),
        (418, Refused, "was refused"),
        (599, Refused, "599"),
        (204, Refused, "204"),
    ],
)
def test_final_refusals_are_not_repeated(site, status, error, words):
    client, _ = client_for(site)
    with pytest.raises(error, match=words):
        client.ask(Question(site.on("/a", Reply(status=status))))
    assert len(site.requests) == 1


def test_cut_body_is_asked_for_again(site):
    client, _ = client_for(site)
    address = site.on("/a", Reply(b"<p>Al", promised=12), PAGE)
    assert client.ask(Question(address)).data == PAGE.body
    with pytest.raises(Unreachable, match="broke off in the middle"):
        client.ask(Question(site.on("/b", Reply(b"<p>Al", promised=12))))
    assert len(site.asked("/b")) == QUICK.tries


def test_cut_gzip_is_asked_for_again(site):
    client, _ = client_for(site)
    packed = gzip.compress(b"<p>Alpha</p>")
    encoding = {"Content-Encoding": "gzip"}
    address = site.on("/a", Reply(packed[:-9], headers=encoding), Reply(packed, headers=encoding))
    assert client.ask(Question(address)).data == b"<p>Alpha</p>"
    assert len(site.requests) == 2


@pytest.mark.parametrize(
    ("name", "pack"), [("gzip", gzip.compress), ("X-GZIP", gzip.compress), ("deflate", zlib.compress)]
)
def test_packed_answers_are_unpacked(site, name, pack):
    client, _ = client_for(site)
    text = b"<p>Alpha</p>" * 20_000
    address = site.on("/a", Reply(pack(text), headers={"Content-Encoding": name}))
    assert client.ask(Question(address, limit=len(text))).data == text


@pytest.mark.parametrize(("encoding", "words"), [("br", "packed as 'br'"), ("gzip", "and is not")])
def test_unknown_and_false_packing_is_refused(site, encoding, words):
    client, _ = client_for(site)
    with pytest.raises(Unexpected, match=words):
        client.ask(Question(site.on("/a", Reply(b"<p>Alpha</p>", headers={"Content-Encoding": encoding}))))


def test_gzip_bomb_is_refused_before_it_unfolds(site):
    packer = zlib.compressobj(9, wbits=31)
    megabyte = bytes(1_000_000)
    bomb = b"".join(packer.compress(megabyte) for _ in range(200)) + packer.flush()
    client, _ = client_for(site)
    assert len(bomb) < 500_000
    address = site.on("/a", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    tracemalloc.start()
    with pytest.raises(TooLarge, match="more than 1 MB"):
        client.ask(Question(address, limit=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_large_answers_are_refused_declared_or_not(site):
    client, _ = client_for(site)
    address = site.on("/a", Reply(bytes(1001)), Reply(b"", promised=5_000_000), Reply(bytes(1000)))
    for _ in range(2):
        with pytest.raises(TooLarge, match=r"more than 0\.001 MB"):
            client.ask(Question(address, limit=1000))
    assert len(client.ask(Question(address, limit=1000)).data) == 1000


@pytest.mark.parametrize("kind", ["application/pdf", "", "text/htmlx", ";"])
def test_other_types_are_refused(site, kind):
    client, _ = client_for(site)
    with pytest.raises(Unexpected, match="not text/html or text/plain"):
        client.ask(Question(site.on("/a", Reply(b"x", kind)), types=("text/html", "text/plain")))


@pytest.mark.parametrize(
    ("reply", "read"), [(Reply(b"x" * 100, drip=0.1), 0.4), (Reply(b"x", hang=5), 0.4), (Reply(b"x", hang=5), 60)]
)
def test_slow_answers_end(site, reply, read):
    client, _ = client_for(site, patience=Patience(connect=1, read=read, total=0.7, tries=1))
    started = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        client.ask(Question(site.on("/a", reply)))
    assert time.monotonic() - started < 2


class DrippingHeaders(socketserver.StreamRequestHandler):
    """A header that never ends."""

    def handle(self) -> None:
        self.rfile.readline()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
        for _ in range(100):
            self.wfile.write(b"a")
            time.sleep(0.1)


def test_slow_headers_end(site):
    client, _ = client_for(site, patience=Patience(connect=1, read=0.4, total=0.7, tries=1))
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), DrippingHeaders) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        client.guard = Guard(frozenset({server.server_address}))
        started = time.monotonic()
        with pytest.raises(Unreachable, match="in time"):
            client.ask(Question(f"http://127.0.0.1:{server.server_address[1]}/"))
        server.shutdown()
    assert time.monotonic() - started < 2


def test_nobody_there(site):
    client, pauses = client_for(site)
    site.close()
    with pytest.raises(Unreachable, match="does not take connections"):
        client.ask(Question(f"{site.address}/a"))
    assert len(pauses) == QUICK.tries - 1


def test_check_may_ask_again(site):
    client, _ = client_for(site)

    def check(answer):
        if answer.data != b"whole":
            raise Unreachable("Not whole.")

    assert client.ask(Question(site.on("/a", Reply(b"who"), Reply(b"whole")), check=check)).data == b"whole"


def test_each_host_has_its_pace():
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace({"slow.example": 3}, otherwise=1, clock=lambda: now[0], sleep=sleep)
    for host in ("slow.example", "a.example", "b.example", "a.example", "slow.example"):
        pace.wait(host)
    assert slept == [1, 2]
    now[0] += 60
    pace.wait("slow.example")
    assert slept == [1, 2]


def test_every_request_keeps_the_pace(site):
    slept = []
    client, _ = client_for(site)
    client.pace = Pace(otherwise=50, clock=lambda: 0, sleep=slept.append)
    site.on("/b", PAGE)
    client.ask(Question(site.on("/a", busy(500), Reply(status=302, headers={"Location": "/b"}))))
    assert slept == [50, 100]


def test_certificates_are_verified():
    tls = Client("mskb").tls
    assert tls.check_hostname
    assert tls.verify_mode == ssl.CERT_REQUIRED
