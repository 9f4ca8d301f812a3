"""The list of `miareview browse` once more, worked out row by row from exported tables: what `bench_oracle.py` compares
with.

Written from docs/browse.md. No SQL, no index and no array is used; of the package only what says whether a demand is
met in a text, how many words that has, and which names are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from miareview.review.checks import check_component
from miareview.store.names import name_key
from miareview.text import words

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows of the exports `items`, `responses`, `judgments`, `scores`, `reviews` and `queues`."""
UNREAD = ("partial", "refused", "empty", "unparsed", "api_error")
GOLD = ("disputed", "none", "single", "unanimous", "settled")
BADGES = ("unread", "total", "witness", "self", "people", "delta", "same")
NEARLY = Fraction(1, 10**9)
OPEN = {"item", "cat", "diff", "words", "weight", "text", "queue", "status"}
OPEN_COLUMNS = {"item", "difficulty", "words", "status", "weight", "category", "component"}
SCRIPTS = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")  # no blanks between words


@dataclass(frozen=True)
class Asked:
    """One word of a filter, before it is written down."""

    word: str
    operator: str
    values: tuple[str, ...]
    negated: bool = False
    quoted: bool = False

    def __str__(self) -> str:
        values = ",".join(f'"{value}"' if self.quoted else value for value in self.values)
        return f"{'-' if self.negated else ''}{self.word}{self.operator}{values}"


@dataclass
class Row:
    """A response, or one of its components; `whole` is the response that a component is of."""

    place: int
    response: str
    item: int
    difficulty: str
    model: str
    status: str
    text: str
    instruction: str
    reply: str
    read: str | None
    words: int
    weight: int
    judge: Fraction | None
    people: Fraction | None
    gold: str
    reviewers: int
    why: set[str]
    who: Set[str]
    reasons: Set[str]
    queues: Set[str]
    comment: bool
    flag: bool
    categories: Set[str]
    component: int = 0
    category: str | None = None
    parts: list[Row] = field(default_factory=list)
    body: str = ""
    waits: bool = False
    label: str | None = None
    twins: bool = False

    @property
    def delta(self) -> Fraction | None:
        return None if self.judge is None or self.people is None else self.people - self.judge


@dataclass(frozen=True)
class Answer:
    """What browse has to say to one question."""

    matched: int
    held_back: int
    rows: list[dict[str, Any]]
    facet: list[tuple[Any, int]]


class Oracle:
    """All rows of one database, as the one may see them for whom `waiting` (response: mask) waits."""

    def __init__(self, tables: Tables, judge: str, waiting: Mapping[str, str], queues: Set[str] = frozenset()) -> None:
        self._tables, self._judge, self._waiting, self._queues = tables, judge, waiting, queues
        self.rows = [self._row(place, told) for place, told in enumerate(self._by_import())]
        self._twins()

    # what rows are made of

    def _by_import(self) -> list[Mapping[str, Any]]:
        return sorted(self._tables["responses"], key=lambda row: (row["imported_at"], row["response"]))

    def _of(self, table: str, **wanted: Any) -> list[Mapping[str, Any]]:
        return [row for row in self._tables[table] if all(row[key] == value for key, value in wanted.items())]

    def _row(self, place: int, told: Mapping[str, Any]) -> Row:
        id, text = told["response"], told["text"]
        components = self._of("items", item=told["item"])
        replies = self._of("judgments", response=id, judge_id=self._judge)
        counting = next((reply for reply in replies if reply["counts"]), None)
        points = {one["judgment"]: {} for one in replies}  # type: dict[str, dict[int, Fraction]]
        for score in self._of("scores", response=id, kind="judge", judge_id=self._judge):
            if score["points"] is not None:
                points[score["judgment"]][score["position"]] = Fraction(score["points"])
        reviews = self._of("reviews", response=id)
        committed = {review["reviewer"] for review in reviews if review["status"] == "committed"}
        human = [one for one in self._of("scores", response=id, kind="human") if one["committed"]]
        settled = {one["position"] for one in self._of("scores", response=id, kind="gold")}
        instruction = components[0]["instruction"]
        row = Row(
            place, id, told["index"], components[0]["difficulty"], told["model"], told["status"], text, instruction,
            (counting["raw"] or "") if counting else "", counting["status"] if counting else None, len(words(text)),
            sum(one["weight"] for one in components), None, None, "none", len(committed), set(), committed,
            {one["reason"] for one in human if one["reason"]},
            {one["queue"] for one in self._of("queues", response=id)},
            any(review["comment"] for review in reviews), any(review["flagged"] for review in reviews),
            {one["category"] for one in components}, body=" ".join(text.split()), waits=id in self._waiting,
            label=self._waiting.get(id),
        )  # fmt: skip
        for one in components:
            mine = [score for score in human if score["position"] == one["position"]]
            row.parts.append(self._part(row, one, points[counting["judgment"]] if counting else {}, mine, settled))
        row.judge = total([part.judge for part in row.parts])
        row.people = total([part.people for part in row.parts])
        row.gold = min((part.gold for part in row.parts), key=GOLD.index)
        row.why = {reason for part in row.parts for reason in part.why} - {"delta"}
        if far(row.judge, row.people, row.weight):
            row.why.add("delta")
        of_the_whole = set()
        if counting and counting["status"] in UNREAD:
            of_the_whole.add("unread")
        if counting and row.judge is not None and counting["stated_points"] is not None:
            stated = Fraction(counting["stated_points"]) / Fraction(counting["stated_of"]) * row.weight
            of_the_whole |= {"total"} if stated != row.judge else set()
        given: dict[int, set[Fraction]] = defaultdict(set)
        for reply in points.values():
            for position, value in reply.items():
                given[position].add(value)
        of_the_whole |= {"self"} if any(len(values) > 1 for values in given.values()) else set()
        for one_row in (row, *row.parts):
            one_row.why |= of_the_whole
        return row

    def _part(
        self, row: Row, one: Mapping[str, Any], judge: Mapping[int, Fraction], human: list[Mapping[str, Any]],
        settled: Set[int],
    ) -> Row:  # fmt: skip
        position, weight = one["position"], one["weight"]
        latest = {score["rater"]: score for score in sorted(human, key=lambda score: score["sight"] == "assisted")}
        given = [None if one["points"] is None else Fraction(one["points"]) for one in latest.values()]
        blind = [one["points"] for one in human if one["sight"] == "blind"]
        scored = [points for points in given if points is not None]
        people = sum(scored, Fraction(0)) / len(scored) if scored else None
        gold = "settled" if position in settled else "none"
        if position not in settled and blind:
            gold = "disputed" if len(set(blind)) > 1 else "single" if len(blind) == 1 else "unanimous"
        points, why = judge.get(position), set()
        if points in (0, weight) and row.text:
            met = check_component(one["component"], row.text, row.instruction).verdict
            why |= {"witness"} if (met is False and points == weight) or (met is True and points == 0) else set()
        why |= {"people"} if len(set(given)) > 1 else set()
        why |= {"delta"} if far(points, people, weight) else set()
        return Row(
            row.place, row.response, row.item, row.difficulty, row.model, row.status, row.text, row.instruction,
            row.reply, row.read, row.words, weight, points, people, gold, row.reviewers, why, row.who,
            {one["reason"] for one in human if one["reason"]}, row.queues, row.comment, row.flag, {one["category"]},
            position, one["category"], [], row.body, row.waits, row.label,
        )  # fmt: skip

    def _twins(self) -> None:
        """Answers that say the same; told of the judge's points only where none of them waits."""
        alike = defaultdict(list)
        for row in self.rows:
            if row.body:
                alike[row.item, row.body].append(row)
        for rows in alike.values():
            given = defaultdict(set)
            for part in (part for row in rows for part in row.parts if part.judge is not None):
                given[part.component].add(part.judge)
            differ = any(len(points) > 1 for points in given.values())
            for one in (each for row in rows for each in (row, *row.parts)):
                if len({row.model for row in rows}) > 1:
                    one.why.add("same")
                if differ and not any(row.waits for row in rows):
                    one.why.add("self")

    # questions

    def answer(self, unit: str, asked: Sequence[Asked], sort: Sequence[tuple[str, bool]], facet: str | None) -> Answer:
        """All rows that a filter finds, in order, and how many have which value of a column."""
        every = [part for row in self.rows for part in row.parts] if unit == "component" else self.rows
        open_words = [one for one in asked if self._is_open(one)]
        hidden = [one for one in asked if not self._is_open(one)]
        among = [row for row in every if all(holds(one, row) != one.negated for one in open_words)]

        def found(columns: Sequence[str]) -> tuple[list[Row], int]:
            if self._waiting and (hidden or not OPEN_COLUMNS.issuperset(columns)):
                left_out = {row.response for row in among if row.waits}
                seen = [row for row in among if not row.waits]
            else:
                left_out, seen = set(), among
            return [row for row in seen if all(holds(one, row) != one.negated for one in hidden)], len(left_out)

        rows, held_back = found([name for name, _ in sort])
        counted = found([facet])[0] if facet else []
        counts = facet_of(counted, facet, unit) if facet else []
        if unit == "item":
            items = in_order([means(group) for group in by_item(rows).values()], sort)
            return Answer(len(items), held_back, [item_json(item) for item in items], counts)
        return Answer(len(rows), held_back, [row_json(row, unit) for row in in_order(rows, sort)], counts)

    def _is_open(self, one: Asked) -> bool:
        if one.word == "queue":
            names = {row["queue"] for row in self._tables["queues"]}
            return all(name in self._queues for name in names if any(like(value, name) for value in one.values))
        return one.word in OPEN


def total(points: Sequence[Fraction | None]) -> Fraction | None:
    known = [one for one in points if one is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(points) else None


def far(judge: Fraction | None, people: Fraction | None, weight: int) -> bool:
    return judge is not None and people is not None and weight > 0 and abs(judge - people) * 10 >= 3 * weight


# filters


def holds(asked: Asked, row: Row) -> bool:
    """Whether one word holds of a row, leaving its negation aside."""
    word = asked.word
    if word == "text":
        return any(has(value, text, asked.quoted) for value in asked.values for text in (row.instruction, row.text))
    if word == "reply":
        return any(has(value, row.reply, asked.quoted) for value in asked.values)
    if word in ("judge", "people", "delta"):
        return any(compares(asked.operator, amount(row, word, value), value) for value in asked.values)
    if word in ("item", "words", "weight", "reviewers"):
        return any(compares(asked.operator, Fraction(getattr(row, word)), value) for value in asked.values)
    if word in ("comment", "flag"):
        return row.comment if word == "comment" else row.flag
    if word in ("model", "who", "reason", "queue"):
        names = {"model": {row.model}, "who": row.who, "reason": row.reasons, "queue": row.queues}[word]
        return any(like(value, name) for value in asked.values for name in names)
    if word == "why":
        return bool(row.why & set(asked.values))
    there = {"cat": row.categories, "diff": {row.difficulty}, "gold": {row.gold}, "status": {row.status},
             "read": {row.read}}[word]  # fmt: skip
    return bool(there & set(asked.values))


def amount(row: Row, word: str, value: str) -> Fraction | None:
    points: Fraction | None = getattr(row, word)
    points = abs(points) if points is not None and word == "delta" else points
    if not value.endswith("%"):
        return points
    return None if points is None or not row.weight else points / row.weight


def compares(operator: str, there: Fraction | None, value: str) -> bool:
    """Points and shares are kept as floats, so what is nearly the same is the same."""
    if there is None:
        return False
    wanted = Fraction(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
    same = abs(there - wanted) <= NEARLY
    above, below = there > wanted and not same, there < wanted and not same
    return {">=": above or same, "<=": below or same, ">": above, "<": below}.get(operator, same)


def like(pattern: str, name: str) -> bool:
    pieces = [re.escape(piece) for piece in name_key(pattern).split("*")]
    return re.fullmatch(".*".join(pieces), name_key(name), re.DOTALL) is not None


def has(value: str, text: str, quoted: bool) -> bool:
    """Whether a text has these words beside each other; of unquoted ones the last may be the beginning of a word."""
    if SCRIPTS.search(value) or not tokens(value):
        return value.casefold() in text.casefold()
    wanted, there = tokens(value), tokens(text)
    for start in range(len(there) - len(wanted) + 1):
        *whole, last = there[start : start + len(wanted)]
        if whole == wanted[:-1] and (last == wanted[-1] or (not quoted and last.startswith(wanted[-1]))):
            return True
    return False


def tokens(text: str) -> list[str]:
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", plain)


# order, items, counts


@dataclass
class Mean:
    """An item: the means over its rows; `seen` are those of which judge and people may be told."""

    item: int
    difficulty: str
    weight: int
    words: Fraction
    judge: Fraction | None
    people: Fraction | None
    delta: Fraction | None
    apart: Fraction | None
    judge_share: Fraction | None
    people_share: Fraction | None
    reviewers: int
    rows: list[Row]
    model: str = ""
    place: int = 0


def by_item(rows: Sequence[Row]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.item, []).append(row)
    return groups


def mean(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def means(rows: list[Row]) -> Mean:
    seen = [row for row in rows if not row.waits]
    one = rows[0]
    return Mean(
        one.item, one.difficulty, one.weight, mean([Fraction(row.words) for row in rows]) or Fraction(0),
        mean([row.judge for row in seen]), mean([row.people for row in seen]), mean([row.delta for row in seen]),
        mean([None if row.delta is None else abs(row.delta) for row in seen]),
        mean([amount(row, "judge", "%") for row in seen]), mean([amount(row, "people", "%") for row in seen]),
        sum(row.reviewers for row in seen), rows,
    )  # fmt: skip


def key_of(row: Any, name: str) -> Any:
    """What a row is sorted by. Of judge and people it is the share of the weight, of delta its size; None goes last."""
    if name in ("judge", "people"):
        share = getattr(row, f"{name}_share") if isinstance(row, Mean) else amount(row, name, "%")
        return None if share is None else round(float(share), 9)
    if name == "delta":
        apart = row.apart if isinstance(row, Mean) else None if row.delta is None else abs(row.delta)
        return None if apart is None else round(float(apart), 9)
    return getattr(row, name)


def in_order(rows: Sequence[Any], sort: Sequence[tuple[str, bool]]) -> list[Any]:
    """Sorted by the columns asked for, then item, then model (what waits behind, by its mask), then as they came in."""
    found = sorted(rows, key=lambda row: (row.item, *masked(row), row.place, getattr(row, "component", 0)))
    for name, falls in reversed(sort):
        there = [row for row in found if key_of(row, name) is not None]
        there.sort(key=sorting(name), reverse=falls)
        found = there + [row for row in found if key_of(row, name) is None]
    return found


def sorting(name: str) -> Callable[[Any], Any]:
    return lambda row: key_of(row, name)


def masked(row: Any) -> tuple[bool, str]:
    return (True, row.label) if getattr(row, "waits", False) else (False, row.model)


def facet_of(rows: Sequence[Row], column: str, unit: str) -> list[tuple[Any, int]]:
    """How many rows (items: those with any such response) have which value, the most frequent first."""
    counts: Counter[Any] = Counter()
    for group in by_item(rows).values() if unit == "item" else [[row] for row in rows]:
        counts.update({value for row in group for value in values_of(row, column)})
    if column == "why":
        return sorted([(name, counts[name]) for name in BADGES if counts[name]], key=lambda pair: -pair[1])
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0] is not None, 0 if pair[0] is None else pair[0]))


def values_of(row: Row, column: str) -> list[Any]:
    if column == "why":
        return list(row.why)
    if column == "category":
        return sorted(row.categories)
    value = getattr(row, column)
    return [float(value) if isinstance(value, Fraction) else value]


# as they are printed


def number(points: Fraction | None) -> float | None:
    return None if points is None else float(points)


def row_json(row: Row, unit: str) -> dict[str, Any]:
    seen = not row.waits
    told: dict[str, Any] = {
        "item": row.item, "model": row.model if seen else row.label, "difficulty": row.difficulty,
        "response": row.response, "judge": number(row.judge) if seen else None,
        "people": number(row.people) if seen else None, "delta": number(row.delta) if seen else None,
        "reviewers": row.reviewers if seen else None, "gold": row.gold if seen else None,
        "why": [name for name in BADGES if name in row.why and seen], "words": row.words, "weight": row.weight,
        "status": row.status, "read": row.read if seen else None, "held_back": row.waits,
    }  # fmt: skip
    return told | ({"component": row.component, "category": row.category} if unit == "component" else {})


def item_json(item: Mean) -> dict[str, Any]:
    told = any(not row.waits for row in item.rows)
    return {
        "item": item.item, "difficulty": item.difficulty, "judge": number(item.judge), "people": number(item.people),
        "delta": number(item.delta), "reviewers": item.reviewers if told else None,
        "words": int(item.words + Fraction(1, 2)), "weight": item.weight, "responses": len(item.rows),
    }  # fmt: skip
