"""Fetching from servers that do everything wrong: what is had is whole, what is not had is named, nobody is pressed."""

from __future__ import annotations

import gzip
import ipaddress
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from fault_server import FaultServer, Handler, Page
from hostile_pictures import encoded, halves, noisy, packed_zeros
from hypothesis import given
from hypothesis import strategies as st

from miareview import __version__
from miareview.identity import REPLACED_URLS
from miareview.images import addresses, web
from miareview.images.fetch import Fetched, Pace, fetch
from miareview.images.files import cache_name
from miareview.images.log import last_words
from miareview.images.web import HEADERS

PICTURE = encoded(halves(), "JPEG")
QUICK = Pace(spacing=0, backoff=0.01, tries=3, read_timeout=20, total=40, per_host=8)
HASTY = replace(QUICK, read_timeout=0.5, total=2)
SLOW = ("silent, then good", "silence", "drip", "drip, to close", "slow headers")


@pytest.fixture
def server() -> Iterator[FaultServer]:
    server = FaultServer()
    yield server
    server.close()


def have(server: FaultServer, folder: Path, *paths: str, pace: Pace = QUICK) -> dict[str, Fetched]:
    urls = {server.url(path): path for path in paths}
    return {urls[one.url]: one for one in fetch(urls, folder, allow_private=True, pace=pace)}


def good(handler: Handler, count: int) -> None:
    handler.answer(200, PICTURE, Content_Type="image/jpeg")


def then_good(page: Page, times: int = 1) -> Page:
    return lambda handler, count: page(handler, count) if count <= times else good(handler, count)


def status(code: int, **headers: str) -> Page:
    return lambda handler, count: handler.answer(code, b"<html>no</html>", **headers)


def chunked(*pieces: bytes, end: bool = True) -> Page:
    def page(handler: Handler, count: int) -> None:
        handler.answer(200, b"", Content_Length="", Transfer_Encoding="chunked")
        for piece in pieces:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        if end:
            handler.wfile.write(b"0\r\n\r\n")

    return page


def raw(data: bytes) -> Page:
    return lambda handler, count: handler.wfile.write(data) and None


def drip(handler: Handler, count: int, connection: str = "") -> None:
    handler.answer(200, PICTURE[:1], Content_Length=str(len(PICTURE)), Connection=connection)
    for at in range(1, len(PICTURE)):
        handler.wfile.write(PICTURE[at : at + 1])
        time.sleep(0.1)


def drip_headers(handler: Handler, count: int) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.1)


def cut(handler: Handler, count: int) -> None:
    handler.answer(200, PICTURE[:200], Content_Length=str(len(PICTURE)))
    handler.server.cut(handler)


def huge(handler: Handler, count: int) -> None:
    handler.answer(200, b"", Content_Length="")
    for _ in range(100):
        handler.wfile.write(bytes(1_000_000))


def packing_bomb(handler: Handler, count: int) -> None:
    handler.answer(200, packed_zeros(2000), Content_Encoding="deflate")


def never(*_: object, **__: object) -> None:
    raise AssertionError("this must not happen")


def test_a_picture_is_had_as_it_was_sent(server: FaultServer, tmp_path: Path) -> None:
    server.pages["/a.jpg"] = good
    one = have(server, tmp_path / "images", "/a.jpg")["/a.jpg"]
    assert one.path is not None
    assert one.path.read_bytes() == PICTURE
    assert (one.source, one.requests, one.retries) == (server.url("/a.jpg"), 1, 0)
    assert last_words(tmp_path / "images")[cache_name(one.url)].source == one.url
    assert server.headers_of["/a.jpg"]["User-Agent"] == f"miareview/{__version__}"
    assert set(server.headers_of["/a.jpg"]) == {"Host", *HEADERS}  # nothing about anybody


GOOD_IN_THE_END = {
    "500 then good": (then_good(status(500), 2), 3),
    "503 and a second": (then_good(status(503, Retry_After="0")), 2),
    "cut, then whole": (then_good(cut), 2),
    "shorter than announced": (then_good(lambda h, n: h.answer(200, PICTURE[:300], Content_Length="900")), 2),
    "longer than announced": (then_good(lambda h, n: h.answer(200, PICTURE, Content_Length="300")), 2),
    "damaged, then whole": (then_good(lambda h, n: h.answer(200, noisy("JPEG")[:-900])), 2),
    "silent, then good": (then_good(lambda h, n: time.sleep(0.8)), 2),
    "no HTTP, then good": (then_good(raw(b"\x16\x03\x01 hello\r\n\r\n")), 2),
    "no end of chunks": (then_good(chunked(PICTURE, end=False)), 2),
    "cut packing": (then_good(lambda h, n: h.answer(200, gzip.compress(PICTURE)[:-9], Content_Encoding="gzip")), 2),
    "chunks": (chunked(PICTURE[:100], PICTURE[100:]), 1),
    "no length": (lambda h, n: h.answer(200, PICTURE, Content_Length=""), 1),
    "packed": (lambda h, n: h.answer(200, gzip.compress(PICTURE), Content_Encoding="gzip"), 1),
    "wrong type": (lambda h, n: h.answer(200, PICTURE, Content_Type="text/html"), 1),
    "redirect": (lambda h, n: h.answer(302, Location="/good.jpg"), 1),
}


@pytest.mark.parametrize("name", GOOD_IN_THE_END)
def test_faults_that_pass(name: str, server: FaultServer, tmp_path: Path) -> None:
    page, times = GOOD_IN_THE_END[name]
    server.pages |= {"/a.jpg": page, "/good.jpg": good}
    one = have(server, tmp_path, "/a.jpg", pace=HASTY if name in SLOW else QUICK)["/a.jpg"]
    assert one.path is not None, one.reason
    assert one.path.read_bytes() == PICTURE
    assert server.asked["/a.jpg"] == times
    assert one.retries == times - 1


NEVER_HAD: dict[str, tuple[Page, str, bool, int]] = {
    "404": (status(404), "answered 404 (not found)", True, 1),
    "410": (status(410), "answered 410 (gone)", True, 1),
    "403": (status(403), "answered 403 (forbidden)", True, 1),
    "500": (status(500), "answered 500", False, 3),
    "204": (status(204), "answered 204", False, 1),
    "hostile reason": (raw(b"HTTP/1.1 418 \x1b[31m[b]red\r\nContent-Length: 0\r\n\r\n"), "418 (␛[31m[b]red)", True, 1),
    "web page": (lambda h, n: h.answer(200, b"<html>sorry"), "this is a web page, not a picture", True, 1),
    "nothing": (lambda h, n: h.answer(200), "the file is empty", True, 1),
    "always cut": (cut, "cut", False, 3),
    "damaged": (lambda h, n: h.answer(200, noisy("PNG")[:-900]), "damaged or cut short", False, 3),
    "silence": (lambda h, n: time.sleep(0.8), "sent nothing for 0.5 seconds", False, 3),
    "drip": (drip, "took more than 2 seconds", False, 1),
    "drip, to close": (lambda h, n: drip(h, n, "close"), "took more than 2 seconds", False, 1),
    "slow headers": (drip_headers, "took more than 2 seconds", False, 1),
    "huge": (huge, "more than 50,000,000 bytes", True, 1),
    "announced huge": (lambda h, n: h.answer(200, Content_Length=str(10**12)), "more than 50,000,000 bytes", True, 1),
    "packing bomb": (packing_bomb, "more than 50,000,000 bytes", True, 1),
    "unknown packing": (lambda h, n: h.answer(200, PICTURE, Content_Encoding="br"), "unknown way (br)", True, 1),
    "loop": (lambda h, n: h.answer(302, Location="/a.jpg"), "redirects more than 5 times", True, 6),
    "redirect to a file": (lambda h, n: h.answer(302, Location="file:///etc/passwd"), "only http and https", True, 1),
    "redirect nowhere": (lambda h, n: h.answer(302, Location="http://[::"), "is no web address", True, 1),
    "Flickr's word": (lambda h, n: h.answer(302, Location="/en-us/photo_unavailable.png"), "picture is gone", True, 1),
    "many headers": (raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), "not understood", False, 3),
    "a long header": (raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"), "not understood", False, 3),
}  # fmt: skip


@pytest.mark.parametrize("name", NEVER_HAD)
def test_faults_that_stay(name: str, server: FaultServer, tmp_path: Path) -> None:
    page, words, permanent, times = NEVER_HAD[name]
    server.pages["/a.jpg"] = page
    begun = time.monotonic()
    one = have(server, tmp_path, "/a.jpg", pace=HASTY if name in SLOW else QUICK)["/a.jpg"]
    assert one.path is None
    assert time.monotonic() - begun < 40  # the deadline held: a whole drip takes twice as long
    assert words in one.reason
    assert not set(one.reason) & {"\n", "\x1b"}
    assert (one.permanent, one.requests) == (permanent, times)
    assert server.asked["/a.jpg"] == times
    said = last_words(tmp_path)[cache_name(one.url)]
    assert (said.outcome, said.reason, said.permanent) == ("failed", one.reason, permanent)
    assert [path.name for path in tmp_path.iterdir()] == ["pictures.jsonl"]


@pytest.mark.parametrize("as_date", [False, True])
def test_a_server_that_asks_to_wait_is_waited_for(as_date: bool, server: FaultServer, tmp_path: Path) -> None:
    times = []

    def page(handler: Handler, count: int) -> None:
        times.append(time.time())
        until = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        if count == 1:
            handler.answer(429, Retry_After=until if as_date else "1")
        else:
            good(handler, count)

    server.pages["/a.jpg"] = page
    assert have(server, tmp_path, "/a.jpg")["/a.jpg"].path is not None
    assert times[1] - times[0] >= 0.99


def test_a_server_that_asks_to_wait_long_is_left_alone(server: FaultServer, tmp_path: Path) -> None:
    server.default = status(429, Retry_After="3600")
    done = have(server, tmp_path, *(f"/{n}.jpg" for n in range(30)), pace=Pace(per_host=2, spacing=0))
    assert {one.reason for one in done.values()} == {
        "the server answered 429 (too many requests), and asks to wait 3600 seconds"
    }
    assert not any(one.permanent for one in done.values())
    assert sum(server.asked.values()) <= 3


def test_a_server_that_is_not_there_is_not_knocked_at_for_ever(server: FaultServer, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    urls = [f"http://127.0.0.1:{port}/{n}.jpg" for n in range(50)]
    done = list(fetch(urls, tmp_path, allow_private=True, pace=QUICK))
    assert len(done) == 50
    assert all("cannot be reached" in one.reason and not one.permanent for one in done)
    assert sum(one.requests for one in done) <= QUICK.give_up + QUICK.per_host


def test_two_hosts_are_asked_at_once_and_neither_is_pressed(tmp_path: Path) -> None:
    servers = [FaultServer("127.0.0.1"), FaultServer("127.0.0.2")]
    times: dict[int, list[float]] = {0: [], 1: []}

    def page(number: int) -> Page:
        def answer(handler: Handler, count: int) -> None:
            times[number].append(time.monotonic())
            time.sleep(0.15)
            good(handler, count)

        return answer

    for number, server in enumerate(servers):
        server.default = page(number)
    urls = [server.url(f"/{n}.jpg") for server in servers for n in range(8)]
    done = list(fetch(urls, tmp_path, allow_private=True, pace=Pace(per_host=2, spacing=0.05)))
    for server in servers:
        server.close()
    assert all(one.path for one in done)
    assert all(server.most <= 2 for server in servers)
    for asked in times.values():
        assert max(asked) - min(asked) > 0.2  # seven pauses of 0.05 s
    assert min(times[1]) < max(times[0])


PRIVATE = [
    "127.0.0.1", "127.8.8.8", "localhost", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "2130706433", "0x7f.1", "127.1", "[::1]", "[::]",
    "[fe80::1]", "[fc00::1]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[2002:7f00:1::]",
    "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[fec0::1]", "[2001:db8::1]", "[::127.0.0.1]",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_machines_of_the_own_network_are_refused(host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", never)
    (one,) = fetch([f"http://{host}/a.jpg"], tmp_path, pace=QUICK)
    assert one.path is None
    assert "is not on the open internet" in one.reason or "name is not known" in one.reason
    assert ("--allow-private" in one.reason) != ("name is not known" in one.reason)
    assert not one.permanent


@pytest.mark.parametrize(
    "number", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_the_open_internet_is_not_refused(number: str) -> None:
    assert addresses.is_public(number)


def answers(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> list[str]:
    """Names mean these numbers, one answer after the other, the last one for ever; gives the names asked."""
    asked: list[str] = []

    def look(host: str, port: int, **_: object) -> list[object]:
        number = numbers[min(len(asked), len(numbers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look)
    return asked


def test_a_name_that_means_a_private_number_is_refused(
    server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.default = good
    answers(monkeypatch, "127.0.0.1")
    (one,) = fetch([f"http://pictures.example:{server.server_address[1]}/a.jpg"], tmp_path, pace=QUICK)
    assert "pictures.example is not on the open internet (127.0.0.1)" in one.reason
    assert not server.asked


def test_a_name_is_looked_up_once_and_that_number_is_connected_to(
    server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second answer would be the private one."""
    server.default = good
    asked = answers(monkeypatch, "93.184.216.34", "127.0.0.1")
    went: list[object] = []

    def connect(_: socket.socket, where: object) -> None:
        went.append(where)
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(socket.socket, "connect", connect)
    pace = Pace(spacing=0, backoff=0.01, tries=1)
    (one,) = fetch([f"http://pictures.example:{server.server_address[1]}/a.jpg"], tmp_path, pace=pace)
    assert asked == ["pictures.example"]
    assert went == [("93.184.216.34", server.server_address[1])]
    assert "cannot be reached" in one.reason
    assert not server.asked


@pytest.mark.parametrize("target", ["http://127.0.0.1:{port}/b.jpg", "http://169.254.169.254/latest/", "//10.0.0.1/b"])
def test_a_redirect_into_the_own_network_is_refused(
    target: str, server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first hop is let through, as a public server would be; the second one is looked at again."""
    port = server.server_address[1]
    server.pages = {"/a.jpg": lambda h, n: h.answer(302, Location=target.format(port=port)), "/b.jpg": good}
    monkeypatch.setattr(addresses, "is_public", lambda number: number == "127.0.0.9")
    real = socket.getaddrinfo
    monkeypatch.setattr(
        addresses.socket,
        "getaddrinfo",
        lambda host, port, **more: real("127.0.0.9" if host == "pictures.example" else host, port, **more),
    )
    connect = socket.socket.connect
    monkeypatch.setattr(
        socket.socket,
        "connect",
        lambda self, where: connect(
            self, ("127.0.0.1", *where[1:]) if where[0] == "127.0.0.9" else pytest.fail("went")
        ),
    )
    (one,) = fetch([f"http://pictures.example:{port}/a.jpg"], tmp_path, pace=QUICK)
    assert one.path is None
    assert "is not on the open internet" in one.reason
    assert dict(server.asked) == {"/a.jpg": 1}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of pictures.example, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=pictures.example",
         "-addext", "subjectAltName=DNS:pictures.example", "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.mark.parametrize(
    ("host", "trusted", "words"),
    [
        ("pictures.example", True, ""),
        ("pictures.example", False, "certificate is not valid (self-signed certificate)"),
        ("other.example", True, "certificate is not valid (Hostname mismatch"),
    ],
)
def test_https_is_checked_against_the_name_though_a_number_is_connected_to(
    host: str, trusted: bool, words: str, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = FaultServer()
    server.default = good
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    answers(monkeypatch, "127.0.0.1")
    web.tls.cache_clear()
    url = f"https://{host}:{server.server_address[1]}/a.jpg"
    (one,) = fetch([url], tmp_path, allow_private=True, pace=QUICK)
    web.tls.cache_clear()
    server.close()
    assert words in one.reason
    assert (one.path is not None) == (not words), one.reason
    assert one.requests == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://example.org/a.jpg", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("images/12.jpg", "only http and https"),
        ("data:image/png;base64,AAAA", "only http and https"),
        ("http://[::1/a.jpg", "is no web address"),
        ("http://exa mple/a.jpg", "is no web address"),
        ("http:///a.jpg", "is no web address"),
        ("https://example.org:99999/a.jpg", "is no web address"),
        ("http://\x1b[31m[/]\nX: y/a.jpg", "is no web address"),
        ("", "only http and https"),
    ],
)
def test_what_is_no_address_is_never_asked(
    url: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses.socket, "getaddrinfo", never)
    (one,) = fetch([url], tmp_path, pace=QUICK)
    assert words in one.reason
    assert one.permanent
    assert not set(one.reason) & {"\n", "\x1b"}


@given(st.one_of(st.text(), st.text().map("http://{}".format), st.text().map("https://a.example/{}".format)))
def test_any_text_is_an_address_in_one_line_of_ascii_or_none(text: str) -> None:
    for candidate in addresses.candidates(text):
        try:
            address = addresses.Address.read(candidate)
        except addresses.AddressError:
            continue
        assert re.fullmatch("[!-~]+", f"{address.authority}{address.target}")
        assert address.target.startswith("/")
        assert 0 < address.port < 65536


@given(st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address))
def test_a_number_is_as_public_wrapped_as_it_is_bare(number: ipaddress.IPv4Address) -> None:
    bare = addresses.is_public(str(number))
    assert bare <= (number.is_global and not number.is_multicast)
    for wrapped in (0xFFFF << 32 | int(number), 0x64FF9B << 96 | int(number), 0x2002 << 112 | int(number) << 80):
        assert addresses.is_public(str(ipaddress.IPv6Address(wrapped))) == bare


def test_hostile_paths_reach_the_server_as_one_line(server: FaultServer, tmp_path: Path) -> None:
    server.default = good
    (one,) = fetch([server.url("/a b\r\nX-Evil: 1/é%20.jpg?q=[1] 2#part")], tmp_path, allow_private=True, pace=QUICK)
    assert one.path is not None, one.reason
    (path,) = server.asked
    assert path == "/a%20bX-Evil:%201/%C3%A9%20.jpg?q=[1]%202"
    assert "X-Evil" not in server.headers_of[path]


def test_which_addresses_are_tried() -> None:
    vodka, flickr, poem = REPLACED_URLS.values()
    assert addresses.candidates(f"https://{vodka}") == [
        f"https://{vodka}",
        "https://farm3.staticflickr.com/3675/13486598765_252beb4bc9_o.jpg",
    ]
    assert addresses.candidates(f"http://{poem}")[1].startswith("http://c5.staticflickr.com/")
    assert addresses.candidates(flickr) == [
        f"https://{flickr}", f"http://{flickr}", f"https://{flickr}g", f"http://{flickr}g",
    ]  # fmt: skip
    assert addresses.candidates(" HTTP://Example.org/A.jpg ") == ["HTTP://example.org/A.jpg"]


def test_the_next_address_is_tried_where_the_first_has_nothing(
    server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.pages["/old.jpg"] = good
    monkeypatch.setattr(
        "miareview.images.fetch.candidates", lambda url: [url, url.replace("new", "old"), url.replace("new", "older")]
    )
    one = have(server, tmp_path, "/new.jpg")["/new.jpg"]
    assert one.path is not None
    assert one.path.stem == cache_name(server.url("/new.jpg"))
    assert one.source == server.url("/old.jpg")
    assert dict(server.asked) == {"/new.jpg": 1, "/old.jpg": 1}
    del server.pages["/old.jpg"]
    failed = have(server, tmp_path / "other", "/new.jpg")["/new.jpg"]
    assert (failed.reason, failed.requests, failed.permanent) == ("the server answered 404 (not found)", 3, True)


def test_stopping_cuts_what_is_on_its_way_and_leaves_no_part(server: FaultServer, tmp_path: Path) -> None:
    server.default = lambda h, n: time.sleep(30) if n == 1 and "slow" in h.path else good(h, n)
    coming = fetch(
        [server.url(path) for path in ("/a.jpg", "/slow1.jpg", "/slow2.jpg")], tmp_path, allow_private=True,
        pace=Pace(spacing=0, read_timeout=25),
    )  # fmt: skip
    assert next(coming).path is not None
    begun = time.monotonic()
    coming.close()
    for thread in threading.enumerate():
        if thread.name == "fetch":
            thread.join(25)
            assert not thread.is_alive()
    assert time.monotonic() - begun < 25
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".jpg", ".jsonl"]
