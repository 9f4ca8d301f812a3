"""The names under which the same thing goes in the files of others, and how a file's own names become ours.

A file may write `Score Raw` or `scoreRaw` for `score_raw`; and whoever imports it may say which column holds what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from miareview.errors import UsageError

# In order of preference, where a record has more than one.
TEXT_KEYS = (
    "model_response", "prediction", "response", "model_answer", "text", "generated_text", "output", "answer",
)  # fmt: skip
URL_KEYS = ("url", "image_url", "img_url", "question_id", "image")
INSTRUCTION_KEYS = ("instruction", "question", "prompt")
INDEX_KEYS = ("index", "doc_id", "idx", "question_id", "id")
MODEL_KEYS = ("model", "model_name", "model_id")
REPLY_KEYS = (
    "score_raw", "gpt4o_raw_response", "judge_reply", "judge_response", "judge_raw_response", "evaluation_response",
    "raw_response", "judgment", "judgement", "evaluation",
)  # fmt: skip
OFTEN_OTHERS = frozenset({"raw_response", "evaluation"})
"""Names of replies that other files have for something else: what is in them decides."""
JUDGE_KEYS = ("judge", "judge_model", "judge_name")
BENCHMARK_KEYS = ("components", "component_weight", "component_type")
KNOWN_KEYS = frozenset(
    TEXT_KEYS + URL_KEYS + INSTRUCTION_KEYS + INDEX_KEYS + MODEL_KEYS + REPLY_KEYS + JUDGE_KEYS + BENCHMARK_KEYS
)
NOT_NEEDED = frozenset({"type", "num_of_component", "image_name", "error", "thinking", "Unnamed: 0", ""})
"""Columns that are looked at by their own readers, or are known to say nothing."""

MAPPABLE = ("answer", "reply", "model", "item", "picture")
"""What `--map` can name, beside `points.1`, `points.2` …"""
MOST_ROWS = 10**9
_ADDRESS = re.compile(r"\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*://|[\w-]+(?:\.[\w-]+)+/)")
_NUMBER = re.compile(r"(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.0+)?")
_GROUPS = {"answer": TEXT_KEYS, "model": MODEL_KEYS, "item": INDEX_KEYS, "picture": URL_KEYS}
_POINTS = re.compile(r"points\.([1-9][0-9]?)")
_OTHER_LETTERS = KNOWN_KEYS | NOT_NEEDED
_PLANS = 500  # shapes of records that are remembered; a file has few


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What the user says of a file's columns: `of` names the column of each of `MAPPABLE`, `points` the column with the
    points of each component, by its position from 1."""

    of: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[int, str] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        return frozenset({*self.of.values(), *self.points.values()})


def column_map(words: Iterable[str], reply_column: str | None = None) -> ColumnMap:
    """The map that words such as `answer=COLUMN` or `points.2=COLUMN` are. Raises `UsageError` for what is none."""
    of: dict[str, str] = {}
    points: dict[int, str] = {}
    for word in [*words, *([f"reply={reply_column}"] if reply_column is not None else [])]:
        what, equals, column = word.partition("=")
        component = _POINTS.fullmatch(what)
        if not (equals and column) or not (component or what in MAPPABLE):
            raise UsageError(
                f"--map {word!r} is not understood.",
                f"It is NAME=COLUMN, where NAME is one of {', '.join(MAPPABLE)}, points.1, points.2 and so on.",
            )
        if what in of or (component and int(component[1]) in points):
            raise UsageError(f"--map says twice which column is {what}.", "Leave one out.")
        if component:
            points[int(component[1])] = column
        else:
            of[what] = column
    if points and "reply" in of:
        raise UsageError("A reply and its points cannot both be mapped.", "The points are read from the reply.")
    return ColumnMap(of, points)


class Names:
    """Turns the records of one file into records with our names, by what the user says and by spelling.

    Only spelling in other letters is mended (`Score Raw`, `scoreRaw`). What the user names goes before all other
    columns that could hold the same, which are taken out. `also` are further names that a table of this kind may have.
    """

    def __init__(self, told: ColumnMap, also: Iterable[str] = ()) -> None:
        self.told = told
        self.also = frozenset(also)
        self.met: set[str] = set()
        """The file's own names, as far as its records were looked at."""
        self._plans: dict[tuple[str, ...], dict[str, str | None]] = {}

    def ours(self, record: dict[str, Any]) -> dict[str, Any]:
        """The record under our names; the same object where nothing changes."""
        keys = tuple(record)
        plan = self._plans.get(keys)
        if plan is None:
            plan = self._plan(keys)
            self.met.update(keys)
            if len(self._plans) < _PLANS:
                self._plans[keys] = plan
        if not plan and "item" not in self.told.of:
            return record
        renamed = {plan.get(key, key): value for key, value in record.items()}
        renamed.pop(None, None)
        return self._with_item(record, renamed)  # type: ignore[arg-type]

    def known(self, header: Iterable[str]) -> int:
        """How many of these names are ours or the user's."""
        mine = self.told.columns | self.also
        return sum(1 for name in header if name in mine or our_name(name) in KNOWN_KEYS)

    def _plan(self, keys: tuple[str, ...]) -> dict[str, str | None]:
        """The new name of each key that gets one; None for a key that is taken out."""
        plan: dict[str, str | None] = {}
        taken = set(keys)
        for key in keys:
            name = our_name(key)
            if name != key and name in _OTHER_LETTERS and name not in taken and key not in self.told.columns:
                plan[key] = name
                taken.add(name)
        for what, group in _GROUPS.items():
            column = self.told.of.get(what)
            if column is None or column not in keys:
                continue
            plan |= {key: None for key in keys if plan.get(key, key) in group and key != column}
            if what != "item":
                plan[column] = group[0]
        return plan

    def _with_item(self, record: Mapping[str, Any], renamed: dict[str, Any]) -> dict[str, Any]:
        """With what the user says names the item under the name of what it is: an address, a number or words."""
        column = self.told.of.get("item")
        if column is None or column not in record:
            return renamed
        value = renamed.pop(column, None)
        if isinstance(value, str) and is_address(value):
            return renamed | {"url": value}
        return renamed | {"instruction" if isinstance(value, str) and row_number(value) is None else "index": value}


@lru_cache(4096)
def our_name(name: str) -> str:
    """The name in our letters: `Score Raw`, `score-raw` and `scoreRaw` are `score_raw`."""
    if name in _OTHER_LETTERS or len(name) > 40:
        return name
    return re.sub(r"[\W_]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())).strip("_").lower()


def is_address(text: str) -> bool:
    return _ADDRESS.match(text) is not None


def row_number(value: object) -> int | None:
    """The whole number from 0 that a value is, also as 8.0, "8.0" or "1,008"; None for anything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return int(value.strip().partition(".")[0].replace(",", ""))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= MOST_ROWS:
        return None
    return int(value) if value == int(value) else None
