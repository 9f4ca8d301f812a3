"""The command line as a person meets it: exit codes, sentences, JSON shapes, nothing raw on the terminal."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from commands import run
from conftest import HOSTILE, JUDGE, commit

from miareview.cli.main import cli
from miareview.demo import make_demo
from miareview.store.ledger import Entry, append
from miareview.store.store import Store


@pytest.fixture(scope="module")
def demo_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    make_demo(path).close()
    return path


def every_command(
    command: click.Command, path: str = "miareview"
) -> Iterator[tuple[str, click.Command, click.Context]]:
    context = click.Context(command, info_name=path, terminal_width=80)
    yield path, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from every_command(found, f"{path} {name}")


def test_help_says_everything_whole_and_names_what_an_option_takes() -> None:
    for path, command, context in every_command(cli):
        told = command.get_help(context).partition("\n")[2]
        assert "..." not in told, path
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help, (path, option.name)
                if option.name in ("judge", "model", "models", "benchmark", "reviewer", "queue"):
                    assert option.make_metavar(context) != "TEXT", (path, option.name)


def test_the_demo_without_a_terminal_prints_its_tables(tmp_path: Path) -> None:
    done = run("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in ("demo data", "α interval", "corrected", "demo-large", "miareview demo"):
        assert word.lower() in done.stdout.lower()
    assert list(tmp_path.iterdir()) == []


def test_scores_json_has_the_documented_shape(demo_db: Path) -> None:
    done = run("scores", "--json", db=demo_db)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"benchmark", "judge", "errors", "models", "pairs"} <= set(found)
    for model in found["models"]:
        assert {"model", "responses", "judged", "reviewed", "reviewed_random", "as_published", "recomputed",
                "with_overrides", "corrected", "corrected_refused", "categories"} <= set(model)  # fmt: skip
        assert set(model["as_published"]) >= {"value", "used", "lost"}
        assert model["with_overrides"]["partial_audit"] is True
        corrected = model["corrected"]
        assert set(corrected) >= {"value", "low", "high", "n", "total", "lam", "method", "design", "flags"}
        assert 0 <= corrected["low"] <= corrected["value"] <= corrected["high"] <= 1
        assert corrected["design"] == "random"
    assert {pair["a"] for pair in found["pairs"]} <= {model["model"] for model in found["models"]}


def test_the_demos_corrected_scores_turn_the_judges_ranking(demo_db: Path) -> None:
    models = {m["model"]: m for m in json.loads(run("scores", "--json", db=demo_db).stdout)["models"]}
    small, verbose = models["demo-small"], models["demo-verbose"]
    assert small["recomputed"]["value"] < verbose["recomputed"]["value"]
    assert small["corrected"]["value"] > verbose["corrected"]["value"]


def test_errors_as_zero_lower_the_model_that_failed(demo_db: Path) -> None:
    def small(*words: str) -> float:
        found = json.loads(run("scores", "--json", *words, db=demo_db).stdout)
        return float(next(m for m in found["models"] if m["model"] == "demo-small")["recomputed"]["value"])

    assert small("--errors", "zero") == pytest.approx(small() * 11 / 12)


def test_agreement_json_has_the_documented_shape(demo_db: Path) -> None:
    done = run("agreement", "--by", "category,model,reviewer", "--json", db=demo_db)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["groups"][0]["by"] == {}
    for group in found["groups"]:
        assert {"by", "raters", "units", "items", "blind_only", "representative", "alpha", "kappa_quadratic", "ac1",
                "ac2", "ccc", "icc21", "bias", "mae", "exact", "within_one_point", "override_rate",
                "confusion"} <= set(group)  # fmt: skip
        assert set(group["alpha"]) == {"interval", "ordinal", "nominal"}
    assert {next(iter(g["by"])) for g in found["groups"] if g["by"]} == {"category", "model", "reviewer"}
    assert found["left_out"]


def test_targeted_reviews_refuse_a_corrected_score(store: Store) -> None:
    response = next(r for r in store.responses("alpha"))
    append(store, Entry("ann", "score", response.id, 1, "1"))
    commit(store, "ann", response.id)
    found = json.loads(run("scores", "--json", db=store.path).stdout)
    alpha = next(m for m in found["models"] if m["model"] == "alpha")
    assert alpha["reviewed"] == 1
    assert alpha["corrected"] is None
    assert "random" in alpha["corrected_refused"]
    text = run("scores", db=store.path).stdout
    assert "refused" in text
    assert alpha["corrected_refused"] in text


def test_queues_by_command(store: Store) -> None:
    assert run("queue", "create", "gold", "--size", "3", "--seed", "7", db=store.path).returncode == 0
    again = run("queue", "create", "gold", db=store.path)
    assert again.returncode == 2
    assert "already a queue named 'gold'" in again.stderr
    listed = json.loads(run("queue", "list", "--json", db=store.path).stdout)["queues"]
    assert [(q["name"], q["items"], q["frame"], q["responses"]) for q in listed] == [("gold", 3, 6, 6)]
    shown = run("queue", "show", "gold", db=store.path).stdout
    assert len(shown.splitlines()) == 6
    assert "alpha" not in shown, "models stay masked"
    assert run("queue", "delete", "gold", db=store.path).returncode == 0
    assert run("queue", "show", "gold", db=store.path).returncode == 3


def test_check_names_a_broken_row_and_fails(store: Store) -> None:
    append(store, Entry("ann", "score", store.responses()[0].id, 1, "2"))
    assert json.loads(run("check", "--json", db=store.path).stdout)["ok"] is True
    store.connection.execute("drop trigger event_no_update")
    store.connection.execute("update event set value = '3'")
    done = run("check", "--json", db=store.path)
    assert done.returncode == 3
    named = [problem["where"] for problem in json.loads(done.stdout)["problems"]]
    assert "trigger event_no_update" in named
    assert any(where.startswith("event ") for where in named)
    assert "Traceback" not in done.stderr


def test_doctor_says_what_it_found_and_never_the_key(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-value")
    for words in (("doctor",), ("doctor", "--json")):
        done = run(*words, db=store.path)
        assert done.returncode == 0, done.stderr
        assert "sk-secret" not in done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["openai_key"] is True
    assert set(found) >= {"version", "python", "textual", "textual_image", "images", "db"}
    assert found["images"]["why"]


def test_doctor_says_that_a_database_lies_on_a_network(store: Store, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("25 1 0:53 / / rw,relatime - nfs4 server:/export rw\n", encoding="utf-8")
    first = f"import pathlib, miareview.store.place as place; place.MOUNTS = pathlib.Path({str(mounts)!r})"
    done = run("doctor", db=store.path, first=first)
    assert "on a network (nfs4), where locks may fail" in done.stdout
    assert json.loads(run("doctor", "--json", db=store.path, first=first).stdout)["db"]["network"] == "nfs4"
    assert "network" not in run("doctor", db=store.path).stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["scores"], 3, "There is no database"),
        (["review"], 3, "There is no database"),
        (["import", "nowhere.json"], 3, "nowhere.json"),
        (["agreement", "--by", "colour"], 2, "does not know 'colour'"),
        (["nonsense"], 2, "nonsense"),
        (["queue", "create"], 2, "NAME"),
        (["scores", "--errors", "maybe"], 2, "maybe"),
    ],
)
def test_bad_use_is_one_sentence_and_an_exit_code(words: list[str], code: int, says: str, tmp_path: Path) -> None:
    done = run(*words, db=tmp_path / "none.db", cwd=tmp_path)
    assert done.returncode == code
    assert says in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00" + b"\xff" * 5000, b"[/] \x1b[31m"])
def test_a_file_that_is_no_database(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(content)
    done = run("scores", db=tmp_path / "bad.db")
    assert done.returncode == 3
    assert "bad.db" in done.stderr
    assert "Traceback" not in done.stderr


def test_review_needs_a_terminal_and_says_so(store: Store) -> None:
    done = run("review", "--as", "ann", db=store.path)
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr


def test_hostile_names_reach_no_terminal_raw(store: Store) -> None:
    from conftest import make_items, make_judgment, make_response

    items = make_items()
    responses = [make_response(item, HOSTILE) for item in items]
    store.add_responses(responses)
    store.add_judgments(
        JUDGE, [make_judgment(i, r, [1] * len(i.weights)) for i, r in zip(items, responses, strict=True)]
    )
    commit(store, HOSTILE, responses[0].id)
    unknown = HOSTILE.replace("\x00", "")  # no program can be handed a NUL
    for words in (["scores"], ["agreement", "--by", "model,reviewer"], ["scores", "--judge", unknown]):
        done = run(*words, db=store.path)
        assert "\x1b" not in done.stdout + done.stderr
        assert "\u202e" not in done.stdout + done.stderr
        assert "[/]" in done.stdout + done.stderr


def test_help_of_every_command_has_an_example() -> None:
    from miareview.cli.main import COMMANDS

    for name in COMMANDS:
        done = run(name, "--help")
        assert done.returncode == 0
        assert "Example" in done.stdout, name
