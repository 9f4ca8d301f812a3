"""Ten processes write to one database at once, while others run `check`: is a word lost, or a false alarm raised?

Every writer says what it was told is on disk; afterwards all of it must be in the ledger, in whole chains. Exits with 1
where one is lost or `check` finds anything.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

from miareview.demo import make_demo
from miareview.store.check import check
from miareview.store.ledger import Entry, append
from miareview.store.store import Store


def write(path: str, number: int, seconds: float) -> tuple[list[str], float, list[str]]:
    """Ids that were acknowledged, the slowest append in seconds, and what was said of those that were refused."""
    said, slowest, failed = [], 0.0, []
    with Store.open(path) as store:
        responses = [response.id for response in store.responses()]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            response = responses[len(said) % len(responses)]
            start = time.monotonic()
            try:
                (event,) = append(store, Entry(f"writer-{number}", "score", response, 1, str(len(said) % 2)))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told
                failed.append(str(error))
            else:
                said.append(event.id)
            slowest = max(slowest, time.monotonic() - start)
    return said, slowest, failed


def read(path: str, seconds: float) -> tuple[int, list[str], float]:
    """How many checks were run, what they found, and the longest."""
    runs, found, longest, end = 0, [], 0.0, time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.monotonic()
        with Store.open(path, reading=True) as store:
            found += [": ".join(problem) for problem in check(store).problems]
        longest = max(longest, time.monotonic() - start)
        runs += 1
    return runs, found, longest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--writers", type=int, default=10)
    parser.add_argument("--readers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "shared.db")
        make_demo(Path(path)).close()
        with get_context("spawn").Pool(options.writers + options.readers) as pool:
            writing = [pool.apply_async(write, (path, number, options.seconds)) for number in range(options.writers)]
            reading = [pool.apply_async(read, (path, options.seconds)) for _ in range(options.readers)]
            wrote, looked = [job.get() for job in writing], [job.get() for job in reading]
        with Store.open(path, reading=True) as store:
            there = {id for (id,) in store.rows("select id from event")}
            after = check(store)
    said = [id for ids, _, _ in wrote for id in ids]
    lost = len(set(said) - there)
    alarms = [what for _, found, _ in looked for what in found]
    print(f"{options.writers} writers, {options.seconds:.0f} s: {len(said)} words acknowledged, {lost} lost,")
    refused = [why for _, _, failed in wrote for why in failed]
    print(f"{len(refused)} refused, slowest append {max(s for _, s, _ in wrote):.2f} s;")
    print(f"{sum(runs for runs, _, _ in looked)} checks beside them, {len(alarms)} false alarms,", end=" ")
    print(
        f"the longest {max(longest for _, _, longest in looked):.2f} s; {after.chains} chain(s), {after.events} events"
    )
    print(*sorted(set(refused)), sep="\n")
    if lost or alarms or after.problems or not said:
        print(*alarms[:5], *after.problems[:5], sep="\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
