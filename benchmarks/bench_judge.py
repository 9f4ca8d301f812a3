"""Judge 400 items × 3 models against the stand-in server, with faults, killed with SIGKILL again and again and resumed.

Two things are counted. Lost: a reply that was in the database once and is not there at the end, or a question without
a reply at the end. Asked twice: a request that the server got after the reply to the same question was in the database.
A request that was on its way at a kill may be asked again; those are counted apart. Then a part of the questions is
asked once more, by another judge, one by one and then eight at a time, for what asking at once is worth.

The server runs in this process, miareview in processes of its own, over loopback. Responses and pictures are synthetic.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import make_synthetic
from bench_import import miareview

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from standin.faults import Fault
from standin.server import KEY, StandIn

from miareview.images.library import cache_name
from miareview.judge.prompt import fence
from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_judge.py ../shared/mia-bench/instruction_benchmark_all.json --kills 5 --seed 1
"""
MODEL = "gpt-4o-2024-11-20"
KINDS = ("rate_limit", "500", "503", "cut", "cut_body", "lost_answer", "hang", "drip", "garbage", "html")
TIMEOUT = 4
CODE = re.compile(rb"answer ([0-9a-f]{16}) begins")
Log = list[dict[str, Any]]


class Watched(StandIn):
    """The stand-in, whose log also says by its fence which response a request is about."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._http.handle_error = lambda *_: None  # type: ignore[method-assign]  # a killed client resets connections

    def begin(self, method: str, path: str, body: bytes, fault: Fault | None, chat: bool) -> dict[str, Any]:
        entry = super().begin(method, path, body, fault, chat)
        found = CODE.search(body)
        entry["code"] = found[1].decode() if found else ""
        return entry


def prepare(benchmark: Path, scratch: Path, models: int, seed: int) -> Path:
    """A database with synthetic responses of so many models, and a picture for every item."""
    runs, db = scratch / "runs", scratch / "review.db"
    words = [str(benchmark), str(runs), "--models", str(models), "--errors", "0", "--seed", str(seed)]
    make_synthetic.main([*words, "--pictures", str(scratch / "made"), "--megapixels", "0.3"])
    files = [str(runs / f"synthetic-{number:02d}.jsonl") for number in range(1, models + 1)]
    miareview(db, "import", str(benchmark), *files)
    (scratch / "images").mkdir()
    with Store.open(db) as store:
        for item in store.items():
            os.link(scratch / "made" / f"{item.index}.jpg", scratch / "images" / f"{cache_name(item.image_url)}.jpg")
    return db


def command(db: Path, url: str, *words: str) -> list[str]:
    start = [sys.executable, "-m", "miareview", "--db", str(db), "judge", "run", "--model", MODEL, "--base-url", url]
    return [*start, "--yes", "--timeout", str(TIMEOUT), *words]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "OPENAI" not in name} | {"OPENAI_API_KEY": KEY}


def kept(db: Path) -> dict[str, tuple[str, float]]:
    """By response: its reply's judgment and when that was written, of the judge that asks with `points`."""
    with sqlite3.connect(db) as connection:
        rows = connection.execute(
            "select response, judgment.id, imported_at from judgment join judge on judge.id = judge"
            " where status <> 'api_error' and prompt like 'points%'"
        ).fetchall()
    return {response: (id, datetime.fromisoformat(at).timestamp()) for response, id, at in rows}


def one_run(db: Path, url: str, *words: str) -> tuple[float, str]:
    """Seconds that a run to the end takes, and what it said."""
    start = time.perf_counter()
    done = subprocess.run(command(db, url, *words), env=environment(), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 4):
        raise SystemExit(f"judge run failed ({done.returncode}):\n{done.stderr}")
    return time.perf_counter() - start, done.stderr


def busy(log: Log) -> float:
    """Requests on their way at a time, on average, from the first to the last."""
    span = max(one["end"] for one in log) - min(one["start"] for one in log)
    return float(sum(one["end"] - one["start"] for one in log) / span)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--models", type=int, default=3)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--faults", type=float, default=0.05, help="share of requests that meet a fault (default 0.05)")
    parser.add_argument("--latency", type=float, default=0.4, help="seconds an answer takes (default 0.4)")
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--subset", type=int, default=80, help="questions asked one by one as well (default 80)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    # The rules are drawn one after the other, so each is given its share of all.
    rules = [
        Fault(kind, probability=options.faults / len(KINDS), seconds=8 if kind in ("hang", "drip") else 1)
        for kind in KINDS
    ]
    with (
        tempfile.TemporaryDirectory(prefix="bench-judge-") as folder,
        Watched(rules, latency=options.latency, seed=options.seed) as server,
    ):
        scratch = Path(folder)
        db = prepare(options.benchmark, scratch, options.models, options.seed)
        with Store.open(db) as store:
            response_of = {fence(response.text): response.id for response in store.responses()}
        total = len(response_of)
        concurrency = ["--concurrency", str(options.concurrency)]
        gone: set[str] = set()
        killed: list[float] = []
        start = time.perf_counter()
        for kill in range(1, options.kills + 1):
            goal = round(total * (kill - draw.random() * 0.5) / (options.kills + 1))
            process = subprocess.Popen(
                command(db, server.url, *concurrency), env=environment(), stderr=subprocess.DEVNULL
            )
            while len(kept(db)) < goal and process.poll() is None:
                time.sleep(0.02)
            before = kept(db)
            process.kill()
            process.wait()
            killed.append(time.time())
            gone |= {id for id, _ in before.values()} - {id for id, _ in kept(db).values()}
            time.sleep(options.latency)  # what was on its way ends before the next run
        rounds = 0
        while len(kept(db)) < total and rounds < 5:
            one_run(db, server.url, *concurrency)
            rounds += 1
        wall = time.perf_counter() - start
        log = list(server.requests)
        there = kept(db)
        status = miareview(db, "judge", "status")
        miareview(db, "check")

        by_question: dict[str, Log] = defaultdict(list)
        for one in log:
            if one["code"]:
                by_question[response_of[one["code"]]].append(one)
        twice = sum(
            one["start"] > there[response][1] for response, sent in by_question.items() for one in sent
            if response in there
        )  # fmt: skip
        on_their_way = sum(
            one["start"] <= at and (one["end"] is None or one["end"] > at) for one in log for at in killed
        )
        answered = sum(one["status"] == 200 and one["fault"] is None for one in log)
        faulty = sum(one["fault"] is not None for one in log)
        with sqlite3.connect(db) as connection:
            attempts, calls = connection.execute("select sum(attempts), count(*) from call").fetchone()

        server.faults.set([])
        subset = ["--limit", str(options.subset), "--prompt", "strict-json"]
        server.requests.clear()
        alone, _ = one_run(db, server.url, *subset, "--concurrency", "1")
        alone_log = list(server.requests)
        server.requests.clear()
        at_once, _ = one_run(db, server.url, *subset, *concurrency)
        at_once_log = list(server.requests)

    print(status)
    print(f"synthetic: {options.models} models × 400 items; seed {options.seed}; {options.latency} s an answer")
    figures = {
        "questions": total, "replies in the database": len(there), "lost": len(gone) + total - len(there),
        "asked after the reply was in the database": twice, "kills": len(killed),
        "on their way at the kills": on_their_way, "of them sent in part": sum(not one["code"] for one in log),
        "requests": len(log), "that met a fault": faulty,
        "answered": answered, "answers beyond one a question": answered - total,
        "runs after the last kill": rounds, "calls recorded": calls, "requests they name": attempts,
    }  # fmt: skip
    for name, number in figures.items():
        print(f"{name:44}{number:7}")
    print(f"wall time, 1 + {len(killed)} runs: {wall:.1f} s; on their way at a time: {busy(log):.2f} on average")
    rate, rate_at_once = len(alone_log) / alone, len(at_once_log) / at_once
    print(f"one by one: {len(alone_log)} in {alone:.1f} s, {rate:.2f}/s, {busy(alone_log):.2f} on their way")
    print(
        f"{options.concurrency} at a time: {len(at_once_log)} in {at_once:.1f} s, {rate_at_once:.2f}/s, "
        f"{busy(at_once_log):.2f} on their way; {rate_at_once / rate:.1f} times as fast (starting up included)"
    )
    if figures["lost"] or twice or len(killed) < options.kills:
        sys.exit(1)


if __name__ == "__main__":
    main()
