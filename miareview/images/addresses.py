"""Which addresses of a picture are asked, and which machines are never connected to.

An address comes out of a file of others. It must not be a way into the network of whoever fetches it: names are looked
up here, and connections are made to the numbers that were looked at, so that a name cannot change in between.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from miareview.errors import MiaReviewError
from miareview.identity import REPLACED_URLS, canonical_url
from miareview.text import clip

Socket = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressError(MiaReviewError):
    """An address that is not asked; `message` is a clause."""


class PrivateAddressError(AddressError):
    """It leads into a network that is not the open internet."""


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address, ready to be asked: `target` is path and query, percent-encoded."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def read(cls, url: str) -> Address:
        """Raises AddressError where the text is no address of the web."""
        try:
            parts = urlsplit(url.strip())
            scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
            host = host if ":" in host else host.encode("idna").decode("ascii")
        except (ValueError, UnicodeError) as error:
            raise AddressError(f"{clip(url, 200)} is no web address") from error
        if scheme not in ("http", "https"):
            raise AddressError(f"only http and https are asked, not {clip(scheme, 40) or 'an address without either'}")
        if not _HOST.fullmatch(host):
            raise AddressError(f"{clip(url, 200)} is no web address")
        target = quote(parts.path or "/", safe="/%:=@!$&'()*+,;~") + (
            "?" + quote(parts.query, safe="/%:=@!$&'()*+,;~?[]") if parts.query else ""
        )
        return cls(scheme, host, port or (443 if scheme == "https" else 80), target)

    @property
    def authority(self) -> str:
        """Host and, where it is not the usual one, port: what the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def join(self, location: str) -> Address:
        """Where a redirect from here leads. Raises AddressError."""
        try:
            return Address.read(urljoin(str(self), location))
        except ValueError as error:
            raise AddressError(f"{clip(location, 200)} is no web address") from error


def candidates(url: str) -> list[str]:
    """The addresses to try for a picture, in order: as written, and the one that the benchmark replaced by it.

    An address without a scheme is tried with https, then http; what has no host in it is given back as it is.
    """
    scheme, found, _ = url.strip().partition("://")
    now = canonical_url(url)
    addresses = [now, *(old for old, new in REPLACED_URLS.items() if new == now)]
    if found:
        return [f"{scheme}://{address}" for address in addresses]
    host, slash, _ = now.partition("/")
    if not slash or "." not in host or ":" in host:
        return [url.strip()]
    return [f"{scheme}://{address}" for address in addresses for scheme in ("https", "http")]


def was_replaced(source: str) -> bool:
    """Whether a picture had from this address may be another than the benchmark means now."""
    return source.partition("://")[2] in REPLACED_URLS


def is_public(number: str) -> bool:
    """Whether an IP address is one of the open internet, also where it is wrapped in another (mapped, 6to4, NAT64)."""
    ip = ipaddress.ip_address(number)
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            wrapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def look_up(address: Address, *, allow_private: bool) -> list[Socket]:
    """The sockets to connect to. Raises AddressError where none is allowed, and OSError where there is none."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise AddressError(f"{clip(address.host, 80)} is no name of a host") from error
    sockets: list[Socket] = [(family, where) for family, _, _, _, where in found]  # type: ignore[misc]
    if allow_private:
        return sockets
    public = [one for one in sockets if is_public(one[1][0])]
    if not public:
        raise PrivateAddressError(
            f"{clip(address.host, 80)} is not on the open internet ({sockets[0][1][0]}), "
            "and is asked with --allow-private only"
        )
    return public
