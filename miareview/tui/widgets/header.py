"""The line at the top: what is on the screen, how far the queue is, and whether the judge is hidden."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from miareview.review.progress import Pace, minutes
from miareview.review.sight import View
from miareview.text import visible
from miareview.tui.look import bar, names_within

STEADY = 3  # commits after which the pace says something


class HeaderBar(Static):
    """One line; shortens itself where the terminal is narrow."""

    def show(self, view: View, reviewer: str, pace: Pace | None = None) -> None:
        names = [view.model_label, view.queue or "no queue", reviewer]
        bare = self._line(view, ["", "", ""], pace).cell_length
        self.update(self._line(view, names_within(names, self.app.size.width - bare), pace))

    def _line(self, view: View, names: Sequence[str], pace: Pace | None) -> Content:
        """The line with these names of model, queue and reviewer."""
        model, queue, reviewer = names
        wide = self.app.size.width >= 110
        gap = "    " if wide else "  "
        shown = "gold visible" if view.training else "judge visible"
        mode = (shown, "bold $accent") if view.judge_visible else ("blind", "bold $warning")
        if view.training and not view.settled:
            mode = ("training", "bold $warning")
        if view.settled:
            mode = ("committed ✓" if view.judge_visible else "committed ✓ blind", "bold $success")
        parts: list[Content | tuple[str, str]] = [(" miareview ", "bold $primary") if wide else (" ", "")]
        parts += [(gap if wide else "", ""), ("item ", "$muted"), (str(view.item.index), "bold")]
        parts += [(f" · {visible(view.item.difficulty, newlines=False)}", "$muted")]
        parts += [(gap, ""), (model, "bold")]
        parts += [(" masked", "$muted")] if view.masked and wide else []
        parts += [(gap, ""), (f"{queue} ", "$muted"), (f"{view.index + 1}/{view.total}", "bold")]
        parts += [(" ", ""), bar(view.committed, view.total, 20 if wide else 8)] if self.app.size.width >= 90 else []
        parts += [(f" {view.committed} done", "$muted")] if wide else []
        if pace is not None and pace.to_go and pace.committed >= STEADY and self.app.size.width >= 140:
            parts += [(f" in {minutes(pace.seconds)}, about {minutes(pace.to_go)} to go", "$muted")]
        parts += [(f"{gap}{reviewer}", "$muted"), (gap, ""), mode]
        parts += [(f"{gap}⚑ flagged", "$error")] if view.state.flagged else []
        parts += [(f"{gap}skipped", "$warning")] if view.state.skipped else []
        return Content.assemble(*parts)
