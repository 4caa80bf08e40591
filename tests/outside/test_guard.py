"""No private address is reached: not by number, not by name, not by redirect, not by a name that changes its mind."""

import socket

import pytest

from articles.outside.client import Client, Patience, Question
from articles.outside.errors import FetchError, Forbidden, Refused, Unreachable
from articles.outside.guard import Guard, is_public
from articles.outside.pace import Pace
from tests.outside.site import Reply, Wires, client_for

PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:1.1.1.1", "64:ff9b::101:101"]
NOT_PUBLIC = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_other_addresses(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://127。0。0。1/",
        "http://１２７.0.0.1/",
    ],
)
def test_own_machine_and_network_are_not_asked_directly_or_by_redirect(site, address):
    client, _ = client_for(site)
    for question in (address, site.on("/a", Reply(status=302, headers={"Location": _in_header(address)}))):
        with pytest.raises(Forbidden, match="not a public address"):
            client.ask(Question(question))
    assert [request.path for request in site.requests] == ["/a"]


def _in_header(address: str) -> str:
    return address.encode().decode("latin-1")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "gopher://a.example/",
        "//a.example/",
        "a.example",
        "",
        "http://",
        "http://:80/",
        "http://user:secret@a.example/",
        "http://user@a.example/",
        "http://a.example:22/",
        "http://a.example:0/",
        "http://a.example:99999/",
        "http://a.example:x/",
        "http://a b.example/",
        "http://a.example\\@b.example/",
        "http://a..example/",
        "http://[::1/",
        "http://a%2eexample/",
        "http://a.example/" + "a" * 5000,
    ],
)
def test_only_plain_web_addresses_are_asked(site, address):
    client, _ = client_for(site)
    with pytest.raises(Forbidden):
        client.ask(Question(address))
    assert site.requests == []


def test_error_does_not_repeat_a_password():
    with pytest.raises(Forbidden) as caught:
        Guard().target("http://user:secret@a.example/")
    assert "secret" not in str(caught.value)


def test_line_ends_in_an_address_cannot_make_headers(site):
    client, _ = client_for(site)
    client_error = None
    try:
        client.ask(Question(f"{site.address}/a\r\nX-Evil: 1"))
    except FetchError as error:
        client_error = error
    assert client_error
    assert all("x-evil" not in request.headers for request in site.requests)


def fake_names(*answers: list[str]):
    """A resolver that gives one answer after the other, and the names it was asked for."""
    asked: list[str] = []
    left = list(answers)

    def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return left.pop(0)

    return resolve, asked


def wired(site, *answers: list[str]) -> tuple[Client, Wires, list[str]]:
    wires = Wires(site)
    resolve, asked = fake_names(*answers)
    guard = Guard(resolve=resolve, network=wires)
    return Client("mskb/1.0", guard, Pace(otherwise=0), Patience(tries=1), lambda _: None), wires, asked


def test_the_checked_address_is_the_one_connected_to(site):
    client, wires, asked = wired(site, ["93.184.216.34"], ["127.0.0.1"])
    site.on("/a", Reply(b"x"))
    assert client.ask(Question("http://rebind.example/a")).data == b"x"
    assert (wires.addresses, asked) == ([("93.184.216.34", 80)], ["rebind.example"])
    with pytest.raises(Forbidden, match=r"rebind\.example is at 127\.0\.0\.1"):
        client.ask(Question("http://rebind.example/a"))
    assert len(wires.addresses) == 1


def test_name_that_turns_private_between_two_hops_is_refused(site):
    client, _, _ = wired(site, ["93.184.216.34"], ["10.0.0.1"])
    site.on("/a", Reply(status=307, headers={"Location": "http://rebind.example/b"}))
    with pytest.raises(Forbidden, match=r"10\.0\.0\.1"):
        client.ask(Question("http://rebind.example/a"))
    assert [request.path for request in site.requests] == ["/a"]


def test_one_private_address_among_public_ones_is_enough(site):
    client, wires, _ = wired(site, ["93.184.216.34", "fe80::1%eth0"])
    with pytest.raises(Forbidden, match="fe80::1"):
        client.ask(Question("http://mixed.example/"))
    assert wires.addresses == []


def test_tls_is_asked_for_the_name(site):
    client, wires, _ = wired(site, ["93.184.216.34"])
    site.on("/a", Reply(b"x"))
    assert client.ask(Question("https://clinic.example/a")).data == b"x"
    assert (wires.addresses, wires.names) == ([("93.184.216.34", 443)], ["clinic.example"])
    assert site.requests[0].headers["host"] == "clinic.example"


def test_encryption_is_not_given_up(site):
    client, _, _ = wired(site, ["93.184.216.34"])
    site.on("/a", Reply(status=301, headers={"Location": "http://clinic.example/b"}))
    with pytest.raises(Forbidden, match="not encrypted"):
        client.ask(Question("https://clinic.example/a"))


def test_allowed_opens_one_address_at_one_port(site):
    guard = Guard(frozenset({("127.0.0.1", site.port)}))
    client, _ = client_for(site, guard)
    site.on("/a", Reply(b"x"))
    assert client.ask(Question(f"http://127.0.0.1:{site.port}/a")).data == b"x"
    with pytest.raises(Forbidden):
        client.ask(Question(f"http://127.0.0.2:{site.port}/a"))
    with pytest.raises(Forbidden):
        client.ask(Question(f"http://127.0.0.1:{site.port + 1}/a"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_the_last_address_told(site, status):
    client, _ = client_for(site)
    site.on("/c/d", Reply(b"x"))
    answer = client.ask(Question(site.on("/a", Reply(status=status, headers={"Location": "c/d?e=f"}))))
    assert (answer.data, answer.final_address) == (b"x", f"{site.address}/c/d?e=f")


def test_redirects_end(site):
    client, _ = client_for(site)
    with pytest.raises(Refused, match="more than 5 times"):
        client.ask(Question(site.on("/a", Reply(status=302, headers={"Location": "/a"}))))
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    "location", ["http://[", "", "javascript:alert(1)", "file:///etc/passwd", "http://user:pw@a.example/"]
)
def test_senseless_redirects_are_refused(site, location):
    client, _ = client_for(site)
    with pytest.raises((Forbidden, Refused)):
        client.ask(Question(site.on("/a", Reply(status=302, headers={"Location": location}))))
    assert len(site.requests) == 1


def test_forms_are_not_sent_on(site):
    client, _ = client_for(site)
    site.on("/b", Reply(b"x"))
    with pytest.raises(Refused, match="moved to"):
        client.ask(Question(site.on("/a", Reply(status=307, headers={"Location": "/b"})), form={"api_key": "k"}))
    assert site.asked("/b") == []


def test_unknown_name_is_not_asked_again_and_an_absent_name_server_is(site):
    def failing(number: int):
        def resolve(host: str, port: int) -> list[str]:
            raise socket.gaierror(number, "no")

        return resolve

    for number, tries in ((socket.EAI_NONAME, 0), (socket.EAI_AGAIN, 2)):
        client, pauses = client_for(site, Guard(resolve=failing(number)))
        with pytest.raises(Unreachable, match=r"nowhere\.example was not found"):
            client.ask(Question("http://nowhere.example/"))
        assert len(pauses) == tries
