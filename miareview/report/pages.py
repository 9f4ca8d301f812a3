"""From the gathered audit to the document, section by section."""

from __future__ import annotations

from miareview.report.agreement import (
    agreement_section,
    bias_section,
    ceiling_section,
    confusion_section,
    item_scores_section,
)
from miareview.report.contents import Audit
from miareview.report.document import Document
from miareview.report.errors import errors_section
from miareview.report.gold import gold_section, second_section
from miareview.report.headline import headline, judge_name
from miareview.report.methods import left_out_section, methods_section, provenance_section
from miareview.report.probes import probes_section
from miareview.report.scores import categories_section, leaderboard_section, order_section

SECTIONS = (
    headline,
    leaderboard_section,
    order_section,
    categories_section,
    agreement_section,
    ceiling_section,
    confusion_section,
    bias_section,
    item_scores_section,
    gold_section,
    second_section,
    probes_section,
    errors_section,
    methods_section,
    left_out_section,
    provenance_section,
)


def build_document(audit: Audit) -> Document:
    """The report as plain data, for both renderers."""
    return Document(
        f"Audit of {judge_name(audit)} on {audit.benchmark}",
        f"{audit.made} · miareview {audit.version}",
        tuple(section for make in SECTIONS if (section := make(audit)) is not None),
    )
