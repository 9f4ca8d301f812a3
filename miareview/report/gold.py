"""What people settled, and what judge and people are beside it; second readings; training and repeats."""

from __future__ import annotations

from miareview.report.contents import Audit, Tested
from miareview.report.document import FEW, Block, Cell, Points, Prose, Section, Table, items_cell, span
from miareview.stats.agreement.calibration import Held
from miareview.stats.agreement.second import Rate
from miareview.words.labels import SOME_SETTLED, labels_lines
from miareview.words.numbers import NONE, number
from miareview.words.second import CALLED, second_lines


def gold_section(audit: Audit) -> Section:
    """How the human scores stand as labels, and judge and every person against those that somebody settled."""
    told = labels_lines(audit.agreement.standing, audit.agreement.relabelled)
    blocks: list[Block] = [Points(tuple(("", line) for line in told))] if told else []
    rows = tuple(
        (
            Cell(group.raters[0]),
            items_cell(group.items),
            Cell(f"{group.units:,}"),
            Cell(
                number(group.alpha["interval"].value), span(group.alpha["interval"].low, group.alpha["interval"].high)
            ),
            Cell(number(group.bias[0], True), span(group.bias[1], group.bias[2], True)),
            Cell(number(group.mae)),
            Cell(number(group.exact), few=group.items < FEW),
        )
        for group in audit.agreement.beside
        if group.kind in ("judge-gold", "human-gold") and not group.by and group.units
    )
    if rows:
        notes = ["bias: less what was settled; + is lenient. People's scores are the blind ones."]
        if any(group.kind == "judge-gold" and not group.blind_only for group in audit.agreement.beside):
            notes.append("Some labels were settled with the judge's score in sight, and may lean to it.")
        if any(group.kind.endswith("-gold") and not group.representative for group in audit.agreement.beside):
            notes.append(SOME_SETTLED)
        blocks.append(
            Table(
                "Judge and people against settled labels, components.",
                ("rater", "items", "units", "α interval", "bias", "MAE", "exact"), rows, notes=tuple(notes),
            )
        )  # fmt: skip
    else:
        blocks.append(Prose("Nothing is settled that the judge or a person scored, so neither is held against gold."))
    if audit.tested:
        blocks.append(Points(tuple((f"The test split, {use.at[:10]}", _decided(use)) for use in audit.tested)))
    return Section("gold", "Gold", tuple(blocks))


def second_section(audit: Audit) -> Section:
    """Rates from second readings, weighted by their chances; what cannot be weighted says why."""
    rows = tuple(
        (Cell(found.queue), Cell(f"{found.read} of {found.drawn}"), _rate(found.differ), _rate(found.judge_differs))
        for found in audit.second
    )
    blocks: list[Block] = []
    if rows:
        blocks.append(
            Table("Components on which a second reader differs, of all responses that one person had read.",
                  ("queue", "read", "from the first", "from the judge"), rows)
        )  # fmt: skip
        blocks.append(Points(tuple(("", line) for found in audit.second for line in second_lines(found))))
    people = tuple(
        (
            Cell(one.person),
            Cell(what),
            Cell(str(held.responses)),
            Cell(number(held.same[0]), span(held.same[1], held.same[2])),
            Cell(number(held.shift[0], True), span(held.shift[1], held.shift[2], True)),
            Cell("; ".join(CALLED[note] for note in one.notes) or NONE),
        )
        for one in audit.calibrations
        for what, held in _held(one.training, one.repeats)
    )
    if people:
        blocks.append(
            Table(
                "Training on settled labels, and responses read twice without being told.",
                ("person", "beside", "responses", "the same", "shift", "says"), people, left=2,
                notes=("the same: share of equal verdicts. shift: now less settled or less before, points / weight.",),
            )
        )  # fmt: skip
    if not blocks:
        blocks.append(Prose("There are no second readings, no training and no repeats."))
    return Section("second", "Read twice", tuple(blocks))


def _decided(use: Tested) -> str:
    told = f"it decided on {', '.join(use.judges)} for {use.by}"
    return f"{told}, after it had decided on others" if use.again else told


def _held(training: Held | None, repeats: Held | None) -> list[tuple[str, Held]]:
    both = (("settled labels", training), ("their first reading", repeats))
    return [(what, held) for what, held in both if held is not None]


def _rate(rate: Rate | None) -> Cell:
    return Cell(NONE) if rate is None else Cell(number(rate.value), span(rate.low, rate.high))
