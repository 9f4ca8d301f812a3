"""What judges have answered so far, and what it took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from miareview.store.store import Store


@dataclass(slots=True)
class Judged:
    """What one judge (by id) has done. A question is a response and a repeat; `statuses` counts each once, a reply
    before a failed call. `requests` and tokens are those of calls that miareview made; `untold` calls came without
    a number of tokens. `models` are the names that answered, with their replies.
    """

    statuses: Counter[str] = field(default_factory=Counter)
    responses: int = 0
    repeats: int = 0
    calls: int = 0
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    untold: int = 0
    models: dict[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        return self.statuses.total()

    @property
    def waiting(self) -> int:
        """Questions that only failed so far; the next run asks them again."""
        return self.statuses["api_error"]


def answered(store: Store, judge: str) -> set[tuple[str, int]]:
    """(response, repeat) of every question that this judge need not be asked again."""
    return set(
        store.rows("select distinct response, repeat from judgment where judge = ? and status <> 'api_error'", (judge,))
    )


def failed(store: Store, judge: str) -> set[tuple[str, int]]:
    """(response, repeat) of every question to this judge that only failed so far."""
    every = store.rows("select distinct response, repeat from judgment where judge = ?", (judge,))
    return set(every) - answered(store, judge)


def judged(store: Store) -> dict[str, Judged]:
    """What each judge has done, by its id."""
    found: dict[str, Judged] = {}
    best: dict[tuple[str, str, int], str] = {}
    for judge, response, repeat, status in store.rows(
        "select judge, response, repeat, status from judgment_read order by status <> 'api_error', imported_at, id"
    ):
        best[judge, response, repeat] = status
    seen: set[tuple[str, str]] = set()
    for (judge, response, repeat), status in best.items():
        one = found.setdefault(judge, Judged())
        one.statuses[status] += 1
        one.repeats = max(one.repeats, repeat + 1)
        one.responses += (judge, response) not in seen
        seen.add((judge, response))
    for judge, calls, requests, prompt, completion, untold in store.rows(
        "select judge, count(*), sum(attempts), total(prompt_tokens), total(completion_tokens),"
        " sum(prompt_tokens is null or completion_tokens is null)"
        " from call join judgment on judgment.id = call.judgment group by judge"
    ):
        one = found[judge]
        one.calls, one.requests, one.untold = calls, requests, untold
        one.prompt_tokens, one.completion_tokens = int(prompt), int(completion)
    for judge, model, count in store.rows(
        "select judge, call.model, count(*) from call join judgment on judgment.id = call.judgment"
        " where call.model is not null group by 1, 2 order by 3 desc, 2"
    ):
        found[judge].models[model] = count
    return found
