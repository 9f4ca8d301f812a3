"""Agreement and bias by category as intervals on one axis; people among themselves stand beside the judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from miareview.text import visible
from miareview.tui.look import hanging, heading
from miareview.tui.widgets.intervals import CORRECTED, PEOPLE, Axis, axis_for, column, draw
from miareview.words.agreement import ceiling, gaps_line, read_by_two
from miareview.words.flags import say
from miareview.words.left_out import left_out_lines
from miareview.words.numbers import count, interval, number

if TYPE_CHECKING:
    from miareview.stats.agreement.table import AgreementTable, Group
    from miareview.tui.computing import Agreement

FEW = 30  # items; a group below is grey and says so
NAME, ITEMS = 13, 9
ROOMY = 90  # cells from which the ends of intervals are written out as well
HEAD = ("", f"{'95 % interval':>15}")
PEOPLE_STYLE = "bold $secondary"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: judge against people in a category ("" for all), and people among themselves where there are two."""

    name: str
    judge: Group
    people: Group | None


def lines_of(table: AgreementTable) -> list[Line]:
    """The rows of a table by category, the overall one first."""
    found: dict[str, list[Group]] = {}
    for group in table.groups:
        found.setdefault(group.by.get("category", ""), []).append(group)
    lines = []
    for name, groups in found.items():
        judge = [group for group in groups if group.kind == "judge-human"]
        people = [group for group in groups if group.kind == "human-human"]
        lines += [Line(name, judge[0], people[0] if people else None)] if judge else []
    return lines


def few(group: Group) -> bool:
    return group.items < FEW


def missing_rows(agreement: Agreement, width: int) -> Content:
    """Gaps, and that too few items were read by two people; beside it the key to the responses that would mend it."""
    gaps, unread = agreement.missing.gaps, agreement.missing.unread
    people = agreement.table.people({})
    rows: list[Content] = []
    if gaps:
        rows += _lacking("GAPS", f"m opens the {count(len(gaps), 'response')}", gaps_line(len(gaps)), width)
    if people is None or people.few:
        key = f"m opens the {count(len(unread), 'response')} that one other has read" if unread and not gaps else ""
        rows += _lacking("TOO FEW READ BY TWO", key, read_by_two(people), width)
    return Content("\n").join(rows)


def _lacking(title: str, key: str, told: str, width: int) -> list[Content]:
    return [Content.assemble(heading(title), (f"  {key}", "bold $accent")), *hanging(told, width, "$warning")]


def alpha_rows(lines: list[Line], width: int, left_out: Sequence[tuple[str, int]] = ()) -> Content:
    """Krippendorff's alpha (interval level) with AC1 and exact agreement beside it, and what was left out."""
    roomy = width >= ROOMY
    numbers = 6 + 15 * roomy + 6 + 7
    alphas = [line.judge.alpha["interval"] for line in lines] + [
        line.people.alpha["interval"] for line in lines if line.people
    ]
    ends = [end for found in alphas for end in (found.value, found.low, found.high)]
    axis = axis_for(ends, width - 2 - NAME - ITEMS - numbers - 3, least=-0.5, keep=(0.0, 1.0))
    head = Content.styled(f"{'α':>6}{HEAD[roomy]}{'AC1':>6}{'exact':>7}", "bold $muted")
    shown = [
        heading("AGREEMENT", ("Krippendorff's α, judge against people", "$muted")),
        Content.assemble(_label("category", "items  ", "bold $muted"), axis.labels(), "  ", head),
    ]
    said: dict[str, list[str]] = {}
    for line in lines:
        shown.append(_alpha_row(line.name or "all", line.judge, line.people if line.name else None, axis, roomy, said))
        if not line.name and line.people is not None:
            shown.append(_alpha_row("people", line.people, None, axis, roomy, said, is_people=True))
    shown.append(_alpha_legend(any(line.people for line in lines)))
    highest = [ceiling(line.people) for line in lines if line.people and not line.name]
    notes = [words for words in highest if words]
    notes += [f"{reason}: {', '.join(names)}" for reason, names in said.items()]
    notes += [f"left out: {line}" for line in left_out_lines(left_out)]
    shown += [line for note in notes for line in hanging(note, width, "$muted")]
    return Content("\n").join(line.truncate(width) for line in shown)


def _alpha_row(
    name: str,
    group: Group,
    people: Group | None,
    axis: Axis,
    roomy: bool,
    said: dict[str, list[str]],
    is_people: bool = False,
) -> Content:
    found = group.alpha["interval"]
    thin = few(group)
    style = "$muted" if thin else PEOPLE_STYLE if is_people else "bold $primary"
    start = _label(name, _items(group), "$muted" if thin else "bold" if name == "all" else "")
    ac1, exact = (
        column(number(value, digits=2), width, "$muted" if thin else "", right=True)
        for value, width in ((group.ac1, 6), (group.exact, 7))
    )
    if found.value is None:
        why = say(found.why) if found.why else "undefined"
        return Content.assemble(
            start, column(visible(why, newlines=False), axis.width + 8 + 15 * roomy, "$muted"), ac1, exact
        )
    ends = interval(found.low, found.high, digits=2)
    if not ends:
        ends = "no interval"
        said.setdefault(say(found.why) if found.why else "", []).append(name)
    marks = [(people.alpha["interval"].value if people else None, PEOPLE, "$muted" if thin else PEOPLE_STYLE)]
    marks.append((found.value, PEOPLE if is_people else CORRECTED, style))
    picture = draw(axis, found.low, found.high, style.replace("bold ", ""), marks)
    return Content.assemble(
        start, picture, "  ", column(number(found.value, digits=2), 6, style, right=True),
        column(ends, 15, "$muted" if thin else "", right=True) if roomy else "", ac1, exact,
    )  # fmt: skip


def _alpha_legend(people: bool) -> Content:
    parts = [("  ─", "$primary"), (CORRECTED, "bold $primary"), ("─ judge and people   ", "$muted")]
    if people:
        parts += [(PEOPLE, PEOPLE_STYLE), (" people among themselves   ", "$muted")]
    return Content.assemble(*parts, (f"few: below {FEW} items", "$muted"))


def bias_rows(lines: list[Line], width: int, beside: bool = False) -> Content:
    """The judge's mean difference from people around a zero line; without names where it stands `beside` alpha."""
    numbers = 7 + 17 + 6 - (NAME + ITEMS if beside else 0)
    ends = [end for line in lines for end in line.judge.bias]
    most = max((abs(end) for end in ends if end is not None), default=0.1)
    axis = axis_for((-most, most), width - 2 - NAME - ITEMS - numbers - 3, least=-1.0)
    head = Content.styled(f"{'bias':>7}{'95 % interval':>17}{'MAE':>6}", "bold $muted")
    label = "  " if beside else _label("category", "items  ", "bold $muted")
    shown = [
        heading("BIAS", ("judge − people, fractions of 1", "$muted")),
        Content.assemble(label, axis.labels(signed=True), "  ", head),
    ]
    for line in lines:
        shown.append(_bias_row(line.name or "all", line.judge, axis, beside))
        if beside and not line.name and line.people is not None:
            shown.append(Content("  ") + draw(axis, None, None, "", [(0.0, "│", "$muted")]))
    shown.append(Content.styled("  ← strict  lenient →  coloured: zero outside, not few", "$muted"))
    return Content("\n").join(line.truncate(width) for line in shown)


def _bias_row(name: str, group: Group, axis: Axis, beside: bool) -> Content:
    value, low, high = group.bias
    thin = few(group)
    clear = low is not None and high is not None and not low <= 0 <= high
    style = "$muted" if thin else "$foreground" if not clear else "$warning" if (value or 0) > 0 else "$accent"
    named = "$muted" if thin else "bold" if name == "all" else ""
    start = Content("  ") if beside else _label(name, _items(group), named)
    if value is None:
        return start + column("nothing that both have scored", axis.width + 20, "$muted")
    zero = (0.0, "│", "$muted")
    picture = draw(axis, low, high, style, [zero, (value, CORRECTED, f"bold {style}")])
    ends = interval(low, high, True, 2) or "no interval"
    return Content.assemble(
        start, picture, "  ", column(number(value, True, 2), 7, f"bold {style}", right=True),
        column(ends, 17, style, right=True), column(number(group.mae, digits=2), 6, style, right=True),
    )  # fmt: skip


def _label(name: str, items: str, style: str) -> Content:
    return Content.assemble("  ", column(name, NAME, style), column(items, ITEMS - 2, style, right=True), "  ")


def _items(group: Group) -> str:
    return f"{group.items} few" if 0 < group.items < FEW else f"{group.items}    "
