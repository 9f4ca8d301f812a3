"""Every file that the harnesses wrote, imported as a user would, beside what was really sent and meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import commands
import pytest

from miareview.formats.detect import read_file
from miareview.importing.ingest import FileResult, ingest
from miareview.model import Item, Judge, Judgment, Response
from miareview.store.store import Store

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
PEERS = SHARED / "peer-outputs"
BENCHMARK = SHARED / "mia-bench" / "instruction_benchmark_all.json"
if not (PEERS / "expected.json").exists():
    pytest.skip("no files of other harnesses here", allow_module_level=True)

EXPECTED: dict[str, Any] = json.loads((PEERS / "expected.json").read_text("utf-8"))
FAILED = "Failed to obtain answer via API."

# run: (files, harness as it is labelled, the final score that the harness gave out, and of how many of the 41)
RUNS = {
    "vlm_sub41_xlsx": ("vlmevalkit/sub41_xlsx/model-a/T*/*.xlsx", "VLMEvalKit", "0.66923", 26),
    "vlm_sub41_tsv": ("vlmevalkit/sub41_tsv/model-a/T*/*.tsv", "VLMEvalKit", "0.66923", 26),
    "lmms_sub41": ("lmms_eval/v0.7.3/sub41/model-a/*.jsonl", "lmms-eval 0.7", "0.56396", 41),
    "lmms_v0.3.5_sub41": ("lmms_eval/v0.3.5/sub41/*.jsonl", "lmms-eval 0.3", "0.71220", 41),
    "evalscope_new_sub41": ("evalscope/v1.14.1/**/model-a/*.jsonl", "EvalScope 1.14", "0.7032", 31),
    "evalscope_old_sub41": ("evalscope/v1.10.0/**/model-a/*.jsonl", "EvalScope 1.10", "0.5725", 41),
}
STATUS = {
    "refusal": "refused", "empty_judge": "empty", "api_error": "api_error",
    "missing_component": "partial", "truncated": "partial",
    "wrong_denominator_rescaled": "warning", "over_max": "warning", "out_of_range": "warning",
    "total_mismatch": "warning", "missing_total": "warning", "extra_component": "warning",
    "extra_key_total_mismatch": "warning", "two_json_objects": "warning",
}  # fmt: skip

# lmms-eval keeps what it read and not the reply. Where that is less than the reply said, or can mean two things, this
# is what its file can tell: item -> (status, points, why).
Told = dict[int, tuple[str, list[Fraction | None] | None, str]]
_LOST = "the harness found no score in this layout, and gave 0 for each"
_ZEROS = "0 for everything is also what it writes for a call that failed"
LMMS_7: Told = {
    2: ("unparsed", None, _LOST),
    3: ("unparsed", None, "a refusal leaves the same as an unknown layout"),
    4: ("partial", [Fraction(4), Fraction(3), None], "2.5/3 is no whole number, so it was not found"),
    5: ("ok", [Fraction(6), Fraction(2)], "2/2 and 4/8 are kept as fractions, so the denominators are not seen"),
    10: ("warning", [Fraction(0)] * 3, _ZEROS),
    12: ("warning", [Fraction(0)] * 3, _ZEROS),
    13: ("warning", [Fraction(0)] * 4, "the reasons repeat the scores as 0, and the last match counted"),
    14: ("warning", [Fraction(0)] * 2, _ZEROS + "; here it did fail"),
    20: ("ok", [Fraction(4), Fraction(2), Fraction(3)], "5/4 was clamped before it was kept"),
    22: ("ok", [Fraction(4), Fraction(3), Fraction(3)], "the invented component was dropped before"),
    24: ("unparsed", None, _LOST),
    26: ("unparsed", None, _LOST),
    28: ("unparsed", None, _LOST),
    29: ("warning", [Fraction(0)] * 4, _ZEROS),
    193: ("unparsed", None, _LOST),
    207: ("warning", [Fraction(0)] * 2, _ZEROS),
    209: ("warning", [Fraction(0)] * 2, _ZEROS + "; here the reply was empty"),
    263: ("unparsed", None, _LOST),
}
LMMS_3: Told = {
    10: ("warning", [Fraction(0)] * 3, _ZEROS),
    12: ("warning", [Fraction(0)] * 3, _ZEROS),
    29: ("warning", [Fraction(0)] * 4, _ZEROS),
    207: ("warning", [Fraction(0)] * 2, _ZEROS),
}


class Run:
    """One run in a database of its own: benchmark, then every file of the run through `ingest`."""

    def __init__(self, run: str, db: Path) -> None:
        pattern, self.harness, _, _ = RUNS[run]
        self.run = run
        self.records = {r["item"]: r for r in EXPECTED["records"] if r["run"] == run}
        readings = [read_file(path) for path in sorted(PEERS.glob(pattern)) if not path.is_symlink()]
        readings.sort(key=lambda reading: ("benchmark", "responses", "judged").index(reading.kind))
        self.pictures: dict[int, list[bytes]] = {}
        self.store = Store.open(db, create=True)
        ingest(read_file(BENCHMARK), self.store)
        self.results: list[FileResult] = [ingest(r, self.store, keep_picture=self.keep) for r in readings]
        self.again: list[FileResult] = [ingest(r, self.store, keep_picture=self.keep) for r in readings]
        self.items = {item.index: item for item in self.store.items()}
        index = {item.id: item.index for item in self.items.values()}
        self.responses: dict[int, list[Response]] = {}
        for response in self.store.responses():
            self.responses.setdefault(index[response.item], []).append(response)

    def keep(self, item: Item, data: bytes, source: str) -> str:
        self.pictures.setdefault(item.index, []).append(data)
        return "new"

    def judgment(self, item: int) -> Judgment:
        (response,) = self.responses[item]
        (judgment,) = self.store.judgments(response.id)
        return judgment

    def judge(self) -> Judge:
        (judge,) = self.store.judges()
        return judge


@pytest.fixture(scope="module", params=list(RUNS))
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    made = Run(request.param, tmp_path_factory.mktemp("peer") / "run.db")
    yield made
    made.store.close()


def written(record: dict[str, Any]) -> str:
    """The answer as the harness kept it, without the damage that a workbook does."""
    sent = EXPECTED["long_text"] if record["response_sent"] == "@long_text" else record["response_sent"] or ""
    if record["response_stored_same"]:
        return str(sent)
    stored = str(record["response_stored"])
    if stored.startswith("<32767 chars"):
        return str(sent)[:32767]
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found.group(1), 16)), stored)


def test_every_record_of_every_file_is_taken(run: Run) -> None:
    assert len(run.records) == 41
    for result in run.results:
        assert (result.read, result.left_out) == (41, ())
    assert sum(result.new for result in run.results if result.kind == "judged") == 41
    assert [(result.new, result.new_responses) for result in run.again] == [(0, 0)] * len(run.again)
    assert {item: len(found) for item, found in run.responses.items()} == dict.fromkeys(run.records, 1)


def test_answers_are_those_that_were_sent(run: Run) -> None:
    for item, record in run.records.items():
        (response,) = run.responses[item]
        assert response.text == written(record), item
        error = response.text.startswith(FAILED)
        assert response.status == ("error" if error else "ok" if response.text.strip() else "empty"), item
    errors = [item for item, (response,) in run.responses.items() if response.status == "error"]
    assert errors == ([207] if run.harness == "VLMEvalKit" else [])


def test_judgments_are_as_they_were_meant(run: Run) -> None:
    told = {"lmms_sub41": LMMS_7, "lmms_v0.3.5_sub41": LMMS_3}.get(run.run, {})
    differing = set()
    for item, record in run.records.items():
        judgment, (meant,) = run.judgment(item), record["judges"]
        status = STATUS.get(meant["status"], "ok")
        if run.harness == "VLMEvalKit" and meant["status"] == "empty_judge":
            status = "api_error"  # it asks again for an empty reply, and then writes its words for a failed call
        readable = meant["points_readable"] or [None] * len(meant["weights"])
        points = [None if value is None else Fraction(str(value)) for value in readable]
        found = judgment.status, [score.points for score in judgment.sub_scores]
        if item in told:
            differing.add(item)
            assert found == (told[item][0], told[item][1] or [None] * len(points)), (item, told[item][2])
            assert found != (status, points), item
        else:
            assert found == (status, points), (item, meant["status"])
        if run.harness.startswith("lmms"):
            assert judgment.raw is None
        elif meant["reply"] is None or (run.harness == "VLMEvalKit" and not meant["reply"]):
            assert judgment.raw is None or judgment.raw.startswith((FAILED, "[ERROR]"))
        else:
            assert judgment.raw == meant["reply"].strip() or judgment.raw == meant["reply"], item
    assert differing == set(told)


def test_the_harness_total_of_every_record(run: Run) -> None:
    for item, record in run.records.items():
        total = run.judgment(item).harness_total
        assert (None if total is None else float(total)) == pytest.approx(record["harness_total"], abs=1e-12), item


def test_the_final_score_that_the_harness_gave_out(run: Run) -> None:
    _, _, score, of = RUNS[run.run]
    totals = [total for item in run.records if (total := run.judgment(item).harness_total) is not None]
    assert len(totals) == of
    mean = float(sum(totals, Fraction(0)) / len(totals))
    assert f"{mean:.{len(score) - 2}f}" == score


def test_who_judged_and_whether_it_saw_the_picture(run: Run) -> None:
    judge = run.judge()
    assert judge.harness == run.harness
    assert judge.sees_image is (run.harness == "VLMEvalKit")
    sent = {record["judges"][0]["judge"] for record in run.records.values()}
    # VLMEvalKit's file has the alias under which it looks the model up.
    assert judge.name == ("gpt-4o" if run.harness == "VLMEvalKit" else sent.pop())
    assert {record["judges"][0]["image_sent_to_judge"] for record in run.records.values()} == {judge.sees_image}


def test_models_have_their_names_from_the_record_the_file_or_the_folder(run: Run) -> None:
    names = {response.model for found in run.responses.values() for response in found}
    if run.run == "lmms_v0.3.5_sub41":  # this version has no folder for the model
        assert names == {"20261124_035557_samples_mia_bench"}
        assert any("--model" in warning for warning in run.results[0].warnings)
    else:
        assert names == {"model-a"}


def test_pictures_come_with_evalscope(run: Run) -> None:
    if not run.harness.startswith("EvalScope"):
        assert not run.pictures
        return
    assert set(run.pictures) == set(run.records)
    for found in run.pictures.values():
        assert len(set(found)) == 1
    assert len({found[0] for found in run.pictures.values()}) == 41


@pytest.mark.parametrize("judged_first", [True, False])
@pytest.mark.parametrize("answers", ["xlsx", "tsv"])
def test_what_the_judged_workbook_lost_is_joined_in_either_order(
    answers: str, judged_first: bool, tmp_path: Path
) -> None:
    (predictions,) = PEERS.glob(f"vlmevalkit/sub41_{answers}/model-a/T*/model-a_MIA-Bench.{answers}")
    (judged,) = PEERS.glob("vlmevalkit/sub41_xlsx/model-a/T*/model-a_MIA-Bench_gpt-4o.xlsx")
    with Store.open(tmp_path / "j.db", create=True) as store:
        ingest(read_file(BENCHMARK), store)
        paths = [judged, predictions] if judged_first else [predictions, judged]
        results = [ingest(read_file(path), store) for path in paths]
        assert any("put to" in warning for warning in results[1].warnings)
        index = {item.id: item.index for item in store.items()}
        # The newest answer of a model to an item is the one that counts.
        whole = {index[response.item]: response for response in store.responses()}
        assert [whole[item].text for item in (12, 29)] == ["NA", "None"]
        assert len(whole[15].text) == (32767 if answers == "xlsx" else len(EXPECTED["long_text"]))
        for item in (12, 15, 29):
            (judgment,) = store.judgments(whole[item].id)
            assert judgment.status == "ok"
        counts = len(store.responses())
        for path in paths:
            ingest(read_file(path), store)
        assert len(store.responses()) == counts


def test_a_whole_tree_is_one_path(tmp_path: Path) -> None:
    done = commands.run("import", "--json", str(BENCHMARK), str(PEERS), db=tmp_path / "r.db")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [file.get("error") for file in found["files"]] == [None] * 13
    assert all(file["read"] == 41 and not file["left_out"] for file in found["files"][1:])
    assert {Path(path).suffix for path in found["passed_over"]} == {".pkl", ".csv", ".md", ".json"}
    again = [path for path in found["again"] if not path.endswith((".pkl", ".csv"))]
    assert len(again) == 4  # the links above the folders T…
    assert done.stderr.count("Passed over") == 2


def test_the_benchmark_with_pictures(tmp_path: Path) -> None:
    pictures: dict[str, set[bytes]] = {}

    def keep(item: Item, data: bytes, source: str) -> str:
        pictures.setdefault(item.id, set()).add(data)
        return "new"

    tsv, parquet = PEERS / "inputs/sub41/LMUData/MIA-Bench.tsv", next(PEERS.glob("inputs/**/*.parquet"))
    with Store.open(tmp_path / "b.db", create=True) as store:
        ingest(read_file(BENCHMARK), store)
        before = store.items()
        for path in (tsv, parquet):
            result = ingest(read_file(path), store, keep_picture=keep)
            assert (result.read, result.new, result.unchanged) == (41, 0, 41)
            assert result.pictures == {"new": 41}
        assert store.items() == before
    assert len(pictures) == 41
    assert all(len(found) == 1 for found in pictures.values())  # the same bytes from both

    # Without an address an item goes by its picture; the published list, later, is known to be the same items.
    with Store.open(tmp_path / "p.db", create=True) as store:
        alone = ingest(read_file(parquet), store)
        assert (alone.read, alone.new) == (41, 41)
        later = ingest(read_file(BENCHMARK), store)
        assert (later.new, later.unchanged) == (359, 41)
        assert len(store.items()) == 400
