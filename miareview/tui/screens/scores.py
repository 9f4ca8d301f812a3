"""The scores screen: the leaderboard as a picture, what changes places, and the categories."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from miareview.stats.behind import behind_model
from miareview.text import visible
from miareview.tui.computing import Errors, Numbers, Scores
from miareview.tui.doors import Doors
from miareview.tui.keys import BACK, Key, bindings
from miareview.tui.look import by_parts
from miareview.tui.screens.numbers import SCROLL, NumbersScreen
from miareview.tui.widgets.footer import Footer
from miareview.tui.widgets.leaderboard import Board
from miareview.tui.widgets.score_notes import category_grid, notes, selected_model, warnings
from miareview.words.board import in_short
from miareview.words.labels import given


class ScoresScreen(NumbersScreen):
    """The leaderboard with intervals, and the ways to the reviews behind it and to those that it lacks."""

    NAME = "scores"
    KEYS = {
        "Models": (
            Key("move(1)", "down,j", "↓ j", "model", "select the next model"),
            Key("move(-1)", "up,k", "↑ k", "model", "select the previous model"),
            Key(
                "open",
                "enter",
                "↵",
                "reviews behind",
                "reviews behind a model, as far as you may see them",
                True,
            ),
            Key("missing", "m", "m", "what is missing", "score what a gap or different reviewers leave open", True),
            Key("categories", "c", "c", "categories", "judge − corrected by category, show or hide", True),
            Key("errors", "e", "e", "errors", "count responses that are errors as 0, or leave them out", True),
        ),
        "Go": (
            *SCROLL,
            Key("app.agreement", "G", "G", "agreement", "how far the judge and people agree, as pictures", True),
            BACK,
        ),
    }
    BINDINGS = bindings(KEYS)

    def __init__(self, numbers: Numbers, doors: Doors) -> None:
        super().__init__(numbers)
        self.doors = doors
        self.errors: Errors = "skip"
        self.selected = 0
        self.scores: Scores | None = None
        self.categories: bool | None = None  # None: shown where there is room

    def compose(self) -> ComposeResult:
        yield Static("", id="numbers-header", markup=False)
        with VerticalScroll(id="numbers", can_focus=False):
            yield Static("", id="sentence", markup=False)
            yield Static("", id="in-short", markup=False)
            yield Board(id="board")
            yield Static("", id="score-warnings", markup=False)
            yield Static("", id="selected-model", markup=False)
            yield Static("", id="categories", markup=False)
            yield Static("", id="score-notes", markup=False)
        yield Footer()

    def ask(self) -> Callable[[], object]:
        return partial(self.numbers.scores, self.errors)

    def waiting(self) -> None:
        if self.scores is None:
            self._say("computing…")

    def refuse(self, sentence: str) -> None:
        self.scores = None
        self._say(sentence)

    def show(self, result: object) -> None:
        assert isinstance(result, Scores)
        self.scores = result
        self.selected = min(self.selected, max(len(result.board.models) - 1, 0))
        self._say("" if result.board.models else "There is no model's response to this benchmark yet.")
        self._fill()

    def on_resize(self) -> None:
        if self.scores is not None:
            self._fill()

    def _say(self, sentence: str) -> None:
        """A sentence in place of the numbers; "" shows the numbers."""
        self.query_one("#sentence", Static).update(Content(visible(sentence)))
        for name in ("#in-short", "#board", "#score-warnings", "#selected-model", "#categories", "#score-notes"):
            self.query_one(name).display = not sentence
        self.query_one("#sentence").display = bool(sentence)
        if sentence:
            self.query_one("#numbers-header", Static).update(
                Content.assemble(("miareview", "bold $primary"), "  scores")
            )

    def _fill(self) -> None:
        assert self.scores is not None
        board, width = self.scores.board, self.size.width - 3
        self.query_one("#numbers-header", Static).update(_header(self.scores, self.size.width))
        if not board.models:
            return
        self.query_one("#in-short", Static).update(Content(in_short(board)))
        self.query_one(Board).show(board, self.selected)
        warned, told = self.query_one("#score-warnings", Static), warnings(board, self.scores.missing, width)
        warned.display = bool(told.plain)
        warned.update(told)
        self.query_one("#selected-model", Static).update(selected_model(board.models[self.selected], width))
        grid = self.query_one("#categories", Static)
        grid.display = self._with_categories()
        grid.update(category_grid(board, self.selected, width))
        self.query_one("#score-notes", Static).update(notes(board, width))

    def _with_categories(self) -> bool:
        return self.size.height >= 40 if self.categories is None else self.categories

    def action_move(self, step: int) -> None:
        if self.scores is not None and 0 <= self.selected + step < len(self.scores.board.models):
            self.selected += step
            self._fill()
            self.query_one("#numbers", VerticalScroll).scroll_home(animate=False)

    def action_open(self) -> None:
        if self.scores is not None and self.scores.board.models:
            model = self.scores.board.models[self.selected].model
            self.doors.behind(behind_model(self.scores.frame, model, self.scores.seen))

    def action_missing(self) -> None:
        if self.scores is not None:
            self.open_missing(
                self.scores.missing,
                "Nothing is missing: the samples have no gap, and no pair is refused for its reviewers.",
            )

    def on_board_opened(self, message: Board.Opened) -> None:
        self.selected = message.place
        self._fill()
        self.action_open()

    def action_categories(self) -> None:
        self.categories = not self._with_categories()
        if self.scores is not None:
            self._fill()
            if not self.categories:
                self.query_one("#numbers", VerticalScroll).scroll_home(animate=False)
            else:
                self.call_after_refresh(self.query_one("#categories").scroll_visible, animate=False, top=True)

    def action_errors(self) -> None:
        self.errors = "zero" if self.errors == "skip" else "skip"
        self.compute()

    def action_scroll(self, pages: int) -> None:
        pane = self.query_one("#numbers", VerticalScroll)
        pane.scroll_relative(y=pages * max(pane.size.height - 2, 1), animate=False)

    def action_back(self) -> None:
        self.dismiss(None)


def _header(scores: Scores, width: int) -> Content:
    """What the numbers are of and how they came about; two lines."""
    board = scores.board
    drawn = [model.corrected for model in board.models if model.corrected]
    gap = "    " if width >= 110 else "  "
    top = Content.assemble(
        ("miareview", "bold $primary"), (f"{gap}scores", "bold"), (f"{gap}benchmark ", "$muted"),
        (visible(board.benchmark, newlines=False), ""), (f"{gap}judge ", "$muted"),
        ("! saw no pictures  " if board.judge_sees is False else "", "$warning"),  # before the name, which may be cut
        (visible(board.judge or "none", newlines=False), "bold"),
    )  # fmt: skip
    if drawn:
        reviewed, total = (_range(getattr(c.estimate, name) for c in drawn) for name in ("n", "total"))
        queues = "; ".join(dict.fromkeys(f"queue {c.sample.queue}, seed {c.sample.seed}" for c in drawn))
        at_random = " at random" if all(c.sample.design == "random" for c in drawn) else ""
        design_text = f"{reviewed} of {total} items reviewed{at_random} ({queues})"
    else:
        design_text = "no random sample reviewed yet"
    errors = "errors left out" if board.errors == "skip" else "errors count 0"
    parts = [design_text, *([given(scores.given)] if drawn else []), errors, "95 % intervals"]
    if width < 110:
        parts.pop()
    second = Content.styled(by_parts([visible(part, newlines=False) for part in parts], width - 2), "$muted")
    return Content("\n").join([top.truncate(width - 2, ellipsis=True), second])


def _range(values: Iterable[int]) -> str:
    """ "60" where all are the same, else "40–60"."""
    found = sorted(set(values))
    return str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}"
