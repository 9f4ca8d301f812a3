"""Importing files into a real database, through Python and through the command."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miareview.cli.context import Context
from miareview.cli.import_ import command
from miareview.errors import DataError, UsageError
from miareview.formats.detect import read_file
from miareview.importing.ingest import FileResult, ingest
from miareview.importing.matching import Catalogue
from miareview.model import Judgment
from miareview.store.store import Store

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
GOOD = "Score of component 1: 4/6, score of component 2: 4/4, total score: 8/10. Because."


def entry(number: int, **change: Any) -> dict[str, Any]:
    return {
        "image": f"https://pictures.example/{number}.jpg",
        "instruction": f"Describe picture {number} in one sentence",
        "type": "basic",
        "num_of_component": 2,
        "components": [f"Describe picture {number}", "in one sentence"],
        "component_weight": [6, 4],
        "component_type": ["describe", "length_limit"],
    } | change


def answer(number: int, text: str = "It is a boat.", **more: Any) -> dict[str, Any]:
    return {"url": f"http://pictures.example/{number}.jpg", "text": text} | more


def lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    path = tmp_path / "benchmark.json"
    path.write_text(json.dumps([entry(number) for number in range(6)]))
    return path


@pytest.fixture
def store(tmp_path: Path, benchmark: Path) -> Any:
    with Store.open(tmp_path / "review.db", create=True) as store:
        ingest(read_file(benchmark), store)
        yield store


def put(store: Store, path: Path, **names: str) -> FileResult:
    return ingest(read_file(path), store, **names)  # type: ignore[arg-type]


def judgments(store: Store) -> list[Judgment]:
    return [judgment for response in store.responses() for judgment in store.judgments(response.id)]


def test_responses_reach_the_items_they_belong_to(store: Store, tmp_path: Path) -> None:
    result = put(store, lines(tmp_path / "llava.jsonl", *(answer(n, f"answer {n}") for n in (4, 0, 2))))
    assert (result.read, result.new, result.unchanged, result.left_out) == (3, 3, 0, ())
    index = {item.id: item.index for item in store.items()}
    assert {index[r.item]: r.text for r in store.responses()} == {0: "answer 0", 2: "answer 2", 4: "answer 4"}
    assert result.model == "llava"
    assert "'llava' after the file" in result.warnings[0]


def test_the_name_of_the_model(store: Store, tmp_path: Path) -> None:
    path = lines(tmp_path / "file.jsonl", answer(0, model="from the row"))
    assert put(store, path).model == "from the row"
    assert put(store, path, model="given").model == "given"
    assert not put(store, path).warnings
    several = lines(tmp_path / "two.jsonl", answer(1, model="a"), answer(1, model="b"))
    assert put(store, several).model == "a, b"
    with pytest.raises(UsageError, match="2 models"):
        put(store, several, model="given")


def test_judged_results_bring_answer_and_sub_scores(store: Store, tmp_path: Path) -> None:
    result = put(store, lines(tmp_path / "m.jsonl", answer(1, score_raw=GOOD)))
    assert (result.kind, result.read, result.new, result.new_responses, result.judge) == ("judged", 1, 1, 1, "gpt-4o")
    (judgment,) = judgments(store)
    assert judgment.raw == GOOD
    assert judgment.status == "ok"
    assert [score.points for score in judgment.sub_scores] == [4, 4]
    assert judgment.stated_total == (8, 10)
    assert judgment.published_total == Fraction(4, 5)
    spans = [(score.start, score.end) for score in judgment.sub_scores]
    assert all(a is not None and b is not None and "4" in GOOD[a:b] for a, b in spans)


def test_the_name_of_the_judge(store: Store, tmp_path: Path) -> None:
    path = lines(tmp_path / "m.jsonl", answer(1, score_raw=GOOD, judge="row's"), answer(2, score_raw=GOOD))
    assert put(store, path).judge == "gpt-4o, row's"
    assert put(store, path, judge="given").judge == "given"
    assert {judge.name for judge in store.judges()} == {"gpt-4o", "row's", "given"}


def test_nothing_that_is_missing_becomes_a_zero(store: Store, tmp_path: Path) -> None:
    replies = [None, "", 3, "Failed to obtain answer via API.", "I'm sorry, I can't assist with that."]
    result = put(store, lines(tmp_path / "m.jsonl", *(answer(n, score_raw=reply) for n, reply in enumerate(replies))))
    assert (result.read, result.new, result.new_responses) == (5, 4, 5)
    (left,) = result.left_out
    assert left.number == 1
    assert "no judge's reply" in left.reason
    found = judgments(store)
    assert [judgment.status for judgment in found] == ["empty", "api_error", "api_error", "refused"]
    assert {score.points for judgment in found for score in judgment.sub_scores} == {None}
    assert [len(judgment.sub_scores) for judgment in found] == [2] * 4
    assert all(judgment.published_total is None for judgment in found)


def test_error_empty_and_missing_answers_are_rows_with_a_status(store: Store, tmp_path: Path) -> None:
    path = lines(tmp_path / "m.jsonl", answer(0, "error"), answer(1, ""), answer(2) | {"text": None}, answer(3))
    assert put(store, path).new == 4
    assert [response.status for response in store.responses()] == ["error", "empty", "missing", "ok"]


def test_a_second_import_changes_nothing(store: Store, benchmark: Path, tmp_path: Path) -> None:
    path = lines(tmp_path / "m.jsonl", *(answer(n, score_raw=GOOD) for n in range(5)))
    put(store, path)
    before = store.responses(), judgments(store)
    again = put(store, path)
    assert (again.read, again.new, again.unchanged, again.new_responses) == (5, 0, 5, 0)
    assert (store.responses(), judgments(store)) == before
    items = put(store, benchmark)
    assert (items.new, items.unchanged) == (0, 6)


@pytest.mark.parametrize("broken_off", [KeyboardInterrupt, DataError("No space is left.")])
def test_a_file_is_stored_as_a_whole_or_not_at_all(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken_off: Any
) -> None:
    file = lines(tmp_path / "llava.jsonl", answer(0, score_raw=GOOD), answer(1, score_raw=GOOD))
    events = store.rows("select count(*) from event")
    with monkeypatch.context() as patched:
        patched.setattr(Store, "add_judgments", lambda *_: (_ for _ in ()).throw(broken_off))
        with pytest.raises((KeyboardInterrupt, DataError)):
            ingest(read_file(file), store)
    assert (store.responses(), store.rows("select count(*) from event")) == ([], events)
    assert ingest(read_file(file), store).new == 2


def test_items_are_read_once_for_many_files_and_again_where_some_came(store: Store, tmp_path: Path) -> None:
    known: dict[str, Catalogue] = {}
    ingest(read_file(lines(tmp_path / "one.jsonl", answer(0))), store, catalogues=known)
    assert [len(items) for items in known.values()] == [6]
    more = tmp_path / "more.json"
    more.write_text(json.dumps([entry(number) for number in range(8)]))
    ingest(read_file(more), store, catalogues=known)
    assert ingest(read_file(lines(tmp_path / "two.jsonl", answer(7))), store, catalogues=known).new == 1


def test_a_second_answer_in_one_file_is_never_lost_silently(store: Store, tmp_path: Path) -> None:
    path = lines(tmp_path / "m.jsonl", answer(3, "first"), answer(3, "other"), answer(3, "first"), answer(3, "error"))
    result = put(store, path)
    assert (result.read, result.new, result.unchanged) == (2, 1, 1)
    assert [(left.number, left.reason) for left in result.left_out] == [
        (2, "a second answer to item 3 (line 1 has the first)"),
        (4, "a second answer to item 3 (line 1 has the first)"),
    ]
    assert [response.text for response in store.responses()] == ["first"]


def test_another_reply_to_the_same_answer_is_another_repeat(store: Store, tmp_path: Path) -> None:
    other = GOOD.replace("4/6", "6/6")
    path = lines(tmp_path / "m.jsonl", *(answer(0, score_raw=reply) for reply in (GOOD, other, GOOD)))
    result = put(store, path)
    assert (result.read, result.new, result.unchanged) == (3, 2, 1)
    assert sorted((j.repeat, j.sub_scores[0].points) for j in judgments(store)) == [(0, 4), (1, 6)]
    assert put(store, path).new == 0


def test_another_answer_in_another_file_is_kept_with_a_warning(store: Store, tmp_path: Path) -> None:
    put(store, lines(tmp_path / "a.jsonl", answer(0, "one"), answer(1, "one")), model="m")
    result = put(store, lines(tmp_path / "b.jsonl", answer(0, "two"), answer(1, "one")), model="m")
    assert (result.new, result.unchanged) == (1, 1)
    assert any(
        warning.startswith("items with another answer of the same model already: 1;") for warning in result.warnings
    )


def test_an_item_with_other_components_is_a_conflict(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "changed.json"
    path.write_text(json.dumps([entry(0), entry(1, component_weight=[4, 6])]))
    result = put(store, path)
    assert (result.new, result.unchanged) == (0, 1)
    assert [(left.place, left.number) for left in result.left_out] == [("index", 1)]


def test_a_benchmark_has_to_be_there_and_to_be_named_among_several(store: Store, tmp_path: Path) -> None:
    path = lines(tmp_path / "m.jsonl", answer(0))
    with pytest.raises(DataError, match="'other'"):
        put(store, path, benchmark="other")
    ingest(read_file(tmp_path / "benchmark.json", "second"), store, benchmark="second")
    with pytest.raises(UsageError, match="2 benchmarks"):
        put(store, path)
    put(store, path, benchmark="second")
    assert {item.id for item in store.items("second")} >= {response.item for response in store.responses()}
    with Store.open(tmp_path / "empty.db", create=True) as empty, pytest.raises(DataError, match="no benchmark"):
        put(empty, path)


texts = st.text(st.characters()) | st.sampled_from(["\x1b[2J", "\0", "\u202e", "[/]", "x" * 100_000, "\ud83d", ""])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=texts, reply=texts | st.none() | st.integers(), model=texts, judge=texts)
def test_any_text_is_stored_verbatim(
    store: Store, tmp_path: Path, text: str, reply: Any, model: str, judge: str
) -> None:
    path = lines(tmp_path / "any.jsonl", answer(0, text, score_raw=reply, model=model, judge=judge))
    result = put(store, path)
    assert result.read == 1
    again = put(store, path)
    assert (again.new, again.new_responses) == (0, 0)
    if text.isascii():
        assert text in {response.text for response in store.responses()}
    if isinstance(reply, str) and reply.isascii():
        assert reply in {judgment.raw for judgment in judgments(store)}


# the command


def run(tmp_path: Path, *arguments: object, stdin: bytes | None = None) -> Result:
    context = Context(tmp_path / "db" / "review.db")
    return CliRunner().invoke(command, [str(a) for a in arguments], obj=context, input=io.BytesIO(stdin or b""))


def test_command_reads_benchmarks_first_and_tells_all(tmp_path: Path, benchmark: Path) -> None:
    answers = lines(tmp_path / "m.jsonl", answer(0), "broken", *(answer(90 + n) for n in range(14)))
    result = run(tmp_path, answers, benchmark)
    assert result.exit_code == 0, result.output
    assert result.stdout.index(answers.name) < result.stdout.index(benchmark.name)
    assert "line 2 " in result.stdout
    assert "and 5 more" in result.stdout
    assert "Made" in result.stderr
    again = run(tmp_path, answers, "--json")
    (one,) = json.loads(again.stdout)["files"]
    assert (one["kind"], one["read"], one["new"], one["unchanged"], one["model"]) == ("responses", 1, 0, 1, "m")
    assert [left["line"] for left in one["left_out"]] == list(range(2, 17))
    assert again.stderr == ""


def test_command_says_what_could_not_be_read_and_reads_the_rest(tmp_path: Path, benchmark: Path) -> None:
    bad = tmp_path / "b\x1b[2Jad"
    bad.write_bytes(b"\x80\x04K\x01.")
    result = run(tmp_path, bad, benchmark, tmp_path / "missing", "--json")
    assert result.exit_code == 3
    assert "\x1b" not in result.output
    assert "pickle" in result.stderr
    files = json.loads(result.stdout)["files"]
    assert [one["new"] for one in files] == [0, 6, 0]
    assert "pickle" in files[0]["error"]
    assert "no file" in files[2]["error"]


def test_command_shows_foreign_words_safely(tmp_path: Path, benchmark: Path) -> None:
    hostile = "\x1b]52;c;x\x07\u202e\nread 999"
    path = lines(tmp_path / "m.jsonl", answer(0, score_raw=GOOD, model=hostile, judge=hostile), {hostile: 1})
    result = run(tmp_path, benchmark, path)
    assert result.exit_code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(result.output)
    assert not any(line.startswith("read 999") for line in result.output.splitlines())


def test_command_needs_a_benchmark_and_makes_no_database_without(tmp_path: Path) -> None:
    result = run(tmp_path, lines(tmp_path / "m.jsonl", answer(0)))
    assert result.exit_code == 3
    assert "no benchmark among the files" in result.stderr
    assert run(tmp_path, tmp_path / "missing").exit_code == 3
    assert not (tmp_path / "db").exists()


def test_command_fails_where_nothing_could_be_taken(tmp_path: Path, benchmark: Path) -> None:
    run(tmp_path, benchmark)
    result = run(tmp_path, lines(tmp_path / "m.jsonl", answer(70)))
    assert result.exit_code == 3
    assert "nothing that could be taken" in result.stderr


def test_dry_run_says_the_same_and_changes_nothing(tmp_path: Path, benchmark: Path) -> None:
    answers = lines(tmp_path / "m.jsonl", answer(0))
    dry = run(tmp_path, answers, benchmark, "--dry-run", "--json")
    assert not (tmp_path / "db").exists()
    real = run(tmp_path, answers, benchmark, "--json")
    assert json.loads(dry.stdout)["files"] == json.loads(real.stdout)["files"]
    more = lines(tmp_path / "n.jsonl", answer(1))
    assert json.loads(run(tmp_path, more, "--dry-run", "--json").stdout)["files"][0]["new"] == 1
    assert json.loads(run(tmp_path, more, "--json").stdout)["files"][0]["new"] == 1


def test_standard_input_and_the_folder_of_pictures(tmp_path: Path, benchmark: Path) -> None:
    result = run(tmp_path, "-", "--images", tmp_path, stdin=benchmark.read_bytes())
    assert result.exit_code == 0, result.output
    with Store.open(tmp_path / "db" / "review.db") as store:
        assert len(store.items()) == 6
        assert store.setting("images") == str(tmp_path.resolve())


def test_published_benchmark_with_its_example(tmp_path: Path) -> None:
    folder = SHARED / "mia-bench"
    if not folder.exists():
        pytest.skip("the published files are not here")
    names = folder / "example_inference_result.jsonl", folder / "instruction_benchmark_all.json"
    files = json.loads(run(tmp_path, *names, "--json").stdout)["files"]
    assert [(one["read"], one["new"], one["left_out"]) for one in files] == [(1, 1, []), (400, 400, [])]
    files = json.loads(run(tmp_path, *names, "--json").stdout)["files"]
    assert [(one["new"], one["unchanged"]) for one in files] == [(0, 1), (0, 400)]


def test_judged_table_of_a_harness(tmp_path: Path) -> None:
    found = sorted((SHARED / "peer-outputs").glob("vlmevalkit/sub41_tsv/model-a/T*/*_gpt-4o.tsv"))
    if not found:
        pytest.skip("the harness's files are not here")
    run(tmp_path, SHARED / "mia-bench" / "instruction_benchmark_all.json")
    (one,) = json.loads(run(tmp_path, found[0], "--model", "model-a", "--json").stdout)["files"]
    assert (one["read"], one["new"], one["left_out"]) == (41, 41, [])
    with Store.open(tmp_path / "db" / "review.db") as store:
        index = {item.id: item.index for item in store.items()}
        expected = json.loads((SHARED / "peer-outputs" / "expected.json").read_text("utf-8"))
        wanted = {r["item"]: r["judges"][0]["reply"] for r in expected["records"] if r["run"] == "vlm_sub41_tsv"}
        for response in store.responses("model-a"):
            (judgment,) = store.judgments(response.id)
            if judgment.status == "api_error":
                assert wanted[index[response.item]] in (None, "")
            else:
                assert judgment.raw == wanted[index[response.item]]
