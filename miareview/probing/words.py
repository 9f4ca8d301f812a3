"""What the numbers of probes say, in sentences that are the same on the command line and in the report."""

from __future__ import annotations

from miareview.stats.noticing import Noticing, Share

LIMITS = " ".join(
    (
        "It is blind to at least that.",
        "How often it is wrong on real responses these numbers do not say: that needs reviews.",
    )
)


def sentences(found: Noticing) -> list[str]:
    """One sentence for each category that has enough items, and what none of them says."""
    said = []
    rows = {(row.category, row.dose): row for row in found.rows}
    for (category, dose), row in rows.items():
        if dose or row.detected.value is None:
            continue
        doses = [
            f"{name} {_percent(rows[category, name].detected)}"
            for name in ("near", "far")
            if rows[category, name].detected.value is not None
        ]
        told = f" ({', '.join(doses)})" if doses else ""
        null = f", and {_percent(row.null)} when only the layout changed" if row.null.value is not None else ""
        said.append(
            f"It took points for {_percent(row.detected)} {_ends(row.detected)} of the broken demands of {category}"
            f" that it had accepted{told}{null}."
        )
    return [*said, LIMITS] if said else ["Too little is answered yet to say what it notices."]


def _percent(share: Share) -> str:
    return "–" if share.value is None else f"{100 * share.value:.0f} %"


def _ends(share: Share) -> str:
    return "" if share.low is None or share.high is None else f"[{100 * share.low:.0f}, {100 * share.high:.0f}]"
