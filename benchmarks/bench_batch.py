"""Judge a large set through a Batch API that goes wrong, killing miareview on the way: is anything lost or sent twice?

A stand-in server (`tests/standin`) runs in a process of its own. `judge submit` is killed with SIGKILL at random
points of its way, then run to its end; then `judge collect` in the same way; what failed is submitted and collected
again, until nothing is left. The server counts what it was sent. Pictures and responses are synthetic.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from PIL import Image

from miareview.identity import item_id, response_id
from miareview.model import Component, Item, Response
from miareview.store.batches import batches
from miareview.store.check import check
from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_batch.py --items 400 --models 3 --kills 6 --failing 0.03 --seed 1
"""
SERVER = Path(__file__).resolve().parents[1] / "tests" / "standin" / "server.py"
KEY = "sk-standin-not-a-real-key"
MODEL = "gpt-4o-2024-11-20"
WAYS = ("500", "expired_line", "lost_line", "broken_line", "foreign_line")


def make(db: Path, items: int, models: int, side: int) -> None:
    """A database with so many items, pictures of noise of that many pixels a side, and responses."""
    made = []
    for index in range(items):
        url, words = f"https://example.invalid/{index}.jpg", f"Say in two sentences what picture {index} shows."
        parts = (
            Component(1, "describe", f"what picture {index} shows", 6),
            Component(2, "length_limit", "two sentences", 4),
        )
        made.append(Item(item_id("bench", url, words), "bench", index, url, words, "basic", parts))
    pictures = db.parent / "images"
    pictures.mkdir(parents=True)
    for item in made:
        Image.effect_noise((side, side), 20 + item.index % 60).save(pictures / f"{item.index}.jpg", quality=90)
    with Store.open(db, create=True) as store:
        store.add_items(made)
        store.add_responses(
            Response(
                response_id(item.id, f"model-{k}", f"It is {k}. So.", "ok"),
                item.id,
                f"model-{k}",
                f"It is {k}. So.",
                "ok",
            )
            for item in made
            for k in range(models)
        )


def start(db: Path, url: str, *words: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if "OPENAI" not in name} | {"OPENAI_API_KEY": KEY}
    command = [sys.executable, "-m", "miareview", "--db", str(db), "judge", *words, "--base-url", url]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)


def finish(db: Path, url: str, *words: str) -> tuple[float, str]:
    """Seconds of a command that is left alone, and what it said. Exit code 4 says that requests failed."""
    begun = time.perf_counter()
    process = start(db, url, *words)
    told = process.communicate()[1].decode()
    if process.returncode not in (0, 4):
        raise SystemExit(f"`judge {words[0]}` ended with {process.returncode}: {told}")
    return time.perf_counter() - begun, told


def killed(db: Path, url: str, table: str, more: int, after: float, *words: str) -> bool:
    """Whether the command was still at work when it was killed: so many seconds after it had written `more` rows."""
    with Store.open(db) as store:
        query = f"select count(*) from {table}"
        enough = store.rows(query)[0][0] + more
        process = start(db, url, *words)
        while process.poll() is None and store.rows(query)[0][0] < enough:
            time.sleep(0.002)
    time.sleep(after)
    ended = process.poll() is not None
    process.kill()
    process.wait()
    return not ended


def log(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url.removesuffix('/v1')}/standin/log") as answer:
        return dict(json.load(answer))


def counts(db: Path) -> Counter[str]:
    """Judgments by status, all judgments and all calls."""
    with Store.open(db) as store:
        kinds = dict(store.rows("select status, count(*) from judgment group by 1"))
        ((calls,),) = store.rows("select count(*) from call")
    return Counter(kinds | {"judgments": sum(kinds.values()), "calls": calls})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--models", type=int, default=3)
    parser.add_argument("--side", type=int, default=500, help="pixels of a picture's side (default 500)")
    parser.add_argument("--max-mb", type=float, default=5, help="megabytes of one file (default 5)")
    parser.add_argument("--kills", type=int, default=6, help="kills while submitting, and while collecting (default 6)")
    parser.add_argument("--failing", type=float, default=0.03, help="part of the requests that fail (default 0.03)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    asked = options.items * options.models
    share = options.failing / len(WAYS)
    rules = [{"kind": kind, "path": "batch:", "probability": share / (1 - k * share)} for k, kind in enumerate(WAYS)]
    with tempfile.TemporaryDirectory(prefix="bench-batch-") as scratch:
        db = Path(scratch) / "review.db"
        make(db, options.items, options.models, options.side)
        words = [sys.executable, str(SERVER), "--seed", str(options.seed), "--faults", json.dumps(rules)]
        server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            report(db, server.stdout.readline().strip(), options, draw, asked)
        finally:
            server.kill()
            server.wait()


def report(db: Path, url: str, options: argparse.Namespace, draw: random.Random, asked: int) -> None:
    submit = ("submit", "-m", MODEL, "--yes", "--max-mb", str(options.max_mb))
    handed_in: list[int] = []
    for _ in range(options.kills):
        if killed(db, url, "batch", draw.randint(1, 6), draw.uniform(0, 0.1), *submit):
            handed_in.append(len(log(url)["batches"]))
    sent, told = finish(db, url, *submit)
    first = log(url)["batches"]
    once = Counter(id for batch in first for id in batch["custom_ids"])
    uploads = sum((one["method"], one["path"]) == ("POST", "/v1/files") for one in log(url)["requests"])
    print(f"synthetic: {options.items} items × {options.models} models, seed {options.seed}")
    with Store.open(db) as store:
        megabytes = sum(batch.bytes for batch in batches(store)) / 1e6
    show("submit: killed at work", len(handed_in))
    show("batches made by then", " ".join(map(str, handed_in)))
    show("requests the server has", len(once))
    show("of them more than once", sum(times > 1 for times in once.values()))
    show("batches, files handed in", f"{len(first)}, {uploads}")
    show("megabytes", f"{megabytes:.0f}")
    show("the last submit took", f"{sent:.1f} s")
    stored: list[int] = []
    for _ in range(options.kills):
        if killed(db, url, "judgment", draw.randint(1, 120), draw.uniform(0, 0.1), "collect"):
            stored.append(counts(db)["judgments"])
    took, told = finish(db, url, "collect")
    kept = counts(db)
    show("collect: killed at work", len(stored))
    show("judgments stored by then", " ".join(map(str, stored)))
    show("the last collect took", f"{took:.1f} s")
    show("answered", asked - kept["api_error"])
    show("failed", kept["api_error"])
    show("judgments, calls", f"{kept['judgments']}, {kept['calls']}")
    failed, rounds = kept["api_error"], 0
    while "nothing left to send" not in told and rounds < 20:
        _, told = finish(db, url, *submit)
        if "nothing left to send" not in told:
            finish(db, url, "collect")
            rounds += 1
    batches_now = log(url)["batches"]
    again = sum(len(batch["custom_ids"]) for batch in batches_now[len(first) :])
    with Store.open(db) as store:
        ok = store.rows("select count(distinct response) from judgment where status <> 'api_error'")[0][0]
        sound = check(store).ok
        still = [batch for batch in batches(store) if batch.closed is None]
    show("sent again, in rounds", f"{again}, {rounds}")
    show("answered in the end", f"{ok} of {asked}")
    show("lost", asked - ok)
    show("check", "ok" if sound else "NOT ok")
    show("most memory of a command", f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")
    twice = any(times > 1 for times in once.values())
    if twice or len(once) != asked or ok != asked or still or not sound or (failed and not again):
        raise SystemExit("Something was lost or sent twice.")


def show(name: str, value: object) -> None:
    print(f"{name:28}{value!s:>16}")


if __name__ == "__main__":
    main()
