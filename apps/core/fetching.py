"""A file fetched from an address that somebody else wrote down, without being led into our own network.

1. Only http and https on their own ports, without a name and password in the address.
2. The host is looked up once; every address it has must be public. The connection goes to the very address that was
   checked, so that a name which is answered otherwise a moment later changes nothing; the certificate is checked
   against the name.
3. A redirect is followed a few times, each checked in the same way. No proxy of the environment is used.
4. There is an end to it: so many bytes, so many seconds in all, whatever the other side does.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

PORTS = {"http": 80, "https": 443}
MOST_REDIRECTS, BLOCK = 3, 1 << 16
_REDIRECTS = (301, 302, 303, 307, 308)
_LATER = (408, 425, 429, 500, 502, 503, 504)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # NAT64: an IPv4 address stands in the last 32 bits


class Unfetchable(Exception):
    """It cannot be had; the text says why. `later` says that another attempt may succeed."""

    def __init__(self, why: str, *, later: bool = False):
        self.later = later
        super().__init__(why)


def fetch(url: str, *, most_bytes: int, seconds: float) -> bytes:
    """The content at `url`. Raises `Unfetchable`."""
    until = time.monotonic() + seconds
    for _hop in range(MOST_REDIRECTS + 1):
        content, target = _ask(url, most_bytes, until)
        if target is None:
            return content
        url = urljoin(url, target)
    raise Unfetchable(_("It leads on more than %(n)s times.") % {"n": MOST_REDIRECTS})


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also where it stands within another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if ip in _TRANSLATED:
            inner = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _ask(url: str, most_bytes: int, until: float) -> tuple[bytes, str | None]:
    """The content, or where a redirect leads."""
    scheme, host, port, path = _parts(url)
    try:
        address = _address_of(host, port)
        connection = _Pinned(scheme, host, port, address, _left(until))
        with _ended_at(connection, until):
            connection.request("GET", path, headers={"User-Agent": "Tradewell", "Accept-Encoding": "identity"})
            return _answer(connection.getresponse(), most_bytes, until)
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = time.monotonic() >= until
        said = _("It took too long.") if late else _("No answer: %(why)s") % {"why": str(error)[:120] or type(error)}
        raise Unfetchable(said, later=not isinstance(error, ValueError | ssl.SSLCertVerificationError)) from error


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
        host = host and host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise Unfetchable(_("It is no address.")) from None
    if scheme not in PORTS or not host or any(ord(ch) <= 32 for ch in url):
        raise Unfetchable(_("It is no address that begins with http:// or https://."))
    if parts.username is not None or parts.password is not None:
        raise Unfetchable(_("It holds a name or password."))
    if port not in (None, PORTS[scheme]):
        raise Unfetchable(_("Only the usual port of %(scheme)s is asked.") % {"scheme": scheme})
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return scheme, host, port or PORTS[scheme], _quoted(path)


def _quoted(path: str) -> str:
    """The path as it may stand in a request: what is not ASCII is written in per cents."""
    return "".join(ch if ch.isascii() else "".join(f"%{byte:02X}" for byte in ch.encode()) for ch in path)


def _address_of(host: str, port: int) -> str:
    """The address to connect to, after all that the host has were looked at."""
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise Unfetchable(_("There is no host %(host)s.") % {"host": host[:80]}, later=True) from error
    if not found or not all(map(is_public, found)):
        raise Unfetchable(_("%(host)s is no host of the open internet.") % {"host": host[:80]})
    return found[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, in the name of the host."""

    def __init__(self, scheme: str, host: str, port: int, address: str, timeout: float):
        super().__init__(host, port, timeout=timeout)
        self.scheme, self.address = scheme, address
        self.default_port = PORTS[scheme]

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = plain
        if self.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


@contextmanager
def _ended_at(connection: http.client.HTTPConnection, until: float):
    """Whatever the other side does, drop by drop, the connection is over then."""

    def end() -> None:
        with suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(_left(until), end)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        connection.close()


def _answer(answer: http.client.HTTPResponse, most_bytes: int, until: float) -> tuple[bytes, str | None]:
    if answer.status in _REDIRECTS and (target := answer.getheader("Location")):
        return b"", target
    if answer.status != 200:
        raise Unfetchable(_("The answer is %(status)s.") % {"status": answer.status}, later=answer.status in _LATER)
    too_much = Unfetchable(_("It has more than %(mib)s MiB.") % {"mib": most_bytes // 1024**2 or "1"})
    if int(answer.getheader("Content-Length") or 0) > most_bytes:
        raise too_much
    content = bytearray()
    while block := answer.read1(BLOCK):
        content += block
        if len(content) > most_bytes:
            raise too_much
        _left(until)
    if answer.length:  # it said that there would be more
        raise Unfetchable(_("It broke off."), later=True)
    return bytes(content), None


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
