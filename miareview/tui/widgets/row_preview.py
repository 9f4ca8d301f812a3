"""The selected row of a list, whole: the answer, and who gave what for each component."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from miareview.browse.compare import Answer
from miareview.browse.rows import FoundRow, why_of
from miareview.filters import BADGES, WHY
from miareview.model import Item
from miareview.text import cells, visible
from miareview.tui.look import component_style, short_names, show_points
from miareview.tui.picture import PictureView, Renderer
from miareview.tui.widgets.intervals import column
from miareview.words.numbers import count

EMPTY = "–"
POINTS = (5, 7)  # cells for points, at least and at most
MET = 3  # cells for the witness's sign


class RowPreview(Vertical):
    """Beside the list, or below it where there is less room. It never covers the list."""

    def __init__(self, renderer: Renderer) -> None:
        super().__init__()
        self.renderer = renderer

    def compose(self) -> ComposeResult:
        yield PictureView(self.renderer)
        with VerticalScroll(can_focus=False):
            yield Static("", id="preview-text", markup=False)

    def show(self, row: FoundRow | None, item: Item | None, answer: Answer | None) -> None:
        """Show a row with its item and answer; of an item's row the instruction."""
        text = self.query_one("#preview-text", Static)
        if row is None or item is None:
            text.update("")
            return
        parts = [Content.styled(f"item {item.index} · {item.difficulty}", "bold")]
        if answer is not None:
            parts[0] = Content.styled(
                f"{item.index} · {visible(answer.model, newlines=False)} · {count(answer.words, 'word')}", "bold"
            )
        parts.append(Content.styled(visible(item.instruction), "$muted"))
        if answer is not None:
            parts += [Content(""), Content(visible(answer.response.text)) if answer.response.text else _nothing(answer)]
            parts += [Content(""), *_table(item, answer, self.size.width - 4)]
        if row.waits:
            parts += [
                Content(""),
                Content.styled("waits in your blind queue: what others gave stays hidden", "$warning"),
            ]
        elif why := why_of(row.why):
            parts += [
                Content(""),
                *(Content.assemble((f"{BADGES[name]}  ", "bold $warning"), WHY[name]) for name in why),
            ]
        text.update(Content("\n").join(parts))
        self.query_one(VerticalScroll).scroll_home(animate=False)


def _nothing(answer: Answer) -> Content:
    return Content.styled(f"no text ({answer.response.status})", "$warning")


def _table(item: Item, answer: Answer, wide: int) -> list[Content]:
    """Who gave what, in at most `wide` cells; people's names as whole as there is room for."""
    people = tuple(dict.fromkeys(who for cell in answer.cells for who, _ in cell.people))
    labels = {c.position: f"{c.position} {visible(c.category, newlines=False)}" for c in item.components}
    width = min(max(22 - 2 * len(people), 10), max(map(cells, labels.values())) + 1)
    size = max(min((wide - width - MET) // (3 + len(people)) - 1, POINTS[1]), POINTS[0])
    room = (wide - width - 3 * (size + 1) - MET) // max(len(people), 1) - 1
    named = max((cells(visible(who, newlines=False)) for who in people), default=0)
    each = max(min(room, named), size)
    sizes = (size, size, *[each] * len(people), size)
    heads = ("of", "judge", *short_names(people, each).values(), "gold")
    lines = [column("", width) + Content.styled(_right(heads, sizes), "bold $muted")]
    for component, cell in zip(item.components, answer.cells, strict=True):
        given = dict(cell.people)
        points = [
            str(component.weight),
            EMPTY if cell.judge is None else show_points(cell.judge),
            *(EMPTY if who not in given else "x" if given[who] is None else show_points(given[who]) for who in people),
            "≠" if cell.source == "disputed" else EMPTY if cell.gold is None else show_points(cell.gold),
        ]
        met = {True: ("  ✓", "$success"), False: ("  ✗", "$error"), None: ("", "")}[cell.check.verdict]
        line = Content.assemble(
            column(labels[component.position], width, component_style(component.position)),
            _right(points, sizes), met,
        )  # fmt: skip
        lines += [line, Content.styled(f"  {visible(component.text, newlines=False)}", "$muted")]
    return lines


def _right(texts: Sequence[str], sizes: Sequence[int]) -> str:
    return "".join(f" {' ' * (size - cells(text))}{text}" for text, size in zip(texts, sizes, strict=True))
