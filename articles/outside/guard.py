"""Only public addresses are reached, whatever a name resolves to and however often it changes its mind.

The check and the connection use one and the same resolution: a name is resolved once for each connection, every address
it gives must be public, and the socket is opened to an address that was checked. TLS still verifies the name. No proxy
is used, because a proxy would resolve the name again.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import httpcore

from articles.outside.deadline import Deadline, TimedStream
from articles.outside.errors import Forbidden, Unreachable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]
SocketOptions = Iterable[tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]]

_PORTS = {"http": 80, "https": 443}
_LONGEST = 4_000
_HOST = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]", re.ASCII)
_KEPT = "/%:@!$&'()*+,;=~-._[]"
# What Python's `is_global` lets pass, in one of its versions at least.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays of 6to4
        "168.63.129.16/32",  # a cloud's own services, at an address that looks public
        "100.64.0.0/10",  # carriers' private addresses
        "2001::/23",  # protocol assignments, Teredo among them
        "2002::/16",  # 6to4: an IPv4 address of any kind inside
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet; an IPv4 address inside an IPv6 one is judged by itself."""
    address = _plain(ipaddress.ip_address(text))
    if any(address in network for network in _NOT_PUBLIC if network.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _plain(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system finds them. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Guard:
    """Says which addresses may be asked.

    `allowed` names pairs of IP address and port that are open although they are not public: a server of the tests.
    `resolve` and `network` are the system's own unless a test replaces them.
    """

    allowed: frozenset[tuple[str, int]] = frozenset()
    resolve: Resolve = system_resolve
    network: httpcore.NetworkBackend = httpcore.SyncBackend()  # noqa: RUF009 - it holds no state

    def target(self, address: str) -> httpcore.URL:
        """The parts of a web address, in ASCII. Raises `Forbidden` for what is none, and for ports not of the web."""
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").encode("idna").decode("ascii")
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise Forbidden(f"{address[:200]!r} is no web address.") from error
        if parts.scheme not in _PORTS or len(address) > _LONGEST or not _HOST.fullmatch(_bracketed(host)):
            raise Forbidden(f"{address[:200]!r} is no web address; it must begin with http:// or https://.")
        if "@" in parts.netloc:
            raise Forbidden(f"The address of {host} holds a name or a password; such addresses are not asked.")
        if port not in _PORTS.values() and port not in {open_port for _, open_port in self.allowed}:
            raise Forbidden(f"{address[:200]} asks for port {port}; only 80 and 443 are allowed.")
        target = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT + '?')}" * bool(parts.query))
        return httpcore.URL(scheme=parts.scheme, host=host, port=port, target=target)

    def addresses(self, host: str, port: int) -> list[str]:
        """Where a host is, resolved once. Raises `Forbidden` if any of its addresses is not public."""
        try:
            found = self.resolve(host, port)
        except UnicodeError as error:
            raise Forbidden(f"{host!r} is no name of a host.") from error
        except OSError as error:
            is_passing = getattr(error, "errno", None) == socket.EAI_AGAIN
            raise Unreachable(
                f"{host} was not found: there is no connection now, or the address is wrong.", is_passing=is_passing
            ) from error
        if not found:
            raise Unreachable(
                f"{host} was not found: there is no connection now, or the address is wrong.", is_passing=False
            )
        for address in found:
            if (address, port) not in self.allowed and not is_public(address):
                raise Forbidden(f"{host} is at {address}, which is not a public address; such hosts are not asked.")
        return found


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to checked addresses only, and never beyond the deadline."""

    def __init__(self, guard: Guard, deadline: Deadline) -> None:
        self._guard, self._deadline = guard, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that answers."""
        failure: Exception | None = None
        for address in self._guard.addresses(host, port):
            try:
                stream = self._guard.network.connect_tcp(
                    address, port, self._deadline.bound(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return TimedStream(stream, self._deadline)
        raise failure or httpcore.ConnectError(host)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: SocketOptions | None = None
    ) -> httpcore.NetworkStream:
        """Never: nothing on this machine is asked."""
        raise Forbidden("Sockets of this machine are not asked.")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
