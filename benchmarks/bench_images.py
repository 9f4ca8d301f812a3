"""How fast pictures are fetched, and whether a killed fetch goes on where it stopped.

Servers on loopback, in a process of their own, answer every request after a delay; each host of the benchmark is one
of them, so that the queues are as long as the real ones. Measured in one run: a plain loop that opens, reads and writes
one address after the other; miareview with one connection; with its usual pace; and with its connections but without
the pause at each host. Then `miareview images fetch` is killed in the middle and begun again. Pictures are synthetic.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

from miareview.identity import item_id
from miareview.images.fetch import Pace, fetch
from miareview.images.files import cache_name
from miareview.model import Item
from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_images.py ../shared/mia-bench/instruction_benchmark_all.json --delay 0.1
"""


def photos(count: int = 8) -> list[bytes]:
    """JPEGs of 1024 × 768 pixels, some 200 KB each."""
    random = np.random.default_rng(3)
    made = []
    for _ in range(count):
        soft = Image.fromarray(random.integers(0, 256, (48, 64, 3), dtype=np.uint8)).resize(
            (1024, 768), Image.Resampling.BICUBIC
        )
        grain = random.integers(-10, 11, (768, 1024, 1), dtype=np.int16)
        file = io.BytesIO()
        Image.fromarray((np.asarray(soft, np.int16) + grain).clip(0, 255).astype(np.uint8)).save(file, "JPEG")
        made.append(file.getvalue())
    return made


def picture(base: bytes, path: str) -> bytes:
    """The JPEG with the path as a comment in it: another file for each address."""
    words = path.encode()
    return base[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + base[2:]


def serve(hosts: int, delay: float, bases: list[bytes], pipe: Connection) -> None:
    """Servers on 127.0.1.1 and so on; says their port, then the requests since the last question, until told to end."""
    asked: Counter[str] = Counter()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with lock:
                asked[self.path] += 1
            time.sleep(delay)
            data = picture(bases[sum(self.path.encode()) % len(bases)], self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    first = ThreadingHTTPServer(("127.0.1.1", 0), Handler)
    others = [ThreadingHTTPServer((f"127.0.1.{n}", first.server_port), Handler) for n in range(2, hosts + 1)]
    for server in (first, *others):
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whoever is killed says no goodbye
        threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(first.server_port)
    while pipe.recv() == "asked":
        with lock:
            pipe.send(dict(asked))
            asked.clear()


def addresses(benchmark: Path) -> list[str]:
    """For each address of the benchmark, one on loopback: the same hosts, the same queues. {} is for the port."""
    urls = [row["image"] for row in json.loads(benchmark.read_text(encoding="utf-8"))]
    hosts = [urlsplit(url if "//" in url else f"//{url}").netloc for url in urls]
    numbers = {host: number for number, (host, _) in enumerate(Counter(hosts).most_common(), start=1)}
    return [f"http://127.0.1.{numbers[host]}:{{}}/{n}.jpg" for n, host in enumerate(hosts)]


def plainly(urls: Iterable[str], folder: Path) -> None:
    """What a few lines of anybody's script do."""
    folder.mkdir()
    for number, url in enumerate(urls):
        with urllib.request.urlopen(url) as answer:
            (folder / f"{number}.jpg").write_bytes(answer.read())


def had(urls: Iterable[str], folder: Path, pace: Pace) -> None:
    done = list(fetch(urls, folder, allow_private=True, pace=pace))
    assert all(one.path for one in done), [one.reason for one in done if not one.path][:3]


def kill_and_resume(urls: list[str], folder: Path, bases: list[bytes], pipe: Connection, at: float) -> bool:
    """Kill the command when so many pictures (a fraction) are there, begin again, and look at everything."""
    with Store.open(folder / "review.db", create=True) as store:
        store.add_items([Item(item_id("b", u, str(n)), "b", n, u, str(n), "basic", ()) for n, u in enumerate(urls)])
    command = [sys.executable, "-m", "miareview", "--db", str(folder / "review.db"), "images", "fetch"]
    command += ["--allow-private", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    images = folder / "images"
    while len(list(images.glob("[!.]*.jpg"))) < at * len(urls):
        if process.poll() is not None:
            raise SystemExit("the fetch ended before it could be killed")
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    there = {path.stem for path in images.glob("[!.]*.jpg")}
    parts = len(list(images.glob(".*.part")))
    pipe.send("asked")
    first = pipe.recv()
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    pipe.send("asked")
    second = pipe.recv()
    twice = [url for url in urls if cache_name(url) in there and urlsplit(url).path in second]
    damaged = 0
    for url in urls:
        path = urlsplit(url).path
        whole = picture(bases[sum(path.encode()) % len(bases)], path)
        damaged += (images / f"{cache_name(url)}.jpg").read_bytes() != whole
    print(
        f"killed with {len(there)} of {len(urls)} there, {sum(first.values())} asked for, {parts} half written; "
        f"again: {said['there']} there, {said['fetched']} fetched in {said['seconds']:.1f} s, "
        f"{sum(second.values())} asked for; asked twice though complete {len(twice)}, damaged {damaged}"
    )
    return not twice and not damaged


def main() -> None:
    """Run everything and print the figures; exit 1 where a resumed fetch lost, damaged or repeated anything."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="the benchmark's JSON file, for its hosts")
    parser.add_argument("--delay", type=float, default=0.1, help="seconds until a server answers [0.1]")
    parser.add_argument("--kills", type=int, default=3, help="how often a fetch is killed [3]")
    options = parser.parse_args()
    patterns, bases = addresses(options.benchmark), photos()
    hosts = len({urlsplit(pattern).netloc for pattern in patterns})
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    server = context.Process(target=serve, args=(hosts, options.delay, bases, there), daemon=True)
    server.start()
    port = here.recv()
    urls = [pattern.format(port) for pattern in patterns]
    size = sum(map(len, bases)) / len(bases) / 1000
    print(f"{len(urls)} pictures of {size:.0f} KB, {hosts} hosts, {options.delay:g} s until an answer")
    usual = Pace()
    ways = {
        "a plain loop": lambda folder: plainly(urls, folder),
        "one connection, no pause": lambda folder: had(urls, folder, Pace(workers=1, per_host=1, spacing=0)),
        f"{usual.workers} connections, no pause": lambda folder: had(urls, folder, Pace(spacing=0)),
        f"the usual pace ({usual.workers}, {usual.per_host} a host, {usual.spacing:g} s)": lambda folder: had(
            urls, folder, usual
        ),
    }
    base = 0.0
    for name, way in ways.items():
        with tempfile.TemporaryDirectory() as scratch:
            begun = time.perf_counter()
            way(Path(scratch) / "images")
            took = time.perf_counter() - begun
        base = base or took
        print(f"{name:<42} {took:6.1f} s  {len(urls) / took:6.1f} pictures/s  {base / took:4.1f} times as fast")
    here.send("asked")
    here.recv()
    good = True
    for number in range(options.kills):
        with tempfile.TemporaryDirectory() as scratch:
            good &= kill_and_resume(urls, Path(scratch), bases, here, (number + 1) / (options.kills + 1))
    here.send("end")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
