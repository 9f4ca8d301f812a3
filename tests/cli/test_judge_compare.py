"""Judges compared from the database to the terminal."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from commands import run
from conftest import HOSTILE, make_items, make_response

from miareview.identity import judge_id, judgment_id
from miareview.model import LABELS, Call, Item, Judge, Judgment, Response, SubScore
from miareview.review.score_columns import judges_beside
from miareview.store.check import check
from miareview.store.gold import settled, split_of, uses_of
from miareview.store.ledger import Entry, append
from miareview.store.store import Store
from miareview.store.verdicts import committed_marks


def compare(*words: str, db: Path) -> subprocess.CompletedProcess[str]:
    return run("judge", "compare", *words, db=db)


def make_judge(name: str, **parameters: object) -> Judge:
    text = json.dumps(parameters, sort_keys=True, separators=(",", ":"))
    return Judge(judge_id(name, "points", text), name, "points", text, parameters.get("picture") == "item")


def reply(
    judge: Judge, item: Item, response: Response, points: list[int], repeat: int = 0, status: str = "ok"
) -> Judgment:
    raw = f"{judge.id} {repeat}: {points}"
    total = Fraction(sum(points), item.total)
    return Judgment(
        judgment_id(response.id, judge.id, repeat, raw), response.id, judge.id, repeat, raw, status,  # type: ignore[arg-type]
        (), None, total, tuple(SubScore(p, Fraction(x)) for p, x in enumerate(points, start=1)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 items, a person, a good judge with a blank twin and repeats, a lenient judge with a hostile name."""
    path = tmp_path_factory.mktemp("judges") / "test.db"
    rng = random.Random(3)
    good, blank = make_judge("good", picture="item", seed=1), make_judge("good", picture="blank", seed=1)
    lenient = make_judge(HOSTILE, picture="item")
    with Store.open(path, create=True) as store:
        items = make_items(40)
        store.add_items(items)
        responses = [make_response(item, "alpha") for item in items]
        store.add_responses(responses)
        by: dict[str, list[Judgment]] = {good.id: [], blank.id: [], lenient.id: []}
        calls = []
        for number, (item, response) in enumerate(zip(items, responses, strict=True)):
            truth = [rng.choice([w, w, w - 1, 0]) for w in item.weights]
            near = [min(w, x + (rng.random() < 0.1)) for w, x in zip(item.weights, truth, strict=True)]
            first = reply(good, item, response, near)
            again = reply(good, item, response, [*near[:-1], near[-1] ^ (number % 4 == 0)], 1)
            by[good.id] += [first, again]
            calls.append(Call(f"c{number}", first.id, "2026-01-01T00:00:00.000000Z", prompt_tokens=1000,
                              completion_tokens=100, seconds=2.0))  # fmt: skip
            by[blank.id].append(reply(blank, item, response, [0, *near[1:]]))
            by[lenient.id].append(reply(lenient, item, response, list(item.weights)))
            for position, value in enumerate(truth, start=1):
                append(store, Entry("ann", "score", response.id, position, str(value)))
            append(store, Entry("ann", "commit", response.id))
        calls.append(Call("failed", by[good.id][0].id, "2026-01-01T00:00:00.000000Z", attempts=3, error="no"))
        for judge in (good, blank, lenient):
            store.add_judgments(judge, by[judge.id], calls if judge is good else ())
    return path


def test_the_document_has_the_documented_shape(db: Path) -> None:
    done = compare("--json", "--price-in", "1", "--price-out", "10", db=db)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == {"benchmark", "held_against", "judges", "pairs", "picture_probes", "left_out"}
    assert found["held_against"]["people"] == 100
    good, *rest = found["judges"]
    assert good["name"] == "good"
    assert good["coverage"] == {"answers": 40, "judged": 40, "complete": 40, "statuses": {"ok": 40}}
    assert good["cost"] == {
        "calls": 41, "requests": 43, "failed": 1, "prompt_tokens": 40_000, "completion_tokens": 4_000,
        "without_tokens": 1, "seconds": 80.0, "timed": 40, "money": pytest.approx(0.08),
    }  # fmt: skip
    assert good["repeats"]["responses"] == 40
    assert good["repeats"]["units"] == 100
    assert good["repeats"]["identical"]["value"] == pytest.approx(0.9)
    assert all(judge["repeats"] is None for judge in rest)
    assert {tuple(group["by"]) for group in good["agreement"]} == {(), ("category",)}
    assert [(model["model"], model["units"]) for model in good["models"]] == [("alpha", 100)]
    assert len(found["pairs"]) == 3
    assert len({judge["judge"] for judge in found["judges"]}) == 3
    (probe,) = found["picture_probes"]
    assert (probe["looks"], probe["shown"], probe["pictured"]["items"]) == (True, "blank", 40)
    assert probe["pictured"]["change"]["high"] < 0
    assert probe["others"]["change"]["value"] == pytest.approx(0.0)


def test_people_read_sentences_and_nothing_hostile_reaches_the_terminal(db: Path) -> None:
    done = compare("--price-in", "1", "--price-out", "10", db=db)
    assert done.returncode == 0, done.stderr
    for words in (
        "Held against the mean of what people gave blind to 100 components, 40 items: settled 0, unanimous 0,",
        "is closer to people than", "looks at the picture: with a blank picture", "80 replies to 40 responses",
        'picture "blank"',
        "41 calls (43 requests, 1 failed), 40000 tokens in, 4000 out (1 calls did not say), 2.0 s a call, $0.0800 at",
    ):  # fmt: skip
        assert words in done.stdout
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_judges_are_chosen_by_label_or_id(db: Path) -> None:
    with Store.open(db) as store:
        ids = [judge.id for judge in store.judges()]
        columns, runs = judges_beside(store, ids[::-1])
        assert [run.judge.id for run in runs] == ids[::-1]
        assert columns.judge == runs[0].judge.label
    found = json.loads(compare("--json", "--judge", ids[1], "--judge", ids[2], db=db).stdout)
    assert [judge["id"] for judge in found["judges"]] == ids[1:]
    assert compare("--judge", "nobody", db=db).returncode == 3
    done = compare("--judge", "good", db=db)
    assert done.returncode == 3
    assert "2 judges named 'good'" in done.stderr


def test_prices_come_in_pairs_and_a_database_without_judges_says_so(db: Path, tmp_path: Path) -> None:
    assert compare("--price-in", "1", db=db).returncode == 2
    with Store.open(tmp_path / "none.db", create=True) as store:
        store.add_items(make_items(1))
    done = compare(db=tmp_path / "none.db")
    assert done.returncode == 3
    assert "No judge has judged anything" in done.stderr


def test_a_failed_call_is_no_repeat(store: Store) -> None:
    item, response = store.items()[0], store.responses("alpha")[0]
    (judge,) = store.judges()
    store.add_judgments(judge, [reply(judge, item, response, [0, 0, 0], 1, "api_error")])
    (run,) = judges_beside(store)[1]
    assert run.repeats == ()
    assert run.status[response.id] == "ok"


def test_without_a_blind_review_it_says_so_in_a_table(tmp_path: Path) -> None:
    """Two judges and nobody who has scored: a row each with what is known, and a sentence."""
    first, second = make_judge("first"), make_judge("second")
    with Store.open(tmp_path / "none.db", create=True) as store:
        items = make_items(3)
        store.add_items(items)
        responses = [make_response(item, "alpha") for item in items]
        store.add_responses(responses)
        for judge in (first, second):
            pairs = zip(items, responses, strict=True)
            store.add_judgments(judge, [reply(judge, item, answer, list(item.weights)) for item, answer in pairs])
    done = compare(db=tmp_path / "none.db")
    assert done.returncode == 0, done.stderr
    assert "Nobody has scored a component blind yet" in done.stdout
    rows = [line for line in done.stdout.splitlines() if line.startswith(("first (points)  ", "second (points)"))]
    assert [row.split()[2:7] for row in rows[:2]] == [["3", "3", "3", "0", "0"]] * 2


@pytest.fixture
def dealt(db: Path, tmp_path: Path) -> Path:
    """The same, dealt out into splits; ben differs from ann on a component of a test item, and cat settled another."""
    path = shutil.copy(db, tmp_path / "dealt.db")
    for name in ("cat", "ben"):
        assert run("reviewer", "add", name, db=path).returncode == 0
    assert run("gold", "split", "--by", "cat", "--seed", "1", db=path).returncode == 0
    with Store.open(path) as store:
        items = {item.id: item for item in store.items()}
        tested = [response for response in store.responses() if split_of(store, "test")[response.item] == "test"]
        response = tested[0].id
        marks = {position: points for _, position, points in committed_marks(store, response)}
        for position, points in marks.items():
            given = points if position > 1 else items[tested[0].item].weights[0] - points
            append(store, Entry("ben", "score", response, position, str(given)))
        append(store, Entry("ben", "commit", response), settled("cat", tested[1].id, 1, Fraction(1)))
    return path


def test_judges_on_a_split_are_held_against_its_labels(dealt: Path) -> None:
    found = json.loads(compare("--gold", "test", "--as", "cat", "--json", db=dealt).stdout)
    truth = found["held_against"]
    assert (truth["split"], truth["items"]) == ("test", 20)
    assert truth["standing"]["settled"] == truth["gold"] == 1
    assert truth["standing"]["disputed"] == 1
    labels = [json.loads(line) for line in run("gold", "export", "-", "--split", "test", db=dealt).stdout.splitlines()]
    there = sum(part["source"] in LABELS for record in labels for part in record["components"])
    assert truth["gold"] + truth["people"] == there, "what is exported is what counts"
    assert ("people_disputed", "components that people dispute, without a label", 1) in [
        tuple(one.values()) for one in found["left_out"]
    ]
    assert all(judge["coverage"]["answers"] == 20 for judge in found["judges"])
    assert "Held against" in compare("--gold", "dev", db=dealt).stdout
    assert "--gold dev" in compare(db=dealt).stdout, "without a split the test's labels are used, which is said"


def test_labels_of_an_older_answer_are_left_out_and_counted(dealt: Path) -> None:
    before = json.loads(compare("--gold", "dev", "--json", db=dealt).stdout)["held_against"]["standing"]["single"]
    with Store.open(dealt) as store:
        item = next(item for item in store.items() if split_of(store, "test")[item.id] == "dev")
        store.add_responses([make_response(item, "alpha", "said again")])
    found = json.loads(compare("--gold", "dev", "--json", db=dealt).stdout)
    gone = len(item.components)
    assert found["held_against"]["standing"]["single"] == before - gone
    assert ("older_labels", gone) in [(one["code"], one["count"]) for one in found["left_out"]]


def test_a_test_split_decides_once(dealt: Path) -> None:
    with Store.open(dealt) as store:
        good, other, _ = (judge.id for judge in store.judges())
    first = ("--gold", "test", "--judge", good, "--as", "cat")
    done = compare(*first, db=dealt)
    assert done.returncode == 0, done.stderr
    assert compare(*first, db=dealt).stdout == done.stdout, "the same comparison may be made again"
    new = ("--gold", "test", "--judge", other, "--as", "ben")
    done = compare(*new, db=dealt)
    assert (done.returncode, done.stdout) == (1, "")
    assert "The test split is used up: on 20" in done.stderr
    assert "it decided on good (points) for cat; whoever has seen that and tries" in done.stderr
    assert "--again" in done.stderr
    assert compare("--gold", "dev", "--judge", other, db=dealt).returncode == 0, "dev decides nothing"
    assert compare(*new, "--again", db=dealt).returncode == 0
    with Store.open(dealt) as store:
        assert [(use.by, use.again) for use in uses_of(store, "test", "test")] == [("cat", False), ("ben", True)]
        assert check(store).ok
    assert run("gold", "split", "--by", "cat", "--seed", "2", db=dealt).returncode == 3, "it stays as it was dealt out"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--gold", "exam"), 2, "exam"),
        (("--gold", "dev", "--again"), 2, "--again goes with --gold test"),
        (("--gold", "dev"), 2, "are not dealt out"),
    ],
)
def test_a_split_that_is_not_there_is_a_sentence(db: Path, words: tuple[str, ...], code: int, said: str) -> None:
    done = compare(*words, db=db)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_a_test_split_is_not_used_up_by_what_says_nothing(dealt: Path) -> None:
    """Nobody is named, or nothing in it has both a label and a judge's score."""
    assert compare("--gold", "test", db=dealt).returncode == 2
    with Store.open(dealt) as store:
        store.add_judgments(
            other := make_judge("elsewhere"),
            [reply(other, item, response, list(item.weights)) for item in store.items()
             for response in store.responses() if response.item == item.id
             and split_of(store, "test")[item.id] == "dev"],
        )  # fmt: skip
    done = compare("--gold", "test", "--judge", other.id, "--as", "cat", db=dealt)
    assert done.returncode == 3
    assert "both a label and a judge's score" in done.stderr
    with Store.open(dealt) as store:
        assert uses_of(store, "test", "test") == []
