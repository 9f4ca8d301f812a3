"""The pages say what is true: keys, queries, commands, links; and nothing that belongs to one machine."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from miareview.cli.main import COMMANDS
from miareview.demo import make_demo
from miareview.review.score_columns import score_columns
from miareview.stats.board.leaderboard import leaderboard
from miareview.store.store import Store
from miareview.tui.screens.page import keys_markdown

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "db/README.md", "benchmarks/README.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
QUERIES = re.findall(r"```sql\n(.*?)```", (ROOT / "db" / "README.md").read_text(encoding="utf-8"), re.DOTALL)
SOURCES = {".py", ".md", ".toml", ".sql", ".tcss", ".css", ".j2", ".json", ".jsonl", ".yml", ".yaml", ".cfg", ""}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with make_demo(tmp_path_factory.mktemp("docs") / "demo.db") as store:
        yield store


def test_the_page_of_keys_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "keys.md").read_text(encoding="utf-8") == keys_markdown()


def test_there_are_queries_to_try() -> None:
    assert len(QUERIES) >= 5


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("\n")[0])
def test_every_query_of_the_data_dictionary_gives_rows_and_changes_nothing(demo: Store, query: str) -> None:
    reader = sqlite3.connect(f"file:{demo.path}?mode=ro", uri=True)
    try:
        assert reader.execute(query).fetchall()
    finally:
        reader.close()


def test_the_query_for_the_leaderboard_gives_the_leaderboard(demo: Store) -> None:
    (query,) = [query for query in QUERIES if "as recomputed" in query]
    board = leaderboard(score_columns(demo))
    computed = {model.model: (model.recomputed.value, model.recomputed.used) for model in board.models}
    queried = {model: (pytest.approx(value, abs=0.0005), used) for model, value, used in demo.rows(query)}
    assert computed == queried


def commands_of(page: Path) -> set[str]:
    """Subcommands that a page names in `code` or in a block."""
    text = page.read_text(encoding="utf-8")
    return set(re.findall(r"(?:`|\$ |&& |^    )miareview (?:--db \S+ )?([a-z]+)", text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_names_is_there(page: Path) -> None:
    assert commands_of(page) <= set(COMMANDS)


def test_the_readme_shows_the_way() -> None:
    assert commands_of(ROOT / "README.md") == set(COMMANDS)


def test_every_benchmark_has_its_row() -> None:
    scripts = {path.name for path in (ROOT / "benchmarks").glob("bench_*.py")}
    assert scripts
    rows = re.findall(
        r"^\| `(bench_\w+\.py)", (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(rows) == sorted(scripts)


def test_the_architecture_names_every_module_of_the_statistics_and_of_the_report() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    modules = {path.stem for room in ("stats", "report") for path in (ROOT / "miareview" / room).glob("[!_]*.py")}
    assert modules
    assert {module for module in modules if f"`{module}`" not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    nowhere = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert nowhere == []


def sources() -> Iterator[Path]:
    """The project's text files; caches, environments and what was built are none of it."""
    environments = [found.parent for found in ROOT.rglob("pyvenv.cfg")]
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        built = {"__pycache__", "build", "dist"}.intersection(parts) or any(
            part.endswith(".egg-info") for part in parts
        )
        hidden = any(part.startswith(".") and part not in (".ci", ".gitignore") for part in parts)
        if built or hidden or any(path.is_relative_to(folder) for folder in environments):
            continue
        if path.is_file() and path.suffix in SOURCES:
            yield path


def test_no_file_names_a_place_on_one_machine_or_a_package_server() -> None:
    # Written in pieces, or this file would find itself.
    servers = ("py" + "pi.org", "python" + "hosted.org", "conda" + ".anaconda.org", "npm" + "js.org", "crates" + ".io")
    found = re.compile("|".join([r"(?<![\w.~-])/(?:work|" + r"root|home/\w+|Users/\w+)/", *map(re.escape, servers)]))
    files = list(sources())
    assert ROOT / "README.md" in files
    assert [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if found.search(line)
    ] == []
