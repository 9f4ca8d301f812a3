"""`miareview images` from outside: real processes against a server on loopback, killed and begun again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import run
from fault_server import FaultServer, Handler
from hostile_pictures import CASES, encoded, halves, items, noisy

from miareview.identity import REPLACED_URLS, item_id
from miareview.images.files import cache_name
from miareview.images.folder import add_bytes
from miareview.images.load import verify
from miareview.model import Item
from miareview.store.store import Store

START = [sys.executable, "-m", "miareview", "--db"]


def run_images(db: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run("images", *words, db=db)


def item(number: int, url: str) -> Item:
    return Item(item_id("b", url, str(number)), "b", number, url, str(number), "basic", ())


def database(folder: Path, urls: list[str]) -> Path:
    with Store.open(folder / "review.db", create=True) as store:
        store.add_items([item(number, url) for number, url in enumerate(urls)])
    return folder / "review.db"


@pytest.fixture
def servers() -> Iterator[list[FaultServer]]:
    made = [FaultServer(f"127.0.0.{number}") for number in range(1, 6)]
    yield made
    for server in made:
        server.close()


def picture(path: str) -> bytes:
    """Another picture for each path."""
    number = sum(path.encode())
    return encoded(halves((40 + number % 50, 30)), "JPEG", quality=60 + number % 30)


def answer(handler: Handler, count: int) -> None:
    handler.answer(200, picture(handler.path))


def test_fetch_remembers_and_asks_only_for_what_is_missing(servers: list[FaultServer], tmp_path: Path) -> None:
    server = servers[0]
    server.pages = {f"/{n}.jpg": answer for n in range(3)}
    server.pages["/3.jpg"] = lambda handler, count: handler.answer(500, Retry_After="0")
    db = database(tmp_path, [server.url(f"/{n}.jpg") for n in range(5)])
    refused = run_images(db, "fetch")
    assert refused.returncode == 4
    assert "is not on the open internet (127.0.0.1), and is asked with --allow-private only" in refused.stdout
    assert not server.asked
    first = run_images(db, "fetch", "--allow-private", "--json")
    said = json.loads(first.stdout)
    assert first.returncode == 4
    assert (said["there"], said["wanted"], said["fetched"], said["requests"], said["retries"]) == (0, 5, 3, 8, 3)
    assert [(row["items"], row["permanent"]) for row in said["failed"]] == [([3], False), ([4], True)]
    second = run_images(db, "fetch", "--allow-private", "--json")
    assert [row["items"] for row in json.loads(second.stdout)["not_asked"]] == [[4]]
    assert server.asked == {"/0.jpg": 1, "/1.jpg": 1, "/2.jpg": 1, "/3.jpg": 8, "/4.jpg": 1}
    server.pages["/3.jpg"] = server.pages["/4.jpg"] = answer
    third = run_images(db, "fetch", "--allow-private")
    assert "fetched    1 of 1 that were missing" in third.stdout
    assert "item 4    the server answered 404 (not found)" in third.stdout
    assert "not asked again" in third.stdout
    fourth = run_images(db, "fetch", "--allow-private", "--again")
    assert (fourth.returncode, fourth.stdout.splitlines()[0]) == (0, "there      4 pictures")
    assert first.stderr == fourth.stderr == ""  # no progress bar where there is no terminal
    assert server.asked["/0.jpg"] == 1
    status = json.loads(run_images(db, "status", "--verify", "--json").stdout)
    assert (status["there"], status["missing"], status["verified"]) == (5, 0, True)
    assert status["items"][4]["source"] == server.url("/4.jpg")


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT])
def test_stopped_in_the_middle_and_begun_again(
    stop: signal.Signals, servers: list[FaultServer], tmp_path: Path
) -> None:
    def slowly(handler: Handler, count: int) -> None:
        time.sleep(0.05)
        answer(handler, count)

    for server in servers:
        server.default = slowly
    urls = {server.url(f"/{n}.jpg"): server for n in range(10) for server in servers}
    db = database(tmp_path, list(urls))
    images = tmp_path / "images"
    process = subprocess.Popen(
        [*START, str(db), "images", "fetch", "--allow-private"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    until = time.monotonic() + 30
    while len(list(images.glob("[!.]*.jpg"))) < 12:
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(stop)
    _, words = process.communicate(timeout=30)
    assert process.returncode == (-9 if stop == signal.SIGKILL else 130)
    if stop == signal.SIGINT:
        assert words.decode().lstrip() == "miareview: interrupted; what was saved is kept.\n"
        assert not list(images.glob(".*"))
    had = {path.stem for path in images.glob("[!.]*.jpg")}
    assert 12 <= len(had) < len(urls)
    assert run_images(db, "fetch", "--allow-private").returncode == 0
    for url, server in urls.items():
        path = images / f"{cache_name(url)}.jpg"
        assert path.read_bytes() == picture(f"/{url.rpartition('/')[2]}")
        verify(path.read_bytes(), path.name)
        if path.stem in had:
            assert server.asked["/" + url.rpartition("/")[2]] == 1
    assert run_images(db, "fetch", "--allow-private").stdout.startswith("there      50 pictures\nfetched    0 of 0")


def test_add_understands_how_others_lay_pictures_out(tmp_path: Path) -> None:
    harness = tmp_path / "LMUData" / "images" / "MIA-Bench"
    harness.mkdir(parents=True)
    urls = ["https://a.example/x/1.jpg", "https://b.example/y/1.jpg", "https://c.example/cat%20one.jpg", "d.example/7"]
    (harness / "0.png").write_bytes(encoded(halves()))
    (harness / "1.png").write_bytes(encoded(halves((20, 20))))
    (harness / "99.png").write_bytes(encoded(halves((20, 20))))
    (tmp_path / "LMUData" / "cat one.jpg").write_bytes(encoded(halves(), "JPEG"))
    (tmp_path / "LMUData" / "1.jpg").write_bytes(encoded(halves(), "JPEG"))
    (tmp_path / "LMUData" / "3.webp").write_bytes(noisy("WEBP")[:-90])
    db = database(tmp_path, urls)
    dry = run_images(db, "add", str(tmp_path / "LMUData"), "--dry-run", "--json")
    assert (dry.returncode, dry.stderr) == (0, "Nothing was changed (--dry-run).\n")
    assert not (tmp_path / "images").exists()
    real = run_images(db, "add", str(tmp_path / "LMUData"), "--json")
    assert json.loads(dry.stdout) | {"dry_run": False} == json.loads(real.stdout)
    said = json.loads(real.stdout)
    assert (said["new"], said["unchanged"], said["unknown"]) == (2, 0, ["99.png"])
    assert [row["item"] for row in said["ambiguous"]] == [1]
    assert [(row["item"], row["file"]) for row in said["refused"]] == [(3, "3.webp")]
    assert (tmp_path / "images" / f"{cache_name(urls[0])}.png").read_bytes() == encoded(halves())
    (harness / "0.png").write_bytes(encoded(halves((10, 10))))
    again = run_images(db, "add", str(tmp_path / "LMUData"))
    assert "unchanged  1\nconflict   1\n           item 0    " in again.stdout
    assert "another picture than the one kept" in again.stdout
    assert (tmp_path / "images" / f"{cache_name(urls[0])}.png").read_bytes() == encoded(halves())
    status = run_images(db, "status").stdout
    assert "pictures   2 of 4 items have one\n" in status
    nothing = run_images(db, "add", str(tmp_path / "images"))
    assert nothing.returncode == 0  # its own folder: all unchanged
    (tmp_path / "empty").mkdir()
    empty = run_images(db, "add", str(tmp_path / "empty"))
    assert (empty.returncode, empty.stderr.count("\n")) == (3, 1)


def test_status_says_why(servers: list[FaultServer], tmp_path: Path) -> None:
    server = servers[0]
    server.pages["/same.jpg"] = server.pages["/too.jpg"] = lambda handler, count: handler.answer(200, picture("x"))
    urls = [server.url(path) for path in ("/same.jpg", "/too.jpg", "/gone.jpg", "/damaged.jpg", "/new.jpg")]
    db = database(tmp_path, urls[:3])
    run_images(db, "fetch", "--allow-private")
    database(tmp_path, urls)
    with Store.open(db) as store:
        store.add_items([item(number, url) for number, url in enumerate(urls)])
    damaged = tmp_path / "images" / f"{cache_name(urls[3])}.jpg"
    damaged.write_bytes(noisy("JPEG")[:-900])
    brief = json.loads(run_images(db, "status", "--json").stdout)
    assert [row["state"] for row in brief["items"]] == ["there", "there", "failed", "there", "never"]
    result = run_images(db, "status", "--verify")
    assert result.returncode == 0
    assert "pictures   2 of 5 items have one, decoded just now" in result.stdout
    assert "item 3    " in result.stdout
    assert "damaged or cut short" in result.stdout
    assert f"item 2    the server answered 404 (not found). {urls[2]}, on 20" in result.stdout
    assert f"item 4    never asked for. {urls[4]}" in result.stdout
    assert "items 0, 1  have the same picture to the byte" in result.stdout
    (tmp_path / "images" / "pictures.jsonl").unlink()
    assert json.loads(run_images(db, "status", "--json").stdout)["there"] == 3
    server.pages["/damaged.jpg"] = server.pages["/gone.jpg"] = server.pages["/new.jpg"] = answer
    assert run_images(db, "fetch", "--allow-private", "--again").returncode == 0
    verify(damaged.read_bytes(), damaged.name)


def test_the_hostile_set_from_outside(tmp_path: Path) -> None:
    with Store.open(tmp_path / "review.db", create=True) as store:
        store.add_items(items())
    folder = tmp_path / "set"
    folder.mkdir()
    for case in CASES:
        case.put(folder)
    done = [run_images(tmp_path / "review.db", "add", str(folder), *more) for more in ((), ("--json",))]
    done += [run_images(tmp_path / "review.db", "status", *more) for more in ((), ("--verify",), ("--json",))]
    for result in done:
        assert result.returncode == 0, result.stderr
        assert not set(result.stdout + result.stderr) & set("\x1b\x00\u202e")
        assert "Traceback" not in result.stderr
    shown = [case for case in CASES if not case.words and not case.passed]
    refused = [case for case in CASES if case.words and not case.passed]
    assert f"new        {len(shown)} pictures" in done[0].stdout
    said = json.loads(done[1].stdout)
    assert (said["new"], said["unchanged"]) == (0, len(shown))
    assert sorted(row["item"] for row in said["refused"]) == sorted(CASES.index(case) for case in refused)
    assert {row["file"]: row["reason"] for row in said["passed_over"]} == {c.name: c.passed for c in CASES if c.passed}
    for name, why in ((case.name, case.passed) for case in CASES if case.passed):
        assert f"{name}: {why}" in done[0].stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_that_cannot_be_written(servers: list[FaultServer], tmp_path: Path) -> None:
    servers[0].default = answer
    db = database(tmp_path, [servers[0].url("/1.jpg")])
    (tmp_path / "images").mkdir(mode=0o500)
    result = run_images(db, "fetch", "--allow-private")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)


def test_a_folder_that_is_a_file(servers: list[FaultServer], tmp_path: Path) -> None:
    servers[0].default = answer
    db = database(tmp_path, [servers[0].url("/1.jpg")])
    (tmp_path / "images").write_text("x")
    result = run_images(db, "fetch", "--allow-private")
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)
    assert "images" in result.stderr


def test_a_picture_from_a_replaced_address_is_pointed_out(tmp_path: Path) -> None:
    old, new = next(iter(REPLACED_URLS.items()))
    db = database(tmp_path, [f"https://{new}", "https://b.example/b.jpg"])
    add_bytes(tmp_path / "images", f"https://{new}", picture("a"), f"https://{old}")
    add_bytes(tmp_path / "images", "https://b.example/b.jpg", picture("bc"), "https://b.example/b.jpg")
    assert (
        f"replaced   1\n           item 0    may be another picture: it is from https://{old}"
        in run_images(db, "status").stdout
    )
