"""Does browsing tell anything of what waits? By metamorphosis: two databases that differ in nothing else.

In one of them everything that depends on judge and other people is another thing for the responses that wait for the
reviewer: points, replies, states, comments, flags, reasons, other people's scores. Random filters, orders, facets,
units, pages, exports and comparisons must print the same bytes in both; whoever may see must get different ones, else
nothing was tested.

    python benchmarks/bench_blind.py --questions 1000
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from miareview.browse.compare import compare
from miareview.browse.export import export_rows
from miareview.browse.find import matching_responses
from miareview.browse.rows import UNITS, browse, question, refresh
from miareview.browse.sight import masked, sight_of
from miareview.browse.waiting import closed_items
from miareview.demo import QUEUE, make_demo
from miareview.review.session import ReviewSession
from miareview.store.browse_compare import WORTHS, given_to_all, items_worth
from miareview.store.browse_query import COLUMNS, FACETS
from miareview.store.browse_rows import forget
from miareview.store.browse_terms import Sight
from miareview.store.queues import queue
from miareview.store.store import Store

BENCHMARK, WHO = "miareview-demo", "you"
MODELS = ["demo-large", "demo-small", "demo-verbose"]
WORDS = (
    "item:0,1,2,3", "item:9", "cat:math", "cat:grammar,mention", "diff:adv", "words>20", "weight:10", "weight:2",
    "text:bus", 'text:"of the"', "queue:demo*", "queue:none", "status:ok", "status:error", "model:demo-large",
    "model:*small", "judge>=80%", "judge<5", "judge:0", "people>=50%", "people<9", "delta>=1", "delta>=30%",
    "reviewers>=1", "reviewers:0", "gold:single", "gold:disputed,unanimous", "why:people,delta", "why:self", "why:same",
    "why:witness", "why:total", "why:unread", "reason:*", "who:demo*", "who:you", "read:ok", "read:partial",
    "reply:score", "reply:10", 'reply:"zebra"', "comment:any", "flag:any",
)  # fmt: skip


def make_worlds(folder: Path) -> tuple[Store, Store, int]:
    """The demo in the middle of its queue, twice; how many responses wait."""
    one, other = folder / "one.db", folder / "other.db"
    with make_demo(one) as store:
        drawn = queue(store, QUEUE)
        session = ReviewSession(store, WHO, [row.response for row in drawn.rows], queue=drawn, judge=store.judges()[0])
        for place in range(7):
            session.go(place)
            session.full_marks()
            session.commit()
        session.go(7)
        session.full_marks()  # begun, not committed
        waiting = sorted(masked(store, sight_of(store, WHO)))
    shutil.copy(one, other)
    with closing(sqlite3.connect(other)) as connection:
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f"drop trigger {name}")
        marks = ", ".join("?" * len(waiting))
        connection.execute(
            "update sub_score set points = case when points = '0' then '1' else '0' end where judgment in"
            f" (select id from judgment where response in ({marks}))", waiting,
        )  # fmt: skip
        connection.execute(
            f"update judgment set raw = 'A zebra scores 10.', status = 'warning' where response in ({marks})", waiting
        )
        connection.execute(
            "update current_score set points = '0', reason = 'overlooked'"
            f" where reviewer <> ? and response in ({marks})",
            (WHO, *waiting),
        )
        connection.execute(
            "update review_status set comment = 'a zebra', flagged = 1 - flagged"
            f" where reviewer <> ? and response in ({marks})",
            (WHO, *waiting),
        )
        connection.commit()
    stores = Store.open(one), Store.open(other)
    for store in stores:
        forget(store, store.judges()[0].id, "")
        refresh(store, store.judges()[0].id)
    return *stores, len(waiting)


def told(store: Store, who: str | None, dice: random.Random, file: Path) -> str:
    """All that one random question brings to light."""
    sight = sight_of(store, who) if who else Sight()
    unit = dice.choice(UNITS)
    words = " ".join(
        ("-" if dice.random() < 0.2 else "") + word for word in dice.sample(WORDS, dice.choice((0, 1, 1, 2, 3)))
    )
    columns = dice.sample(sorted(COLUMNS[unit]), dice.randint(0, 2))
    sort = ",".join(dice.choice(("", "-")) + name for name in columns)
    facet = dice.choice([name for name in FACETS if name != "component" or unit == "component"])
    limit, offset = dice.choice(((50, 0), (5, 5), (1000, 0)))
    asked = question(BENCHMARK, unit, words, sort)
    said = [json.dumps(browse(store, asked, sight, limit=limit, offset=offset, facet=facet).to_json())]
    said.append(json.dumps(matching_responses(store, asked, sight)))
    if dice.random() < 0.2:
        target = file.with_suffix(dice.choice((".csv", ".jsonl")))
        target.unlink(missing_ok=True)
        export_rows(store, asked, sight, target, lambda row: True)
        said.append(target.read_text(encoding="utf-8"))
    if dice.random() < 0.4:
        item = dice.choice(store.items(BENCHMARK))
        said.append(json.dumps(compare(store, item, [], store.judges()[0], sight).to_json()))
        said.append(repr(given_to_all(store, item.id, masked(store, sight, item.id))))
        worth = dice.choice(WORTHS)
        said.append(repr(items_worth(store, BENCHMARK, MODELS, worth, closed_items(store, sight))))
    return f"{unit} {words!r} {sort!r} {facet}\n" + "\n".join(said)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    start = time.perf_counter()
    with TemporaryDirectory(prefix="miareview-blind-") as name:
        one, other, waiting = make_worlds(Path(name))
        file = Path(name) / "rows.csv"
        apart = differ = 0
        for number in range(asked.questions):
            seed = f"{asked.seed} {number}"
            mine = [told(store, WHO, random.Random(seed), file) for store in (one, other)]
            if mine[0] != mine[1]:
                apart += 1
                print(f"TOLD by {mine[0].splitlines()[0]}", file=sys.stderr)
            theirs = [told(store, None, random.Random(seed), file) for store in (one, other)]
            differ += theirs[0] != theirs[1]
        one.close()
        other.close()
    print(
        f"{asked.questions} questions, {waiting} responses wait: {apart} told something to the reviewer;"
        f" {differ} differ for who may see; {time.perf_counter() - start:.0f} s"
    )
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
