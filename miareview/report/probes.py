"""What the judge does not notice: the probes beside the database, worded for the report."""

from __future__ import annotations

from miareview.probing.answers import Asked, Miss
from miareview.probing.words import HEAD, beside, row_of, sentences
from miareview.report.contents import Audit
from miareview.report.document import Block, Cell, Points, Prose, Section, Table, count

TOLD = 5  # misses of a judge

METHOD = (
    "Stored responses were changed so that one demand that can be counted is certainly broken, and the judge was asked"
    " before and after. accepts: certified demands that got full marks. detects: of breaks whose base did, those with"
    " fewer points on that component. keep: the same share where only the layout changed, which is what chance does;"
    " excess: detects less keep, over the same items. spill: other components that changed, less keep. Intervals (95 %)"
    " resample items 2,000 times; where all answers are alike they are those of Clopper and Pearson; below 10 items"
    " there is no number. None of it is an accuracy, and no score, correction or interval elsewhere uses it."
)


def probes_section(audit: Audit) -> Section | None:
    """The numbers of each judge that answered the probes, and some misses word for word; None without probes."""
    found = audit.probes
    if found is None:
        return None
    blocks: list[Block] = []
    if not found.judges:
        blocks.append(Prose(found.why or "Probes are made, and no judge has answered them yet."))
    mine = audit.judge.id if audit.judge else None
    if found.judges and mine not in {asked.judge for asked in found.judges}:
        blocks.append(Prose("The judge of this report was not asked these questions; who was is named below."))
    for asked in sorted(found.judges, key=lambda asked: asked.judge != mine):
        blocks += _judge(asked)
    if found.held:
        waits = "what they were made from waits in a blind queue of whoever made this report"
        blocks.append(Prose(f"{count(found.held, 'miss', 'misses')} not shown: {waits}."))
    if found.judges:
        blocks.append(Prose(METHOD, lead="Method."))
    return Section("probes", "What the judge does not notice", tuple(blocks))


def _judge(asked: Asked) -> list[Block]:
    told = f"{asked.answered} of {asked.questions} questions answered."
    blocks: list[Block] = [Prose(" ".join([told, *sentences(asked.found)]), lead=f"{asked.name}:")]
    if asked.found.rows:
        rows = tuple(tuple(Cell(text) for text in row_of(row)) for row in asked.found.rows)
        caption = f"Broken demands that {asked.name} noticed, by category and dose."
        blocks.append(Table(caption, HEAD, rows, left=2))
    points = [(f"{what}:", figure) for what, figure in beside(asked.found)]
    if asked.found.unscored:
        lost = ", ".join(f"{status} {many}×" for status, many in asked.found.unscored)
        points.append(("replies without points, in no share:", lost))
    if asked.found.wrong:
        points.append(("certificates that a person found wrong, left out:", str(asked.found.wrong)))
    blocks.append(Points(tuple(points)))
    if asked.misses:
        blocks.append(Prose(_lead(asked)))
        blocks.append(Points(tuple(_miss(miss) for miss in asked.misses[:TOLD])))
    return blocks


def _lead(asked: Asked) -> str:
    many = len(asked.misses)
    those = "It is this" if many == 1 else f"{TOLD} of them" if many > TOLD else "They are these"
    return f"{count(many, 'broken response')} got full marks for the broken demand all the same. {those}:"


def _miss(miss: Miss) -> tuple[str, str]:
    probe = miss.probe
    return (
        f"Item {miss.item.index}, {miss.component.strip()}",
        f"({probe.constraint}). Before, {probe.before}: “{miss.before.strip()}” After, {probe.after}:"
        f" “{miss.after.strip()}”",
    )
