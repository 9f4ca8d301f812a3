"""Files that wrap their records and words in something: read right, or said by name what was not read."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from made_files import ALL, EVERY, POINTS, Room, csv, entry, instruction, reply, row

from miareview.formats.completions import ending_of, texts_of
from miareview.formats.fields import read_list
from miareview.store.store import Store

SHUFFLED = (2, 0, 3, 1)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def judged(n: int) -> dict[str, Any]:
    return row(n, score_raw=reply(n))


def warnings(room: Room) -> set[str]:
    with Store.open(room.db) as store:
        judgments = [one for response in store.responses() for one in store.judgments(response.id)]
        return {name for one in judgments for name in one.warnings} | {one.status for one in judgments}


@pytest.mark.parametrize("label", [str, lambda n: f"https://pictures.example/{n}.jpg"])
def test_rows_by_label_belong_to_their_label(room: Room, label: Any) -> None:
    room.read({label(n): {"response": f"A boat, {n}.", "score_raw": reply(n)} for n in SHUFFLED})
    assert room.points() == {"gpt-4o": ALL}


def test_rows_by_a_label_that_names_no_item_never_go_by_their_place(room: Room) -> None:
    rows = {f"mia_{n:04}": {"response": f"A boat, {n}.", "score_raw": reply(n)} for n in SHUFFLED}
    room.refuse(rows, "no row number")


@pytest.mark.parametrize(
    "text",
    [
        ",\n".join(json.dumps(judged(n)) for n in EVERY) + ",\n",
        "[" + ",\n".join(json.dumps(judged(n)) for n in EVERY) + ",\n]",
        "".join(json.dumps(judged(n), indent=2) + "\n" for n in EVERY),
        "sep=;\r\n" + csv(["url", "response", "score_raw"], [list(judged(n).values()) for n in EVERY], ";"),
    ],
    ids=["lines with commas", "list with a comma at its end", "objects one after the other", "sep line"],
)
def test_what_is_nearly_json_or_a_table_is_read(room: Room, text: str) -> None:
    done = room.read(text)
    assert room.points() == {"gpt-4o": ALL}
    assert "left out" not in done.output


@pytest.mark.parametrize("end", ["", ',\n{"url": "https://pic'])
def test_a_list_that_breaks_off_keeps_what_is_whole_and_says_so(room: Room, end: str) -> None:
    done = room.read("[" + ",\n".join(json.dumps(judged(n)) for n in (0, 1, 2)) + end)
    assert sorted(room.points()["gpt-4o"]) == [0, 1, 2]
    assert "left out" in done.output
    assert "from here on" in done.output or "breaks off" in done.output


def openai(words: str, how: str) -> object:
    return {"choices": [{"finish_reason": how, "message": {"role": "assistant", "content": words}}]}


def anthropic(words: str, how: str) -> object:
    said = [{"type": "thinking", "thinking": "Component 1: 0/6"}, {"type": "text", "text": words}]
    return {"type": "message", "role": "assistant", "stop_reason": how, "content": said}


def gemini(words: str, how: str) -> object:
    parts = [{"text": "Component 1: 0/6", "thought": True}, {"text": words}]
    return {"candidates": [{"content": {"parts": parts, "role": "model"}, "finishReason": how}]}


def responses_api(words: str, how: str) -> object:
    said = {"type": "message", "content": [{"type": "output_text", "text": words}]}
    return {"output": [{"type": "reasoning", "summary": []}, said], "incomplete_details": {"reason": how}}


def batch_line(words: str, how: str) -> object:
    return {"status_code": 200, "body": openai(words, how)}


@pytest.mark.parametrize(
    ("wrap", "cut"),
    [(openai, "length"), (anthropic, "max_tokens"), (gemini, "MAX_TOKENS"), (responses_api, "max_output_tokens"),
     (batch_line, "length")],
)  # fmt: skip
def test_whole_answers_of_services_are_unwrapped_and_a_cut_one_is_never_ok(room: Room, wrap: Any, cut: str) -> None:
    assert (texts_of(wrap("words", "stop")), ending_of(wrap("words", cut))) == (["words"], cut)
    room.read([row(n, score_raw=wrap(reply(n), "stop")) for n in EVERY], "--judge", "whole")
    assert (room.points(), warnings(room)) == ({"whole": ALL}, {"ok"})
    room.read([row(n, score_raw=wrap(reply(n), cut)) for n in EVERY], "--judge", "cut")
    assert room.points() == {"whole": ALL, "cut": ALL}
    assert warnings(room) == {"ok", "warning", "truncated"}


@pytest.mark.parametrize(
    ("choice", "said"),
    [({"message": {"content": "a"}}, ["a"]), ({"text": "a"}, ["a"]), ({"message": "a"}, ["a"]), ({}, []),
     ({"message": {"content": None}}, []), ({"message": {"tool": "a"}}, [])],
)  # fmt: skip
def test_a_message_needs_no_role(choice: dict[str, object], said: list[str]) -> None:
    assert texts_of({"choices": [choice]}) == said


def test_an_answer_may_be_a_whole_completion_too(room: Room) -> None:
    room.read([{"url": row(n)["url"], "response": openai(f"A boat, {n}.", "stop")} for n in EVERY])
    with Store.open(room.db) as store:
        assert sorted(response.text for response in store.responses()) == [f"A boat, {n}." for n in EVERY]
    room.refuse(
        [{"url": row(0)["url"], "response": {"words": "A boat."}}], "is an object, not text", "--model", "other"
    )


@pytest.mark.parametrize("column", ["judge", "evaluation", "scores"])
def test_replies_inside_of_objects_are_named(room: Room, column: str) -> None:
    done = room.read([row(n, **{column: {"by": "claude", "raw": reply(n)}}) for n in EVERY])
    assert room.points() == {}
    assert f"'{column}' (objects, of which 'raw' reads as replies with scores" in done.output


def test_nothing_as_pandas_writes_it_was_not_run(room: Room) -> None:
    lines = [
        [*list(row(n).values())[:1], *(["nan", "nan"] if n % 2 else [row(n)["response"], reply(n)])] for n in EVERY
    ]
    done = room.read(csv(["url", "response", "score_raw"], lines))
    assert room.responses() == {0: "ok", 1: "missing", 2: "ok", 3: "missing"}
    assert sorted(room.points()["gpt-4o"]) == [0, 2]
    assert "not run" in done.output


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[6 4]", [6, 4]),
        ("[6. 4.]", [6.0, 4.0]),
        ("['it''s' \"one\"\n 'two']", None),
        ("['a b' \"it's\"\n 'c']", ["a b", "it's", "c"]),
        ("6, 4", [6, 4]),
        ("['a', 'b']", ["a", "b"]),
        ("['a']", ["a"]),
    ],
)
def test_lists_as_numpy_and_people_write_them(text: str, value: object) -> None:
    assert value is None or read_list(text) == value


def test_a_benchmark_whose_lists_numpy_wrote(tmp_path: Path) -> None:
    def numpy_like(values: list[Any]) -> str:
        return "[" + " ".join(map(repr, values)) + "]"

    made = [entry(n) for n in EVERY]
    names = ("components", "component_weight", "component_type")
    rows = [[numpy_like(one[key]) if key in names else one[key] for key in one] for one in made]
    room = Room(tmp_path)
    done = room.run(csv(list(made[0]), rows), "--benchmark", "b")
    assert (done.exit_code, room.items()) == (0, len(POINTS))
    assert "unchanged  4" in done.output


@pytest.mark.parametrize("above", [[["Results of model m"]], [["item", "output", "output"]], [["", ""], ["of", "May"]]])
def test_a_workbook_with_a_title_and_another_sheet(room: Room, above: list[list[str]]) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Judged by gpt-4o, see the other sheet"])
    sheet = book.create_sheet("data")
    for line in above:
        sheet.append(line)
    sheet.merge_cells(start_row=1, end_row=1, start_column=2, end_column=3)
    for line in (list(judged(0)), *(list(judged(n).values()) for n in SHUFFLED)):
        sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    (room.folder / "book").write_bytes(stream.getvalue())
    done = room.read(None, name="book")
    assert room.points() == {"gpt-4o": ALL}
    assert "of 2 sheets only 'data' was read" in done.output
    assert instruction(0) not in done.output
