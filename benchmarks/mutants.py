"""Lines that must not change unnoticed: each is changed in a copy of the project, and a test has to turn red.

    python benchmarks/mutants.py                # all of them, about 8 minutes
    python benchmarks/mutants.py replay joining  # those in files with such a name

Prints the change and the test that noticed it. Exit code 1 where none did, or where a line is no longer there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Mutant:
    """`old`, which stands once in the file, becomes `new`; `tests` are those that should notice."""

    file: str
    old: str
    new: str
    tests: str


def mutants(file: str, tests: str, *changes: tuple[str, str]) -> list[Mutant]:
    return [Mutant(f"miareview/{file}", old, new, tests) for old, new in changes]


MUTANTS = [
    *mutants(
        "store/replay.py", "tests/store/test_replay.py",
        ("            done.clear()\n            undone.clear()\n", "            done.clear()\n"),
        ("            done.clear()\n            undone.clear()\n", "            undone.clear()\n"),
        ("            done.append(event.id)\n            undone.clear()\n", "            done.append(event.id)\n"),
        ("gone.discard(event.value)", "pass"),
        ("marks = assisted if event.judge_visible or seen else blind", "marks = blind"),
        ("if event.judge_visible or seen else", "if event.judge_visible else"),
        ('if reveal == event.value), "each")', 'if reveal == event.value), "end")'),
        ('(reveal == "end" and queue in done)', '(reveal == "end")'),
        ("marks.pop(position, None)", "pass"),
    ),
    *mutants(
        "store/ledger.py", "tests/store/test_replay.py tests/store/test_ledger.py tests/store/test_moved.py",
        ("uuid.getnode(), str(store.path.resolve()), status", "uuid.getnode(), status"),
        ("str(store.path.resolve()), status.st_dev, status.st_ino)", "str(store.path.resolve()))"),
        ("(previous >> 64 & 0xFFF)) + 1)", "(previous >> 64 & 0xFFF)))"),
        ('ensure_ascii=True, separators=(",", ":"))\n    else', "ensure_ascii=True)\n    else"),
        ('separators=(",", ":"), sort_keys=True', "sort_keys=True"),
        ('separators=(",", ":"), sort_keys=True', 'separators=(",", ":")'),
        ("visible = visible or seen", "visible = entry.judge_visible"),
        ("connection.execute(\"select coalesce(max(id), '')", "connection.execute(\"select ''"),
        ("where device = ? order by id desc limit 1", "where device = ? order by id limit 1"),
        ("((last,),) = store.rows(\"select coalesce(max(id), '')", "((last,),) = store.rows(\"select count(response)"),
    ),
    *mutants(
        "store/guard.py", "tests/store/test_guard.py tests/store/test_ledger.py tests/review/test_session.py",
        ("_closed(connection, reviewer, name) or _done", "_done"),
        (" and all(committed for (committed,) in rows)", ""),
        ("first is not None and first[0] is not None and all", "all"),
        ("if entry.kind in POINTS:", "if False:"),
        ("<= weight\n", "<= 99\n"),
        ("if weight is None:", "if False:"),
        ("if entry.kind in CHANGES_SCORES and state.committed_at is not None and not visible:", "if False:"),
        ('if entry.kind == "ungradable" and not entry.value:', "if False:"),
        ('if entry.kind == "undo" and entry.value not in state.undoable:', "if False:"),
        ('if entry.kind == "redo" and entry.value not in state.redoable:', "if False:"),
        ("missing := [p for p in weights if state.mark(p) is None]", "missing := []"),
        ('if entry.kind == "reopen" and (state.committed_at is None or visible):', "if False:"),
        ('if entry.queue is not None and entry.kind != "queue":', "if False:"),
    ),
    *mutants(
        "review/queues.py", "tests/review/test_queues.py",
        ("random_number(seed, item)) if", "random_number(1, item)) if"),
        ("random_number(seed, item, model)", "random_number(seed, model)"),
        ("chance = len(chosen) / len(frame)", "chance = 1.0"),
        ('if one.status == "ok" and (', "if ("),
    ),
    *mutants(
        "review/samples.py", "tests/review/test_samples.py tests/review/test_queues.py",
        ("drawn_from != len(frame) or not set(prefix) <= frame", "drawn_from != len(frame)"),
        ("drawn_from != len(frame) or not set", "not set"),
        ("prefix = tuple(answers[:chosen])", "prefix = tuple(answers)"),
        ('queue.design == "all" and (len(prefix) < rows or gaps)', "False"),
        ("if other.seed in seeds or", "if"),
    ),
    *mutants(
        "stats/frame.py", "tests/stats/test_frame.py",
        ("(count == 0) & ratings.ungradable.any(axis=0)", "ratings.ungradable.any(axis=0)"),
        ("latest=_either(settled, _consensus(_either(seen, unseen)))",
         "latest=_either(settled, _consensus(_either(unseen, seen)))"),
        ("human=_either(settled, _either(_consensus(unseen), _consensus(seen)))",
         "human=_either(settled, _either(_consensus(seen), _consensus(unseen)))"),
        ("np.where(ungradable, np.nan, np.array(", "np.where(ungradable, 0.0, np.array("),
        ("(named or judges or [-1])[0]", "(judges or [-1])[0]"),
    ),
    *mutants(
        "stats/correction/estimators.py", "tests/stats/test_correction.py",
        ("residuals = seen - lam * predicted\n", "residuals = seen - predicted\n"),
        ("((1.0 - units.n / units.total) / units.n + known)", "(1.0 / units.n + known)"),
        ("/ units.n + known) * spread", "/ units.n) * spread"),
        ("variance += float(seen.var(ddof=1)) / units.total", "pass"),
        ('fitted = 2 if used == "regression" else 1', "fitted = 1"),
    ),
    *mutants(
        "stats/correction/domains.py", "tests/stats/test_correction.py tests/stats/test_leaderboard.py",
        ("f = np.where(missing, mean[of], f)", "f = np.where(missing, 0.0, f)"),
        ("(residual - shift[of])[seen]", "residual[seen]"),
        ("left = 1.0 - drawn / np.maximum(items_in, 1)", "left = 1.0"),
        ("if drawn < least and drawn < items:", "if drawn < least:"),
        ("drawn < min(FLAGGED_ITEMS, items)", "drawn < FLAGGED_ITEMS"),
    ),
    *mutants(
        "stats/correction/estimate.py", "tests/stats/test_correction.py",
        ("min(max(slope, 0.0), 1.0), ()", "slope, ()"),
        ("predicted[missing] = predicted[~missing].mean()", "predicted[missing] = 0.0"),
        ("(residuals.size - fitted + extra)", "(residuals.size + extra)"),
        ("disagreements == 0, 3.2,", "disagreements == 0, 2.0,"),
    ),
    *mutants(
        "judge/reply.py", "tests/judge",
        ("abs(total - read) < ROUNDING or", "abs(total - read) <= ROUNDING or"),
        ("* sum(weights) - read) < ROUNDING", "* sum(weights) - read) <= ROUNDING"),
        ("(of > 0 and abs(total / of * sum(weights) - read) < ROUNDING)", "False"),
        ("any(not 1 <= number <= len(weights) for number in choice.said)", "False"),
        ("if odd else", "if not odd else"),
        ('if total is None and choice.said and choice.form != "object":', "if total is None and choice.said:"),
        ("if meaningless:", "if False:"),
    ),
    *mutants(
        "judge/verdicts/choice.py", "tests/judge",
        ("main = (finals or complete)[-1]", "main = complete[0]"),
        ('if verdict.standing != "draft"', ""),
        ("for total in reversed(totals) if", "for total in totals if"),
        ("if total.span not in others), None)", "if total), None)"),
        ("abs(stated - read) < ROUNDING", "abs(stated - read) <= ROUNDING"),
        ("* sum(names.weights) - read) < ROUNDING", "* sum(names.weights) - read) <= ROUNDING"),
        ("* whole >= ROUNDING", "* whole > ROUNDING"),
    ),
    *mutants(
        "importing/matching.py", "tests/importing/test_matching.py",
        ("row_of.index in (None, self.found[n].index)", "True"),
        ("texts != own and (said.ordered or sorted(texts) != sorted(own))", "sorted(texts) != sorted(own)"),
        ("both = [item for item in by_url if item in by_text]", "both = by_url"),
        ("said.weights is not None and said.weights != item.weights", "False"),
        ("if rows[n].model == model}", "}"),
        ("if row.index is None and some:", "if False:"),
    ),
    *mutants(
        "importing/joining.py", "tests/importing/test_joining.py",
        ("is_cut(rest) and len(whole.text) > len(rest.text) and", "is_cut(rest) and"),
        ("is_cut(rest) and len(whole.text) > len(rest.text) and", "len(whole.text) > len(rest.text) and"),
        ("        if not judged and not is_cut(response):\n            return response\n", ""),
        ("if len(found) != 1:", "if not found:"),
        ("whole.text.strip() in EMPTIED", "whole.text in EMPTIED"),
        ("if rest.id != whole.id and is_rest_of(rest, whole):", "if rest.id != whole.id:"),
    ),
    *mutants(
        "importing/readings.py", "tests/importing/test_readings.py tests/importing/test_ingest.py",
        ("if fraction is None else fraction * component.weight", "if fraction is None else fraction"),
        ("abs(total * of - read) < _ROUNDING", "abs(total * of - read) <= _ROUNDING"),
        ("if reply.total is not None and len(known) == len(points):", "if reply.total is not None:"),
        ('"partial" if len(known) < len(points) else', ""),
    ),
    *mutants(
        "importing/ingest.py", "tests/importing/test_ingest.py tests/importing/test_foreign_kinds.py",
        ("if earlier_id != response.id:", "if False:"),
        ("if words in known:", "if False:"),
        ("if met - stored and stored - met:", "if False:"),
        ("len(known) if reply.repeat is None else reply.repeat", "0"),
    ),
    *mutants(
        "store/connection.py", "tests/store/test_steps.py",
        ('            connection.execute("rollback to step")\n', ""),
        ("                    self._refuse_moved()\n                    connection.commit()\n                except",
         "                    self._refuse_moved()\n                except"),
        ("                    self._within = False\n", "                    pass\n"),
    ),
    *mutants(
        "browse/items.py", "tests/browse/test_items.py",
        ("among[wanted] = True", "pass"),
        ("self._mean(people - judge)", "self._mean(judge - people)"),
        ("None if waiting == responses else reviewers", "reviewers"),
        ('name != "delta", self._rows)', "False, self._rows)"),
        ("return as_key(key) if", "return key if"),
        ("there = ~np.isnan(values)", "there = np.ones(len(values), dtype=bool)"),
    ),
    *mutants(
        "review/cursor.py", "tests/review/test_cursor.py",
        ("for step, count in ((1, 2), (-1, 1)):", "for step, count in ((1, 1), (-1, 1)):"),
        ("self._beyond(found, step) + 1)", "self._beyond(found, step))"),
        ("if found < 0:", "if found <= 0:"),
        (", len(self.work)), range(self.index + 1))", ", len(self.work)))"),
        ("while len(kept) >= _KEPT:", "while False:"),
    ),
    *mutants(
        "review/labelling.py", "tests/review/test_take_labels.py",
        ("unsure.add((one.who, one.response))", "pass"),
        ("if missing := sorted(weights.keys() - parts.keys()):", "if missing := []:"),
        ("(not drawn[response] or who in drawn[response])", "True"),
        ("person_of(store, name) or name for row", "name for row"),
        ('if before and before.ruling == "settled":', "if before:"),
    ),
    *mutants(
        "gold/splits.py", "tests/gold/test_splits.py",
        ('random_number(seed, "split", item)', 'random_number(1, "split", item)'),
        ("        begin = end\n", ""),
        ("if before and not again:", "if False:"),
        ("again=bool(before)", "again=again"),
        ('if split != "test":', "if False:"),
    ),
    *mutants(
        "stats/board/item_scores.py", "tests/stats/test_item_scores.py",
        ("return known / some, (known + waiting) / some", "return known / some, (known - waiting) / some"),
        ("(frame.human.present & ~frame.human_blind) > 0", "(frame.human.present | ~frame.human_blind) > 0"),
        ("if sample.frame_size != answers.size:", "if False:"),
    ),
    *mutants(
        "stats/board/parts.py", "tests/stats/test_parts.py",
        ("waiting = drawn & ~frame.human.ungradable[cells]", "waiting = drawn"),
        ("rows[drawn & (part == place)]", "rows[drawn]"),
        ("scale = table.scale(size, asked[place])", "scale = 1.0"),
    ),
    *mutants(
        "stats/board/people.py", "tests/stats/test_people_like_these.py",
        ("self.scores[:, self.model == model]", "self.scores"),
        ("given / np.maximum(given.sum(axis=0), 1)", "given"),
        ("wider = margin * se * fixed.scale", "wider = margin * se"),
        ("drawn = frame.sampled & frame.ok", "drawn = frame.sampled"),
    ),
    *mutants(
        "stats/board/paired.py", "tests/stats/test_pairs.py",
        ("IMBALANCE = 0.25 ", "IMBALANCE = 0.2 "),
        ("usable = few.n[0, 1] >= PILOT", "usable = few.n[0, 1] > PILOT"),
        ("flipped = against & (n >= np.minimum(PILOT, total))", "flipped = against"),
        ("share: Floats = (both - failed @ failed.T)", "share: Floats = both"),
        ("other = self.codes[a] != self.codes[b]", "other = np.zeros(len(self.codes[a]), dtype=bool)"),
    ),
    *mutants(
        "stats/numeric/ties.py", "tests/stats/test_ties.py",
        ("_TIE = 1e-9", "_TIE = 1e-13"),
        ("np.where(np.isnan(ordered), 0, place - start + 1)", "place - start + 1"),
    ),
    *mutants(
        "formats/columns.py", "tests/formats/test_column_names.py",
        (" and not _PEOPLE.search(key)]", "]"),
        ("if answers or _SAYS_JUDGE.search(key)]", "]"),
        ("(key not in OFTEN_OTHERS or key in alike)", "True"),
        ("for text in texts) * 2 > len(texts)", "for text in texts) * 2 >= len(texts)"),
        ("and len(others) == 1:", "and others:"),
    ),
    *mutants(
        "formats/opening.py", "tests/formats/test_open_source.py",
        ("    if not stream.seekable():\n", "    if False:\n"),
        ("head.count(0) > len(head) // 10", "head.count(0) > len(head) // 5"),
        ("        stream.read(len(BOM_UTF8))\n", "        pass\n"),
        ("if record is entry.record else replace(entry, record=record)", ""),
    ),
    *mutants(
        "judge/verdicts/labels.py", "tests/judge/verdicts/test_labels_and_statements.py",
        ("int(counted[1]) == len(names.weights) and", ""),
        ("if names.texts.count(words) == 1:", "if True:"),
        ("if _begins_line(text, span[0])]", "]"),
        ("b.start() - a.end() <= 4 for", "b.start() - a.end() <= 9 for"),
    ),
    *mutants(
        "judge/verdicts/statements.py", "tests/judge/verdicts/test_labels_and_statements.py",
        ("if direct and numbered and", "if direct and False and"),
        ("    if _SUPPOSED_LABEL.search(text, max(0, label.start - 40), label.start):\n        return None\n", ""),
        ("if value.amount.points > sum(names.weights):", "if False:"),
        ("order = [turned, cued, pointed] if direct is None or turned else", "order ="),
    ),
    *mutants(
        "judge/verdicts/page.py", "tests/judge/verdicts/test_long_replies.py",
        ('for white in " \\n\\t")', 'for white in " ")'),
        ("if len(text) <= MOST_SIGNS:", "if len(text) < MOST_SIGNS:"),
    ),
    *mutants(
        "identity.py", "tests/test_identity.py",
        ('separators=(",", ":")', 'separators=(", ", ":")'),
        ("bare = host.lower() + slash + rest", "bare = bare.lower()"),
        ("canonical_url(url), canonical_text(instruction))", "canonical_url(url), instruction)"),
    ),
    *mutants(
        "text.py", "tests/test_text.py",
        ("if code < 0x20:", "if code < 0x1B:"),
    ),
    *mutants(
        "cli/target.py", "tests/cli/test_export.py",
        ("if file.exists() and not force:", "if False:"),
    ),
    *mutants(
        "formats/whole.py", "tests/cli/test_export.py tests/cli/test_doors.py",
        ("            beside.unlink(missing_ok=True)\n", "            pass\n"),
        ("with beside.open", "with file.open"),
    ),
]  # fmt: skip


def copy_of_the_tree(folder: Path) -> Path:
    named = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    copy = folder / "copy"
    for name in filter(None, named.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    if (ROOT.parent / "shared").is_dir():
        (folder / "shared").symlink_to((ROOT.parent / "shared").resolve())
    return copy


def noticed_by(copy: Path, mutant: Mutant) -> str:
    """The first test that turns red, "" where none does. Raises `ValueError` where the line does not stand once, or a
    file of tests is not there."""
    path = copy / mutant.file
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if text.count(mutant.old) != 1:
        raise ValueError(f"stands {text.count(mutant.old)} times in {mutant.file}")
    if gone := [name for name in mutant.tests.split() if not (copy / name).exists()]:
        raise ValueError(f"there is no {', '.join(gone)}")
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--tb=no", *mutant.tests.split()],
            cwd=copy, capture_output=True, text=True, timeout=300,
            env={**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "the time that they may take"
    finally:
        path.write_text(text, encoding="utf-8")
    if done.returncode == 0:
        return ""
    found = re.search(r"^(?:FAILED|ERROR) (?:\S*/)?(\S.*?)(?: - .*)?$", done.stdout, re.MULTILINE)
    return found.group(1) if found else f"pytest's exit code {done.returncode}"


def main() -> int:
    if {"-h", "--help"} & set(sys.argv):
        print(__doc__)
        return 0
    chosen = [one for one in MUTANTS if not sys.argv[1:] or any(word in one.file for word in sys.argv[1:])]
    survived = 0
    with TemporaryDirectory() as folder:
        copy = copy_of_the_tree(Path(folder))
        for mutant in chosen:
            change = " | ".join(
                " ".join(line.split()) for line in (mutant.old, mutant.new or "(nothing)")
            )  # one line for each change
            try:
                by = noticed_by(copy, mutant)
            except ValueError as error:
                by, change = "", f"{change}   ({error})"
            survived += not by
            print(f"{'noticed ' if by else 'SURVIVED'} {mutant.file}: {change}\n         {by}", flush=True)
    print(f"{len(chosen) - survived} of {len(chosen)} changes were noticed.")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
