"""What an import brings with it: nothing heavy before it is asked for, and no room that has no business there."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from functools import cache

import pytest

import miareview.stats
from miareview.cli.main import COMMANDS

HEAVY = {
    "textual",
    "rich",
    "openai",
    "numpy",
    "sqlite_utils",
    "PIL",
    "textual_image",
    "krippendorff",
    "jinja2",
    "pyarrow",
}
STATISTICS = [module.name for module in pkgutil.walk_packages(miareview.stats.__path__, "miareview.stats.")]


HELP = "import miareview.cli.main; sys.argv = ['miareview', {!r}, '--help']; miareview.cli.main.main()"


@cache
def modules_after_each(*codes: str, behind: str = "") -> list[set[str]]:
    """Names of all modules, and of the packages they are in, that a Python has after running each code.

    Each runs in a process of its own, forked from one that has imported nothing, or what is `behind` all of them.
    """
    script = f"""{behind or "pass"}
import os, sys
for code in sys.argv[1:]:
    if not (child := os.fork()):
        try:
            exec(code)
        finally:
            print(*sys.modules, file=sys.__stderr__)
        os._exit(0)
    os.waitpid(child, 0)
"""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE"))}
    done = subprocess.run([sys.executable, "-c", script, *codes], capture_output=True, text=True, env=clean, check=True)
    found = [line.split() for line in done.stderr.splitlines()]
    assert len(found) == len(codes), done.stderr
    return [
        {name[:end] for name in names for end in (name.find("."), None) if end != -1} | set(names) for names in found
    ]


def modules_after(code: str) -> set[str]:
    return modules_after_each(code)[0]


@pytest.mark.parametrize(
    "code",
    [
        "import miareview",
        "import miareview.cli.main",
        "import miareview.cli.main; sys.argv = ['miareview', '--help']; miareview.cli.main.main()",
        "import miareview.cli.main; sys.argv = ['miareview', '--version']; miareview.cli.main.main()",
    ],
)
def test_what_answers_at_once_loads_nothing_heavy(code: str) -> None:
    loaded = modules_after(code)
    assert "miareview" in loaded
    assert loaded & HEAVY == set()


def test_the_package_itself_loads_none_of_its_rooms() -> None:
    assert {name for name in modules_after("import miareview") if name.startswith("miareview")} == {"miareview"}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_loads_nothing_heavy(command: str) -> None:
    helps = modules_after_each(*(HELP.format(name) for name in COMMANDS), behind="import click")
    loaded = helps[list(COMMANDS).index(command)]
    assert any(name.startswith("miareview.cli.") and name.rpartition(".")[2] == COMMANDS[command][0] for name in loaded)
    assert loaded & HEAVY == set()


def test_there_are_statistics_to_look_at() -> None:
    assert "miareview.stats.correction" in STATISTICS


@pytest.mark.parametrize("module", STATISTICS)
def test_the_statistics_know_no_store_no_screen_and_no_picture(module: str) -> None:
    all_loaded = modules_after_each(*(f"import {name}" for name in STATISTICS), behind="import numpy")
    loaded = all_loaded[STATISTICS.index(module)]
    assert module in loaded
    assert loaded & {"textual", "rich", "openai", "PIL", "sqlite_utils", "sqlite3", "textual_image", "click"} == set()
    rooms = ("store", "review", "report", "images", "formats", "tui", "cli")
    assert loaded & {f"miareview.{room}" for room in rooms} == set()


@pytest.mark.parametrize(
    "module", ["miareview.review.session", "miareview.review.score_columns", "miareview.importing.ingest"]
)
def test_review_and_import_can_be_driven_without_a_screen(module: str) -> None:
    loaded = modules_after(f"import {module}")
    assert module in loaded
    assert loaded & {"textual", "rich", "PIL", "textual_image", "openai", "miareview.tui", "miareview.cli"} == set()


def test_reading_files_and_replies_needs_nothing_but_the_standard_library() -> None:
    loaded = modules_after(
        "import miareview.formats.detect, miareview.judge.reply, miareview.importing.matching, miareview.text"
    )
    assert "miareview.judge.reply" in loaded
    assert loaded & (HEAVY | {"click", "sqlite3"}) == set()
