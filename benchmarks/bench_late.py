"""Answer the review app's questions late, as five terminals do over a slow line, and see whether anything is recorded.

The real app runs in a pseudo-terminal for each terminal. None of its questions is answered in time; then the whole set
of answers comes in one piece, and after that again and again in two, cut at every place, with a pause between them.
Nobody types. In the end one key is pressed, which must be all that the ledger holds. Responses are synthetic.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench_import import miareview, steps, synthetic_runs
from pty_screen import Program

from miareview.store.ledger import events
from miareview.store.store import Store

EXAMPLE = """example:
  python benchmarks/bench_late.py ../shared/mia-bench/instruction_benchmark_all.json
"""
MODES = "\x1b[?2026;2$y\x1b[?2048;0$y"
ANSWERS = {
    "xterm": "\x1bP>|XTerm(390)\x1b\\\x1b[?1;0;256S\x1b[6;20;10t\x1b[?64;1;2;4;6;9;15;22c" + MODES,
    "iTerm2": "\x1b_Gi=7;OK\x1b\\\x1bP>|iTerm2 3.5.4\x1b\\\x1b[?1;0;256S\x1b[6;17;8t\x1b[?62;4c" + MODES,
    "Windows Terminal": "\x1bP>|Windows Terminal\x1b\\\x1b[?1;0;256S\x1b[6;20;10t\x1b[?61;4;6;7;14;21;22;23;24;28;42c",
    "foot": "\x1b_Gi=7;EINVAL\x1b\\\x1bP>|foot(1.16.2)\x1b\\\x1b[?1;0;1024S\x1b[6;15;7t\x1b[?62;4;22c" + MODES,
    "VTE": "\x1bP>|VTE(7600)\x1b\\\x1b[?1;3;0S\x1b[6;20;10t\x1b[?65;1;9c" + MODES,
}


def read_all(programs: list[Program], seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for program in programs:
            program.read(0.01)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("benchmark", type=Path, help="benchmark JSON, as instruction_benchmark_all.json")
    parser.add_argument("--pause", type=float, default=1.2, help="seconds between two pieces (default 1.2)")
    parser.add_argument("--step", type=int, default=1, help="cut at every so many bytes (default 1)")
    options = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory(prefix="bench-late-") as scratch:
        db = Path(scratch) / "review.db"
        names = synthetic_runs(options.benchmark, Path(scratch) / "runs", 1)
        steps(db, options.benchmark, Path(scratch) / "runs", names)
        miareview(db, "queue", "create", "bench")
        command = [sys.executable, "-m", "miareview", "--db", str(db), "review", "--queue", "bench", "--as"]
        programs = {name: Program([*command, name, "--new"], answers=False) for name in ANSWERS}
        for program in programs.values():
            program.expect(b"SCORES", 60)
        read_all([*programs.values()], 1.2)
        for name, program in programs.items():
            program.press(ANSWERS[name])
        read_all([*programs.values()], options.pause)
        for cut in range(1, max(map(len, ANSWERS.values())), options.step):
            for half in (slice(None, cut), slice(cut, None)):
                for name, program in programs.items():
                    if piece := ANSWERS[name][half] if cut < len(ANSWERS[name]) else "":
                        program.press(piece)
                read_all([*programs.values()], options.pause)
        for program in programs.values():
            program.press("1")
        read_all([*programs.values()], 3)
        for program in programs.values():
            program.kill()
        with Store.open(db) as store:
            for name, program in programs.items():
                kept = [(e.kind, e.component, e.value) for e in events(store, reviewer=name) if e.response]
                good = kept == [("score", 1, "1")]
                bad += not good
                pieces = len(program.keys) - 1
                print(f"{name:18}{pieces:5} pieces of answers   events {len(kept) - 1}", "" if good else f"! {kept}")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
