"""The judge's errors by kind, worded for the report."""

from __future__ import annotations

from miareview.report.contents import Audit
from miareview.report.document import Block, Cell, Prose, Section, Table
from miareview.words.reasons import curve_line


def errors_section(audit: Audit) -> Section:
    """Why people said that the judge is wrong: by category, by model, and whether new kinds still turn up."""
    found = audit.reasons
    blocks: list[Block] = []
    for what, pick in (("category", "categories"), ("model", "models")):
        head = sorted({name for kind in found.kinds for name in getattr(kind, pick)})
        if head:
            rows = tuple(
                (
                    Cell(kind.name, sub=_also(kind.name, kind.words)),
                    Cell(str(kind.count)),
                    *(Cell(str(getattr(kind, pick).get(name, "·"))) for name in head),
                )
                for kind in found.kinds
            )
            blocks.append(Table(f"Reasons that reviewers gave, by {what}", ("kind", "all", *head), rows))
    blocks.append(Prose(curve_line(found.curve, found.new)))
    return Section("errors", "How the judge errs", tuple(blocks))


def _also(name: str, words: tuple[str, ...]) -> str:
    others = [word for word in words if word != name]
    return f"said as {', '.join(others)}" if others else ""
