"""Faults that were once seen, each provoked again as it was then, on the demo: what happened before, what happens now.

The numbers are those of docs/reliability.md. The real screen runs in a pseudo-terminal, commands are real processes. A
fault that takes minutes to provoke has a script of its own, which is named. Exit code 1 where one is back.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_late import ANSWERS
from bench_lock import KEYS, type_behind_a_lock
from pty_screen import Program, frames

from miareview.errors import MiaReviewError
from miareview.store.check import check
from miareview.store.ledger import Entry, append, events, review_state
from miareview.store.store import Store

PYTHON = [sys.executable, "-m", "miareview", "--db"]
BEHIND = "import time; real = time.time_ns; time.time_ns = lambda: real() - 120 * 10**9; "
RUN = "import sys; from miareview.cli.main import main; main()"
# As somebody without rights: the command runs once before, on its own file, so that nothing is left to be imported.
NOBODY = """
import contextlib, io, os, sys
from miareview.cli.main import cli
with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())), contextlib.redirect_stderr(io.StringIO()):
    cli.main(["--db", {own!r}, *sys.argv[3:]], standalone_mode=False)
os.setgroups([]); os.setgid({uid}); os.setuid({uid})
"""
Found = Iterator[tuple[str, str, bool]]
"""What was tried, what happened, and whether that is as it should be."""


class Demo:
    """Fresh copies of the demo, and what runs on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0
        done = subprocess.run([*PYTHON[:-1], "demo", "--dir", str(folder / "demo")], capture_output=True, check=True,
                              stdin=subprocess.DEVNULL)  # fmt: skip
        assert done.returncode == 0

    def fresh(self) -> Path:
        self.made += 1
        (self.folder / str(self.made)).mkdir()
        return Path(shutil.copy(self.folder / "demo" / "demo.db", self.folder / str(self.made) / "demo.db"))


def command(db: Path | str, *words: str | bytes, first: str = "", **more: object) -> tuple[int, str]:
    """Exit code of a command, and what it said last."""
    start = [sys.executable, "-c", first + RUN, "--db"] if first else PYTHON
    env = {**os.environ, **more.pop("env", {})}  # type: ignore[dict-item]
    done = subprocess.run([*start, db, *words], capture_output=True, stdin=subprocess.DEVNULL, env=env, timeout=120,
                          **more)  # type: ignore[call-overload]  # fmt: skip
    lines = (done.stdout + done.stderr).decode("utf-8", "replace").strip().splitlines()
    return done.returncode, lines[-1] if lines else ""


def screen(db: Path, *more: str, answers: bool = True, first: str = "", shell: str = "") -> Program:
    """The review screen of ann, when it is there."""
    start = [sys.executable, "-c", first + RUN, "--db"] if first else PYTHON
    words = [*start, str(db), "review", "--as", "ann", "--new", *more]
    if "--images" not in more:
        words += ["--images", "off"]
    program = Program(["sh", "-c", f'"$@" {shell}', "sh", *words] if shell else words, answers=answers)
    program.expect(b"SCORES", 60)
    program.read(0.8)
    return program


def said(db: Path) -> list[tuple[str, int | None, str | None]]:
    """Ann's words on responses."""
    with Store.open(db, reading=True) as store:
        return [(e.kind, e.component, e.value) for e in events(store, reviewer="ann") if e.response]


def scores(db: Path) -> dict[int, str]:
    """Ann's points by component, where she has reviewed one response."""
    with Store.open(db, reading=True) as store:
        (response,) = {event.response for event in events(store, reviewer="ann") if event.response}
        return {place: str(mark.points) for place, mark in sorted(review_state(store, response, "ann").blind.items())}


def status(program: Program) -> str:
    """The line that says what became of the last key."""
    return list(frames(program))[-1].lines[-2].strip()


def seen(program: Program) -> str:
    return "\n".join("\n".join(frame.lines) for frame in frames(program))


def f1_late_answers(demo: Demo) -> Found:
    for name, images in [(name, "auto") for name in ANSWERS] + [("xterm", "halfcell")]:
        db = demo.fresh()
        program = screen(db, "--images", images, answers=False)
        program.read(1.2)
        program.press(ANSWERS[name])
        program.read(1.5)
        program.kill()
        yield f"answers of {name}, --images {images}, 1.2 s late", f"events: {said(db)}", said(db) == []


def f2_a_refused_key(demo: Demo) -> Found:
    db = demo.fresh()
    program = screen(db)
    type_behind_a_lock(db, program, 13, 0.05)
    program.read(1)
    kept, words = said(db), status(program)
    yield f"{' '.join(KEYS)} behind a lock of 13 s", f"events: {kept}; {words!r}", kept == [] and "NOT SAVED" in words
    program.kill()
    db = demo.fresh()
    program = screen(db)
    program.press("9210")
    program.read(1)
    yield "9210 in one read, 9 does not fit", f"events: {said(db)}; {status(program)!r}", said(db) == []
    program.kill()


def f3_two_keys_in_one_read(demo: Demo) -> Found:
    for keys in ("t12", "x11", "/5\r\r\r", "znn", "t²", "rr"):
        program = screen(demo.fresh())
        program.press(keys)
        program.read(1)
        for _ in range(3):
            program.press("\x1b" if keys[0] in "/zctr" else " ")
            program.read(0.8)
        ended = program.leave("q", 10)
        yield f"{keys!r} in one read", f"left with q: exit code {ended}", ended == 0


def f4_held_enter(demo: Demo) -> Found:
    db = demo.fresh()
    program = screen(db, "--queue", "demo-random")
    for _ in range(30):
        program.press("\r")
        program.read(0.033)
    program.read(1)
    yield "Enter held for a second, nothing scored", f"events: {said(db)}; {status(program)!r}", said(db) == []
    program.press(" ")
    program.read(1)
    program.press("r")
    program.read(1)
    asked = said(db) == []
    program.press("n")
    program.read(1)
    yield "r", f"asks first; events before an answer and after 'no': {said(db)}", asked and said(db) == []
    program.kill()
    db = demo.fresh()
    assert command(db, "queue", "create", "blind", "--reveal", "end")[0] == 0
    program = screen(db, "--queue", "blind")
    for key in "f\ru":
        program.press(key)
        program.read(1)
    kinds = [kind for kind, _, _ in said(db) if kind != "score"]
    yield "f, Enter, u in a queue that shows the judge at its end", f"{kinds}", kinds == ["commit", "reopen"]
    program.kill()


def f5_a_clock_behind(demo: Demo) -> Found:
    db = demo.fresh()
    program = screen(db)
    for key in "421":
        program.press(key)
        program.read(0.6)
    program.leave("q", 10)
    copy = db.with_name("copy.db")
    assert command(db, "backup", str(copy))[0] == 0
    program = screen(copy, first=BEHIND)
    for key in "kkkk0":
        program.press(key)
        program.read(0.6)
    yield "4 2 1, a copy, the clock 2 minutes back, 0 for component 1", str(scores(copy)), scores(copy)[1] == "0"
    program.press("u")
    program.read(0.8)
    program.leave("q", 10)
    with Store.open(copy) as store:
        well = check(store).ok
    yield "undo there", f"{scores(copy)}; check: {'well' if well else 'not well'}", scores(copy)[1] == "4" and well


def f6_a_file_that_goes_away(demo: Demo) -> Found:
    for what in ("replaced", "deleted", "moved"):
        db, other = demo.fresh(), demo.fresh()
        before = other.read_bytes()
        program = screen(db)
        program.press("4")
        program.read(0.8)
        if what == "replaced":
            other.replace(db)
        elif what == "deleted":
            db.unlink()
        else:
            db.rename(db.with_name("moved.db"))
        program.press("2")
        program.read(1.5)
        words = status(program)
        program.press(" ")
        program.read(1)
        ended = program.leave("q", 10)
        kept = "there" if any(db.parent.glob("*.kept-*")) or db.with_name("moved.db").exists() else "gone"
        well = "not saved" in words.casefold() and "Traceback" not in seen(program) and kept == "there"
        if what == "replaced":
            well = well and db.read_bytes() == before
        yield f"the file is {what}", f"{words!r}; exit code {ended}; the words of before are {kept}", well


def f7_check(demo: Demo) -> Found:
    db = demo.fresh()
    with closing(sqlite3.connect(db)) as plain:
        triggers = plain.execute(
            "select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'sub_score'"
        )
        rows = triggers.fetchall()
        for name, _ in rows:
            plain.execute(f"drop trigger {name}")
        plain.execute("update sub_score set points = '0', sixtieths = 0")
        for _, sql in rows:
            plain.execute(sql)
        plain.commit()
    code, _ = command(db, "check")
    with Store.open(db, reading=True) as store:
        where, what = check(store).problems[0]
    yield "all judgments set to 0", f"exit code {code}: {where}: {what}", code == 3
    yield "how long, false alarms, 30 manipulations", "bench_check.py, bench_writers.py, bench_tamper.py", True


def f8_callers(demo: Demo) -> Found:
    with Store.open(demo.fresh()) as store:
        response = store.responses()[0].id
        append(store, Entry("ann", "score", response, 1, "1"), Entry("ann", "reveal", response))
        append(store, Entry("ann", "score", response, 1, "2", judge_visible=False))
        state = review_state(store, response, "ann")
        marks = (str(state.blind[1].points), str(state.assisted[1].points))
        yield "score 1, reveal, score 2 'with the judge hidden'", f"blind {marks[0]}, assisted {marks[1]}", marks == (
            "1", "2")  # fmt: skip
        for entry in (Entry("ann", "score", response, 1, "99"), Entry("ann", "score", response, 9, "1")):
            try:
                append(store, entry)
                yield f"{entry.value} points for component {entry.component}", "taken", False
            except MiaReviewError as error:
                yield f"{entry.value} points for component {entry.component}", str(error), True


def f9_a_status_nobody_knows(demo: Demo) -> Found:
    with Store.open(demo.fresh()) as store:
        odd = replace(store.responses()[0], id="odd", status="odd")  # type: ignore[arg-type]
        try:
            yield "a response with the status 'odd'", f"taken: {store.add_responses([odd])}", False
        except (MiaReviewError, sqlite3.Error) as error:
            yield "a response with the status 'odd'", f"{type(error).__name__}: {error}", True


def f10_doors(demo: Demo) -> Found:
    def tried(
        what: str, codes: tuple[int, ...], *words: str | bytes, db: Path | str | None = None, **more: object
    ) -> tuple[str, str, bool]:
        code, last = command(db or demo.fresh(), *words, **more)  # type: ignore[arg-type]
        bad = "Traceback" in last or "fault of miareview" in last
        return what, f"exit code {code}: {last[:110]}", code in codes and not bad

    if os.getuid() == 0:
        shut = demo.fresh()
        shut.chmod(0o444)
        shut.parent.chmod(0o555)
        demo.folder.chmod(0o755)
        for words in ("scores", "agreement", "check", "queue list", "export scores -"):
            yield tried(f"{words}, as nobody, in a folder that is shut", (0,), *words.split(), db=shut,
                        first=NOBODY.format(own=str(demo.fresh()), uid=65534))  # fmt: skip
        unknown = NOBODY.format(own=str(demo.fresh()), uid=54321)
        yield tried("scores, as a uid without a name", (0,), "scores", db=shut, first=unknown)
    bare = demo.fresh().with_name("bare.db")
    assets = Path(__file__).resolve().parents[1] / "assets" / "demo"
    command(bare, "import", str(assets))
    yield tried("judge compare without blind reviews", (0, 3), "judge", "compare", db=bare)
    for encoding in ("cp1252", "iso-8859-1"):
        for words in ("agreement", "scores", "plan"):
            yield tried(f"{words} in {encoding}", (0,), words, env={"PYTHONIOENCODING": encoding})
    yield tried("review --as $'\\xff'", (2, 3), "review", "--as", b"\xff")
    folder = demo.fresh().parent
    code, last = command(":memory:", "import", str(assets), cwd=folder)
    made = (folder / ":memory:").exists()
    yield "--db :memory:", f"exit code {code}: {last[:80]}; a file of that name: {made}", (code == 0) == made
    program = screen(demo.fresh())
    os.kill(program.pid, signal.SIGTERM)
    program.read(2)
    back = b"\x1b[?1049l" in b"".join(data for _, data in program.chunks)
    yield "SIGTERM on the screen", f"the terminal is put back: {back}", back
    db = demo.fresh()
    program = screen(db, shell=f"2>{db.parent / 'err.log'}")
    program.press("4")
    program.read(1)
    yield "review 2>err.log", f"the screen is there: {status(program)!r}", said(db) == [("score", 1, "4")]
    program.kill()
    db = demo.fresh()
    program = screen(db)
    program.press("chi\x13")
    program.read(1.5)
    yield "c, hi and ^S in one read", f"events: {said(db)}", said(db) == [("comment", None, "hi")]
    program.press("c")
    program.read(1)
    program.press(", and more")
    program.read(0.5)
    program.press("\x1b")
    program.read(1.5)
    asked = "Throw away what you changed?" in seen(program)
    yield "Esc in a changed comment", "asks first" if asked else "the text is gone", asked
    program.kill()


def f11_files(demo: Demo) -> Found:
    wide = demo.fresh().with_name("wide.csv")
    wide.write_text(",".join(f"c{number}" for number in range(100_000)) + "\n", encoding="utf-8")
    start = time.perf_counter()
    code, last = command(demo.fresh(), "import", str(wide))
    seconds = time.perf_counter() - start
    yield "a CSV header of 100,000 columns", f"exit code {code} after {seconds:.1f} s: {last[:90]}", code in (0, 3)
    yield "Parquet, workbooks, JSON, templates", "bench_hostile.py", True


def f12_blind_by_numbers(demo: Demo) -> Found:
    db = demo.fresh()
    command(db, "queue", "create", "blind", "--reveal", "end")
    with Store.open(db) as store:
        response, weights = next(iter(store.weights({store.responses()[0].id}).items()))
        append(store, *(Entry("ben", "score", response, p, "0") for p in weights))
    program = screen(db, "--queue", "blind")
    program.press("f")
    program.read(1)
    program.press("\r")
    program.read(1)
    program.kill()
    code, last = command(db, "agreement", "--as", "ann", "--json")
    with Store.open(db, reading=True) as store:
        peeks = [json.loads(event.value or "") for event in events(store) if event.kind == "peek"]
    yield "agreement in the middle of a blind queue", f"exit code {code}: {last[:120]}; peeks: {peeks}", len(peeks) == 1
    yield "what lists and pictures tell", "bench_blind.py, tests/review/test_looking.py", True


def f13_seconds(demo: Demo) -> Found:
    db = demo.fresh()
    program = screen(db, "--queue", "demo-random")
    program.read(2)
    left = program.press("n")
    program.read(4)
    back = program.press("p")
    program.read(2)
    scored = program.press("4")
    program.read(1)
    program.kill()
    there = left - program.started + scored - back
    with Store.open(db, reading=True) as store:
        (seconds,) = [event.seconds or 0.0 for event in events(store, reviewer="ann") if event.kind == "score"]
    yield "two visits, 4 s elsewhere between them", f"{seconds:.1f} s of at most {there:.1f}", 4 <= seconds <= there + 1
    yield "a night", "tests/review/test_visits.py", True


FAULTS: dict[int, tuple[Callable[[Demo], Found], str]] = {
    1: (f1_late_answers, "one reveal and seven scores in the ledger, and nobody typed"),
    2: (f2_a_refused_key, "component 1 gets 2, 2 gets 1, 3 gets 0; the refused 9 shifts the rest"),
    3: (f3_two_keys_in_one_read, "the app dies or is left blank; ² in a dialog: ValueError"),
    4: (f4_held_enter, "fifteen responses committed without a score; nothing taken back; r does not ask"),
    5: (f5_a_clock_behind, 'says "saved", the score stays 4; "undone", and undoes nothing'),
    6: (f6_a_file_that_goes_away, 'eight keys "saved", then both works malformed; deleted: a traceback'),
    7: (f7_check, "all well; quadratic, 17,000 events 12.7 s; 6 false alarms of 6; 21 of 30 manipulations called well"),
    8: (f8_callers, "the blind score is replaced; 99 points are taken; component 9: KeyError"),
    9: (f9_a_status_nobody_knows, 'reported as "unchanged" and not stored'),
    10: (f10_doors, "cannot be read, IndexError, fault, keeps nothing, terminal broken, blank screen, text lost"),
    11: (f11_files, "quadratic, > 90 s, 1.3 GB, MemoryError shown as our fault"),
    12: (f12_blind_by_numbers, '"judge 3, people 2: 2 of 2"; opening numbers is not recorded'),
    13: (f13_seconds, "starts again at each visit; a night counts as work"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", type=int, choices=[*FAULTS, []], metavar="N", help="which, 1 to 13 (all)")
    back = 0
    with TemporaryDirectory(prefix="bench-faults-") as folder:
        demo = Demo(Path(folder))
        for number in parser.parse_args().numbers or FAULTS:
            try_it, before = FAULTS[number]
            print(f"{number}. before: {before}", flush=True)
            for what, now, well in try_it(demo):
                back += not well
                print(f"   {'now' if well else 'BACK'}: {what}: {now}", flush=True)
        for path in Path(folder).iterdir():
            path.chmod(0o755)
    return 1 if back else 0


if __name__ == "__main__":
    sys.exit(main())
