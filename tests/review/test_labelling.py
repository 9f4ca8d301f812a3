"""Labels of other tools: read by what they say, never assigned by guess, and listed where they do not fit."""

import json
from pathlib import Path

import pytest
from commands import run
from conftest import HOSTILE, draw_queue

from miareview.formats.gold_in import read_labels
from miareview.review.queues import create_queue
from miareview.store.check import check
from miareview.store.ledger import append
from miareview.store.queues import commits
from miareview.store.register import new_reviewer
from miareview.store.store import Store
from miareview.store.verdicts import labels


def table(store: Store, tmp_path: Path, *rows: str) -> Path:
    append(store, new_reviewer("ann"))
    file = tmp_path / "labels.csv"
    file.write_text("\n".join(["item,model,component,points,who", *rows]) + "\n", encoding="utf-8")
    return file


def given(store: Store) -> dict[tuple[int, str], tuple[str, ...]]:
    return {
        (item.index, response.model): tuple("/".join(map(str, label.values)) for label in found)
        for item, response, found in labels(store, "test")
    }


def test_a_whole_reading_of_a_table_is_committed_and_the_same_file_changes_nothing(
    store: Store, tmp_path: Path
) -> None:
    file = table(store, tmp_path, "1,alpha,1,6,ann", "1,alpha,2,1.5,Ann", "2,beta,1,3,ann")
    done = run("gold", "import", str(file), db=store.path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "3 labels; 1 readings are new, 0 were there already" in done.stderr
    assert "Left out: line 4: a reading is whole: ann says nothing of component 2, 3." in done.stderr
    assert given(store) == {(1, "alpha"): ("6", "3/2")}
    assert "0 readings are new, 1 were there already" in run("gold", "import", str(file), db=store.path).stderr
    assert check(store).ok


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,alpha,1,7,ann", "component 1 is worth 6: 7 does not fit"),
        ("1,alpha,3,1,ann", "the item has no component 3"),
        ("99,alpha,1,1,ann", "there is no answer of alpha to item 99"),
        ("1,,1,1,ann", "it names no model, and 2 answered item 1"),
        ("1,gamma,1,1,ann", "there is no answer of gamma to item 1"),
        ("1,alpha,one,1,ann", "'one' ends in no component's number"),
        ("1,alpha,1,1e999999999,ann", "'1e999999999' is no number of points"),
        ("1,alpha,1,-1,ann", "'-1' is no number of points"),
        ("x,alpha,1,1,ann", "'x' is no item's number"),
        ("1,alpha,1,1,", "it does not say who gave it"),
        ("1,alpha,1,,ann", "it does not say how many points"),
    ],
)
def test_what_does_not_fit_is_listed_with_its_line(store: Store, tmp_path: Path, row: str, reason: str) -> None:
    done = run("gold", "import", str(table(store, tmp_path, row)), db=store.path)
    assert (done.returncode, f"Left out: line 2: {reason}" in done.stderr) == (0, True), done.stderr
    assert given(store) == {}


def test_two_words_of_one_person_on_one_component_are_not_chosen_from(store: Store, tmp_path: Path) -> None:
    file = table(store, tmp_path, "1,alpha,1,6,ann", "1,alpha,1,5,ann", "1,alpha,2,1,ann")
    assert "ann gives component 1 two different points" in run("gold", "import", str(file), db=store.path).stderr
    assert given(store) == {}


def test_a_name_that_nobody_has_is_asked_about(store: Store, tmp_path: Path) -> None:
    file = table(store, tmp_path, "1,alpha,1,6,zoe", "1,alpha,2,1,zoe")
    refused = run("gold", "import", str(file), db=store.path)
    assert (refused.returncode, refused.stderr.count("\n")) == (3, 1)
    assert "knows no reviewer 'zoe'" in refused.stderr
    assert run("gold", "import", str(file), "--new", db=store.path).returncode == 0
    assert given(store) == {(1, "alpha"): ("6", "1")}


def test_settled_labels_need_no_whole_reading(store: Store, tmp_path: Path) -> None:
    file = table(store, tmp_path, "1,alpha,2,1,ann", "1,beta,2,ungradable,ann")
    assert "2 settled labels are new" in run("gold", "import", str(file), "--settled", db=store.path).stderr
    found = {r.model: made[1] for _, r, made in labels(store, "test")}
    assert {model: (label.source, label.points) for model, label in found.items()} == {
        "alpha": ("settled", 1), "beta": ("settled", None),
    }  # fmt: skip
    assert "2 were there already" in run("gold", "import", str(file), "--settled", db=store.path).stderr


def test_exports_of_label_studio_and_argilla(tmp_path: Path) -> None:
    task = {
        "id": 1, "data": {"item": 4, "model": "alpha"},
        "annotations": [
            {"completed_by": {"email": "ann@example.org"}, "was_cancelled": False, "result": [
                {"from_name": "component_1", "type": "number", "value": {"number": 3}},
                {"from_name": "component_2", "type": "choices", "value": {"choices": ["ungradable"]}},
                {"from_name": "quality", "type": "rating", "value": {"rating": 2}}]},
            {"completed_by": 7, "was_cancelled": True, "result": [{"from_name": "c1", "value": {"number": 0}}]},
        ],
    }  # fmt: skip
    studio = tmp_path / "studio.json"
    studio.write_text(json.dumps([task]), encoding="utf-8")
    found = read_labels(studio)
    assert [(label.item, label.model, label.who, label.component, label.points) for label in found.labels] == [
        (4, "alpha", "ann@example.org", 1, "3"), (4, "alpha", "ann@example.org", 2, ""),
    ]  # fmt: skip
    assert found.left_out == [("index 0, annotation 1", "'quality' ends in no component's number")]
    two = {"fields": {"text": "…"}, "metadata": {"response_id": "abc"},
           "responses": {"c1": [{"value": 2, "user_id": "u1"}, {"value": 1, "status": "discarded"}]}}  # fmt: skip
    one = {"fields": {"response_id": "abc"},
           "responses": [{"user_id": "u3", "status": "submitted", "values": {"c1": {"value": "4"}}}]}  # fmt: skip
    argilla = tmp_path / "argilla.jsonl"
    argilla.write_text(json.dumps(two) + "\n" + json.dumps(one) + "\n", encoding="utf-8")
    found = read_labels(argilla)
    assert [(label.response, label.who, label.component, label.points) for label in found.labels] == [
        ("abc", "u1", 1, "2"), ("abc", "u3", 1, "4"),
    ]  # fmt: skip
    assert found.left_out == []


@pytest.mark.parametrize(
    "record",
    [{"annotations": [1], "data": {"item": 1}}, {"annotations": [{"result": [{"value": 3}]}], "data": {"item": 1}},
     {"responses": {"c1": [[]]}, "fields": {"item": 1}}, {"responses": [3], "fields": {"item": 1}},
     {"item": [1], "component": {}, "points": True}, {"item": 1, "who": "a", "component": 1, "points": [1, 2]},
     {HOSTILE: HOSTILE}],
)  # fmt: skip
def test_what_has_another_shape_is_listed(tmp_path: Path, record: object) -> None:
    file = tmp_path / "odd.json"
    file.write_text(json.dumps([record]), encoding="utf-8")
    found = read_labels(file)
    assert found.labels == []
    assert len(found.left_out) == 1


def test_readings_of_a_queue_count_in_its_sample(store: Store, tmp_path: Path) -> None:
    append(store, new_reviewer("ann"), new_reviewer("ben"))
    drawn = draw_queue(store, "q", size=4, seed=1, people=("ann", "ben"), overlap=0)
    create_queue(store, "other", size=4, seed=1)
    rows = [
        {"response_id": row.response, "component": place, "points": 1, "who": "ann"}
        for row in drawn.rows
        for place in store.weights({row.response})[row.response]
    ]
    file = tmp_path / "ann.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    done = run("gold", "import", str(file), "--queue", "q", db=store.path)
    mine = [row.response for row in drawn.rows if row.people == ("ann",)]
    assert f"{len(mine)} readings are new" in done.stderr
    assert done.stderr.count("it is not ann's part of the queue q") == len(drawn.rows) - len(mine) > 0
    with Store.open(store.path) as now:
        assert commits(now)["q"] == set(mine)
        assert check(now).ok


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [(("--queue", "nowhere"), 3, "no queue named"), (("--queue", "q", "--settled"), 2, "goes without --settled")],
)
def test_a_queue_that_cannot_take_readings_is_a_sentence(
    store: Store, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = run("gold", "import", str(table(store, tmp_path, "1,alpha,1,6,ann")), *words, db=store.path)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_a_table_is_known_by_the_columns_of_labels_alone(store: Store, tmp_path: Path) -> None:
    append(store, new_reviewer("ann"))
    response = store.responses("alpha")[0].id
    file = tmp_path / "labels.csv"
    file.write_text(
        "response_id;component;points;annotator\n" + "".join(f"{response};{place};1;ann\n" for place in (1, 2, 3)),
        encoding="utf-8",
    )
    assert "1 readings are new" in run("gold", "import", str(file), db=store.path).stderr
    file.write_text("reply_of,part,how_much,person\nx,1,2,ann\n", encoding="utf-8")
    done = run("gold", "import", str(file), db=store.path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "A table of labels has these columns: response (response_id or response), item" in done.stderr
    assert "1 labels" not in run("gold", "import", str(file), "--map", "who=person", db=store.path).stderr
