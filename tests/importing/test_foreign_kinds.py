"""Files as others make them: kinds of columns, numbers and tables that must be read right or refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from made_files import ALL, EVERY, POINTS, WEIGHTS, Room, csv, entry, instruction, reply, row

from miareview.errors import UsageError
from miareview.formats.names import column_map, our_name, row_number
from miareview.store.store import Store


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_two_judges_in_columns_of_their_own(room: Room) -> None:
    done = room.read([row(n, score_raw=reply(n), score_claude=reply(3 - n)) for n in EVERY])
    assert room.points() == {"gpt-4o": ALL, "claude": dict(enumerate(POINTS[::-1]))}
    assert "score_claude" in done.output


def test_a_column_by_what_is_in_it_and_by_name(room: Room) -> None:
    content = [row(n, verdict_text=reply(n), latency=0.5) for n in EVERY]
    done = room.read(content)
    assert room.points() == {"verdict_text": ALL}
    assert "'latency' (numbers)" in done.output
    room.read(content, "--reply-column", "verdict_text", "--judge", "j")
    assert room.points() == {"verdict_text": ALL, "j": ALL}


def test_what_people_wrote_is_no_judges_word(room: Room) -> None:
    done = room.read([row(n, human_notes=reply(n), raw_response="<think>…</think> A boat.") for n in EVERY])
    assert room.points() == {}
    assert "human_notes" in done.output
    assert "raw_response" in done.output


def test_answers_that_read_as_verdicts_are_asked_about(room: Room) -> None:
    content = [{"url": f"https://pictures.example/{n}.jpg", "text": reply(n)} for n in EVERY]
    room.refuse(content, "--reply-column text")
    room.read(content, "--reply-column", "text")
    assert room.points() == {"text": ALL}
    assert set(room.responses().values()) == {"missing"}


def test_replies_beside_the_benchmarks_columns_make_no_items(room: Room) -> None:
    local = [entry(n, image=f"images/{n}.jpg") for n in EVERY]
    done = room.read([one | {"judge_says": reply(n)} for n, one in enumerate(local)])
    assert (room.items(), room.points()) == (4, {"says": ALL})
    assert "not the answers" in done.output


def test_two_claims_are_asked_about(room: Room) -> None:
    content = [entry(n) | {"score_llava": reply(n)} for n in EVERY]
    room.refuse(content, "--format notebook")
    room.refuse(content, "--format judged")
    room.run(content, "--format", "notebook")
    assert room.points() == {"gpt-4o": ALL}


def test_another_benchmark_is_only_added_by_name(room: Room) -> None:
    other = [entry(n, instruction=f"Count the gulls of {n}") for n in EVERY]
    room.refuse(other, "--benchmark")
    room.refuse([entry(0), *other], "1 is in the database")
    assert room.run(other, "--benchmark", "gulls").exit_code == 0
    with Store.open(room.db) as store:
        assert sorted(store.benchmarks()) == ["b", "gulls"]


def test_a_benchmark_with_local_pictures_is_the_same_benchmark(room: Room) -> None:
    done = room.run([entry(n, image=f"pictures/{n}.jpg") for n in EVERY], "--benchmark", "b")
    assert done.exit_code == 0, done.output
    assert room.items() == 4


@pytest.mark.parametrize("weights", [[6.0, 4.0], ["6", "4"], "[6.0, 4.0]"])
def test_whole_weights_in_any_spelling(room: Room, weights: object) -> None:
    assert room.run([entry(9, component_weight=weights)], "--benchmark", "w").exit_code == 0
    with Store.open(room.db) as store:
        assert [item.weights for item in store.items("w")] == [WEIGHTS]


@pytest.mark.parametrize("spell", [int, float, str, "{}.0".format, "0{}".format, " {} ".format])
def test_row_numbers_in_any_spelling_are_numbers(room: Room, spell: Any) -> None:
    room.read([{"index": spell(n), "response": f"{n}", "score_raw": reply(n)} for n in (2, 0, 3, 1)])
    assert room.points() == {"gpt-4o": ALL}


@pytest.mark.parametrize("spell", ["mia_{:04}".format, "1,00{}".format, "{}.5".format, "#{}".format, "-{}".format])
def test_what_is_no_row_number_never_becomes_a_place(room: Room, spell: Any) -> None:
    room.refuse([{"index": spell(n), "response": f"{n}", "score_raw": reply(n)} for n in (2, 0, 3, 1)], "")
    # Where something else tells the item, it does no harm.
    room.read([row(n, index=spell(n), score_raw=reply(n)) for n in (2, 0, 3, 1)])
    assert room.points() == {"gpt-4o": ALL}


def test_the_numbers_themselves() -> None:
    assert [row_number(value) for value in (8, 8.0, "8", "8.0", "1,008", "1,234,567.0", " 8 ")] == [
        8, 8, 8, 8, 1008, 1234567, 8,
    ]  # fmt: skip
    strange = (8.5, "8.5", "8,0", "1,00", "mia_0008", -1, "-1", True, None, float("nan"), float("inf"), "", "٨", "1e3")
    assert [row_number(value) for value in strange] == [None] * len(strange)


def test_rows_that_were_not_run(room: Room) -> None:
    rows = [
        [f"https://pictures.example/{n}.jpg", f"A boat {n}." if n < 3 else "", reply(n) if n < 2 else ""] for n in EVERY
    ]
    done = room.read(csv(["url", "response", "score_raw"], rows))
    assert room.responses() == {0: "ok", 1: "ok", 2: "ok", 3: "missing"}
    assert room.points() == {"gpt-4o": {0: POINTS[0], 1: POINTS[1]}}
    assert "not run" in done.output


@pytest.mark.parametrize(
    "columns", [["Image URL", "Model Response", "Score-Raw"], ["imageUrl", "modelResponse", "scoreRaw"]]
)
def test_names_in_other_letters(room: Room, columns: list[str]) -> None:
    room.read(csv(columns, [[f"https://pictures.example/{n}.jpg", "A boat.", reply(n)] for n in EVERY], ";"))
    assert room.points() == {"gpt-4o": ALL}
    assert our_name("Unnamed: 0") == "Unnamed: 0"


def frames(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = list(rows[0])
    columns = {name: [one[name] for one in rows] for name in names}
    return {
        "columns": {name: dict(zip("3102", values, strict=True)) for name, values in columns.items()},
        "lists": columns,
        "index": dict(zip("3102", rows, strict=True)),
        "split": {"columns": names, "index": [3, 1, 0, 2], "data": [list(one.values()) for one in rows]},
        "table": {"schema": {"fields": []}, "data": rows},
        "wrapped": {"judged_with": "x", "results": rows},
    }


@pytest.mark.parametrize("orient", ["columns", "lists", "index", "split", "table", "wrapped"])
@pytest.mark.parametrize("indent", [None, 1])
def test_tables_in_one_object(room: Room, orient: str, indent: int | None) -> None:
    content = frames([row(n, score_raw=reply(n)) for n in EVERY])[orient]
    room.read(json.dumps(content, indent=indent))
    assert room.points() == {"gpt-4o": ALL}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda text: [text],
        lambda text: [{"type": "thinking", "thinking": "Component 1: 0/6"}, {"type": "text", "text": text}],
        lambda text: {"choices": [{"message": {"role": "assistant", "content": text}}]},
        lambda text: {"role": "assistant", "content": [{"type": "text", "text": text}]},
    ],
    ids=["list", "parts", "completion", "message"],
)
def test_a_reply_that_is_not_plain_text(room: Room, wrap: Any) -> None:
    done = room.read([row(n, score_raw=wrap(reply(n))) for n in EVERY])
    assert room.points() == {"gpt-4o": ALL}
    assert "its text was read" in done.output


def test_a_reply_in_a_list_that_a_table_holds(room: Room) -> None:
    rows = [[f"https://pictures.example/{n}.jpg", "A boat.", repr([reply(n)])] for n in EVERY]
    room.read(csv(["url", "response", "score_raw"], rows))
    assert room.points() == {"gpt-4o": ALL}


def test_several_replies_are_repeats(room: Room) -> None:
    room.read([row(0, score_raw=[reply(0), reply(1), reply(0)])])
    with Store.open(room.db) as store:
        (response,) = store.responses()
        assert sorted(one.repeat for one in store.judgments(response.id)) == [0, 1, 2]


def test_a_map_names_every_column(room: Room) -> None:
    rows = [[f"{n}.0", f"https://pictures.example/{n}.jpg", f"boat {n}", "llava", "no", *POINTS[n]] for n in EVERY]
    content = csv(["nr", "pic", "said", "who", "text", "c1", "c2"], rows)
    words = ["--map", "answer=said", "--map", "model=who", "--map", "picture=pic", "--judge", "j"]
    done = room.run(content, *words, "--map", "points.1=c1", "--map", "points.2=c2", "--map", "item=nr")
    assert done.exit_code == 0, done.output
    assert room.points() == {"j": ALL}
    with Store.open(room.db) as store:
        assert {(r.model, r.text) for r in store.responses()} == {("llava", f"boat {n}") for n in EVERY}


def test_points_that_are_none_or_too_many(room: Room) -> None:
    rows = [[n, "a", p, q] for n, (p, q) in enumerate([("7", "4"), ("x", "4"), ("", ""), ("2,5", "0")])]
    content = csv(["index", "text", "c1", "c2"], rows, ";")
    done = room.read(content, "--map", "points.1=c1", "--map", "points.2=c2", "--judge", "j")
    assert room.points() == {"j": {0: ("6", "4"), 1: (None, "4"), 3: ("2.5", "0")}}
    assert "no number" in done.output


@pytest.mark.parametrize("word", ["answer", "answer=", "colour=x", "points.0=x", "points.x=y"])
def test_a_map_that_is_none(word: str) -> None:
    with pytest.raises(UsageError, match="not understood"):
        column_map([word])
    with pytest.raises(UsageError, match="twice"):
        column_map(["answer=a", "answer=b"])
    with pytest.raises(UsageError, match="both"):
        column_map(["points.1=a"], reply_column="b")


def test_a_column_that_is_not_there_is_said(room: Room) -> None:
    room.refuse([row(0)], "no column 'no such'", "--reply-column", "no such")


def test_a_fork_of_lmms_eval(room: Room) -> None:
    def sample(n: int, **beside: Any) -> dict[str, Any]:
        fractions = {f"Describe picture {n}": int(POINTS[n][0]) / 6, "in one sentence": int(POINTS[n][1]) / 4}
        scores = fractions | {"total_score": 0.5, "_weights": {"a": 6}} | beside
        return {"doc_id": n, "filtered_resps": "A boat.", "gpt_eval_score": scores, "input": instruction(n)}

    done = room.read([sample(n, _meta={"x": [1]}, _n=2) for n in EVERY])
    assert list(room.points().values()) == [ALL]
    assert "_weights, _meta, _n" in done.output
    room.read([sample(n, raw_reply=reply(3 - n)) for n in EVERY], "--judge", "j")
    assert room.points()["j"] == dict(enumerate(POINTS[::-1]))
