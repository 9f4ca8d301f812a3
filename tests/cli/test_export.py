"""Everything out, and what comes back in."""

from __future__ import annotations

import csv
import json
import sqlite3
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow.json
import pyarrow.parquet
import pytest
from commands import run
from conftest import HOSTILE, JUDGE, commit, make_items, make_judgment, make_response

from miareview.cli.export import EXPORTED as NAMES
from miareview.demo import BENCHMARK, make_demo
from miareview.formats.detect import read_file
from miareview.formats.table_out import is_dangerous
from miareview.importing.ingest import ingest
from miareview.judge.published import published_total
from miareview.model import Judge, Label
from miareview.store.gold import new_split, settled
from miareview.store.ledger import Entry, append
from miareview.store.store import Store
from miareview.store.tables import TABLES, tables_markdown
from miareview.store.verdicts import verdicts

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path).close()
    return path


@pytest.fixture
def hostile_db(tmp_path: Path) -> Path:
    """Hostile words wherever a text can be."""
    path = tmp_path / "hostile.db"
    with Store.open(path, create=True) as store:
        (item,) = make_items(1)
        store.add_items([item])
        answers = [make_response(item, HOSTILE, text) for text in (HOSTILE, "=1+1", "- a\r\n\tlist", "'quoted", "\t=1")]
        store.add_responses(answers, source="=source")
        store.add_judgments(
            Judge(JUDGE.id, "@judge", "", json.dumps({"harness": HOSTILE})),
            [make_judgment(item, r, [4, 3, 3], HOSTILE) for r in answers],
        )
        append(store, Entry(HOSTILE, "score", answers[0].id, 1, "3.5"))
        append(store, Entry(HOSTILE, "comment", answers[0].id, None, "=HYPERLINK(1)"))
        append(store, Entry(HOSTILE, "ungradable", answers[0].id, 2, "=ambiguous"))
        commit(store, HOSTILE, answers[0].id)
    return path


def exported(db: Path, table: str, folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, str]], list[Any]]:
    """The table as its three files give it."""
    for ending in ("jsonl", "csv", "parquet"):
        done = run("export", table, str(folder / f"{table}.{ending}"), db=db)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    lines = (folder / f"{table}.jsonl").read_text(encoding="ascii").split("\n")[:-1]
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        cells = list(csv.DictReader(stream))
    rows = pyarrow.parquet.read_table(folder / f"{table}.parquet").to_pylist()
    return [json.loads(line) for line in lines], cells, rows


def test_the_command_knows_every_table() -> None:
    assert set(NAMES) == set(TABLES)


@pytest.mark.parametrize("table", sorted(TABLES))
@pytest.mark.parametrize("which", ["demo_db", "hostile_db"])
def test_every_table_says_the_same_in_all_three_forms(
    table: str, which: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    lines, cells, rows = exported(request.getfixturevalue(which), table, tmp_path)
    assert len(lines) == len(cells) == len(rows)
    assert bool(lines) == (table not in ("calls", *(["queues"] if which == "hostile_db" else [])))
    for line, cell, row in zip(lines, cells, rows, strict=True):
        assert list(line) == list(cell) == list(row) == [column.name for column in TABLES[table].columns]
        for column in TABLES[table].columns:
            value, name = line[column.name], column.name
            if value is None:
                assert (cell[name], row[name]) == ("", None)
            elif column.kind == "time":
                assert cell[name] == value == row[name].isoformat(timespec="microseconds").replace("+00:00", "Z")
            elif column.kind == "boolean":
                assert (cell[name], row[name]) == (str(value).lower(), value)
            elif column.kind in ("integer", "real"):
                assert float(cell[name]) == row[name] == value
            else:
                assert not is_dangerous(cell[name])
                text = cell[name].removeprefix("'")
                assert (json.loads(text) if column.kind == "list" else text) == value == row[name]


def test_the_tables_hold_what_the_database_holds(demo_db: Path, tmp_path: Path) -> None:
    database = sqlite3.connect(demo_db)
    lines = {table: exported(demo_db, table, tmp_path)[0] for table in ("responses", "judgments", "events", "items")}

    def column(sql: str) -> list[Any]:
        return [value for (value,) in database.execute(sql)]

    assert sorted(r["text"] for r in lines["responses"]) == sorted(column("select text from response"))
    assert sorted(r["raw"] or "" for r in lines["judgments"]) == sorted(
        column("select coalesce(raw, '') from judgment")
    )
    assert [(e["id"], e["hash"]) for e in lines["events"]] == database.execute(
        "select id, hash from event order by id"
    ).fetchall()
    assert len(lines["items"]) == column("select count(*) from component")[0]


def test_scores_have_every_rater_and_which_reply_counts(store: Store, tmp_path: Path) -> None:
    item, response = store.items()[0], store.responses("alpha")[0]
    again = make_judgment(item, response, [1, 1, 1], "another reply")
    store.add_judgments(store.judges()[0], [again])
    append(store, Entry("ann", "score", response.id, 1, "7/3"), Entry("ann", "ungradable", response.id, 2, "ambiguous"))
    append(store, settled("cat", response.id, 1, Fraction(3)), settled("cat", response.id, 1, Fraction(2)))
    lines, _, _ = exported(store.path, "scores", tmp_path)
    mine = [line for line in lines if line["response"] == response.id]
    counting = [line for line in mine if line["kind"] == "judge" and line["counts"]]
    assert [line["points"] for line in counting] == ["1", "1", "1"]  # of two first replies the newest counts
    assert sum(line["kind"] == "judge" for line in mine) == 6
    people = [line for line in mine if line["kind"] == "human"]
    assert [(line["points"], line["status"], line["sight"], line["committed"]) for line in people] == [
        ("7/3", "scored", "blind", False), (None, "ungradable", "blind", False),
    ]  # fmt: skip
    assert people[0]["fraction"] == pytest.approx(7 / 12)
    gold = [line for line in mine if line["kind"] == "gold"]
    assert [(line["points"], line["counts"], line["rater"]) for line in gold] == [("2", True, "cat")]


def test_a_file_that_is_there_is_kept_and_a_failure_leaves_nothing(demo_db: Path, tmp_path: Path) -> None:
    file = tmp_path / "scores.csv"
    file.write_text("mine", encoding="utf-8")
    done = run("export", "scores", str(file), db=demo_db)
    assert (done.returncode, file.read_text(encoding="utf-8")) == (2, "mine")
    assert "--force" in done.stderr
    assert run("export", "scores", str(file), "--force", db=demo_db).returncode == 0
    assert file.read_text(encoding="utf-8") != "mine"
    assert run("export", "scores", str(tmp_path / "scores.xlsx"), db=demo_db).returncode == 2
    assert run("export", "scores", str(tmp_path / "nowhere" / "s.csv"), db=demo_db).returncode == 3
    assert run("export", "scores", str(tmp_path / "s.csv"), db=tmp_path / "none.db").returncode == 3
    assert [path.name for path in tmp_path.iterdir()] == ["scores.csv"]


def test_json_lines_can_go_to_stdout(demo_db: Path, tmp_path: Path) -> None:
    done = run("export", "responses", "-", db=demo_db)
    assert len([json.loads(line) for line in done.stdout.splitlines()]) == 36
    assert "-: 36 rows of responses." in done.stderr
    assert len(run("gold", "export", "-", db=demo_db).stdout.splitlines()) == 23
    assert run("export", "vlmevalkit", "-", "--model", "demo-small", db=demo_db).returncode == 2


def test_a_time_that_parquet_cannot_hold_leaves_the_old_file(store: Store, tmp_path: Path) -> None:
    with store.writing() as connection:
        connection.execute(
            "insert into response select 'x', item, 'gamma', text, status, source, 'yesterday' from response limit 1"
        )
    file = tmp_path / "out" / "responses.parquet"
    file.parent.mkdir()
    file.write_bytes(b"old")
    done = run("export", "responses", str(file), "--force", db=store.path)
    assert done.returncode == 3
    assert "yesterday" in done.stderr
    assert [(path.name, path.read_bytes()) for path in file.parent.iterdir()] == [("responses.parquet", b"old")]


def test_the_page_describes_every_column() -> None:
    assert tables_markdown().strip() in (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("model", ["demo-small", "demo-large", "demo-verbose"])
def test_a_vlmevalkit_table_comes_back_with_the_same_points(model: str, demo_db: Path, tmp_path: Path) -> None:
    file = tmp_path / f"{model}.tsv"
    done = run("export", "vlmevalkit", str(file), "--model", model, db=demo_db)
    assert done.returncode == 0, done.stderr
    with Store.open(demo_db) as store:
        items = store.items()
        (judge,) = store.judges()
        sent = {
            (response.item, response.status): [verdict.points for verdict in given]
            for _, response, given in verdicts(store, items[0].benchmark, model, judge.id)
        }
    with Store.open(tmp_path / "back.db", create=True) as back:
        ingest(read_file(ROOT / "assets" / "demo" / "benchmark.json", BENCHMARK), back)
        result = ingest(read_file(file), back, model=model, judge="people")
        came = {
            (response.item, response.status): [
                score.points for judgment in back.judgments(response.id) for score in judgment.sub_scores
            ]
            for response in back.responses(model)
        }
    # A row that cannot be given has a blank reply, which is none.
    assert came == {id: [] if None in points else points for id, points in sent.items()}
    assert [one.reason for one in result.left_out] == ["no judge's reply; the answer was kept"] * list(
        came.values()
    ).count([])
    assert sum(None in points for points in sent.values()) == done.stderr.count("No score for item")
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    categories = {item.index: [component.category for component in item.components] for item in items}
    weights = {item.index: item.total for item in items}
    for row in rows:
        points = json.loads(row["points"])
        if None in points:
            assert (row["score_raw"], bool(row["not_given"])) == ("", True)
            continue
        total = sum(map(Fraction, points)) / weights[int(row["index"])]
        assert published_total(row["score_raw"], categories[int(row["index"])]) == total


def test_a_vlmevalkit_table_names_its_model_and_counts_what_is_odd(demo_db: Path, tmp_path: Path) -> None:
    done = run("export", "vlmevalkit", str(tmp_path / "x.tsv"), db=demo_db)
    assert done.returncode == 2
    assert "demo-large, demo-small, demo-verbose" in done.stderr
    done = run("export", "vlmevalkit", str(tmp_path / "x.csv"), "--model", "demo-small", db=demo_db)
    assert "4 components have parts of a point" in done.stderr
    assert "human: 24, judge: 10" in done.stderr
    assert run("export", "vlmevalkit", str(tmp_path / "y.csv"), "--model", "who", db=demo_db).returncode == 3


def test_hostile_answers_come_back_letter_by_letter_from_a_tsv(tmp_path: Path) -> None:
    texts = [HOSTILE, "=1+1", "- a\r\n\tlist\r", "'quoted", "\t=1", 'a "quote", a comma', "-5"]
    items = make_items(len(texts))
    with Store.open(tmp_path / "there.db", create=True) as store:
        store.add_items(items)
        answers = [make_response(item, "alpha", text) for item, text in zip(items, texts, strict=True)]
        store.add_responses(answers)
        judgments = [make_judgment(i, r, list(i.weights)) for i, r in zip(items, answers, strict=True)]
        store.add_judgments(JUDGE, judgments)
    done = run("export", "vlmevalkit", str(tmp_path / "alpha.tsv"), db=tmp_path / "there.db")
    assert "4 answers begin like a formula and stand as they are" in done.stderr
    with Store.open(tmp_path / "back.db", create=True) as back:
        back.add_items(items)
        ingest(read_file(tmp_path / "alpha.tsv"), back, model="alpha")
        assert [response.text for response in back.responses()] == texts
        assert all(j.status == "ok" for r in back.responses() for j in back.judgments(r.id))


def test_inspect_gets_one_record_a_sample(demo_db: Path, tmp_path: Path) -> None:
    file = tmp_path / "scores.jsonl"
    done = run("export", "inspect", str(file), "--model", "demo-small", db=demo_db)
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]
    assert [record["id"] for record in records] == [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11]
    assert all(isinstance(record["value"], float) and 0 <= record["value"] <= 1 for record in records)
    assert "No score for item 7" in done.stderr


def test_gold_is_a_test_set_with_what_is_disputed_left_out(demo_db: Path, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    done = run("gold", "export", str(file), db=demo_db)
    assert done.returncode == 0, done.stderr
    assert "9 components, reviewers differ and nobody settled it" in done.stderr
    records = [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]
    assert len(records) == 23
    parts = [part for record in records for part in record["components"]]
    assert all((part["points"] is None) == (part["fraction"] is None) for part in parts)
    assert all(part["points"] is None for part in parts if part["source"] == "disputed")
    assert {part["source"] for part in parts} == {"unanimous", "single", "disputed"}
    complete = [record for record in records if record["complete"]]
    assert len(complete) == 16
    for record in complete:
        gradable = [part for part in record["components"] if not part["ungradable"]]
        total = sum(Fraction(part["points"]) for part in gradable) / sum(part["weight"] for part in gradable)
        assert record["score"] == pytest.approx(float(total))
    assert all(record["score"] is None for record in records if not record["complete"])
    found = json.loads(run("gold", "status", "--json", db=demo_db).stdout)
    stand = {source: found[source] for source in ("settled", "unanimous", "single", "disputed")}
    assert stand == {"settled": 0, "unanimous": 39, "single": 24, "disputed": 9}
    assert found["labels"] == 63


def test_gold_goes_out_as_tables_and_for_other_programs(demo_db: Path, tmp_path: Path) -> None:
    for name, *words in (
        ("g.jsonl",), ("g.csv",), ("g.parquet", "--anonymous"), ("i.jsonl", "--for", "inspect"),
        ("p.jsonl", "--for", "promptfoo"),
    ):  # fmt: skip
        done = run("gold", "export", str(tmp_path / name), *words, db=demo_db)
        assert done.returncode == 0, done.stderr
    rows = pyarrow.parquet.read_table(tmp_path / "g.parquet").to_pylist()
    with (tmp_path / "g.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == len(rows) == 70
    assert {person for row in rows for person in row["people"]} == {"R1", "R2"}
    # What Hugging Face's loader of JSON does: every line has one schema.
    table = pyarrow.json.read_json(tmp_path / "g.jsonl")
    assert (table.num_rows, str(table.schema.field("components").type)[:11]) == (23, "list<item: ")
    for name in ("i.jsonl", "p.jsonl"):
        assert len((tmp_path / name).read_text(encoding="ascii").splitlines()) == 16


def test_few_shot_examples_are_never_from_the_test_split(demo_db: Path, tmp_path: Path) -> None:
    with Store.open(demo_db) as store:
        items = store.items(BENCHMARK)
        ids = [item.id for item in items]
        assert "not dealt out" in run("gold", "export", "-", "--few-shot", db=demo_db).stderr
        parts = {"tune": ids[:2], "dev": ids[2:4], "test": ids[4:]}
        append(store, new_split("ann", BENCHMARK, 1, parts))
    refused = run("gold", "export", "-", "--few-shot", "--split", "test", db=demo_db)
    assert (refused.returncode, "never from the test split" in refused.stderr) == (2, True)
    lines = run("gold", "export", "-", "--few-shot", db=demo_db).stdout.splitlines()
    splits = {json.loads(line)["metadata"]["split"] for line in lines}
    assert lines
    assert splits <= {"tune", "dev"}
    tested = run("gold", "export", "-", "--split", "test", db=demo_db).stdout.splitlines()
    assert {json.loads(line)["split"] for line in tested} == {"test"}


def test_hostile_words_reach_no_terminal(hostile_db: Path, tmp_path: Path) -> None:
    for words in (
        ["export", "vlmevalkit", str(tmp_path / "v.tsv")],
        ["export", "vlmevalkit", str(tmp_path / "v.csv")],
        ["export", "inspect", str(tmp_path / "i.jsonl")],
        ["gold", "export", str(tmp_path / "g.jsonl")],
        ["gold", "status"],
        ["export", "inspect", str(tmp_path / "j.jsonl"), "--model", "who"],
    ):
        done = run(*words, db=hostile_db)
        assert "\x1b" not in done.stdout + done.stderr
        assert "\u202e" not in done.stdout + done.stderr
        assert "fault of miareview" not in done.stderr
    with (tmp_path / "v.csv").open(encoding="utf-8", newline="") as stream:
        assert not any(is_dangerous(cell) for row in csv.reader(stream) for cell in row)


def test_labels_without_points_are_ungradable_only_where_they_are_labels() -> None:
    assert not Label(1, None, "disputed").ungradable
    assert Label(1, None, "single", 1).ungradable
