"""lmms-eval: the samples it logs, with scores and without the judge's words."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from miareview.formats.columns import look_like_replies
from miareview.formats.completions import texts_of
from miareview.formats.fields import Unusable, canonical, clean, described, first, index_of
from miareview.formats.format import Claim, Format, Head
from miareview.formats.records import Described, FileReading, ForeignReply, ForeignRow, JudgedBy, Scores
from miareview.formats.responses import read_rows
from miareview.formats.source import Entry, Source, kind_of, shorten
from miareview.model import ResponseStatus

SCORE = "gpt_eval_score"
TOTAL = "total_score"
_LONGEST_SCORE = 12  # characters of a score that is written as text
_REPLY = re.compile(r"raw|repl|respon|output|judge", re.I)
FAILED_REQUEST = "[LMMS_EVAL_REQUEST_FAILED"


def _how(family: str, judge: str) -> JudgedBy:
    return JudgedBy(judge, canonical({"harness": f"lmms-eval {family}", "temperature": 0}), sees_image=False)


# The records tell three families apart, and the judge that each asks unless its user names another.
_OLD = _how("0.3", "gpt-4o-2024-08-06")
_MIDDLE = _how("0.4-0.6", "gpt-4o-2024-11-20")
_NEW = _how("0.7", "gpt-4o-2024-11-20")


def read(source: Source, judged: bool) -> FileReading:
    """The answers, with the scores of their judge where `judged`. The folder names the model (since 0.4)."""
    folder = PurePath(source.path).parent.name
    named = "_samples_" in PurePath(source.path).name

    def one(entry: Entry, ordinal: int, source: Source) -> list[ForeignRow]:
        record = entry.record
        assert record is not None
        how = _family(record)
        text, status = _answer(record, entry.number, source)
        doc = record["doc"] if isinstance(record.get("doc"), dict) else {}
        scores = record.get(SCORE)
        if judged and not isinstance(scores, dict):
            raise Unusable(f"{SCORE!r} is {kind_of(scores)}, not an object")
        texts = tuple(_of_components(scores)) if isinstance(scores, dict) else ()
        item = described(doc) if doc else Described(texts=texts or None, ordered=False)
        return [
            ForeignRow(
                number=entry.number,
                ordinal=ordinal,
                url=None,
                instruction=first(doc, ("instruction",), entry.number, source.notes)
                or first(record, ("input",), entry.number, source.notes),
                index=index_of(record),
                text=clean(text, entry.number, source.notes),
                status=status,
                model=folder if named and folder and how is not _OLD else None,
                replies=(_scored(scores, how, entry.number, source),) if isinstance(scores, dict) and judged else (),
                item=item,
            )
        ]

    return read_rows(source, "lmms-eval", "judged" if judged else "responses", one)


def _family(record: dict[str, Any]) -> JudgedBy:
    if "doc" in record or "prompt_hash" in record:
        return _OLD
    return _MIDDLE if isinstance(record.get("filtered_resps"), list) else _NEW


def _answer(record: dict[str, Any], number: int, source: Source) -> tuple[str, ResponseStatus]:
    value = record.get("filtered_resps", record.get("resps"))
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        raise Unusable(f"the answer in 'filtered_resps' is {kind_of(value)}, not text")
    if "filtered_resps" in record and "<think>" in str(record.get("resps")) and "<think>" not in value:
        source.notes.add("lmms-eval took the model's thoughts out of the answer; what was judged was read", number)
    if value.startswith(FAILED_REQUEST):
        return value, "error"
    return value, "ok" if value.strip() else "empty"


def _scored(scores: dict[str, Any], how: JudgedBy, number: int, source: Source) -> ForeignReply:
    """What the harness read of a reply. Keys that come after the total were not in the reply; it filled them with 0.

    Forks keep more beside the scores, among it the reply itself; that is read then as any reply is.
    """
    raw = _words(scores, number, source)
    if raw is not None:
        return ForeignReply(clean(raw, number, source.notes), how, total=exact(scores.get(TOTAL)))
    source.notes.add(
        "lmms-eval keeps neither the judge's words nor its name; "
        f"{how.name!r} is who this version asks unless told otherwise (--judge to change)"
    )
    fractions: dict[str, Fraction | None] = {}
    before_total = list(scores)[: list(scores).index(TOTAL)] if TOTAL in scores else list(scores)
    for key, value in _of_components(scores).items():
        in_reply = key in before_total
        fraction = exact(value) if in_reply else None
        if in_reply and fraction is None:
            source.notes.add("a score is no number from 0 to 1 and was not taken", number)
        fractions[key] = fraction
    total = exact(scores.get(TOTAL))
    if TOTAL in scores and any(value is None for value in fractions.values()):
        source.notes.add("a score that lmms-eval did not find in the reply, and gave as 0, is taken as missing", number)
    warnings: tuple[str, ...] = ()
    if total == 0 and fractions and set(fractions.values()) == {Fraction(0)}:
        warnings = ("perhaps_no_reply",)
        source.notes.add(
            "all scores and the total are 0, which lmms-eval also writes where the judge did not answer", number
        )
    return ForeignReply(None, how, scores=Scores(fractions, warnings), total=total)


def _of_components(scores: dict[str, Any]) -> dict[str, Any]:
    """The entries that are scores of components, and not what a fork keeps beside them."""
    return {
        key: value
        for key, value in scores.items()
        if key != TOTAL and not key.startswith("_") and not isinstance(value, dict | list)
        and not (isinstance(value, str) and len(value) > _LONGEST_SCORE)
    }  # fmt: skip


def _words(scores: dict[str, Any], number: int, source: Source) -> str | None:
    """The judge's reply among what a fork keeps beside the scores, None where it keeps none."""
    beside = {key: value for key, value in scores.items() if key != TOTAL and key not in _of_components(scores)}
    words = {key: texts[0] for key, value in beside.items() if len(texts := texts_of(value)) == 1 and value}
    words = {key: text for key, text in words.items() if not isinstance(beside[key], dict)}
    found = next((key for key, text in words.items() if look_like_replies([text])), None)
    found = found or next((key for key in words if _REPLY.search(key)), None)
    others = [shorten(key) for key in beside if key != found]
    if others:
        source.notes.add(f"entries of {SCORE!r} that are no scores were not read: {', '.join(others[:5])}", number)
    if found is not None:
        source.notes.add(f"the judge's replies were read from {shorten(found)!r} in {SCORE!r}", number)
    return None if found is None else words[found]


def exact(value: object) -> Fraction | None:
    """The fraction of 0 to 1 that a harness wrote, whole or rounded: 0.6666666666666666 and 0.6667 are 2/3.

    None where the value is no such number.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        return None
    given = Fraction(value)
    for denominators, error in ((1000, Fraction(1, 10**9)), (20, Fraction(1, 2000))):
        near = given.limit_denominator(denominators)
        if abs(near - given) < error:
            return near
    return Fraction(str(value))


def _claim(head: Head) -> Claim:
    found = next((key for key in (SCORE, "filtered_resps") if key in head.keys), None)
    if found is None:
        return Claim(False, f"it has neither {SCORE!r} nor 'filtered_resps'")
    return Claim(True, f"it has {found!r}, as lmms-eval's samples")


FORMAT = Format(
    "lmms-eval",
    "lmms-eval's samples",
    _claim,
    kind=lambda head: "judged" if SCORE in head.keys else "responses",
    read=lambda source, head: read(source, SCORE in head.keys),
)
