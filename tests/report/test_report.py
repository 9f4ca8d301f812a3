"""The report: whole, true to the statistics, and not to be taken over by a name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import draw_queue
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from miareview.cli.context import Context
from miareview.cli.report import command
from miareview.demo import make_demo
from miareview.errors import DataError, UsageError
from miareview.identity import judge_id, judgment_id
from miareview.model import Component, Item, Judge, Judgment, Response, SubScore
from miareview.report import methods
from miareview.report.contents import Audit, gather
from miareview.report.document import Table, number, span
from miareview.report.html import render_html
from miareview.report.markdown import escape, render_markdown
from miareview.report.pages import build_document
from miareview.report.plots import Value, axis, interval_plot, scatter_plot
from miareview.review.looking import peek, unfinished
from miareview.review.session import ReviewSession
from miareview.stats.agreement.calibration import Pair, calibration
from miareview.stats.agreement.second import Rate, SecondReadings
from miareview.stats.correction import corrected_domain, corrected_mean
from miareview.stats.flags import Flag
from miareview.store.gold import new_split, settled, used_split
from miareview.store.ledger import append, events
from miareview.store.store import Store
from miareview.text import visible
from miareview.words.plan import sentence

HOSTILE = [
    "<script>alert(1)</script>",
    "</title></style></svg><h1>x",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    "a | b || c",
    "`code` ``x`` ```",
    "\x1b[31mred\x1b]0;t\x07\x00\x9b",
    "\u202eevil\u202c\u2066x\u2069\u200b",
    "[x](javascript:alert(1)) ![y](http://a.example/b.png) <http://c.example>",
    "# head\n- item\r\n1. one\n> quote\n---",
    "**bold** __b__ ~~s~~ $x$ \\| &lt; &#60;script&#62; www.example.org http://d.example",
    "{{ 7 * 7 }} {% raw %} ${x}",
]
ALLOWED = set(
    "html head meta title style body header main nav section h1 h2 h3 p strong small sup a ul ol li dl dt dd div table"
    " caption thead tbody tr th td figure figcaption span svg desc g line path circle rect text".split()
)
ATTRIBUTES = set(
    "lang charset name content http-equiv id class href aria-label aria-labelledby aria-hidden role tabindex scope"
    " width height viewbox x y x1 x2 y1 y2 cx cy r d overflow text-anchor".split()
)
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]")


class Reader(HTMLParser):
    """Every element and attribute of a page, and the text of its tables' cells."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.open: list[str] = []
        self.text: dict[str, list[str]] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta",):
            self.open.append(tag)
            self.text.setdefault(tag, []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.text[tag][-1] += data


def made_store(path: Path, names: list[str], reviewed: int = 8, people: tuple[str, ...] = ("one", "two")) -> Store:
    """Ten items and two models; the names stand for benchmark, judge, models, categories, queue and difficulty."""
    benchmark, judge_name, first, second, category, queue_name, *_ = names
    store = Store.open(path, create=True)
    judge = Judge(judge_id(judge_name, "p", "{}"), judge_name, "p", "{}")
    items = []
    for index in range(10):
        parts = (Component(1, category, "a", 6), Component(2, "describe", "b", 4))
        url = f"https://example.invalid/{index}"
        items.append(Item(f"item {index}", benchmark, index, url, f"Look at {index}.", category, parts))
    store.add_items(items)
    answers = [
        Response(f"response {item.index} {number}", item.id, model, f"answer {item.index}", "ok")
        for item in items
        for number, model in enumerate((first, second))
    ]
    store.add_responses(answers, source="made")
    store.add_judgments(
        judge,
        [
            Judgment(
                judgment_id(r.id, judge.id, 0, "x"), r.id, judge.id, 0, "x", "ok", (), None, None,
                (SubScore(1, Fraction(6 if r.model == first else 5)), SubScore(2, Fraction(4))),
            )
            for r in answers
        ],
    )  # fmt: skip
    queue = draw_queue(store, queue_name, size=10, seed=3)
    for who in people:
        session = ReviewSession(store, who, [row.response for row in queue.rows], queue=queue)
        for place, row in enumerate(queue.rows[: 2 * reviewed]):
            session.go(place)
            index = int(row.item.removeprefix("item "))
            session.score(1, Fraction(index % 3 + (0 if row.model == first else 3)))
            session.score(2, Fraction(4 - index % 2))
            session.commit()
    return store


def look_early(store: Store, who: str, opened: str) -> None:
    peek(store, who, opened, unfinished(store, who))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audit]:
    with make_demo(tmp_path_factory.mktemp("report") / "demo.db") as store:
        yield gather(store)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[Audit]:
    """Each hostile name in every place once."""
    audits = []
    for turn in range(0, len(HOSTILE), 2):
        names = HOSTILE[turn:] + HOSTILE[:turn]
        path = tmp_path_factory.mktemp("hostile") / "made.db"
        with made_store(path, names, people=(names[6], names[7])) as store:
            look_early(store, names[6], names[8])
            audits.append(gather(store))
    return audits


def test_the_page_loads_nothing_and_holds_only_what_the_template_draws(demo: Audit, hostile: list[Audit]) -> None:
    for audit in [demo, *hostile]:
        page = render_html(audit)
        found = Reader(page)
        assert found.open == []
        assert set(found.tags) <= ALLOWED
        assert {name for _, name, _ in found.attributes} <= ATTRIBUTES
        assert all(value and value.startswith("#") for _, name, value in found.attributes if name == "href")
        assert not CONTROL.search(page)
        assert "url(" not in page
        assert "@import" not in page


def test_a_hostile_name_adds_no_element(hostile: list[Audit], tmp_path: Path) -> None:
    plain = [f"name {number}" for number in range(len(HOSTILE))]
    with made_store(tmp_path / "plain.db", plain, people=("name 6", "name 7")) as store:
        look_early(store, "name 6", "name 8")
        expected = sorted(Reader(render_html(gather(store))).tags)
    for audit in hostile:
        assert sorted(Reader(render_html(audit)).tags) == expected


def test_names_are_shown_whole(hostile: list[Audit]) -> None:
    for audit in hostile:
        text = Reader(render_html(audit)).text
        assert visible(audit.benchmark, newlines=False) in text["h1"][0]
        for name in [model.model for model in audit.board.models] + [person.name for person in audit.reviewers]:
            assert visible(name, newlines=False) in text["th"]


def test_markdown_cannot_be_broken_out_of(hostile: list[Audit]) -> None:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    expected = None
    for audit in hostile:
        page = render_markdown(audit)
        assert not CONTROL.search(page)
        tokens = reader.parse(page)
        kinds = [child.type for token in tokens for child in (token.children or [])]
        assert set(kinds) <= {"text", "strong_open", "strong_close", "softbreak", "text_special"}
        outside = [token.type for token in tokens if token.type.startswith(("html", "code", "fence", "hr", "ordered"))]
        assert outside == []
        shape = [token.type for token in tokens if token.type.startswith(("table", "tr", "heading", "blockquote"))]
        expected = expected or shape
        assert shape == expected


@given(st.one_of(st.text(), st.sampled_from(HOSTILE), st.text(alphabet="<>|`*_[]()#-+!&;:/.w~$\\ \n\t1")))
def test_escaped_text_is_read_as_text(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(f"| a |\n| --- |\n| {escape(text)} |")
    kinds = [child.type for token in tokens for child in (token.children or [])]
    assert set(kinds) <= {"text", "text_special"}
    assert sum(token.type == "tr_open" for token in tokens) <= 2
    alone = [token.type for token in MarkdownIt("commonmark").parse(escape(text))]
    assert alone in ([], ["paragraph_open", "inline", "paragraph_close"])


def test_both_forms_hold_the_same_cells(demo: Audit) -> None:
    tables = [block for s in build_document(demo).sections for block in s.blocks if isinstance(block, Table)]
    assert len(tables) > 8
    html = Reader(render_html(demo))
    assert len(html.text["tr"]) == sum(1 + len(table.rows) for table in tables)
    rows = [line for line in render_markdown(demo).splitlines() if line.startswith("| ")]
    assert len(rows) == sum(2 + len(table.rows) for table in tables)
    assert all(len(row) == len(table.head) for table in tables for row in table.rows)


def test_the_leaderboard_says_what_the_statistics_say(demo: Audit) -> None:
    page = render_markdown(demo)
    for model in demo.board.models:
        assert model.corrected
        line = next(line for line in page.splitlines() if line.startswith(f"| {model.model} |"))
        for value in (model.as_published.value, model.recomputed.value, model.with_overrides, model.corrected.value):
            assert number(value) in line
        assert span(model.corrected.low, model.corrected.high) in line
        assert f"{model.corrected.estimate.n} of {model.corrected.estimate.total}" in line


def test_what_to_do_next_is_said_first(demo: Audit) -> None:
    said = render_markdown(demo).split("## Leaderboard")[0]
    assert f"**Next.** Every corrected score to within 0.03: {escape(sentence(demo.step))}" in said
    assert "Too early to settle which model is ahead" in said
    done = replace(demo, step=replace(demo.step, code="complete"))
    assert "**Next.**" not in render_markdown(done)


def test_the_report_is_tied_to_its_database(tmp_path: Path) -> None:
    with make_demo(tmp_path / "demo.db") as store:
        audit, last = gather(store), events(store)[-1]
        page = render_html(audit)
    assert audit.check.ok
    assert [chain.last_hash for chain in audit.chains] == [last.hash]
    assert last.hash in page
    assert "demo.db" in page
    assert str(tmp_path) not in page
    assert {person.name for person in audit.reviewers} == {"demo-reviewer-1", "demo-reviewer-2"}


def test_what_was_opened_early_is_told(tmp_path: Path) -> None:
    path = tmp_path / "made.db"
    names = [f"n{k}" for k in range(8)]
    with made_store(path, names, reviewed=3) as store:
        assert gather(store).early == ()
        assert "Opened early" not in render_markdown(gather(store))
        look_early(store, "two", "scores")
    run(path, str(tmp_path / "one.md"), "--as", "one")
    run(path, str(tmp_path / "two.md"), "--as", "one")
    page = (tmp_path / "two.md").read_text(encoding="utf-8")
    assert "| two | n5 | scores | 6 responses | 1 |" in page
    assert "| one | n5 | report | 6 responses | 2 |" in page
    assert page.index("Opened early") > page.index("What this report is tied to")


def test_without_reviews_nothing_is_made_up(tmp_path: Path) -> None:
    with made_store(tmp_path / "none.db", [f"n{k}" for k in range(8)], people=()) as store:
        audit = gather(store)
    page = render_markdown(audit)
    assert "Nobody has committed a review yet" in page
    assert "Refused: none of it is reviewed" in page
    assert audit.item_scores.pairs == ()
    row = next(line for line in page.splitlines() if line.startswith("| n2 |"))
    assert "–" in row
    assert Reader(render_html(audit)).open == []


def test_a_benchmark_without_a_judge_has_a_report(tmp_path: Path) -> None:
    with Store.open(tmp_path / "bare.db", create=True) as store:
        part = Component(1, "describe", "a", 10)
        store.add_items([Item("i", "bare", 0, "https://example.invalid/0", "Look.", "basic", (part,))])
        page = render_html(gather(store))
    assert "no judge" in page
    assert Reader(page).open == []


def test_errors_as_zero_are_told(tmp_path: Path) -> None:
    with make_demo(tmp_path / "demo.db") as store:
        audit = gather(store, errors="zero")
    assert audit.board.errors == "zero"
    assert "count as 0" in render_markdown(audit)


def test_the_methods_name_the_guards_that_are_used() -> None:
    assert inspect.signature(corrected_mean).parameters["guard"].default == methods.GUARD
    assert inspect.signature(corrected_domain).parameters["guard"].default == methods.GUARD


def test_a_broken_ledger_is_told_on_the_page(tmp_path: Path) -> None:
    with make_demo(tmp_path / "demo.db") as store:
        with store.writing() as connection:
            connection.execute("drop trigger event_no_update")
            connection.execute(
                "update event set value = '1' where id = (select min(id) from event where kind = 'score')"
            )
        audit = gather(store)
    assert not audit.check.ok
    assert "FAILED" in render_html(audit)


# plots and numbers


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_an_axis_holds_its_values_and_stays_within(one: float, other: float) -> None:
    low, high, ticks = axis(min(one, other), max(one, other), (-1.0, 1.0))
    assert -1 <= low <= min(one, other) + 1e-9
    assert max(one, other) - 1e-9 <= high <= 1
    assert low < high
    assert all(low - 1e-9 <= tick <= high + 1e-9 for tick, _ in ticks)
    assert len({text for _, text in ticks}) == len(ticks)


def test_an_interval_beyond_the_axis_is_marked_as_cut() -> None:
    plot = interval_plot("p", "t", "d", [("a", "", False, [Value("judge", 0.5, -1.7, 0.9)])], (), (-1.0, 1.0))
    assert plot
    (mark,) = plot.rows[0].marks
    assert (mark.cut_low, mark.cut_high) == (True, False)
    assert mark.from_ is not None
    assert mark.to is not None
    assert mark.from_ < mark.at < mark.to


def test_a_plot_without_values_is_none() -> None:
    assert interval_plot("p", "t", "d", [("a", "", False, [Value("judge", None)])], (), (0.0, 1.0)) is None


def test_scatter_gathers_equal_pairs() -> None:
    plot = scatter_plot("p", "t", "d", [(1.0, 1.0)] * 5 + [(0.5, 0.25)], [], "x", "y")
    assert len(plot.dots) == 2
    assert len({dot.radius for dot in plot.dots}) == 2


def test_numbers_are_written_for_reading() -> None:
    assert number(-0.25) == "−0.250"
    assert number(-0.0001) == "0.000"
    assert number(0.1, True) == "+0.100"
    assert number(None) == "–"
    assert span(None, 1.0) == ""
    assert span(-0.1, 0.2, True) == "−0.100 to +0.200"


def test_footnotes_are_lettered_once_each(demo: Audit) -> None:
    for section in build_document(demo).sections:
        for table in section.blocks:
            if isinstance(table, Table):
                marks = list(table.footnotes.values())
                assert len(set(marks)) == len(marks)


# the command


def run(db: Path, *words: str) -> None:
    CliRunner().invoke(command, words, obj=Context(db), standalone_mode=False, catch_exceptions=False)


def test_the_command_writes_both_forms_and_leaves_nothing_beside(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo.db").close()
    out = tmp_path / "out"
    out.mkdir()
    run(tmp_path / "demo.db", str(out / "a.html"))
    run(tmp_path / "demo.db", str(out / "a.MD"))
    assert sorted(path.name for path in out.iterdir()) == ["a.MD", "a.html"]
    assert (out / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (out / "a.MD").read_text(encoding="utf-8").startswith("# Audit of demo-judge")


def test_a_file_that_is_there_is_replaced_only_when_told(tmp_path: Path) -> None:
    make_demo(tmp_path / "demo.db").close()
    target = tmp_path / "a.md"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="--force"):
        run(tmp_path / "demo.db", str(target))
    assert target.read_text(encoding="utf-8") == "mine"
    run(tmp_path / "demo.db", str(target), "--force")
    assert target.read_text(encoding="utf-8").startswith("# Audit")


@pytest.mark.parametrize("name", ["a.txt", "-", "a", "a.html.gz"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.html or \.md"):
        run(tmp_path / "none.db", name)


def test_a_missing_folder_or_database_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder"):
        run(tmp_path / "none.db", str(tmp_path / "nowhere" / "a.html"))
    with pytest.raises(DataError, match="no database"):
        run(tmp_path / "none.db", str(tmp_path / "a.html"))
    assert not (tmp_path / "a.html").exists()


def test_gold_and_what_was_read_twice_stand_in_the_report(tmp_path: Path) -> None:
    with make_demo(tmp_path / "demo.db") as store:
        plain = render_markdown(gather(store))
        assert "Nothing is settled that the judge or a person scored" in plain
        assert "There are no second readings, no training and no repeats." in plain
        row = next(row for row in store.rows("select response, position from current_score where not judge_visible"))
        items = [item.id for item in store.items()]
        name, judge = store.items()[0].benchmark, store.judges()[0]
        append(store, settled("cat", *row, Fraction(0)))
        append(store, new_split("cat", name, 1, {"tune": [], "dev": items[:3], "test": items[3:]}))
        append(store, used_split("cat", name, "test", [judge.id], again=False))
        audit = gather(store)
    second = SecondReadings("again", 20, 15, 2, Rate(0.25, 0.125, 0.5, 15, 90), Rate(0.3, 0.2, 0.4, 15, 90))
    refused = SecondReadings("few", 20, 3, 0, None, None, Flag("second_few", 3, 20, 10.0, ("rest",)))
    pairs = [Pair(str(number), 1.0, 0.5) for number in range(12)]
    audit = replace(audit, second=(second, refused), calibrations=(calibration("ann <b>", pairs, []),))
    for render in (render_markdown, render_html):
        text = render(audit).replace("\\", "")
        for words in (
            "settled 1", f"it decided on {judge.label} for cat", "0.125 to 0.500",
            "15 of 20", "3 of 20 responses of the rest are read a second time", "gives less than what is settled",
        ):  # fmt: skip
            assert words in text, words
    assert "ann <b>" not in render_html(audit)
