"""What stands under the leaderboard: sentences on pairs of models, refusals, the selected model, and the categories."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import NormalDist
from textwrap import wrap
from typing import TYPE_CHECKING

from textual.content import Content

from miareview.stats.planning.sizes import reviews_needed
from miareview.text import cells, visible
from miareview.tui.look import heading
from miareview.tui.widgets.intervals import column, fraction, span

if TYPE_CHECKING:
    from miareview.stats.board.scores import CategoryScore, Leaderboard, ModelScore, PairScore

MOST = 6  # pairs listed one by one
FEW_ITEMS = 15  # below, the statistics flag the interval of a category
Z = NormalDist().inv_cdf(0.975)


def flips(board: Leaderboard) -> list[str]:
    """A sentence for every pair that stands the other way round after the correction."""
    return [_flip(pair) for pair in board.pairs if pair.flipped]


def unsettled(board: Leaderboard) -> list[str]:
    """A sentence for every pair whose interval holds zero, those that need the fewest reviews first."""
    totals = {m.model: m.corrected.estimate.total for m in board.models if m.corrected}
    found = []
    for pair in board.pairs:
        if pair.difference is None or pair.low is None or pair.high is None or not pair.low <= 0 <= pair.high:
            continue
        total = min(totals.get(pair.a, pair.n), totals.get(pair.b, pair.n))
        found.append((more_reviews(pair.difference, pair.low, pair.high, pair.n, total), total, pair))
    found.sort(key=lambda entry: (entry[0] is None, entry[0] or 0))
    lines = [_unsettled(pair, more, total) for more, total, pair in found[:MOST]]
    return lines + ([f"and {len(found) - MOST} more pairs"] if len(found) > MOST else [])


def more_reviews(difference: float, low: float, high: float, n: int, total: int) -> int | None:
    """About how many more reviewed items would make the interval as short as the difference, if that stays.

    The spread is read back from the present interval. None where nothing short of (nearly) all items would do.
    """
    half = (high - low) / 2
    if not 2 <= n < total or half <= 0 or difference == 0:
        return None
    spread = half / Z / ((1 - n / total) / n) ** 0.5
    needed = reviews_needed(spread, abs(difference), total)
    return max(needed - n, 1) if needed < 0.95 * total else None


def _flip(pair: PairScore) -> str:
    sign = 1 if (pair.difference or 0) > 0 else -1
    ahead, behind = (pair.a, pair.b) if sign > 0 else (pair.b, pair.a)
    low, high = sorted(sign * (end or 0) for end in (pair.low, pair.high))
    return (
        f"{ahead} passes {behind}: {fraction(sign * (pair.difference or 0), True)} {span(low, high, True)},"
        f" paired on {pair.n} items; the judge says {fraction(sign * (pair.judge_difference or 0), True)}"
    )


def _unsettled(pair: PairScore, more: int | None, total: int) -> str:
    todo = f"about {more} more reviewed items would" if more else f"it takes nearly all of the {total} items"
    return (
        f"{pair.a} and {pair.b}: {fraction(pair.difference, True)} {span(pair.low, pair.high, True)},"
        f" paired on {pair.n} items; not settled, {todo}"
    )


def notes(board: Leaderboard, width: int) -> Content:
    """Flips, what is not settled, what was refused and what was left out, each under its title."""
    blocks = [
        _block("FLIPS", flips(board) or _no_flips(board), "", width),
        _block("NOT SETTLED", unsettled(board), "$muted", width),
        _block("REFUSED", _by_sentence((m.model, m.refused) for m in board.models if m.refused), "$warning", width),
        _block("LEFT OUT", [f"{reason}: {count}" for reason, count in board.left_out], "$muted", width),
    ]
    return Content("\n\n").join(block for block in blocks if block.plain)


def _no_flips(board: Leaderboard) -> list[str]:
    settled = [pair for pair in board.pairs if pair.difference is not None]
    chance = board.ranking_changes
    said = f"none of {len(settled)} pairs of models changes places beyond its 95 % interval"
    if chance is not None:
        said += f"; probability that any pair stands the other way round: {chance:.2f}"
    return [said] if settled else []


def _block(title: str, lines: list[str], style: str, width: int) -> Content:
    if not lines:
        return Content("")
    return Content("\n").join([heading(title), *(part for line in lines for part in _wrapped(line, width, style))])


def _wrapped(line: str, width: int, style: str) -> list[Content]:
    """A sentence in lines of at most `width` cells, the second and later ones a little further in."""
    text = visible(line, newlines=False)
    broad = max(cells(text) - len(text), 0)  # `wrap` counts characters, and some take two cells
    parts = wrap(text, max(width - broad, 20), initial_indent="  ", subsequent_indent="    ")
    return [Content.styled(part, style) for part in parts]


def _by_sentence(said: Iterable[tuple[str, str | None]]) -> list[str]:
    """One line a sentence, with the models it is said of where they are not named in it already."""
    models: dict[str, list[str]] = {}
    for model, sentence in said:
        models.setdefault(sentence or "", []).append(model)
    return [text if len(names) == 1 and names[0] in text else f"{', '.join(names)}: {text}"
            for text, names in models.items()]  # fmt: skip


def selected_model(model: ModelScore, width: int) -> Content:
    """What there is to say of one model: its other scores, its counts, and what to keep in mind."""
    published, recomputed = model.as_published, model.recomputed
    harness = model.as_harness
    chance = model.rank.probability_best if model.rank else None
    facts = [
        *(
            [("as its harness", fraction(harness.value), f"{harness.used} counted, {harness.lost} lost")]
            if harness
            else []
        ),
        ("as published", fraction(published.value), f"{published.used} read, {published.lost} lost"),
        ("recomputed", fraction(recomputed.value), f"{recomputed.used} read, {recomputed.lost} lost"),
        ("with overrides", fraction(model.with_overrides), "a partial audit, not a correction"),
        ("reviewed", str(model.reviewed), f"of {model.answers} responses, {model.reviewed_random} drawn at random"),
    ]
    if chance is not None:
        facts.append(("best of all", f"{chance:.2f}", "probability that its corrected score ranks first"))
    lines = [Content.assemble(heading("SELECTED"), "   ", (visible(model.model, newlines=False), "bold"))]
    for name, value, note in facts:
        lines.append(Content.assemble((f"  {name:<15}", "$muted"), f"{value:>6}", (f"   {note}", "$muted")))
    for flag in model.corrected.flags if model.corrected else ():
        lines += _wrapped(flag, width, "$muted")
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
    text = fraction(category.recomputed - fixed.value, True, 2)
    few = fixed.estimate.df + 1 < FEW_ITEMS and fixed.high > fixed.low
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
