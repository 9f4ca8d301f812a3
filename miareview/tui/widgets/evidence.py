"""What lies before the one who settles a label, each thing always in its place; the judge last."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from miareview.gold.evidence import Evidence, Precedent, Said
from miareview.model import Label
from miareview.text import rows, visible
from miareview.tui.look import component_style, heading, show_points
from miareview.tui.settling import Seen
from miareview.tui.widgets.intervals import column
from miareview.tui.widgets.score_table import SIGNS

NAME = 11  # cells before what is said
PERSON = (12, 44)  # cells for one person, at least and at most
VERDICT = 11  # cells for what is settled
RESPONSE = (2, 8)  # lines that the response keeps before words take more than one, at least and at most
AROUND = 2  # lines of the title and above the table


class EvidencePane(Vertical):
    """The component, the response, and a table of what people said with all that bears on it below."""

    def compose(self) -> ComposeResult:
        yield Static("", id="evidence-title", classes="title", markup=False)
        yield Static("", id="evidence-component", markup=False)
        with VerticalScroll(id="evidence-scroll", can_focus=False):
            yield Static("", id="evidence-response", markup=False)
        yield Static("", id="evidence-table", markup=False)

    _shown: tuple[str, int] | None = None
    _said: tuple[Seen, int | None, str] | None = None

    def show(self, seen: Seen | None, rule: int | None, note: str) -> None:
        """Show a label with its evidence; `rule` and `note` go with the next word on it."""
        self._said = (seen, rule, note) if seen else None
        self._show_lines()
        response = self.query_one("#evidence-response", Static)
        if seen is None:
            response.update("")
            return
        row = seen.evidence.row
        if self._shown != row.key:  # else a long response would be laid out again, and scrolled back
            self._shown = row.key
            text = row.response.text
            response.update(Content(visible(text)) if text else Content.styled("(no text)", "$muted"))
            self.query_one(VerticalScroll).scroll_home(animate=False)

    def on_resize(self) -> None:
        self._show_lines()  # also where the instruction above takes other lines than before

    def _show_lines(self) -> None:
        """Title, component and table, which have as many lines as the response leaves."""
        title, component = self.query_one("#evidence-title", Static), self.query_one("#evidence-component", Static)
        table = self.query_one("#evidence-table", Static)
        if self._said is None:
            for pane in (title, component, table):
                pane.update("")
            return
        seen, rule, note = self._said
        row, width = seen.evidence.row, max(self.size.width - 2, 30)
        title.update(_title(seen.evidence, width))
        colour = component_style(row.component.position, "bold")
        component.update(Content.styled(visible(row.component.text.strip(), newlines=False), colour))
        response = min(max(rows(row.response.text, width), RESPONSE[0]), RESPONSE[1])
        kept = response + rows(row.component.text, width) + AROUND
        free = max(self.size.height - kept - len(evidence_lines(seen, rule, note, width, 1)), 0)
        lines = evidence_lines(seen, rule, note, width, 1 + (free // 2 if seen.judge_open else free))
        table.update(Content("\n").join(lines))

    def scroll(self, pages: int) -> None:
        pane = self.query_one(VerticalScroll)
        pane.scroll_relative(y=pages * max(1, pane.size.height - 1), animate=False)


def _title(evidence: Evidence, width: int) -> Content:
    row = evidence.row

    def title(place: str) -> Content:
        beside = [
            (row.sign, "bold"), (f"worth {row.component.weight}", "bold"), (place, "$muted"),
            *([("you scored it too", "$text-warning")] if evidence.own else []),
            (row.category, component_style(row.component.position)),
        ]  # fmt: skip
        return heading(f"ITEM {row.item.index}", *((visible(text, newlines=False), style) for text, style in beside))

    place = f"{row.component.position} of {len(row.item.components)}"
    whole = title(f"component {place}")
    return whole if whole.cell_length <= width else title(place)


def evidence_lines(seen: Seen, rule: int | None, note: str, width: int, most: int) -> list[Content]:
    """The table; words of people take `most` lines each."""
    evidence = seen.evidence
    people, cut = _fitting(evidence.said, width)
    each = min(max((width - NAME - VERDICT) // max(len(people), 1), PERSON[0]), PERSON[1])
    label = evidence.row.label

    def across(name: str, cells: Sequence[tuple[str, str]], last: tuple[str, str] = ("", "")) -> Content:
        parts = [column(text, each - 1, style) + Content(" ") for text, style in cells]
        return Content.assemble(_name(name), *parts, last)

    heads = [(said.name, "bold") for said in people]
    lines = [
        across("", heads, (f"settled{f'   +{cut} more, Z' if cut else ''}", "bold $muted")),
        across("points", [(_points(said), "bold $text-accent") for said in people], _verdict(label)),
    ]
    words = [said.words or (said.why if said.points is None else "") for said in people]
    for number, cells in enumerate(_beside(words, each, most)):
        lines.append(across("" if number else "said", [(text, "") for text in cells]))
    now = seen.guideline.number if seen.guideline else 0
    written = [f"{said.seconds:.0f} s, {_version(said.guideline, now)}" for said in people]
    styles = ["$text-warning" if said.guideline < now else "$muted" for said in people]
    for number, cells in enumerate(_beside(written, each, 2)):
        lines.append(across("" if number else "written", list(zip(cells, styles, strict=True))))
    check = evidence.witness
    sign, style = SIGNS[check.verdict] if check.found else ("", "$muted")
    lines.append(_line("witness", f"{sign} {check.found}".strip() or "nothing to count here", style, width))
    lines.append(_line("precedents", _precedents(evidence.precedents), "", width))
    lines.append(_line("rule", _rule(seen, rule), "" if rule else "$muted", width))
    if note:
        lines.append(_line("note", note, "", width))
    if label.source == "settled":
        lines.append(_line("settled", _settled(label, evidence.row.guideline), "$text-success", width))
    return [*lines, *_judge(seen, width, most)]


def _version(number: int, now: int) -> str:
    """A guideline's number, and that it is not the one in force; 0 is before the first."""
    if not number:
        return "before v1" if now else "no guideline"
    return f"v{number}" if number == now else f"v{number} older"


def _fitting(said: Sequence[Said], width: int) -> tuple[Sequence[Said], int]:
    """Those who have room beside each other, and how many have not."""
    room = max((width - NAME - VERDICT) // PERSON[0], 1)
    return said[:room], max(len(said) - room, 0)


def _beside(texts: Sequence[str], each: int, most: int) -> list[list[str]]:
    """A text a person, wrapped below their names in at most `most` lines: lines, each with a cell a person."""
    columns = []
    for one in texts:
        text = visible(one, newlines=False)
        lines = [line.plain.rstrip() for line in Content(text).wrap(each - 1)] if text else []
        if len(lines) > most:
            lines = [*lines[: most - 1], f"{lines[most - 1][: each - 2]}…"]
        columns.append(lines)
    height = max((len(lines) for lines in columns), default=0)
    return [[lines[at] if at < len(lines) else "" for lines in columns] for at in range(max(height, 1))]


def _name(name: str) -> Content:
    return column(name, NAME, "$muted")


def _line(name: str, text: str, style: str, width: int) -> Content:
    return _name(name) + column(text, width - NAME, style)


def _points(said: Said) -> str:
    return "×" if said.points is None else show_points(said.points)


def _verdict(label: Label) -> tuple[str, str]:
    if label.source == "settled":
        return ("×" if label.points is None else show_points(label.points)) + " ✓", "bold $text-success"
    if label.again:
        return "sent back", "$text-accent"
    return ("kept ≠", "$text-accent") if label.kept else ("_", "bold $text-accent")


def _precedents(found: Sequence[Precedent]) -> str:
    """What was settled of the same words, then of nearly the same: "3 settled like it: 2 of 2 (#83), …"."""
    if not found:
        return "none settled of these words yet"
    told = []
    for one in found[:4]:
        points = "×" if one.points is None else show_points(one.points)
        why = one.note or (f"rule {one.rule}" if one.rule else "")
        near = "" if one.same else " nearly"
        told.append(f"{points} of {one.weight} (#{one.item}{near}{f': {why}' if why else ''})")
    return f"{len(found)} settled like it: {', '.join(told)}"


def _rule(seen: Seen, rule: int | None) -> str:
    if rule is not None:
        text = next((one.text for one in seen.rules if one.number == rule), "")
        return f"{rule}  {text}"
    return f"none cited · {len(seen.rules)} written so far"


def _settled(label: Label, guideline: int) -> str:
    """Who settled it, when, under which guideline, and what goes with it."""
    more = [
        f"by {label.settled_by}", f"{label.settled_at[:16].replace('T', ' ')}", f"guideline v{guideline}",
        *([f"rule {label.rule}"] if label.rule else []), *(["judge in sight"] if label.judge_seen else []),
        *(["their own score"] if label.own else []), label.why, label.note,
    ]  # fmt: skip
    return " · ".join(text for text in more if text)


def _judge(seen: Seen, width: int, most: int) -> list[Content]:
    if not seen.judge_open:
        told = "may be seen by you already · r shows it" if seen.evidence.judge_shown else "hidden · r shows it"
        return [_line("judge", f"{told}, and the label says so", "$muted", width)]
    judgment, position = seen.judgment, seen.evidence.row.component.position
    if judgment is None:
        return [_line("judge", "has not scored this response", "$muted", width)]
    points = {score.position: score.points for score in judgment.sub_scores}.get(position)
    against = [f"{said.name} says {said.why}" for said in seen.evidence.said if said.why and said.points is not None]
    told = f"{show_points(points)} of {seen.evidence.row.component.weight}"
    lines = [_line("judge", " · ".join([told, *against, "r: its reply"]), "$text-warning", width)]
    raw = [line for line in visible(judgment.raw or "").splitlines() if line.strip()]
    return [*lines, *(_line("", line, "$muted", width) for line in raw[: most - 1])]
