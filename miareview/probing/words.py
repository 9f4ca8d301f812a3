"""What the numbers of probes say, in sentences that are the same on the command line and in the report."""

from __future__ import annotations

from miareview.stats.noticing import Noticed, Noticing, Share

BLIND = "It is blind to at least the rest of these."
LIMITS = "How often it is wrong on real responses these numbers do not say: that needs reviews."


def sentences(found: Noticing) -> list[str]:
    """One sentence for each category that has enough items, and what none of them says."""
    said = []
    rows = {(row.category, row.dose): row for row in found.rows}
    for (category, dose), row in rows.items():
        if dose or row.detected.value is None:
            continue
        doses = [
            f"{name} {percent(rows[category, name].detected.value)}"
            for name in ("near", "far")
            if rows[category, name].detected.value is not None
        ]
        told = f" ({', '.join(doses)})" if doses else ""
        null = f", and {percent(row.null.value)} when only the layout changed" if row.null.value is not None else ""
        said.append(
            f"It took points for {percent(row.detected.value)} {ends(row.detected)} of the broken demands of {category}"
            f" that it had accepted{told}{null}."
        )
    if not said:
        few = "It accepted too few certified demands" if found.rows else "Too little is answered"
        return [f"{few} to say what it notices."]
    missed = any((row.detected.value or 0) < 1 for row in found.rows if row.detected.value is not None)
    return [*said, *([BLIND] if missed else []), LIMITS]


HEAD = ("category", "dose", "items", "accepts", "breaks", "detects", "95 %", "keep", "excess", "95 %", "spill")
"""What stands over `table_of`."""


def table_of(found: Noticing) -> list[list[str]]:
    """The table's rows: each category, and its doses where it is not refused as a whole."""
    whole = {row.category for row in found.rows if not (row.dose or row.detected.refused)}
    return [_row(row) for row in found.rows if not row.dose or row.category in whole]


def _row(row: Noticed) -> list[str]:
    """A refusal's reason stands in the place of the interval."""
    detected = row.detected
    if detected.refused:
        return [row.category, row.dose or "all", str(detected.items), percent(row.accepted.value),
                str(detected.units), "refused", detected.refused, "", "", "", ""]  # fmt: skip
    return [
        row.category,
        row.dose or "all",
        str(detected.items),
        percent(row.accepted.value),
        str(detected.units),
        percent(detected.value),
        ends(detected),
        percent(row.null.value),
        percent(row.excess.value, True),
        ends(row.excess, True),
        percent(row.spill.value, True),
    ]


def percent(value: float | None, signed: bool = False) -> str:
    """A share in percent, "–" where there is none."""
    if value is None:
        return "–"
    return f"{100 * value + 0.0:{'+' if signed else ''}.0f} %".replace("-", "−")


def ends(share: Share, signed: bool = False) -> str:
    """The interval in percent, "" where there is none."""
    if share.low is None or share.high is None:
        return ""
    sign = "+" if signed else ""
    return f"[{100 * share.low:{sign}.0f}, {100 * share.high:{sign}.0f}]".replace("-", "−")


def figure(share: Share, signed: bool = False) -> str:
    """A share with its interval and what it rests on, or why there is none."""
    if share.refused:
        return f"refused: {share.refused}"
    told = f"{percent(share.value, signed)} {ends(share, signed)}".rstrip()
    return f"{told} of {share.units} ({share.items} items)"


def beside(found: Noticing) -> list[tuple[str, str]]:
    """(what, how often) of all that stands beside the table."""
    return [
        ("points changed when only the layout did", figure(found.keep)),
        ("points changed when the same text was asked again", figure(found.again)),
        ("rises after praise, net of falls and of a neutral sentence", figure(found.injection, True)),
        ("rises after an empty clause", figure(found.padding)),
        ("full marks for the instruction given back, where a demand is certainly not met", figure(found.echo)),
        ("points for a refusal, where a demand is certainly not met", figure(found.empty)),
        ("points changed when the components stood in another order, less layout", figure(found.order, True)),
        ("points taken from another item's answer, for what it cannot meet", figure(found.donor)),
        ("points taken from it for its length, which is right", figure(found.donor_length)),
        ("full marks for two numbers where one value is asked", figure(found.pair)),
        ("mean points / weight lost beside another item's picture", figure(found.picture, True)),
    ]
