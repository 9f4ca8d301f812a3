"""What stands under the leaderboard: sentences on pairs of models, refusals, the selected model, and the categories."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from textual.content import Content

from miareview.text import visible
from miareview.tui.look import hanging, heading
from miareview.tui.widgets.intervals import column
from miareview.words.board import flips, gaps, not_compared, of_model, unsettled
from miareview.words.flags import say
from miareview.words.left_out import left_out_lines
from miareview.words.numbers import by_sentence, count, interval, number
from miareview.words.people import severity_lines

if TYPE_CHECKING:
    from miareview.stats.behind import Missing
    from miareview.stats.board.scores import CategoryScore, Leaderboard, ModelScore

FACT = 26  # cells before what is said of a model's score


def warnings(board: Leaderboard, missing: Missing, width: int) -> Content:
    """What was refused, what is not compared, and gaps; with the key to the responses that would mend it."""
    gap, unread = (f"m opens the {count(len(some), 'response')}" for some in (missing.gaps, missing.unread))
    unread = f"{unread} that you have not read" if missing.unread and not missing.gaps else ""
    blocks = [
        _block("REFUSED", by_sentence((m.model, say(m.refused)) for m in board.models if m.refused), "$warning", width),
        _block("NOT COMPARED", not_compared(board), "$warning", width, unread),
        _block("GAPS", by_sentence(gaps(board)), "$warning", width, gap if missing.gaps else ""),
    ]
    return Content("\n\n").join(block for block in blocks if block.plain)


def notes(board: Leaderboard, width: int) -> Content:
    """Flips, what is not settled, who is severe, and what was left out, each under its title."""
    blocks = [
        _block("TURNED ROUND", flips(board), "", width),
        _block("NOT SETTLED", _open(board), "$muted", width),
        _block("WHO IS SEVERE", severity_lines(board), "$muted", width),
        _block("TO KEEP IN MIND", [say(flag) for flag in board.flags if flag.code != "pilot"], "$muted", width),
        _block("LEFT OUT", left_out_lines(board.left_out), "$muted", width),
    ]
    return Content("\n\n").join(block for block in blocks if block.plain)


def _open(board: Leaderboard) -> list[str]:
    found = unsettled(board)
    return [*found, "`miareview plan` says how many more reviews, and of which queue"] if found else []


def _block(title: str, lines: list[str], style: str, width: int, key: str = "") -> Content:
    """Sentences under a title, and beside it which key leads on."""
    if not lines:
        return Content("")
    head = Content.assemble(heading(title), (f"  {key}", "bold $accent")) if key else heading(title)
    return Content("\n").join([head, *(part for line in lines for part in hanging(line, width, style))])


def selected_model(model: ModelScore, width: int) -> Content:
    """What there is to say of one model: its other scores, its counts, and what to keep in mind."""
    published, recomputed = model.as_published, model.recomputed
    harness = model.as_harness
    facts = [
        *(
            [("as its harness", number(harness.value), f"{harness.used} counted, {harness.lost} lost")]
            if harness
            else []
        ),
        ("as published", number(published.value), f"{published.used} read, {published.lost} lost"),
        ("recomputed", number(recomputed.value), f"{recomputed.used} read, {recomputed.lost} lost"),
        ("with overrides", number(model.with_overrides), "a partial audit, not a correction"),
        ("reviewed", str(model.reviewed), f"of {model.answers} responses, {model.reviewed_random} drawn at random"),
    ]
    if model.pooled is not None:
        pooled = model.pooled
        ends = interval(pooled.low, pooled.high)
        facts.append(("pooled", number(pooled.value), f"{ends} if the judge's bias is partly alike for all models"))
    if model.corrected is not None and model.corrected.people is not None:
        ends = interval(*model.corrected.people)
        facts.append(("people", number(model.corrected.value), f"{ends} for people like these, not for these alone"))
    lines = [Content.assemble(heading("SELECTED"), "   ", (visible(model.model, newlines=False), "bold"))]
    for name, value, note in facts:
        first, *more = wrap(note, max(width - FACT, 20))
        lines.append(Content.assemble((f"  {name:<15}", "$muted"), f"{value:>6}", (f"   {first}", "$muted")))
        lines += [Content.styled(" " * FACT + part, "$muted") for part in more]
    for sentence in of_model(model):
        lines += hanging(sentence, width, "$muted")
    return Content("\n").join(lines)


def category_grid(board: Leaderboard, selected: int, width: int) -> Content:
    """Judge − corrected by category and model. Models are the rows where all categories fit beside each other."""
    names = list(dict.fromkeys(c.category for model in board.models for c in model.categories))
    table = {(m.model, c.category): (m, c) for m in board.models for c in m.categories}
    models = [model.model for model in board.models]
    across = max(13, min(16, (width - 24) // max(len(names), 1)))
    wide = 24 + across * len(names) <= width
    if not wide:
        across = 13
        room = max(1, (width - 18) // across)
        first = min(max(0, selected - room + 1), max(0, len(models) - room))
        models = models[first : first + room]
    down, over = (models, names) if wide else (names, models)
    label = 24 if wide else 18
    title = Content.assemble(heading("JUDGE − CORRECTED"), ("  by category, + is a lenient judge", "$muted"))
    head = Content.assemble(
        column("", label), *(column(name, across - 1, "bold $muted", right=True) + Content(" ") for name in over)
    )
    lines = [title, head]
    for row in down:
        here = wide and row == board.models[selected].model
        line = Content.assemble(("▌ " if here else "  ", "$primary"), column(row, label - 2, "bold" if here else ""))
        for name in over:
            found = table.get((row, name) if wide else (name, row))
            line += _cell(*found, across) if found else column("", across)
        lines.append(line)
    less = f"  models {first + 1}–{first + len(models)} of {len(board.models)}" if not wide else ""
    lines.append(
        Content.styled(
            "  * the judge lies outside the 95 % interval   few: below 15 reviewed items   n<5: too few to say" + less,
            "$muted",
        )
    )
    return Content("\n").join(line.truncate(width) for line in lines)


def _cell(model: ModelScore, category: CategoryScore, width: int) -> Content:
    fixed = category.corrected
    if fixed is None or category.recomputed is None:
        known = model.corrected is not None and category.recomputed is not None
        return column(f"{'n<5' if known else '–'} ", width, "$muted", right=True)
    text = number(category.recomputed - fixed.value, True, 2)
    few = any(flag.code == "few" for flag in fixed.flags)
    outside = not fixed.low - 1e-9 <= category.recomputed <= fixed.high + 1e-9
    style = (
        "$muted"
        if few
        else ""
        if not outside
        else "bold $warning"
        if category.recomputed > fixed.value
        else "bold $accent"
    )
    return column(f"{'few ' if few else ''}{text}{'*' if outside else ' '}", width, style, right=True)
