"""What becomes of each harness's peculiarities, on small files of our own."""

from __future__ import annotations

import json
import math
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from harness_files import (
    GOOD,
    attempt,
    entry,
    evalscope,
    jpeg,
    lmms,
    vlmevalkit,
    workbook_of,
    write_benchmark,
    write_lines,
    write_workbook,
)  # fmt: skip
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.errors import DataError, MiaReviewError, UsageError
from miareview.formats.detect import read_file
from miareview.formats.folder import files_of
from miareview.formats.lmms_eval import exact
from miareview.formats.pictures import content_address
from miareview.formats.workbook import LONGEST_CELL, unescape
from miareview.importing.ingest import FileResult, ingest
from miareview.model import Judgment, Response
from miareview.store.store import Store

TEXTS = {number: entry(number)["components"] for number in range(6)}


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.open(tmp_path / "review.db", create=True) as store:
        ingest(read_file(write_benchmark(tmp_path / "benchmark.json")), store)
        yield store


def put(store: Store, path: Path, **more: Any) -> FileResult:
    return ingest(read_file(path), store, **more)


def by_item(store: Store) -> dict[int, Response]:
    """The newest answer of each item."""
    index = {item.id: item.index for item in store.items()}
    return {index[response.item]: response for response in store.responses()}


def judged(store: Store, item: int) -> list[Judgment]:
    return store.judgments(by_item(store)[item].id)


def points(judgment: Judgment) -> list[Fraction | None]:
    return [score.points for score in judgment.sub_scores]


# VLMEvalKit


@pytest.mark.parametrize("end", ["xlsx", "json"])
def test_vlmevalkit_names_and_how_it_judged(store: Store, tmp_path: Path, end: str) -> None:
    records = [vlmevalkit(0, "error", score_raw=GOOD), vlmevalkit(1, score_raw="Failed to obtain answer via API.")]
    path = tmp_path / f"big_model_MIA-Bench_gpt-4o-mini.{end}"
    if end == "xlsx":
        workbook_of(path, records)
    else:
        path.write_text(json.dumps(records))
    result = put(store, path)
    assert (result.format, result.kind, result.model, result.judge) == (
        "vlmevalkit",
        "judged",
        "big_model",
        "gpt-4o-mini",
    )
    (judge,) = result.judges
    assert (judge.label, judge.sees_image) == ("gpt-4o-mini (VLMEvalKit)", True)
    assert json.loads(judge.parameters) == {"harness": "VLMEvalKit", "temperature": 0, "detail": "low"}
    assert by_item(store)[0].status == "ok"  # the word is the notebook's sign, not this harness's
    (first,), (second,) = judged(store, 0), judged(store, 1)
    assert (first.status, first.harness_total) == ("ok", Fraction(4, 5))
    assert (second.status, second.harness_total) == ("api_error", None)
    assert put(store, path, judge="mine").judge == "mine"


def test_a_failed_prediction_is_an_error(store: Store, tmp_path: Path) -> None:
    put(store, workbook_of(tmp_path / "m_MIA-Bench.xlsx", [vlmevalkit(0, "Failed to obtain answer via API.")]))
    assert by_item(store)[0].status == "error"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a_x001B_[0m", "a\x1b[0m"),
        ("_x000D_\n", "\r\n"),
        ("_x005F_x001B_", "_x001B_"),
        ("_xD83D__xDE00_", "😀"),
        ("_x00g1_ x_x1_", "_x00g1_ x_x1_"),
    ],
)
def test_escapes_of_workbooks(written: str, meant: str) -> None:
    assert unescape(written) == meant


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_escaping_whole_texts_comes_back(text: str) -> None:
    units = text.encode("utf-16-le")
    escaped = "".join(f"_x{int.from_bytes(units[at : at + 2], 'little'):04X}_" for at in range(0, len(units), 2))
    assert unescape(escaped) == text


def test_a_cut_answer_is_said_to_be_cut_and_joined_when_the_whole_one_comes(store: Store, tmp_path: Path) -> None:
    whole = "x" * (LONGEST_CELL + 10)
    judged_file = workbook_of(tmp_path / "m_MIA-Bench_j.xlsx", [vlmevalkit(0, whole[:LONGEST_CELL], score_raw=GOOD)])
    result = put(store, judged_file)
    assert any("32,767" in warning for warning in result.warnings)
    answers = tmp_path / "m_MIA-Bench.json"
    answers.write_text(json.dumps([vlmevalkit(0, whole), vlmevalkit(1)]))
    later = put(store, answers)
    assert any("put to these answers" in warning for warning in later.warnings)
    assert by_item(store)[0].text == whole
    assert [judgment.raw for judgment in judged(store, 0)] == [GOOD]
    before = store.responses()
    assert put(store, judged_file).new == 0
    assert put(store, answers).new == 0
    assert store.responses() == before


def test_an_emptied_answer_is_joined_only_to_what_pandas_empties(store: Store, tmp_path: Path) -> None:
    (tmp_path / "m_MIA-Bench.json").write_text(json.dumps([vlmevalkit(0, "N/A"), vlmevalkit(1, "A real answer.")]))
    put(store, tmp_path / "m_MIA-Bench.json")
    rows = [vlmevalkit(0, None, score_raw=GOOD), vlmevalkit(1, None, score_raw=GOOD)]
    put(store, workbook_of(tmp_path / "m_MIA-Bench_j.xlsx", rows))
    assert by_item(store)[0].text == "N/A"
    assert len(judged(store, 0)) == 1
    # An empty answer beside a real one is another answer.
    assert [response.text for response in store.responses() if response.item == by_item(store)[1].item] == [
        "A real answer.",
        "",
    ]


# lmms-eval


def test_lmms_scores_become_points_and_what_it_filled_in_is_missing(store: Store, tmp_path: Path) -> None:
    one, two = TEXTS[1]
    path = write_lines(
        tmp_path / "some__model" / "20260101_000000_samples_mia_bench.jsonl",
        [
            lmms(0, 0, {TEXTS[0][0]: 0.6667, TEXTS[0][1]: 1, "total_score": 0.8}),
            lmms(1, 1, {two: 0.75, "total_score": 0.3, one: 0}),
            lmms(2, 2, {"total_score": 0, TEXTS[2][0]: 0, TEXTS[2][1]: 0}),
            lmms(3, 3, {TEXTS[3][0]: 0, TEXTS[3][1]: 0, "total_score": 0}, "[LMMS_EVAL_REQUEST_FAILED after 2] x"),
            lmms(4, 4, {TEXTS[4][0]: 0.5, TEXTS[4][1]: 0.5, "total_score": 1.0}),
        ],
    )
    result = put(store, path)
    assert (result.model, result.read) == ("some__model", 5)
    assert result.judges[0].sees_image is False
    found = [judged(store, item)[0] for item in range(5)]
    assert [points(judgment) for judgment in found] == [[4, 4], [None, 3], [None, None], [0, 0], [3, 2]]
    assert [judgment.status for judgment in found] == ["ok", "partial", "unparsed", "warning", "warning"]
    assert [judgment.warnings for judgment in found[3:]] == [("perhaps_no_reply",), ("total_mismatch",)]
    assert [judgment.harness_total for judgment in found] == [
        Fraction(4, 5), Fraction(3, 10), Fraction(0), Fraction(0), Fraction(1),
    ]  # fmt: skip
    assert {judgment.raw for judgment in found} == {None}
    assert by_item(store)[3].status == "error"
    again = put(store, path)
    assert (again.new, again.unchanged) == (0, 5)


def test_other_scores_of_the_same_answer_are_another_judgment(store: Store, tmp_path: Path) -> None:
    one, two = TEXTS[0]
    for number, score in enumerate((1, 0.5)):
        scores = {one: score, two: 1, "total_score": 0.9}
        put(store, write_lines(tmp_path / str(number) / "x_samples_mia_bench.jsonl", [lmms(0, 0, scores)]), model="m")
    assert sorted(points(judgment)[0] or 0 for judgment in judged(store, 0)) == [3, 6]


@pytest.mark.parametrize(
    ("more", "answer", "harness"),
    [
        ({}, "A boat.", "lmms-eval 0.7"),
        ({}, ["A boat."], "lmms-eval 0.4-0.6"),
        ({"prompt_hash": "x", "doc": {key: entry(0)[key] for key in ("instruction", "components")}}, ["A boat."],
         "lmms-eval 0.3"),
    ],
)  # fmt: skip
def test_the_record_tells_the_family(
    store: Store, tmp_path: Path, more: dict[str, Any], answer: object, harness: str
) -> None:
    record = lmms(0, 0, {TEXTS[0][0]: 1, TEXTS[0][1]: 1, "total_score": 1}, answer) | more
    result = put(store, write_lines(tmp_path / "m" / "x_samples_mia_bench.jsonl", [record]))
    assert result.judges[0].harness == harness
    assert by_item(store)[0].text == "A boat."


def test_samples_that_were_never_judged_are_responses(store: Store, tmp_path: Path) -> None:
    record = lmms(0, 0, {})
    del record["gpt_eval_score"]
    assert put(store, write_lines(tmp_path / "m" / "x_samples_mia_bench.jsonl", [record])).kind == "responses"


@settings(deadline=None)
@given(st.integers(0, 12), st.integers(1, 12))
def test_a_rounded_fraction_is_read_as_the_fraction(over: int, under: int) -> None:
    fraction = min(Fraction(over, under), Fraction(1))
    assert exact(float(fraction)) == fraction
    assert exact(round(float(fraction), 4)) == fraction


def test_what_is_no_number_is_no_fraction() -> None:
    assert [exact(value) for value in (True, "1", None, math.nan, math.inf, [1])] == [None] * 6


# EvalScope


def test_evalscope_keeps_every_reply_of_every_judge(store: Store, tmp_path: Path) -> None:
    replies = {
        ("judge-a", 0): '{"reasoning": "x", "component_1": 6, "component_2": 4}',
        ("judge-a", 1): '{"reasoning": "x", "component_1": 3, "component_2": 4}',
        ("judge-b", 0): None,
    }
    attempts = [
        attempt(raw, judge, repeat, parsed_value=json.loads(raw) if raw else None)
        for (judge, repeat), raw in replies.items()
    ]
    score = {"value": {"judge_score": 0.85}, "status": "degraded", "metadata": {"judge_attempts": attempts}}
    path = write_lines(tmp_path / "reviews" / "sailor" / "mia_bench_default.jsonl", [evalscope(7, 0, score)])
    result = put(store, path)
    assert (result.read, result.new, result.model, result.judge) == (1, 3, "sailor", "judge-a, judge-b")
    assert {judge.sees_image for judge in result.judges} == {False}
    names = {judge.id: judge.name for judge in store.judges()}
    found = {(names[judgment.judge], judgment.repeat): judgment for judgment in judged(store, 0)}
    assert {key: judgment.raw for key, judgment in found.items()} == replies
    assert {key: judgment.status for key, judgment in found.items()} == {
        ("judge-a", 0): "ok", ("judge-a", 1): "ok", ("judge-b", 0): "api_error",
    }  # fmt: skip
    # Its own score is over all replies, so each has the total that it read from this one.
    assert found["judge-a", 1].harness_total == Fraction(7, 10)
    assert found["judge-b", 0].harness_total is None
    with pytest.raises(UsageError, match="2 judges"):
        put(store, path, judge="one")


def test_evalscope_before_1_14(store: Store, tmp_path: Path) -> None:
    described = {key: entry(0)[key] for key in ("components", "component_weight", "component_type")}
    records = [
        evalscope(number, 0, {"value": {"total_score": total}, "explanation": said,
                              "metadata": {"model": "j", **described}})
        for number, (total, said) in enumerate([(0.8, "LLM judge response:\n" + GOOD)])
    ]  # fmt: skip
    records.append(
        evalscope(
            1, 1, {"value": {"total_score": 0.0}, "explanation": "LLM judge response:\n[ERROR] no", "metadata": {}}
        )
    )
    result = put(store, write_lines(tmp_path / "r.jsonl", records))
    assert result.model == "sailor"  # from the message: the file does not lie in reviews/<model>
    (first,), (second,) = judged(store, 0), judged(store, 1)
    assert (first.raw, first.harness_total) == (GOOD, Fraction(4, 5))
    assert (second.status, second.harness_total) == ("api_error", 0)


def test_thoughts_are_no_answer(store: Store, tmp_path: Path) -> None:
    parts = [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "A boat."}]
    score = {"value": {"judge_score": 1.0}, "status": "success", "metadata": {"judge_attempts": [attempt(GOOD)]}}
    result = put(store, write_lines(tmp_path / "r.jsonl", [evalscope(0, 0, score, parts)]))
    assert by_item(store)[0].text == "A boat."
    assert any("thoughts" in warning for warning in result.warnings)


def test_pictures_inside_are_handed_on_one_by_one(store: Store, tmp_path: Path) -> None:
    score = {"value": {}, "status": "excluded", "metadata": {"judge_attempts": [attempt("no")]}}
    path = write_lines(tmp_path / "r.jsonl", [evalscope(n, n, score) for n in (3, 1)] + [{"sample_score": 1}])
    kept: list[tuple[int, bytes, str]] = []

    def keep(item: Any, data: bytes, source: str) -> str:
        if item.index == 1:
            raise DataError("r.jsonl: no picture.")
        kept.append((item.index, data, source))
        return "conflict"

    result = put(store, path, keep_picture=keep)
    assert kept == [(3, jpeg(3), "r.jsonl")]
    assert result.pictures == {"conflict": 1, "unusable": 1}
    assert any("differ" in warning for warning in result.warnings)
    assert any("item 1 was not kept" in warning for warning in result.warnings)


# which item


def test_a_subset_is_matched_by_what_the_records_say(store: Store, tmp_path: Path) -> None:
    def review(position: int, number: int, value: dict[str, float]) -> dict[str, Any]:
        score = {"value": value, "status": "success", "metadata": {"judge_attempts": [attempt(GOOD)]}}
        return evalscope(position, number, score, f"answer to {number}")

    records = [
        review(2, 5, {"component_1_describe": 1.0, "component_2_grammar": 1.0}),
        review(0, 3, {}),
        review(1, 4, {}),
    ]
    result = put(store, write_lines(tmp_path / "r.jsonl", records))
    assert {item: response.text for item, response in by_item(store).items()} == {
        number: f"answer to {number}" for number in (3, 4, 5)
    }
    assert any("so the other is known" in warning for warning in result.warnings)


def test_positions_of_a_subset_only_break_ties(store: Store, tmp_path: Path) -> None:
    score = {"value": {}, "status": "excluded", "metadata": {"judge_attempts": [attempt(GOOD)]}}
    # Positions 4 and 5 are rows of the run here; were they the benchmark's numbers, the answers would be exchanged.
    records = [evalscope(p, n, score, f"answer to {n}") for p, n in ((3, 0), (5, 5), (4, 4))]
    result = put(store, write_lines(tmp_path / "r.jsonl", records))
    assert {item: response.text for item, response in by_item(store).items()} == {
        number: f"answer to {number}" for number in (0, 4, 5)
    }
    assert any("told apart by row number" in warning for warning in result.warnings)


def test_components_of_another_item_are_not_taken(store: Store, tmp_path: Path) -> None:
    scores = {"something else": 1, "and more": 1, "total_score": 1}
    result = put(store, write_lines(tmp_path / "m" / "x_samples_mia_bench.jsonl", [lmms(0, 0, scores)]))
    assert result.read == 0
    assert "components" in result.left_out[0].reason


# the notebook's table


def test_a_column_of_replies_for_each_model(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "scores.json"
    rows = [entry(n, **{"llava 13b": GOOD, "other": 7 if n else "Score of component 1: 1/6, total score: 1/10."})
            for n in range(2)]  # fmt: skip
    path.write_text(json.dumps(rows))
    result = put(store, path)
    assert (result.format, result.kind, result.read, result.new) == ("notebook", "judged", 4, 4)
    assert result.model == "llava 13b, other"
    statuses = {(r.model, r.status, store.judgments(r.id)[0].status) for r in store.responses()}
    assert statuses == {
        ("llava 13b", "missing", "ok"), ("other", "missing", "partial"), ("other", "missing", "api_error"),
    }  # fmt: skip
    answers = [{"url": entry(n)["image"], "text": f"answer {n}", "model": "llava 13b"} for n in range(2)]
    later = put(store, write_lines(tmp_path / "answers.jsonl", answers))
    assert any("put to these answers" in warning for warning in later.warnings)
    for number in range(2):
        response = next(r for r in store.responses("llava 13b") if r.text == f"answer {number}")
        assert [judgment.raw for judgment in store.judgments(response.id)] == [GOOD]
    assert put(store, path).new == 0


def test_the_notebooks_columns_in_one_table(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_text(
        json.dumps([entry(0, model_response="error", score_raw=0), entry(1, model_response="It.", score_raw=GOOD)])
    )
    result = put(store, path)
    assert (result.format, result.kind) == ("judged", "judged")
    assert [response.status for response in store.responses()] == ["error", "ok"]


# the benchmark with pictures


def parquet(path: Path, items: list[dict[str, Any]]) -> Path:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.Table.from_pylist(items), path)
    return path


@pytest.mark.parametrize("with_address", [True, False])
def test_a_parquet_of_the_benchmark(tmp_path: Path, with_address: bool) -> None:
    rows = [entry(n, image={"bytes": jpeg(n), "path": None}) for n in range(3)]
    if with_address:
        rows = [row | {"id": n, "image_url": entry(n)["image"]} for n, row in enumerate(rows)]
    kept: dict[int, bytes] = {}

    def keep(item: Any, data: bytes, source: str) -> str:
        kept[item.index] = data
        return "new"

    with Store.open(tmp_path / "p.db", create=True) as store:
        result = put(store, parquet(tmp_path / "b.parquet", rows), keep_picture=keep)
        assert (result.container, result.read, result.new) == ("Parquet", 3, 3)
        assert kept == {n: jpeg(n) for n in range(3)}
        addresses = [item.image_url for item in store.items()]
        assert addresses == [entry(n)["image"] if with_address else content_address(jpeg(n)) for n in range(3)]
        # The published list afterwards is the same items.
        later = put(store, write_benchmark(tmp_path / "list.json", 3))
        assert (later.new, later.unchanged) == (0, 3)
        assert bool(later.warnings) is not with_address


# folders


def test_a_folder_is_its_files_each_once(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / "T1").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for path in (folder / "T1" / "a.xlsx", folder / ".hidden" / "b.xlsx", folder / ".c.xlsx", tmp_path / "outside"):
        path.write_text("x\ny")
    (folder / "a.xlsx").symlink_to("T1/a.xlsx")
    (folder / "linked.txt").write_text("T1/a.xlsx")  # a link as a checkout without links has it
    (folder / "away").symlink_to(tmp_path / "outside")
    (folder / "loop").symlink_to("loop")
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    walk = files_of([str(folder), str(folder / "a.xlsx"), "-", "a\0b", str(tmp_path / "missing")])
    assert [found.path for found in walk.files] == [
        str(folder / "T1" / "a.xlsx"), "-", "a\0b", str(tmp_path / "missing"),
    ]  # fmt: skip
    assert len(walk.again) == 3


# wrong types

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 2**40)
    | st.just(10**400)
    | st.floats()
    | st.text(st.characters(), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in places(part, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    if not path:
        return to
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], to)
    return copy


_SCORE = {"value": {"judge_score": 1.0, "component_1_describe": 1.0, "component_2_length_limit": 1.0},
          "status": "success", "prediction": "A boat.",
          "metadata": {"model": "j", "judge_attempts": [
              attempt(GOOD, parsed_value={"component_1": 6, "component_2": 4}), attempt(GOOD, "b", 1)]}}  # fmt: skip
_OLD = {
    "value": {"total_score": 1.0},
    "explanation": "LLM judge response:\n" + GOOD,
    "metadata": {"model": "j", **{k: entry(0)[k] for k in ("components", "component_weight", "component_type")}},
}
RECORDS = [
    evalscope(0, 0, _SCORE),
    evalscope(0, 0, _OLD, [{"type": "reasoning", "reasoning": "x"}, {"type": "text", "text": "A"}]),
    {"index": 0, "messages": [], "model_output": {"choices": [{"message": {"content": "A"}}], "error": 0}},
    lmms(0, 0, {TEXTS[0][0]: 1, TEXTS[0][1]: 1, "total_score": 1}),
    lmms(0, 0, {TEXTS[0][0]: 1, "total_score": 1}, [["A"]]) | {"doc": entry(0), "resps": [["A"]]},
    vlmevalkit(0, score_raw=GOOD, thinking="x"),
    entry(0, **{"llava": GOOD}),
    entry(0, image={"bytes": "x", "path": "y"}),
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_wrong_types_at_any_key_are_said_in_words(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    record = data.draw(st.sampled_from(RECORDS))
    for _ in range(data.draw(st.integers(1, 3))):
        record = changed(record, data.draw(st.sampled_from(places(record)[1:] or [()])), data.draw(values))
        if not isinstance(record, dict):
            return
    folder = tmp_path_factory.getbasetemp()
    path = write_lines(folder / "wrong" / "x.jsonl", [record, data.draw(st.sampled_from(RECORDS))])
    benchmark = folder / "wrong.json"
    if not benchmark.exists():
        write_benchmark(benchmark)
    said = ""
    with Store.open(folder / "wrong.db", create=True) as store:
        ingest(read_file(benchmark), store)
        try:
            result = put(store, path, keep_picture=lambda item, picture, source: "new")
        except MiaReviewError as error:
            said = str(error)
        else:
            said = "".join(left.reason or "\n" for left in result.left_out)
    assert "\n" not in said


def test_a_workbook_with_holes_extra_columns_and_blank_rows(store: Store, tmp_path: Path) -> None:
    record = vlmevalkit(2, "It.")
    rows: list[list[object]] = [[], list(record), [None] * 3, [*record.values(), "beyond the header"], [2]]
    result = put(store, write_workbook(tmp_path / "m_MIA-Bench.xlsx", rows))
    assert by_item(store)[2].text == "It."
    assert [(left.place, left.number) for left in result.left_out] == [("row", 5)]
