"""The leaderboard as a picture: every model's judge score and corrected score on one axis, and its ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from miareview.tui.widgets.intervals import CORRECTED, JUDGE, POOLED, Axis, axis_for, column, draw
from miareview.words.numbers import interval, number

if TYPE_CHECKING:
    from miareview.stats.board.scores import Leaderboard, ModelScore, Rank

JUDGE_STYLE, CORRECTED_STYLE, POOLED_STYLE = "$warning", "bold $primary", "$secondary"


class Board(Widget):
    """One row a model; posts `Opened` when a model is clicked."""

    DEFAULT_CSS = "Board { height: auto; }"

    @dataclass
    class Opened(Message):
        """A model was clicked."""

        place: int

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.board: Leaderboard | None = None
        self.selected = 0

    def show(self, board: Leaderboard, selected: int) -> None:
        self.board = board
        self.selected = selected
        self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return 2 + len(self.board.models) if self.board else 1

    def on_click(self, event: Click) -> None:
        if self.board is not None and 1 <= event.y <= len(self.board.models):
            self.post_message(self.Opened(event.y - 1))

    def render(self) -> Content:
        if self.board is None:
            return Content("")
        width = self.content_size.width - 1  # the scrollbar would touch what stands at its side
        with_interval, with_count = width >= 112, width >= 124
        name = 26 if width >= 130 else 18 if width >= 90 else 15
        interval = width >= 90 and any(model.rank and model.rank.low is not None for model in self.board.models)
        fixed = 2 + name + 7 + 11 + (18 if with_interval else 0) + (10 if with_count else 0) + (16 if interval else 10)
        axis = axis_for(self._values(), width - fixed - 4, keep=())
        lines = [
            Content.assemble(
                Content.styled(f"  {'model':<{name}}{'judge':>7}{'corrected':>11}", "bold $muted"),
                Content.styled(f"{'95 % interval':>18}" if with_interval else "", "bold $muted"),
                "  ", axis.labels(), "  ",
                Content.styled("   rank   " if not interval else "  rank (95 %)   ", "bold $muted"),
                Content.styled(f"{'n of N':>10}" if with_count else "", "bold $muted"),
            )
        ]  # fmt: skip
        for at, model in enumerate(self.board.models):
            line = Content.assemble(
                ("▌ " if at == self.selected else "  ", "$primary"),
                column(model.model, name, "bold" if at == self.selected else ""),
                column(number(model.recomputed.value), 7, JUDGE_STYLE, right=True),
                self._corrected(model),
                self._interval(model) if with_interval else "",
                "  ", self._picture(model, axis), "  ",
                _moved(model.rank, 16 if interval else 10, interval),
                self._count(model) if with_count else "",
            )  # fmt: skip
            lines.append(line.stylize_before("on $panel") if at == self.selected else line)
        pooled = any(model.pooled for model in self.board.models)
        lines.append(_legend(width, pooled))
        return Content("\n").join(line.truncate(width, pad=True) for line in lines)

    def _values(self) -> list[float | None]:
        assert self.board is not None
        found: list[float | None] = []
        for model in self.board.models:
            found.append(model.recomputed.value)
            if model.corrected is not None:
                found += [model.corrected.value, model.corrected.low, model.corrected.high]
            if model.pooled is not None:
                found.append(model.pooled.value)
        return found

    def _corrected(self, model: ModelScore) -> Content:
        if model.corrected is None:
            return column("refused", 11, "$error", right=True)
        return column(number(model.corrected.value), 11, CORRECTED_STYLE, right=True)

    def _interval(self, model: ModelScore) -> Content:
        text = interval(model.corrected.low, model.corrected.high) if model.corrected else "see below"
        return column(text, 18, "" if model.corrected else "$muted", right=True)

    def _picture(self, model: ModelScore, axis: Axis) -> Content:
        fixed = model.corrected
        low, high = (fixed.low, fixed.high) if fixed else (None, None)
        marks = [
            (model.pooled.value if model.pooled else None, POOLED, POOLED_STYLE),
            (fixed.value if fixed else None, CORRECTED, CORRECTED_STYLE),
            (model.recomputed.value, JUDGE, JUDGE_STYLE),
        ]
        return draw(axis, low, high, "$primary", marks)

    def _count(self, model: ModelScore) -> Content:
        fixed = model.corrected
        text = f"{fixed.estimate.n}/{fixed.estimate.total}" if fixed else f"{model.reviewed_random}/{model.answers}"
        return column(text, 10, "$muted", right=True)


def _moved(rank: Rank | None, width: int, interval: bool) -> Content:
    """Judge's rank → corrected rank, an arrow up or down, and the ranks that all pairs leave possible.

    Coloured only where the judge's rank is none of these: otherwise the move may be chance.
    """
    if rank is None or rank.judge is None or rank.corrected is None:
        return column("      –", width, "$muted")
    gone = rank.judge - rank.corrected
    sign = " " if gone == 0 else "▲" if gone > 0 else "▼"
    sure = rank.low is not None and rank.high is not None and not rank.low <= rank.judge <= rank.high
    style = "$muted" if not sure else "bold $success" if gone > 0 else "bold $error"
    ends = f" {rank.low}–{rank.high}" if interval and rank.low is not None else ""
    text = Content.assemble((f"{rank.judge:>3} → {rank.corrected:<3}{sign}", style), (ends, "$muted"))
    return text.truncate(width, pad=True)


def _legend(width: int, pooled: bool) -> Content:
    long = width >= 112
    beside = " pooled: if the judge's bias is partly alike for all" if width >= 150 else " pooled"
    return Content.assemble(
        "  ",
        (JUDGE, JUDGE_STYLE), (" as the judge says" if long else " judge", "$muted"), "    ",
        ("──", "$primary"), (CORRECTED, CORRECTED_STYLE), ("──", "$primary"),
        (" corrected: what full human review would give, 95 % interval" if long
         else " corrected: full human review" if not pooled else " corrected", "$muted"),
        *([("    " + POOLED, POOLED_STYLE), (beside, "$muted")] if pooled else []),
    )  # fmt: skip
