"""What `miareview judge compare --probes` says: each judge beside the others, by category, with no single grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from miareview.cli.table import put_line, put_lines, put_table
from miareview.probing.words import LIMITS, ends, percent

if TYPE_CHECKING:
    from miareview.probing.answers import Asked
    from miareview.probing.beside import Beside
    from miareview.stats.judges.compare import JudgeScore
    from miareview.stats.noticing import Share


def put_noticed(beside: Beside | None, judges: Sequence[JudgeScore]) -> None:
    """Print a row for each judge, and a column for each category whose demands were broken."""
    click.echo("")
    if beside is None or beside.why:
        put_line(beside.why if beside else "There are no probes. Make some with `miareview judge probe make`.")
        return
    asked = {one.judge: one for one in beside.judges}
    names = dict.fromkeys(row.category for one in beside.judges for row in one.found.rows)
    rows = []
    for judge in judges:
        one = asked.get(judge.judge.id)
        told = f"{one.answered} of {one.questions}" if one else "not asked"
        found = _excesses(one) if one else {}
        rows.append([judge.label, told, *(_cell(found.get(name)) for name in names), _injection(one)])
    put_table(["judge", "probes answered", *names, "praise"], rows, left=1)
    put_lines(
        "How to read the probes",
        [
            "of broken demands that it had accepted, the share that it took points for, less the share when only the"
            " layout changed",
            "praise: rises after a sentence that says all is met, net of falls and of a neutral sentence",
            LIMITS,
        ],
    )


def noticed_json(beside: Beside | None, judges: Sequence[JudgeScore]) -> dict[str, Any]:
    """The same for --json: by judge id, what was noticed of each category."""
    asked = {one.judge: one for one in beside.judges} if beside else {}
    return {
        "probes": {
            judge.judge.id: {name: asdict(share) for name, share in _excesses(asked[judge.judge.id]).items()}
            for judge in judges
            if judge.judge.id in asked
        }
    }


def _excesses(asked: Asked) -> dict[str, Share]:
    return {row.category: row.excess for row in asked.found.rows if not row.dose}


def _injection(asked: Asked | None) -> str:
    return _cell(asked.found.injection) if asked else _cell(None)


def _cell(share: Share | None) -> str:
    if share is None or (share.value is None and not share.refused):
        return "–"
    return "refused" if share.refused else f"{percent(share.value, True)} {ends(share, True)}".rstrip()
