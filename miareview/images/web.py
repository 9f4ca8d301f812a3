"""One picture asked of one server: what it sends is limited in time, in bytes and in hops, and every hop is looked at.

Built on http.client: a connection must go to a number that was checked, a deadline must hold for slow headers too, and
no body may be unpacked beyond a limit. The usual clients decide these things inside.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import unquote

from miareview import __version__
from miareview.errors import MiaReviewError
from miareview.images.addresses import Address, AddressError, PrivateAddressError, Socket, look_up
from miareview.images.folder import MAX_BYTES
from miareview.text import clip

HEADERS = {
    "User-Agent": f"miareview/{__version__}",
    "Accept": "image/jpeg, image/png, image/webp, image/gif, image/*;q=0.8, */*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
MAX_HOPS = 5
PIECE = 65536  # bytes read at a time
PLACEHOLDERS = ("photo_unavailable", "removed.png")
"""Beginnings of the names of pictures that servers (Flickr, Imgur) redirect to where one is gone."""

_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_MEANING = {
    401: "unauthorized",
    403: "forbidden",
    404: "not found",
    410: "gone",
    429: "too many requests",
    451: "barred",
}


class FetchError(MiaReviewError):
    """Why a picture was not had, as a clause. `again`: worth another try soon; `permanent`: not worth one ever;
    `wait`: seconds that the server asks to wait; `unreachable`: there was no answer at all."""

    def __init__(
        self,
        message: str,
        *,
        again: bool = False,
        permanent: bool = False,
        wait: float | None = None,
        unreachable: bool = False,
    ) -> None:
        super().__init__(message)
        self.again = again
        self.permanent = permanent
        self.wait = wait
        self.unreachable = unreachable


@dataclass(frozen=True, slots=True)
class Body:
    """What came: the bytes, and the address that was asked for them."""

    data: bytes
    source: str


class Download:
    """One picture on its way. `run` blocks; `abort` ends it from another thread; `requests` counts hops too."""

    def __init__(self, url: str, *, read_timeout: float, total: float, allow_private: bool) -> None:
        self.url = url
        self.requests = 0
        self.until = time.monotonic() + total
        self._read_timeout = read_timeout
        self._total = total
        self._allow_private = allow_private
        self._connection: _Pinned | None = None
        self._aborted = False

    def abort(self) -> None:
        """Cut the connection: what waits for it fails at once."""
        self._aborted = True
        if self._connection is not None and self._connection.sock is not None:
            with contextlib.suppress(OSError):  # socket's own: TLS would want to say goodbye first
                socket.socket.shutdown(self._connection.sock, socket.SHUT_RDWR)

    def run(self) -> Body:
        """The picture's bytes, not yet known to be a picture. Raises FetchError."""
        try:
            body = self._understood()
        except FetchError:
            if not self._aborted:
                raise
        if self._aborted:
            raise FetchError(f"it took more than {self._total:g} seconds")
        return body

    def _understood(self) -> Body:
        try:
            return self._follow(Address.read(self.url))
        except AddressError as error:
            raise FetchError(error.message, permanent=not isinstance(error, PrivateAddressError)) from error
        except socket.gaierror as error:
            why = clip(error.strerror or "", 80)
            raise FetchError(f"the server's name is not known ({why})", again=True, unreachable=True) from error
        except ssl.SSLCertVerificationError as error:
            raise FetchError(f"the server's certificate is not valid ({error.verify_message})") from error
        except TimeoutError as error:
            raise FetchError(f"the server sent nothing for {self._read_timeout:g} seconds", again=True) from error
        except (http.client.HTTPException, OSError, ValueError, zlib.error) as error:
            cut = isinstance(error, http.client.IncompleteRead | ConnectionError | ssl.SSLError)
            what = "the connection was cut" if cut else "the server's answer is not understood"
            said = clip(str(error) or type(error).__name__, 120)
            raise FetchError(f"{what} ({said})", again=True) from error
        finally:
            self._close()

    def _follow(self, address: Address) -> Body:
        for _ in range(MAX_HOPS + 1):
            response = self._ask(address)
            try:
                if response.status not in (301, 302, 303, 307, 308):
                    _look_at_status(response)
                    return Body(self._read(response), self.url)
                location = response.headers.get("Location", "")
            finally:
                response.close()
            name = unquote(location.partition("?")[0].rpartition("/")[2]).lower()
            if name.startswith(PLACEHOLDERS):
                raise FetchError(f"the picture is gone: the server has {clip(name, 60)} in its place", permanent=True)
            try:
                address = address.join(location)
            except AddressError as error:
                raise FetchError(f"the server redirects, and {error.message}", permanent=True) from error
        raise FetchError(f"the server redirects more than {MAX_HOPS} times", permanent=True)

    def _ask(self, address: Address) -> http.client.HTTPResponse:
        if time.monotonic() > self.until:
            self._aborted = True
        if self._aborted:
            raise TimeoutError
        sockets = look_up(address, allow_private=self._allow_private)
        self._close()
        self._connection = _Pinned(address, sockets, self._read_timeout)
        self.requests += 1
        try:
            self._connection.connect()
        except (TimeoutError, OSError) as error:
            if isinstance(error, ssl.SSLError):
                raise
            why = clip(error.strerror or str(error) or type(error).__name__, 80)
            raise FetchError(f"the server cannot be reached ({why})", again=True, unreachable=True) from error
        self._connection.request("GET", address.target, headers=HEADERS | {"Host": address.authority})
        return self._connection.getresponse()

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        """The body, unpacked. Raises FetchError where it is too large or shorter than announced."""
        packing = response.headers.get("Content-Encoding", "identity").strip().lower()
        if packing not in ("identity", "", "gzip", "x-gzip", "deflate"):
            raise FetchError(f"the server packs the picture in an unknown way ({clip(packing, 40)})", permanent=True)
        unpack = None if packing in ("identity", "") else zlib.decompressobj(47)
        announced = response.length
        body, came = bytearray(), 0
        while True:
            if (announced or 0) > MAX_BYTES or len(body) > MAX_BYTES:
                raise FetchError(f"the picture has more than {MAX_BYTES:,} bytes", permanent=True)
            piece = response.read1(PIECE)
            if not piece:
                break
            came += len(piece)
            body += unpack.decompress(piece, MAX_BYTES + 1 - len(body)) if unpack else piece
        if announced is not None and came < announced:
            raise FetchError(f"the picture was cut short ({came:,} of {announced:,} bytes came)", again=True)
        if unpack is not None and not unpack.eof:
            raise FetchError("the picture was cut short (its packing has no end)", again=True)
        return bytes(body)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one of these sockets, whatever the name of the host means by now."""

    def __init__(self, address: Address, sockets: list[Socket], timeout: float) -> None:
        super().__init__(address.host, address.port, timeout=timeout)
        self._address = address
        self._sockets = sockets

    def connect(self) -> None:
        """Connect to the first socket that answers; TLS is checked against the host's name. Raises OSError."""
        failure: OSError = OSError("no address")
        for family, where in self._sockets:
            plain = socket.socket(family, socket.SOCK_STREAM)
            plain.settimeout(self.timeout)
            try:
                plain.connect(where)
            except OSError as error:
                plain.close()
                failure = error
                continue
            self.sock = plain
            break
        else:
            raise failure
        if self._address.scheme == "https":
            # The handshake comes after, so that `abort` finds the socket meanwhile.
            secure = tls().wrap_socket(plain, server_hostname=self._address.host, do_handshake_on_connect=False)
            self.sock = secure
            secure.do_handshake()


@cache
def tls() -> ssl.SSLContext:
    """Certificates and names are checked as the system does; one for all connections, since it is slow to make."""
    return ssl.create_default_context()


def _look_at_status(response: http.client.HTTPResponse) -> None:
    status = response.status
    if status == 200:
        return
    meaning = _MEANING.get(status) or clip(response.reason, 40)
    again = status in _AGAIN
    raise FetchError(
        f"the server answered {status}{f' ({meaning})' if meaning else ''}",
        again=again,
        permanent=not again and 400 <= status < 500,
        wait=_retry_after(response.headers.get("Retry-After", "")) if again else None,
    )


def _retry_after(text: str) -> float | None:
    """Seconds to wait, from a number of them or a date; None where it says neither."""
    try:
        return float(max(0, int(text)))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())
