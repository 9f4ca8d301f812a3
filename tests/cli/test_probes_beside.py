"""Probes beside a database: the report tells of them, and every other command says what it says without them."""

from __future__ import annotations

import os
import shutil
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
"""Every command that tells of a database, and words for it."""
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


def test_every_command_is_one_that_reads_or_one_that_writes() -> None:
    told = {name for name in leaves(cli) if not name.startswith("judge probe ")}
    assert told == READS.keys() | WRITES | {"report"}


def test_probes_beside_a_database_change_the_report_and_no_other_output(folders: tuple[Path, Path]) -> None:
    for name, words in READS.items():
        said = [run(*name.split(), *words.split(), db=Path("review.db"), cwd=folder) for folder in folders]
        assert [done.returncode for done in said] == [0, 0], (name, said[0].stderr)
        one, other = ((done.stdout, done.stderr) for done in said)
        assert one == other, name
    assert len({(folder / "out.tsv").read_bytes() for folder in folders}) == 1
