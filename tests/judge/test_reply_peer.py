"""Every judge reply that was sent to the harnesses is read as it was meant, and lost where the notebook lost it."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from miareview.judge.published import published_total
from miareview.judge.reply import parse_reply

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
EXPECTED = SHARED / "peer-outputs" / "expected.json"
BENCHMARK = SHARED / "mia-bench" / "instruction_benchmark_all.json"
STATUS = {
    "refusal": "refused", "empty_judge": "empty", "api_error": "empty",
    "missing_component": "partial", "truncated": "partial",
    "wrong_denominator_rescaled": "warning", "over_max": "warning", "out_of_range": "warning",
    "total_mismatch": "warning", "missing_total": "warning", "extra_component": "warning",
    "extra_key_total_mismatch": "warning", "two_json_objects": "warning",
}  # fmt: skip
WARNINGS = {
    "wrong_denominator_rescaled": "wrong_denominator", "over_max": "above_weight", "out_of_range": "above_weight",
    "total_mismatch": "total_mismatch", "missing_total": "missing_total", "extra_component": "extra_component",
    "extra_key_total_mismatch": "total_mismatch", "two_json_objects": "several_objects",
}  # fmt: skip

if not EXPECTED.exists():
    pytest.skip("no files of other harnesses here", allow_module_level=True)

RECORDS: list[dict[str, Any]] = json.loads(EXPECTED.read_text("utf-8"))["records"]
JUDGES = [(record, judge) for record in RECORDS for judge in record["judges"]]


def test_there_are_replies() -> None:
    assert len(JUDGES) > 200


@pytest.mark.parametrize(("record", "judge"), JUDGES, ids=lambda part: part.get("status", part.get("run")))
def test_reply_is_read_as_meant(record: dict[str, Any], judge: dict[str, Any]) -> None:
    weights = judge["weights"]
    reading = parse_reply(judge["reply"], weights)
    readable = judge["points_readable"] or [None] * len(weights)
    assert reading.points == [None if value is None else Fraction(str(value)) for value in readable]
    assert reading.status == STATUS.get(judge["status"], "ok"), reading
    if judge["status"] in WARNINGS:
        assert WARNINGS[judge["status"]] in reading.warnings
    if judge["total_written"] is not None:
        assert reading.stated_total is not None
        assert reading.stated_total[0] == Fraction(str(judge["total_written"]))
    for value, span in zip(reading.points, reading.spans, strict=True):
        assert (value is None) == (span is None)
        if span:
            assert judge["reply"][slice(*span)][0] in "0123456789½."


@pytest.mark.parametrize(
    ("record", "judge"),
    [(record, judge) for record, judge in JUDGES if record["harness"] == "vlmevalkit"],
    ids=lambda part: part.get("status", part.get("run")),
)
def test_published_total_is_what_the_harness_used(record: dict[str, Any], judge: dict[str, Any]) -> None:
    item = json.loads(BENCHMARK.read_text("utf-8"))[record["item"]]
    reply = judge["reply"] or "Failed to obtain answer via API."
    total = published_total(reply, item["component_type"])
    assert (None if total is None else float(total)) == record["harness_total"]
