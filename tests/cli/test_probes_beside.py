"""Probes beside a database: the report tells of them, and every other command says what it says without them."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from commands import run
from standin.probed import ProbedJudge
from standin.server import KEY, StandIn

from miareview.cli.main import cli
from miareview.demo import make_demo
from miareview.store.store import Store

sys.path.append(str(Path(__file__).resolve().parents[1] / "probing"))
from made_probes import make_answers, make_benchmark

HEADING = "## What the judge does not notice"
MODEL = "gpt-4o-2024-11-20"
CLEAN = {name: value for name, value in os.environ.items() if "OPENAI" not in name} | {"OPENAI_API_KEY": KEY}
READS = {
    "images status": "", "doubts": "--json", "judge compare": "", "judge prompts": "", "judge readings": "",
    "judge status": "", "browse": "--json", "compare": "0", "queue list": "", "queue show": "demo-random",
    "reviewer list": "", "agreement": "--by category,model,reviewer --confusion --judges", "scores": "--by category",
    "plan": "", "reason list": "", "gold list": "", "gold status": "", "gold rule list": "", "gold export": "-",
    "gold guideline": "", "export calls": "-", "export events": "-", "export inspect": "- --model demo-large",
    "export items": "-",
    "export judgments": "-", "export queues": "-", "export responses": "-", "export reviews": "-",
    "export scores": "-", "export vlmevalkit": "out.tsv --model demo-large", "check": "", "doctor": "", "config": "",
}  # fmt: skip
"""Commands that tell of a database, and words for them; what is neither here nor below is called without any."""
WRITES = set(
    "demo|import|images add|images fetch|judge collect|judge run|judge submit|review|queue close|queue create"
    "|queue delete|reviewer add|reviewer alias|reviewer rename|reason merge|reason rename|gold import|gold relabel"
    "|gold reopen|gold rule add|gold settle|gold split|backup".split("|")
)


def leaves(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield " ".join(words)
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*words, name))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same database twice; beside the second lie probes that a judge has answered in part."""
    alone, beside = (tmp_path_factory.mktemp(name) for name in ("alone", "beside"))
    make_demo(beside / "review.db").close()
    (beside / "guideline.md").write_text("Count sentences by their stops.", encoding="utf-8")
    words = ["gold", "guideline", "guideline.md", "--by", "demo-reviewer-1"]
    assert run(*words, db=Path("review.db"), cwd=beside).returncode == 0
    shutil.copy(beside / "review.db", alone / "review.db")
    with Store.open(beside / "review.db", reading=True) as store:
        judge = ProbedJudge("lenient", list(store.items()))
    assert run("judge", "probe", "make", "--items", "12", db=beside / "review.db").returncode == 0
    with StandIn(reply=judge) as server:
        words = ["-m", MODEL, "--base-url", server.url, "--picture", "none", "--yes", "--max-calls", "20"]
        done = run("judge", "probe", "run", *words, db=beside / "review.db", env=CLEAN)
    assert done.returncode == 0, done.stderr
    assert (alone / "review.db").read_bytes() == (beside / "review.db").read_bytes()
    return alone, beside


def test_probes_beside_a_database_change_the_report_and_no_other_output(folders: tuple[Path, Path]) -> None:
    commands = {name for name in leaves(cli) if not name.startswith("judge probe ")}
    assert READS.keys() | WRITES < commands
    for name in sorted(commands - WRITES - {"report"}):
        words = [*name.split(), *READS.get(name, "").split()]
        said = [run(*words, db=Path("review.db"), cwd=folder) for folder in folders]
        assert name not in READS or said[0].returncode == 0, (name, said[0].stderr)
        one, other = ((done.returncode, done.stdout, done.stderr) for done in said)
        assert one == other, name
    assert len({(folder / "out.tsv").read_bytes() for folder in folders}) == 1


def test_the_report_tells_what_the_judge_did_not_notice(folders: tuple[Path, Path]) -> None:
    pages = []
    for folder in folders:
        assert run("report", "r.md", "--force", db=Path("review.db"), cwd=folder).returncode == 0
        pages.append((folder / "r.md").read_text(encoding="utf-8"))
    alone, beside = pages
    assert HEADING not in alone
    section = beside[beside.index(HEADING) : beside.index("## How the judge errs")]
    assert f"{MODEL} (" in section
    assert "20 of " in section
    assert "was not asked these questions" in section
    assert "None of it is an accuracy" in section
    made = re.compile(r"[0-9-]{10} [0-9:]{8} UTC")
    assert made.sub("", beside.replace(section, "")) == made.sub("", alone)


def test_probes_that_cannot_be_used_are_told_and_the_report_is_made(folders: tuple[Path, Path], tmp_path: Path) -> None:
    shutil.copy(folders[0] / "review.db", tmp_path / "review.db")
    other = tmp_path / "other.db"
    with Store.open(other, create=True) as store:
        store.add_items(make_benchmark(copies=1))
        store.add_responses(make_answers(make_benchmark(copies=1)))
    assert run("judge", "probe", "make", db=other).returncode == 0
    foreign = (tmp_path / "probes.db").read_bytes()
    for content, told in (
        (foreign, "was made from another benchmark"),
        ((folders[0] / "review.db").read_bytes(), "is no file of probes"),
        (b"no database at all", "cannot be used as a database"),
        (b"", "is no file of probes"),
    ):
        (tmp_path / "probes.db").write_bytes(content)
        done = run("report", "r.md", "--force", db=Path("review.db"), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert told in (tmp_path / "r.md").read_text(encoding="utf-8")


def test_judges_are_compared_on_what_they_noticed_where_that_is_asked_for(folders: tuple[Path, Path]) -> None:
    without, with_ = (
        run("judge", "compare", *words, db=Path("review.db"), cwd=folders[1]).stdout for words in ((), ("--probes",))
    )
    assert with_.startswith(without)
    assert "probes answered" in with_[len(without) :]
    assert "not asked" in with_[len(without) :]
