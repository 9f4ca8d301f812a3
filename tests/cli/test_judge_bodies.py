"""`miareview judge run` against every way in which services answer: what is stored, the exit code, what was paid.

The same table stands in docs/judge.md.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import make_items, make_response
from standin.faults import Fault
from standin.server import KEY, StandIn

from miareview.cli.main import cli
from miareview.errors import MiaReviewError
from miareview.judge import runner
from miareview.store.store import Store

MODEL = "gpt-4o-2024-11-20"
QUESTIONS = 3
SEED = "--seed none"

# body: (statuses, exit code, requests, of them paid, what is said)
TABLE: dict[str, tuple[dict[str, int], int, int, int, str]] = {
    "deepseek_402": ({}, 4, 1, 0, "Insufficient Balance. Top up"),
    "mistral_422": ({}, 4, 1, 0, SEED),
    "mistral_400": ({}, 4, 1, 0, SEED),
    "fastapi_422": ({}, 4, 1, 0, SEED),
    "fastapi_text": ({"api_error": 3}, 4, 3, 0, "The picture is too large"),
    "gemini_400": ({}, 4, 1, 0, SEED),
    "openrouter_400": ({}, 4, 1, 0, SEED),
    "choice_502": ({"api_error": 3}, 4, 18, 18, "Upstream provider went away"),
    "choice_402": ({}, 4, 1, 1, "Insufficient credits"),
    "error_in_200": ({"api_error": 3}, 4, 18, 0, "Provider is busy"),
    "error_402_in_200": ({}, 4, 1, 0, "requires more credits"),
    "thoughts_only": ({"api_error": 3}, 4, 3, 3, "gave no reply"),
    "thoughts_cut": ({"api_error": 3}, 4, 3, 3, "--max-tokens"),
    "thinking_parts": ({"ok": 3}, 0, 3, 3, "3 ok"),
    "max_tokens": ({"warning": 3}, 0, 3, 3, "3 warning"),
    "MAX_TOKENS": ({"warning": 3}, 0, 3, 3, "3 warning"),
    "SAFETY": ({"warning": 3}, 0, 3, 3, "3 warning"),
}


@pytest.mark.parametrize("body", TABLE)
def test_what_a_body_comes_to(body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses, code, requests, paid, said = TABLE[body]
    monkeypatch.setattr(runner, "backoff", lambda failures, random: 0.0)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    db = tmp_path / "r.db"
    with Store.open(db, create=True) as store:
        items = make_items(QUESTIONS)
        store.add_items(items)
        store.add_responses([make_response(item, "alpha") for item in items])
    with StandIn([Fault(body)]) as server:
        words = [
            "judge",
            "run",
            "-m",
            MODEL,
            "--base-url",
            server.url,
            "--yes",
            "--picture",
            "none",
            "--concurrency",
            "1",
        ]
        done = CliRunner().invoke(cli, ["--db", str(db), *words])
        asked = [one for one in server.log()["requests"] if one["path"].endswith("completions")]
    error = done.exception if isinstance(done.exception, MiaReviewError) else None
    with sqlite3.connect(db) as connection:
        kept = Counter(status for (status,) in connection.execute("select status from judgment"))
    answered = sum(one["status"] == 200 for one in asked) if not body.startswith("error_") else 0
    assert (kept, int(error.exit_code) if error else done.exit_code, len(asked), answered) == (
        statuses,
        code,
        requests,
        paid,
    )
    assert said in f"{done.output} {error or ''}"
