"""Does `miareview browse` find what a loop over the exported tables finds? Random databases, random questions.

    python benchmarks/bench_oracle.py --worlds 20 --questions 200

A world is a small made-up benchmark: answers alike, empty, failed and told twice, a judge that is read in part, asked
again and adds up wrongly, people who differ, queues of every kind, one of them waiting for somebody. Each question is
a filter, an order, a facet and a unit; what browse prints must be what `browse_oracle.py` makes of the exports (exit 1
otherwise, with the question).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from browse_oracle import BADGES, Answer, Asked, Oracle

from miareview.browse.find import matching_responses
from miareview.browse.rows import UNITS, browse, question, refresh
from miareview.browse.sight import masked, sight_of
from miareview.identity import item_id, judge_id, judgment_id, response_id
from miareview.model import (
    CATEGORIES,
    DIFFICULTIES,
    Component,
    Item,
    Judge,
    Judgment,
    JudgmentStatus,
    Response,
    SubScore,
)
from miareview.review.queues import create_queue, queue_by_rule
from miareview.review.session import ReviewSession
from miareview.store.browse_query import COLUMNS, FACETS
from miareview.store.browse_terms import Sight
from miareview.store.queues import queue
from miareview.store.store import Store
from miareview.store.tables import TABLES

BENCHMARK = "made-up"
JUDGE = Judge(judge_id("judge", "", "{}"), "judge")
MODELS = ("alpha", "Älpha-2", "beta [1]", "ΣΊΓΜΑ", "gamma,x")
PEOPLE = ("ann", "Zoë", "İpek")
DEMANDS = ("Describe the bus.", "in exactly two sentences", "do not use the letter z", "in at most 5 words", "3 cups")
TEXTS = (
    "The bus leaves.", "The  bus\nleaves.", "Zwei Busse fahren ab. Das Café hat zu.", "zebra", "three cups, two buses",
    "バスは九時に出る。", "1. One\n2. Two\n3. Three", "A cafe\u0301 by the bus stop: over-full!", "…", "",
)  # fmt: skip
PHRASES = ("bus", "the bus", "cafe", "CAFÉ", "two", "bus stop over", "バス", "九時", "…", "leaves the", "z", "cups two")
REASONS = ("miscount", "Überlesen", "too strict")


def make_world(path: Path, dice: random.Random) -> Store:
    """A random database."""
    store = Store.open(path, create=True)
    items = [make_item(number, dice) for number in dice.sample(range(60), dice.randint(2, 7))]
    store.add_items(items)
    models = dice.sample(MODELS, dice.randint(1, len(MODELS)))
    answers: dict[str, tuple[Item, Response]] = {}
    for item in items:
        for model in models:
            for _ in range(dice.choice((0, 1, 1, 1, 1, 2))):
                text, status = dice.choice(TEXTS), dice.choice(("ok",) * 6 + ("error", "missing"))
                status = "empty" if not text.strip() and status == "ok" else status
                id = response_id(item.id, model, text, status)
                answers[id] = item, Response(id, item.id, model, text, status)  # type: ignore[arg-type]
    store.add_responses([response for _, response in answers.values()])
    for repeat in range(2):
        judged = [pair for pair in answers.values() if dice.random() < (0.8, 0.2)[repeat]]
        store.add_judgments(JUDGE, [make_judgment(*pair, repeat, dice) for pair in judged])
    speak(store, models, dice)
    return store


def make_item(number: int, dice: random.Random) -> Item:
    url = f"https://example.invalid/{number}.png"
    demands = dice.sample(DEMANDS, dice.randint(1, 4))
    parts = tuple(
        Component(position, dice.choice(CATEGORIES), text, dice.choice((1, 2, 3, 4, 10)))
        for position, text in enumerate(demands, start=1)
    )
    instruction = " ".join(demands)
    return Item(
        item_id(BENCHMARK, url, instruction), BENCHMARK, number, url, instruction, dice.choice(DIFFICULTIES), parts
    )


def make_judgment(item: Item, response: Response, repeat: int, dice: random.Random) -> Judgment:
    status: JudgmentStatus = dice.choice(
        ("ok", "ok", "ok", "ok", "warning", "partial", "refused", "unparsed", "api_error")
    )
    read = [c for c in item.components if status in ("ok", "warning") or (status == "partial" and dice.random() < 0.5)]
    scores = tuple(SubScore(c.position, c.weight * Fraction(dice.choice((0, 0, 1, 3, 3)), 3)) for c in read)
    raw = f"{dice.choice(PHRASES)} {dice.randint(0, 3)}, {'; '.join(f'{s.position}: {s.points}' for s in scores)}"
    sum_of_them = sum((score.points or Fraction(0) for score in scores), Fraction(0))
    stated = None
    if scores and dice.random() < 0.7:
        stated = sum_of_them + dice.choice((0, 0, 0, 1)), Fraction(item.total)
    id = judgment_id(response.id, JUDGE.id, repeat, raw)
    return Judgment(id, response.id, JUDGE.id, repeat, raw, status, (), stated, None, scores)


def speak(store: Store, models: Sequence[str], dice: random.Random) -> None:
    """Queues, one of which somebody stands in the middle of, and what people say in them and outside."""
    ids = [row["response"] for row in export(store, "responses")]
    if not any(row["status"] == "ok" for row in export(store, "responses")):
        return
    create_queue(store, "gold", seed=dice.randint(1, 9), reveal=dice.choice(("each", "end")))
    queue_by_rule(store, "Übung*", "some", dice.sample(ids, dice.randint(1, len(ids))), benchmark=BENCHMARK)
    for who in PEOPLE[: dice.randint(0, 3)]:
        drawn = queue(store, "gold") if dice.random() < 0.6 else None
        work = [row.response for row in drawn.rows] if drawn else dice.sample(ids, dice.randint(1, len(ids)))
        session = ReviewSession(store, who, work, queue=drawn, judge=JUDGE, blind=dice.random() < 0.7)
        for place in range(dice.randint(1, len(work))):
            session.go(place)
            for component in session.view().item.components:
                if dice.random() < 0.1:
                    session.say("ungradable", component.position, "no picture")
                else:
                    session.score(component.position, component.weight * Fraction(dice.choice((0, 1, 1, 2, 2)), 2))
                if dice.random() < 0.2:
                    session.say("reason", component.position, dice.choice(REASONS))
            if dice.random() < 0.2:
                session.say("comment", value="hm")
            if dice.random() < 0.2:
                session.say("flag", value="1")
            if dice.random() < 0.85:
                session.commit()


def export(store: Store, name: str) -> list[dict[str, Any]]:
    """A table as `miareview export` writes it."""
    table = TABLES[name]
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows(store)]


def random_word(dice: random.Random) -> Asked:
    operators = (":", "=", ">=", "<=", ">", "<")
    points = ("0", "1", "2.5", "7/3", "4", "10", "0%", "30%", "50%", "100/3%", "80%", "100%")
    numbers = ("0", "1", "2", "3", "5", "10", "12", "30")
    names = {
        "model": ("alpha", "ÄLPHA*", "A\u0308lpha-2", "*[1]", "σίγμα", "*a*", "beta ?1]", "gamma,x", "*"),
        "who": ("ANN", "zoë", "Zoe\u0308", "i̇pek", "*o*", "nobody"),
        "reason": ("miscount", "überlesen", "*s*", "*"),
        "queue": ("gold", "GOLD", "übung*", "*", "none"),
    }
    choices = {
        "cat": CATEGORIES, "diff": DIFFICULTIES, "status": ("ok", "error", "empty", "missing"), "why": BADGES,
        "gold": ("none", "single", "unanimous", "disputed"),
        "read": ("ok", "warning", "partial", "refused", "unparsed", "api_error"),
    }  # fmt: skip
    kind = dice.choice(("amount", "amount", "number", "name", "name", "choice", "choice", "text", "any"))
    negated, many = dice.random() < 0.25, dice.choice((1, 1, 2))
    if kind == "amount":
        values = dice.choices(points, k=many)
        return Asked(dice.choice(("judge", "people", "delta")), dice.choice(operators), tuple(values), negated)
    if kind == "number":
        word = dice.choice(("item", "words", "weight", "reviewers"))
        return Asked(word, dice.choice(operators), tuple(dice.choices(numbers, k=many)), negated)
    if kind == "any":
        return Asked(dice.choice(("comment", "flag")), ":", ("any",), negated)
    if kind == "text":
        quoted = dice.random() < 0.5
        value = dice.choice([phrase for phrase in PHRASES if quoted or " " not in phrase])
        return Asked(dice.choice(("text", "reply")), ":", (value,), negated, quoted)
    word = dice.choice(sorted(names if kind == "name" else choices))
    return Asked(word, ":", tuple(dice.choices((names | choices)[word], k=many)), negated, kind == "name")


def nearly(one: Any, other: Any) -> bool:
    """Equal but for the rounding of floats."""
    if isinstance(one, float) or isinstance(other, float):
        return one is not None and other is not None and abs(one - other) < 1e-9
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(nearly, one, other))
    return bool({key: nearly(one[key], other[key]) for key in one}.keys() == other.keys()) and all(
        nearly(one[key], other[key]) for key in one
    ) if isinstance(one, dict) else bool(one == other)  # fmt: skip


def ask(store: Store, oracle: Oracle, sight: Sight, dice: random.Random) -> str | None:
    """Ask one random question of both; where they differ, the question and how."""
    unit = dice.choice(UNITS)
    asked = [random_word(dice) for _ in range(dice.choice((0, 1, 1, 2, 2, 3)))]
    columns = [name for name in COLUMNS[unit] if not (sight.queues and name == "model")]
    sort = tuple((name, dice.random() < 0.5) for name in dice.sample(columns, dice.randint(0, 2)))
    facet = dice.choice([None, *(name for name in FACETS if name != "component" or unit == "component")])
    words = " ".join(map(str, asked))
    query = question(BENCHMARK, unit, words, ",".join(("-" if falls else "") + name for name, falls in sort))
    told = browse(store, query, sight, filter=words, limit=-1, facet=facet).to_json()
    wanted = oracle.answer(unit, asked, sort, facet)
    got = Answer(told["matched"], told["held_back"], told["rows"], [(one["value"], one["n"]) for one in told["facet"]])
    for what in ("matched", "held_back", "rows", "facet"):
        one, other = getattr(got, what), getattr(wanted, what)
        if not nearly(one, other):
            return f"{unit} {words!r} sort {sort} facet {facet} for {sight.reviewer}: {what}{apart(one, other)}"
    offset, limit = dice.randint(0, 5), dice.randint(1, 7)
    part = browse(store, query, sight, filter=words, limit=limit, offset=offset).to_json()["rows"]
    if part != told["rows"][offset : offset + limit]:
        return f"{unit} {words!r} sort {sort}: the page from {offset} is another"
    chosen = matching_responses(store, query, sight)
    if unit == "response" and set(chosen) != {row["response"] for row in oracle.answer(unit, asked, (), None).rows}:
        return f"{unit} {words!r}: a queue of it has other responses"
    return None


def apart(one: Any, other: Any) -> str:
    if isinstance(one, list) and len(one) == len(other):
        pairs = [(here, there) for here, there in zip(one, other, strict=True) if not nearly(here, there)]
        return f"\n  browse {pairs[0][0]}\n  oracle {pairs[0][1]}"
    return f"\n  browse {one}\n  oracle {other}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--questions", type=int, default=200, help="of each world")
    parser.add_argument("--seed", type=int, default=1, help="of the first world")
    told = parser.parse_args()
    start, wrong, rows = time.perf_counter(), 0, 0
    for seed in range(told.seed, told.seed + told.worlds):
        dice = random.Random(seed)
        with TemporaryDirectory(prefix="miareview-oracle-") as name, make_world(Path(name) / "a.db", dice) as store:
            refresh(store, JUDGE.id)
            tables = {name: export(store, name) for name in TABLES}
            sights = [Sight(), *(sight_of(store, who) for who in PEOPLE)]
            oracles = [Oracle(tables, JUDGE.id, masked(store, sight), {*sight.queues}) for sight in sights]
            rows += len(oracles[0].rows)
            for number in range(told.questions):
                who = dice.randrange(len(sights))
                if fault := ask(store, oracles[who], sights[who], random.Random(f"{seed} {number}")):
                    wrong += 1
                    print(f"world {seed}, question {number}: {fault}", file=sys.stderr)
    print(
        f"{told.worlds} worlds with {rows} responses, {told.questions} questions to each: {wrong} were answered"
        f" otherwise than by a loop over the exports; {time.perf_counter() - start:.0f} s"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
