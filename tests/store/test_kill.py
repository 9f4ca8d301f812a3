"""A process killed while it scores loses nothing that it had acknowledged."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from miareview.store.check import check
from miareview.store.ledger import events
from miareview.store.store import Store

WRITER = """
import sys
from miareview.store.ledger import Entry, append
from miareview.store.store import Store
store = Store.open(sys.argv[1])
response = store.responses()[0].id
for number in range(10_000):
    event, = append(store, Entry("ann", "score", response, 1 + number % 2, str(number % 4)))
    print(event.id, flush=True)
"""


def test_kill_9_in_the_middle_of_scoring(store: Store) -> None:
    """Five kills here; benchmarks/bench_kill.py does fifty."""
    for kill in range(5):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(store.path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(3 + 7 * kill)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
        written = {event.id for event in events(store)}
        assert acknowledged
        assert set(acknowledged) <= written
        assert check(store).ok


def test_the_database_survives_as_one_file(store: Store, tmp_path: Path) -> None:
    path = store.path
    store.close()
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    with Store.open(copy) as opened:
        assert len(opened.items()) == 6
