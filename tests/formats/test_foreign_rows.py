"""Reading answers and judged results in the spellings that are in use."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from miareview.formats.detect import read_file
from miareview.formats.names import INSTRUCTION_KEYS, REPLY_KEYS, TEXT_KEYS
from miareview.formats.records import FileReading, ForeignRow

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
URL = "http://pictures.example/1.jpg"
HOSTILE = ["\x1b]0;x\x07", "a\0b", "\u202egnp.exe", "[/] [bold]", "x" * 100_000, "=cmd()", "a\r\nb", "NaN", "日本 👩‍🚀"]


def lines(path: Path, *records: object) -> Path:
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), encoding="utf-8")
    return path


def table(path: Path, records: list[dict[str, Any]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(records[0]), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(records)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def reply_of(row: ForeignRow) -> tuple[str | None, bool]:
    """The reply of a row, and whether it stands for a failed call; (None, False) where it has none."""
    return (row.replies[0].raw, row.replies[0].failed) if row.replies else (None, False)


def facts(reading: FileReading) -> list[tuple[Any, ...]]:
    return [(row.url, row.instruction, row.text, row.status, reply_of(row)[0]) for row in reading.rows]


def test_published_example() -> None:
    path = SHARED / "mia-bench" / "example_inference_result.jsonl"
    if not path.exists():
        pytest.skip("the published example is not here")
    (row,) = read_file(path).rows
    assert row.url == "http://images.cocodataset.org/val2017/000000397133.jpg"
    assert row.instruction is not None
    assert row.instruction.startswith("Explain the activity")
    assert row.text.startswith("In the image, a chef")
    assert row.status == "ok"


@pytest.mark.parametrize("url_key", ["url", "question_id", "image", "image_url"])
@pytest.mark.parametrize("text_key", TEXT_KEYS)
def test_every_spelling_of_address_and_answer(tmp_path: Path, url_key: str, text_key: str) -> None:
    reading = read_file(lines(tmp_path / "r.jsonl", {url_key: URL, text_key: "an answer"}))
    assert reading.kind == "responses"
    assert facts(reading) == [(URL, None, "an answer", "ok", None)]


@pytest.mark.parametrize("key", INSTRUCTION_KEYS)
def test_every_spelling_of_the_instruction(tmp_path: Path, key: str) -> None:
    (row,) = read_file(lines(tmp_path / "r.jsonl", {key: " Say it ", "text": "it"})).rows
    assert row.instruction == " Say it "


@pytest.mark.parametrize("key", REPLY_KEYS)
def test_every_spelling_of_the_reply(tmp_path: Path, key: str) -> None:
    reading = read_file(lines(tmp_path / "r.jsonl", {"url": URL, "text": "it", key: "score of component 1: 3/4"}))
    assert reading.kind == "judged"
    assert reply_of(reading.rows[0]) == ("score of component 1: 3/4", False)


@pytest.mark.parametrize("key", ["index", "doc_id", "idx", "id", "question_id"])
def test_every_spelling_of_the_number(tmp_path: Path, key: str) -> None:
    reading = read_file(lines(tmp_path / "r.jsonl", {key: 7, "text": "it"}, {key: "8", "text": "it"}))
    assert [(row.index, row.url) for row in reading.rows] == [(7, None), (8, None)]


def test_names_of_model_and_judge_are_taken_from_the_rows(tmp_path: Path) -> None:
    row = {"url": URL, "text": "it", "score_raw": "r", "model": "m", "judge": "j"}
    reading = read_file(lines(tmp_path / "r.jsonl", row, row))
    assert (reading.model, reading.judge) == ("m", "j")
    assert read_file(lines(tmp_path / "s.jsonl", row, row | {"model": "n"})).model is None


@pytest.mark.parametrize("image", ["data:image/png;base64,AAAA", "/9j/4AAQ/SkZ", "images/1.png", 12, None])
def test_an_image_that_is_no_address_is_not_taken_for_one(tmp_path: Path, image: object) -> None:
    (row,) = read_file(lines(tmp_path / "r.jsonl", {"image": image, "text": "it"})).rows
    assert row.url is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("error", "error"),
        (" Error\n", "error"),
        ("Failed to obtain answer via API.", "error"),
        ("", "empty"),
        (" \n", "empty"),
        (None, "missing"),
        (float("nan"), "missing"),
        ("an error in the picture", "ok"),
        ("None", "ok"),
        (42, "ok"),
    ],
)
def test_status_of_an_answer(tmp_path: Path, text: object, status: str) -> None:
    (row,) = read_file(lines(tmp_path / "r.jsonl", {"url": URL, "text": text})).rows
    assert row.status == status
    assert row.text == ("" if status == "missing" else str(text))


@pytest.mark.parametrize(
    ("reply", "expected", "failed"),
    [
        (None, None, False),
        (float("nan"), None, False),
        ("", "", False),
        ("9", "9", False),
        (17, "17", True),
        ("error", "error", True),
        ("Failed to obtain answer via API.", "Failed to obtain answer via API.", True),
        (["x"], "x", False),
        ({"component_1": 4}, '{"component_1": 4}', False),
        ([1], None, False),
    ],
)
def test_replies_that_are_none(tmp_path: Path, reply: object, expected: str | None, failed: bool) -> None:
    (row,) = read_file(lines(tmp_path / "r.jsonl", {"url": URL, "text": "it", "score_raw": reply})).rows
    assert reply_of(row) == (expected, failed)


def test_placeholders_in_a_table(tmp_path: Path) -> None:
    rows = [{"url": URL, "text": "it", "score_raw": reply} for reply in ("12", "nan", "", "total score: 3/10")]
    reading = read_file(table(tmp_path / "r.csv", rows))
    assert [reply_of(row) for row in reading.rows] == [
        ("12", True),
        (None, False),
        (None, False),
        ("total score: 3/10", False),
    ]


def test_broken_lines_are_left_out_with_their_number(tmp_path: Path) -> None:
    good = {"url": URL, "text": "it"}
    path = lines(
        tmp_path / "r.jsonl",
        good,
        '{"url": "x", "text": ',
        "",
        "[1, 2]",
        '{"text": "a", "text": "b"}',
        '{"text": ' + "[" * 100_000,
        '{"text": ' + "9" * 5000 + "}",
        {"url": URL},
        {"url": URL, "text": ["a", "b"]},
        good,
    )
    path.write_bytes(path.read_bytes() + b'{"text": "\xff"}\n' + json.dumps(good).encode())
    reading = read_file(path)
    assert [row.number for row in reading.rows] == [1, 10, 12]
    reasons = {left.number: left.reason for left in reading.left_out}
    assert sorted(reasons) == [2, 4, 5, 6, 7, 8, 9, 11]
    for number, word in ((2, "column"), (4, "a list"), (5, "twice"), (6, "deep"), (7, "digits"), (8, "no answer")):
        assert word in reasons[number]
    assert "0xff at offset 10" in reasons[11]


def test_a_first_line_that_is_broken_does_not_hide_the_rest(tmp_path: Path) -> None:
    reading = read_file(lines(tmp_path / "r.jsonl", '{"url": ', {"url": URL, "text": "it"}))
    assert len(reading.rows) == 1
    assert [left.number for left in reading.left_out] == [1]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_and_a_single_object_are_read(tmp_path: Path, indent: int | None) -> None:
    record = {"url": URL, "text": "it"}
    (tmp_path / "list.json").write_text(json.dumps([record, 4, record], indent=indent))
    (tmp_path / "one.json").write_text("\ufeff\n" + json.dumps(record, indent=indent), encoding="utf-8")
    reading = read_file(tmp_path / "list.json")
    assert [row.number for row in reading.rows] == [0, 2]
    assert [(left.place, left.number) for left in reading.left_out] == [("index", 1)]
    assert facts(read_file(tmp_path / "one.json")) == facts(reading)[:1]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_verbatim_in_every_container(tmp_path: Path, text: str) -> None:
    record = {"url": URL, "instruction": text, "text": text, "score_raw": text + "!"}
    (tmp_path / "a.json").write_text(json.dumps([record]))
    for path in (
        lines(tmp_path / "a.jsonl", record),
        tmp_path / "a.json",
        table(tmp_path / "a.csv", [record]),
        table(tmp_path / "a.tsv", [record], "\t"),
        table(tmp_path / "b.csv", [record], ";", "utf-8-sig"),
        table(tmp_path / "c.tsv", [record], "\t", "utf-16"),
    ):
        assert facts(read_file(path)) == [(URL, text, text, "ok", text + "!")]


def test_lone_surrogates_are_replaced_with_a_warning(tmp_path: Path) -> None:
    reading = read_file(lines(tmp_path / "r.jsonl", {"url": URL, "text": "a\ud83d", "model": "\udc00"}))
    reading.rows[0].text.encode("utf-8")
    assert "surrogate" in reading.warnings[0]
    assert "line 1" in reading.warnings[0]


def test_a_table_keeps_rows_around_bad_ones(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    head, good = b"url,text,score_raw\r\n", b'u.example/1,"two\nlines",r\r\n'
    path.write_bytes(
        head + good + b"u.example/2,short\r\n" + b'u.example/3,"x"y,r\r\n' + b"u.example/4,\xff,r\r\n" + good
    )
    reading = read_file(path)
    assert [row.number for row in reading.rows] == [2, 7]
    assert reading.rows[0].text == "two\nlines"
    assert {left.number: left.reason.split(" (")[0].split(":")[0] for left in reading.left_out} == {
        4: "2 cells where the header has 3",
        5: "not a row of a table",
        6: "not UTF-8",
    }


def test_an_open_quote_is_reported_where_it_began(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text('url,text\nu.example/1,a\nu.example/2,"never closed\nu.example/3,c\n')
    reading = read_file(path)
    assert len(reading.rows) == 1
    assert [left.number for left in reading.left_out] == [3]
    assert "line 4" in reading.left_out[0].reason


def test_two_answer_keys_are_warned_about(tmp_path: Path) -> None:
    reading = read_file(lines(tmp_path / "r.jsonl", {"url": URL, "prediction": "model's", "answer": "expected"}))
    assert reading.rows[0].text == "model's"
    assert "'prediction'" in reading.warnings[0]


def test_answers_only_can_be_asked_of_a_judged_file(tmp_path: Path) -> None:
    path = lines(tmp_path / "r.jsonl", {"url": URL, "text": "it", "score_raw": "r"})
    reading = read_file(path, format="responses")
    assert reading.kind == "responses"
    assert not reading.rows[0].replies


def test_vlmevalkit_table_as_the_harness_wrote_it() -> None:
    found = sorted((SHARED / "peer-outputs").glob("vlmevalkit/sub41_tsv/model-a/T*/model-a_MIA-Bench_gpt-4o.tsv"))
    if not found:
        pytest.skip("the harness's files are not here")
    expected = json.loads((SHARED / "peer-outputs" / "expected.json").read_text("utf-8"))
    wanted = {record["item"]: record for record in expected["records"] if record["run"] == "vlm_sub41_tsv"}
    reading = read_file(found[0])
    assert reading.kind == "judged"
    assert not reading.left_out
    assert {row.index for row in reading.rows} == set(wanted)
    for row in reading.rows:
        assert row.index is not None
        record = wanted[row.index]
        judge = record["judges"][0]
        assert reply_of(row)[1] == (judge["reply"] in (None, ""))
        if not reply_of(row)[1]:
            assert reply_of(row)[0] == judge["reply"]
        if "stored_in_judged_file" in record:
            text = record["stored_in_judged_file"]
        else:
            text = record["response_sent"] if record["response_stored_same"] else record["response_stored"]
        assert row.text == (expected["long_text"] if text == "@long_text" else text or "")
    assert any("pandas" in warning for warning in reading.warnings)
