"""Verdicts in tables, by the meaning of the head and by which column holds the weights."""

from __future__ import annotations

import re

from miareview.judge.verdicts.amounts import Amount
from miareview.judge.verdicts.labels import component_labels, total_labels
from miareview.judge.verdicts.names import Names, numeral
from miareview.judge.verdicts.record import Said, Verdict
from miareview.judge.verdicts.standing import standing_of
from miareview.judge.verdicts.tables import GIVEN, ROLES, Cell, Table, role_of
from miareview.judge.verdicts.values import Value, values_in
from miareview.judge.verdicts.words import word_pattern

_LABEL_AND_NUMBER = re.compile(r"[:=]\s{0,3}\d[\d./]{0,8}$")
_BARE = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?(?:\s?/\s?\d{1,3})?")
_FINAL = word_pattern("final|corrected|revised|adjusted|updated|second|after|my|judge|new")
_TOTAL_CELL = re.compile(
    r"\W*(?:grand )?(?:total|overall|sum|gesamt\w*|summe|totale?|somme|suma|total score|итого|всего"
    r"|toplam|razem|final|score total)\b|\W*(?:总分|总得分|总计|合计|合計|總分|총점|합계)"
)


def table_verdicts(text: str, tables: list[Table], names: Names) -> list[Verdict]:
    """The verdicts of the tables of the text."""
    return [verdict for table in tables if (verdict := _verdict(text, table, names))]


def _verdict(text: str, table: Table, names: Names) -> Verdict | None:
    if table.head is None and table.rows and _looks_like_head(table.rows[0]):
        table.head = table.rows.pop(0)
    sideways = _sideways(text, table, names)
    if sideways:
        return sideways
    rows = _labelled(text, table, names)
    if not rows:
        return None
    column, weighing, doubts, reverse = _columns(text, table, rows, names)
    verdict = Verdict("table", table.start, table.end, {}, doubts=doubts)
    verdict.standing = standing_of(text, table.start, table.end)
    if column is not None and table.head is None and any(_LABEL_AND_NUMBER.search(row[0].text) for _, row in rows):
        column, verdict.doubts = None, {"weights_or_scores"}  # "Component 1: 4 | 3"
    if column is None:
        return verdict if verdict.doubts else None
    head = table.head[column].text if table.head and column < len(table.head) else ""
    verdict.called_scores = role_of(head) in ("score", "both") or weighing is not None
    for component, row in rows:
        if column >= len(row):
            continue
        weight = (
            names.weights[component - 1] if component and 1 <= component <= len(names.weights) else sum(names.weights)
        )
        value = _cell_value(text, row[column], weight)
        if value is None:
            continue
        amount = value.amount
        if reverse and amount.of is not None:
            amount = Amount(amount.of, amount.points)
        if amount.of is not None and value.kind == "bare":
            amount = Amount(amount.points)
        said = Said(amount, (value.start, value.end))
        if component is None:
            if verdict.total is None:
                verdict.total = said
        elif component not in verdict.said:
            verdict.said[component] = said
        elif verdict.said[component].amount != amount:
            verdict.doubts.add("repeated_component")
        if value.kind != "bare":
            verdict.called_scores = True
    return verdict if verdict.said or verdict.doubts else None


def _looks_like_head(row: list[Cell]) -> bool:
    return (
        len(row) > 1
        and not any(
            re.search(r"\d", cell.text) and role_of(cell.text) not in ("score", "weight", "points") for cell in row[1:]
        )
        and any(role_of(cell.text) for cell in row)
    )


def _labelled(text: str, table: Table, names: Names) -> list[tuple[int | None, list[Cell]]]:
    """The rows with the component that each is about (None: the total)."""
    found: list[tuple[int | None, list[Cell]]] = []
    worded: list[list[Cell]] = []
    labels = [column for column, cell in enumerate(table.head or []) if role_of(cell.text) == "label"]
    for row in table.rows:
        component = _row_component([*(row[column] for column in labels if column < len(row)), *row], names)
        if component is not None:
            found.append((component, row))
        elif any(_TOTAL_CELL.match(cell.text) for cell in row[:3]):
            found.append((None, row))
        else:
            worded.append(row)
    if not any(component is not None for component, _ in found) and len(worded) == len(names.weights) and table.head:
        placed = [(place, row) for place, row in enumerate(worded, start=1)]
        if all(_fits(row, names.weights[place - 1]) for place, row in placed) and not names.texts:
            return [*placed, *found]
    return found


def _fits(row: list[Cell], weight: int) -> bool:
    """Whether the row says itself that its component is worth `weight`."""
    return any(
        re.search(rf"[\d.,]\s?(?:/|out of|of)\s?{weight}(?![\d.])", cell.text)
        or re.fullmatch(rf"{weight}(?:\.0)?", cell.text)
        for cell in row[1:]
    )


def _row_component(row: list[Cell], names: Names) -> int | None:
    for cell in row[:2]:
        number = re.match(
            r"[#(\[\s]{0,3}(?P<numeral>\d{1,3}|[①-⑩❶-❿])\s{0,2}(?:$|[.):\]#|–—-](?!\s?\d+\s?$)|\s{0,2}\("
            r"|\s(?=[^\W\d]))",
            cell.text,
        )
        if number and not re.search(r"\d\s?/\s?\d", cell.text[:12]):
            return numeral(number["numeral"])
        labels = component_labels(cell.text, 1, names) or component_labels(cell.text, 2, names)
        if not labels and re.fullmatch(r"[cqr]\s?[-_]?\d{1,2}", cell.text):
            labels_number = int(re.sub(r"\D", "", cell.text))
            return labels_number
        if labels and labels[0].start <= 12:
            return labels[0].component
        if cell is row[0] and re.search(r"\d\s?/\s?\d", cell.text):
            continue
        said = names.by_words(cell.text)
        if said:
            return said
    for cell in row[2:]:
        labels = component_labels(cell.text, 0, names)
        if labels and labels[0].start <= 3:
            return labels[0].component
    return None


def _cell_value(text: str, cell: Cell, weight: int) -> Value | None:
    """The score in a cell: what it begins with, or the ratio that ends it."""
    values = [value for value in values_in(text, cell.start, cell.end, weight, 20) if not value.ranged]
    if not values:
        return None
    first = values[0]
    lead = text[cell.start : first.start]
    starts = not re.search(r"\w", lead) or (first.cue and len(lead) < 30)
    if starts and (first.clean or _before_note(text, first, cell)) and not first.guess:
        turned = [value for value in values[1:] if value.turned and value.clean]
        return turned[-1] if turned else first
    ratios = [value for value in values if value.kind == "ratio" and value.clean and value.amount.of == weight]
    return ratios[-1] if ratios else None


def _before_note(text: str, value: Value, cell: Cell) -> bool:
    return value.end >= cell.end or text[value.end : cell.end].strip()[:1] in (
        "|",
        "✓",
        "✔",
        "✅",
        "❌",
        "✗",
        "⚠",
        "🟢",
        "🔴",
        "🟡",
    )


def _columns(
    text: str, table: Table, rows: list[tuple[int | None, list[Cell]]], names: Names
) -> tuple[int | None, int | None, set[str], bool]:
    """The column of the scores, that of the weights, what is doubtful, and whether a cell names the weight first."""
    width = max(len(row) for _, row in rows)
    components = [(component, row) for component, row in rows if component and component <= len(names.weights)]
    naming = next((column for column, cell in enumerate(table.head or []) if role_of(cell.text) == "label"), 0)
    numeric: dict[int, list[tuple[int, Value]]] = {}
    for column in range(width):
        for component, row in components:
            if column < len(row) and not (column == naming and _is_label_cell(row[column], component)):
                value = _cell_value(text, row[column], names.weights[component - 1])
                if value:
                    numeric.setdefault(column, []).append((component, value))
    roles = {
        column: role_of(table.head[column].text) if table.head and column < len(table.head) else ""
        for column in range(width)
    }
    for column in [column for column, role in roles.items() if role == "note" and table.head]:
        cells = [row[column].text for _, row in rows if column < len(row)]
        if table.head and table.head[column].text == "note" and all(map(_BARE.fullmatch, cells)):
            roles[column] = "score"  # in French
    for column in [column for column, role in roles.items() if role == "label"]:
        numeric.pop(column, None)
    usable = {
        column: found for column, found in numeric.items() if roles[column] in ("score", "points", "both", "weight", "")
    }
    weights = [column for column in usable if roles[column] == "weight"]
    scores = [column for column in usable if roles[column] in ("score", "both")]
    points = [column for column in usable if roles[column] == "points"]
    plain = [column for column in usable if roles[column] == ""]
    weighing = weights[0] if weights else None
    doubts: set[str] = set()
    reverse = False
    if not scores and points:
        scores, points = points, []
    if not scores:
        ratios = [column for column in plain if all(value.kind != "bare" for _, value in usable[column])]
        scores = ratios or plain
    scores = _distinct(scores, usable)
    if len(scores) > 1:
        heads = table.head or []
        called = [column for column in scores if column < len(heads) and _FINAL.search(heads[column].text)]
        ratios = [
            column
            for column in scores
            if all(value.amount.of == names.weights[number - 1] for number, value in usable[column])
        ]
        equal = [column for column in scores if _equals_weights(usable[column], names)]
        unequal = [column for column in scores if column not in equal]
        if len(called) == 1:
            scores = called
            doubts.add("several_verdicts")
        elif len(ratios) == 1:
            scores = ratios
        elif len(unequal) == 1 and table.head and weighing is None:
            scores, weighing = unequal, equal[0]
        else:
            return None, weighing, {"weights_or_scores" if table.head is None or equal else "several_verdicts"}, False
    if not scores:
        shares = [column for column in numeric if roles[column] == "share"]
        if len(shares) == 1:
            return shares[0], weighing, doubts, False
        return None, weighing, doubts, False
    column = scores[0]
    if roles[column] == "both" and table.head:
        head = table.head[column].text
        weight_at, score_at = ROLES["weight"].search(head), GIVEN.search(head)
        reverse = bool(weight_at and score_at and weight_at.start() < score_at.start())
    if weighing is None and points:
        weighing = points[0]
    if weighing is not None and not _equals_weights(usable[weighing], names):
        doubts.add("weights_or_scores")
    return column, weighing, doubts, reverse


def _is_label_cell(cell: Cell, component: int) -> bool:
    return not re.match(r"\d+(?:\.\d+)?\s?(?:/|out of|of)\s?\d", cell.text)


def _equals_weights(found: list[tuple[int, Value]], names: Names) -> bool:
    return all(value.kind != "ratio" and value.amount.points == names.weights[number - 1] for number, value in found)


def _distinct(columns: list[int], usable: dict[int, list[tuple[int, Value]]]) -> list[int]:
    """The columns without those that repeat an earlier one's points."""
    kept: list[int] = []
    for column in columns:
        mine = {number: value.amount.points for number, value in usable[column]}
        twin = next(
            (other for other in kept if {number: value.amount.points for number, value in usable[other]} == mine), None
        )
        if twin is None:
            kept.append(column)
        elif all(value.kind == "ratio" for _, value in usable[column]) and any(
            value.kind == "bare" for _, value in usable[twin]
        ):
            kept[kept.index(twin)] = column
    return kept


def _sideways(text: str, table: Table, names: Names) -> Verdict | None:
    """A table whose columns are the components."""
    head = table.head
    if head is None or not table.rows:
        return None
    columns: dict[int, int | None] = {}
    for column, cell in enumerate(head):
        labels = component_labels(cell.text, 1, names) or component_labels(cell.text, 2, names)
        number = labels[0].component if labels and labels[0].start < 12 else names.by_words(cell.text)
        if number is None and re.fullmatch(r"[#cqr]?\s?\d{1,2}", cell.text):
            number = int(cell.text.lstrip("#cqr"))
        if number is not None:
            columns[column] = number
        elif total_labels(cell.text) and _TOTAL_CELL.match(cell.text):
            columns[column] = None
    if (
        sum(number is not None for number in columns.values()) < max(1, len(names.weights) - 1)
        or len(names.weights) < 2
    ):
        columns = _by_place(table, names)
        if not columns:
            return None
    named = [(row, role_of(row[0].text)) for row in table.rows if 0 not in columns and row]
    candidates = [row for row, role in named if role in ("score", "points")] or [
        row for row, role in named if role == ""
    ]
    if 0 in columns:
        candidates = table.rows
    if len(candidates) != 1:
        return None
    row = candidates[0]
    verdict = Verdict(
        "table", table.start, table.end, {}, called_scores=bool(named) and role_of(row[0].text) == "score"
    )
    verdict.standing = standing_of(text, table.start, table.end)
    for column, number in columns.items():
        if column < len(row):
            weight = names.weights[number - 1] if number and number <= len(names.weights) else sum(names.weights)
            value = _cell_value(text, row[column], weight)
            if value is not None:
                said = Said(value.amount, (value.start, value.end))
                verdict.called_scores |= value.kind != "bare"
                if number is None:
                    verdict.total = said
                else:
                    verdict.said[number] = said
    return verdict if verdict.said else None


def _by_place(table: Table, names: Names) -> dict[int, int | None]:
    """Columns in the order of the components, where each cell says itself what its component is worth."""
    head = table.head or []
    count = len(names.weights)
    if (
        len(head) not in (count + 1, count + 2)
        or len(table.rows) != 1
        or not table.rows[0]
        or role_of(table.rows[0][0].text) != "score"
        or names.texts
    ):
        return {}
    row = table.rows[0]
    if len(row) < count + 1:
        return {}
    fits = all(
        re.search(rf"[\d.,]\s?/\s?{weight}(?![\d.])", row[place].text)
        for place, weight in enumerate(names.weights, start=1)
    )
    return {place: place for place in range(1, count + 1)} if fits else {}
