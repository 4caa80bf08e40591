"""Pages of the web: text, of bearable size, and only where robots.txt lets programs in."""

import pytest

from articles.outside import Fetched, Identifier, NotFetched
from articles.outside.page import page
from articles.outside.robots import Robots
from tests.outside.site import Reply, client_for


def read(site, address: str) -> Fetched | NotFetched:
    client, _ = client_for(site)
    return page(client, Identifier("url", address), Robots(client).check)


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/xhtml+xml", "text/plain", "text/markdown"])
def test_text_of_any_kind_comes_as_it_is(site, kind):
    address = site.on("/a", Reply("<p>Alpha é</p>".encode(), kind))
    result = read(site, address)
    assert isinstance(result, Fetched)
    assert (result.data, result.name, result.address) == ("<p>Alpha é</p>".encode(), address, address)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"%PDF-1.7 x", "application/pdf"), "is a PDF"),
        (Reply(b"\n%PDF-1.7 x", "text/html"), "is a PDF"),
        (Reply(b"x", "image/png"), "of the type image/png"),
        (Reply(b" \n", "text/html"), "is empty"),
        (Reply(b"", status=404), "does not exist"),
        (Reply(b"", status=403), "Save the page in a browser"),
        (Reply(b"x" * 10_000_001), "more than 10 MB"),
        (Reply(status=302, headers={"Location": "http://169.254.169.254/"}), "not a public address"),
    ],
)
def test_other_answers_are_told(site, reply, words):
    result = read(site, site.on("/a", reply))
    assert isinstance(result, NotFetched)
    assert words in result.reason


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("text/html; charset=windows-1251", "Клиника".encode("cp1251"), "\ufeffКлиника".encode()),
        ("text/html; charset=ISO-8859-1", b"\x93Alpha\x94", "\ufeff“Alpha”".encode()),
        ('text/html;charset="Shift_JIS"', "医院".encode("shift_jis"), "\ufeff医院".encode()),
        ("text/html; charset=utf-16", "\ufeffA".encode("utf-16-le"), "\ufeffA".encode("utf-16-le")),
        ("text/html; charset=shift_jis", b"\x81", b"\x81"),
        ("text/html; charset=punycode", b"abc", b"abc"),
        ("text/html; charset=rot13", b"abc", b"abc"),
        ("text/html", b"\xe9", b"\xe9"),
    ],
)
def test_encoding_that_only_the_header_tells_is_kept(site, kind, data, expected):
    result = read(site, site.on("/a", Reply(data, kind)))
    assert isinstance(result, Fetched)
    assert result.data == expected


ROBOTS = b"User-agent: *\nDisallow: /private\nAllow: /private/open\n\nUser-agent: mskb\nDisallow: /mskb\n"


@pytest.mark.parametrize(("path", "is_open"), [("/mskb/a", False), ("/other", True), ("/private/a", True)])
def test_the_rule_that_names_us_counts(site, path, is_open):
    site.on("/robots.txt", Reply(ROBOTS, "text/plain"))
    result = read(site, site.on(path, Reply(b"x")))
    assert isinstance(result, Fetched) == is_open
    assert bool(site.asked(path)) == is_open
    if not is_open:
        assert "/robots.txt does not let programs read" in result.reason


@pytest.mark.parametrize(
    ("robots", "is_open"),
    [
        (Reply(b"User-agent: *\nDisallow: /a", "text/plain"), False),
        (Reply(b"User-agent: *\r\nDisallow: *a$\r\n", "text/plain"), False),
        (Reply(b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "text/plain"), False),
        (Reply(b"User-agent: other\nDisallow: /", "text/plain"), True),
        (Reply(b"<html>Welcome", "text/html"), True),
        (Reply(b"\xff\xfe\x00", "text/plain"), True),
        (Reply(b"", status=404), True),
        (Reply(b"", status=403), True),
        (Reply(b"", status=500), False),
        (Reply(b"", status=429), False),
        (Reply(b"x", promised=100), False),
        (Reply(b"x" * 600_000, "text/plain"), False),
        (Reply(status=302, headers={"Location": "http://127.0.0.1/robots.txt"}), False),
    ],
)
def test_robots_is_respected_and_absent_only_where_the_site_says_so(site, robots, is_open):
    site.on("/robots.txt", robots)
    assert isinstance(read(site, site.on("/a", Reply(b"x"))), Fetched) == is_open
    assert bool(site.asked("/a")) == is_open


def test_robots_is_asked_once_for_a_site_and_again_for_another(site):
    client, _ = client_for(site)
    check = Robots(client).check
    site.on("/robots.txt", Reply(b"", status=404))
    there = f"http://other.example:{site.port}"
    for address in (f"{site.address}/a", f"{site.address}/b", f"{there}/a", f"{there}/b"):
        check(address)
    assert [request.headers["host"] for request in site.asked("/robots.txt")] == [
        f"clinic.example:{site.port}",
        f"other.example:{site.port}",
    ]


def test_robots_of_every_hop_count(site):
    def robots(request):
        closed = request.headers["host"].startswith("closed")
        return Reply(b"User-agent: *\nDisallow: /" if closed else b"", "text/plain")

    site.on("/robots.txt", robots)
    site.on("/b", Reply(b"x"))
    result = read(site, site.on("/a", Reply(status=302, headers={"Location": f"http://closed.example:{site.port}/b"})))
    assert isinstance(result, NotFetched)
    assert "robots.txt" in result.reason
    assert site.asked("/b") == []


def test_site_whose_robots_cannot_be_read_is_not_asked_twice(site):
    client, _ = client_for(site)
    robots = Robots(client)
    site.on("/robots.txt", Reply(b"", status=500))
    results = [page(client, Identifier("url", f"{site.address}/{name}"), robots.check) for name in "ab"]
    assert all("cannot be known now" in result.reason for result in results)
    assert len(site.requests) == 3
