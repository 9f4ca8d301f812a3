"""What a file is, told from its content; and what is refused, in one sentence."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miareview.errors import DataError, MiaReviewError
from miareview.formats.detect import detect, read_file
from miareview.formats.names import BENCHMARK_KEYS, KNOWN_KEYS

PEERS = Path(__file__).resolve().parents[2].parent / "shared" / "peer-outputs"


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_file(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"url": "http://a.b/c", "text": "x"}, "responses"),
        ({"text": "x"}, "responses"),
        ({"url": "http://a.b/c", "text": "x", "score_raw": "y"}, "judged"),
        ({"model_response": "x", "gpt4o_raw_response": "y", "components": []}, "judged"),
        ({key: [] for key in BENCHMARK_KEYS} | {"image": "a.b/c", "instruction": "x"}, "benchmark"),
        ({"score_raw": "y"}, None),
        ({"colour": "blue"}, None),
        ({"sample_score": {}, "messages": []}, "judged"),
        ({"model_output": {}, "messages": []}, "responses"),
        ({"gpt_eval_score": {}, "filtered_resps": "x"}, "judged"),
        ({"filtered_resps": "x", "input": "y"}, "responses"),
        ({"results": {}, "configs": {}}, None),
    ],
)
def test_the_content_decides_and_not_the_name(tmp_path: Path, record: dict[str, Any], kind: str | None) -> None:
    path = tmp_path / "misleading.xlsx"
    path.write_text(json.dumps(record))
    found = detect(path)
    assert found.kind == kind
    assert str(path) in found.sentence


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("vlmevalkit/*/*/T*/*.pkl", "pickle"),
        ("vlmevalkit/*/*/T*/*.csv", "neither JSON nor a table"),
    ],
)
def test_files_of_the_harnesses_that_are_no_records_are_refused(pattern: str, word: str) -> None:
    found = sorted(PEERS.glob(pattern))
    if not found:
        pytest.skip("the harnesses' files are not here")
    for path in found:
        assert word in refusal(path)


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "model_gpt-4o.tsv"
    path.write_bytes(pickle.dumps(_Trap(str(tmp_path / "sprung"))))
    assert "pickle" in refusal(path)
    assert not (tmp_path / "sprung").exists()


class _Trap:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.path,)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"[]", "empty list"),
        (b"[1, 2", "not valid JSON"),
        (b"[" * 100_000, "deep"),
        (b"[1, 2]", "no record"),
        (b'{"text": ', "no record"),
        (b'[{"text": "\xff"}]', "byte 0xff at offset 11"),
        (b"hello world\n", "neither JSON nor a table"),
        (b"colour,taste\nred,sweet\n", "neither JSON nor a table"),
        (b"id,taste\n1,sweet\n", "id, taste"),
        (b"text,text\na,b\n", "twice"),
        ("url,text\na,b\n".encode("utf-16-le"), "byte order mark"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0", "not text"),
        (b"SQLite format 3\0", "database"),
        (b"\x1f\x8b\x08", "compressed"),
        (b'{"\x1b[2J": 1}', "no known kind"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert word in refusal(path)


def test_missing_file_directory_and_impossible_name(tmp_path: Path) -> None:
    assert "no file" in refusal(tmp_path / "missing.json")
    assert "directory" in refusal(tmp_path)
    with pytest.raises(DataError, match="not a file name"):
        read_file("a\0b")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_permission_denied(tmp_path: Path) -> None:
    path = tmp_path / "locked.json"
    path.write_text("[]")
    path.chmod(0)
    assert "may not be read" in refusal(path)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
records = st.dictionaries(st.sampled_from(sorted(KNOWN_KEYS)) | st.text(max_size=5), values, max_size=8)


def reads_or_says(path: Path) -> None:
    try:
        reading = read_file(path)
    except MiaReviewError as error:
        said = str(error)
        reading = None
    if reading is None:
        assert str(path) in said
        return
    for row in reading.rows:
        words = [part for reply in row.replies for part in (reply.raw, reply.by.name)]
        for text in (row.text, row.model, row.instruction, row.url, *words):
            (text or "").encode("utf-8")
    for left in reading.left_out:
        assert left.reason


@settings(deadline=None)
@given(st.lists(values | records, max_size=4), st.booleans())
def test_any_json_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, found: Any, as_list: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(found) if as_list else "\n".join(json.dumps(one) for one in found))
    reads_or_says(path)


@settings(deadline=None)
@given(
    st.sampled_from([b"", b"{", b"[", b"url,text\n", b"\xff\xfeu\0r\0l\0", b"index\tprediction\tscore_raw\n"]),
    st.binary(),
)
def test_any_bytes_are_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, rest: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bytes"
    path.write_bytes(head + rest)
    reads_or_says(path)


def test_the_command_offers_every_format() -> None:
    from miareview.cli.import_ import _FORMATS
    from miareview.formats.detect import FORMATS

    assert set(_FORMATS) == set(FORMATS)
