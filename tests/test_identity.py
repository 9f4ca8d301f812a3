"""Ids written down: they stand in every database, so no change of the code may change them."""

from __future__ import annotations

import pytest

from miareview.identity import (
    RunningDigest,
    canonical_text,
    canonical_url,
    digest,
    item_id,
    judge_id,
    judgment_id,
    response_id,
)

ITEM = "4578254bed0a533a"
RESPONSE = "9a6b7b0beee047e2"
JUDGE = "5ff1a3f5b179e029"


def test_an_id_of_each_kind() -> None:
    assert item_id("MIA-Bench", "https://Pictures.Example/a b.jpg", " Say  »hé« twice. ") == ITEM
    assert response_id(ITEM, "model", "An answer.\n", "ok") == RESPONSE
    assert response_id(ITEM, "model", None, "missing") == "4628b21bba228feb"
    assert judge_id("gpt-4o", "points", '{"temperature":0}') == JUDGE
    assert judgment_id(RESPONSE, JUDGE, 0, "4/4") == "9dbb8b5bfb59a405"
    assert judgment_id(RESPONSE, JUDGE, 1, None, ["3.5", ""]) == "3835d0d30c5d11b0"
    assert digest("a", 1, None, "é") == "9c04b304a1c56b08"


def test_parts_do_not_run_together() -> None:
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest("a", "b", "c"), digest('a","b', "c")}) == 5


def test_what_makes_no_other_item() -> None:
    assert item_id("MIA-Bench", "http://PICTURES.example/a b.jpg ", "Say »hé«\ntwice.") == ITEM
    assert item_id("MIA-Bench", "pictures.example/A b.jpg", "Say »hé« twice.") != ITEM  # a path has its own letters
    assert item_id("mia-bench", "pictures.example/a b.jpg", "Say »hé« twice.") != ITEM
    assert canonical_url("HTTPS://Host.Example/Path?Q=1") == "host.example/Path?Q=1"
    assert canonical_text("\ta  b\r\n c ") == "a b c"


@pytest.mark.parametrize("parts", [0, 1, 999, 1000, 1001, 2500])
def test_a_running_digest_is_the_digest_of_its_parts(parts: int) -> None:
    running, made = RunningDigest(), [(place, 'é"', 0.5, None) for place in range(parts)]
    for part in made:
        running.add(part)
    assert running.hex() == digest(*made)
