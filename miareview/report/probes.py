"""What the judge does not notice: the probes beside the database, worded for the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from miareview.probing.answers import Asked, Miss
from miareview.probing.words import HEAD, beside, sentences, table_of
from miareview.report.contents import Audit
from miareview.report.document import Block, Cell, Points, Prose, Section, Table
from miareview.stats.noticing import FEWEST
from miareview.words.numbers import count

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
    found = asked.found
    blocks: list[Block] = [Prose(f"{asked.answered} of {asked.questions} questions answered.", lead=f"{asked.name}:")]
    blocks.append(Points(tuple(("", sentence) for sentence in sentences(found))))
    if found.rows:
        caption = f"Broken demands that {asked.name} noticed, by category and dose."
        notes = (f"refused: below {FEWEST} items.",) if any(row.detected.refused for row in found.rows) else ()
        rows = tuple(tuple(Cell(text) for text in _short(row)) for row in table_of(found))
        blocks.append(Table(caption, HEAD, rows, left=2, notes=notes))
    rest = beside(found)
    if found.unscored:
        lost = ", ".join(f"{status} {many}×" for status, many in found.unscored)
        rest.append(("replies without points, in no share", lost))
    if found.wrong:
        rest.append(("certificates that a person found wrong, left out", str(found.wrong)))
    caption = f"What else {asked.name} did."
    blocks.append(Table(caption, ("what", "how often"), tuple((Cell(what), Cell(told)) for what, told in rest)))
    if asked.misses:
        shown = _various(asked.misses)[:TOLD]
        many = f"{count(len(asked.misses), 'miss', 'misses')}: full marks for what is certainly wrong"
        told = "Some of them, word for word:" if len(shown) < len(asked.misses) else "Word for word:"
        blocks.append(Prose(f"{many}, or for two numbers of which one is. {told}"))
        blocks.append(Points(tuple(_miss(miss) for miss in shown)))
    return blocks


def _short(row: list[str]) -> list[str]:
    """The row without the reason of a refusal, which stands below the table."""
    return ["" if text.startswith("needs ") else text for text in row]


def _various(misses: Sequence[Miss]) -> list[Miss]:
    """In an order in which each way to break a demand comes once before any comes twice."""
    seen: Counter[str] = Counter()
    turns = []
    for miss in misses:
        turns.append(seen[miss.probe.mutator])
        seen[miss.probe.mutator] += 1
    return [miss for _, miss in sorted(zip(turns, misses, strict=True), key=lambda pair: pair[0])]


def _miss(miss: Miss) -> tuple[str, str]:
    probe = miss.probe
    return (
        f"Item {miss.item.index}, {miss.component.strip()}",
        f"({probe.constraint}). Before, {probe.before}: “{miss.before.strip()}” After, {probe.after}:"
        f" “{miss.after.strip()}”",
    )
