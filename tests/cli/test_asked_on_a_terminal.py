"""A file that two formats claim: asked about in a real terminal, refused in a sentence elsewhere."""

from __future__ import annotations

import json
import os
import pty
import select
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from commands import run
from conftest import make_items

from miareview.store.store import Store

ASKED = b"Read it as"
READING = 0.3  # seconds until a person answers
DEADLINE = 60  # seconds


def in_terminal(words: list[str], answers: list[bytes]) -> tuple[int, str]:
    """Run the command in a pseudo-terminal, giving an answer at each question: its exit code and all it wrote."""
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            os.execv(sys.executable, [sys.executable, "-m", "miareview", *words])
        finally:
            os._exit(127)
    written, asked, end = b"", 0, time.monotonic() + DEADLINE
    with suppress(OSError):  # the other side is closed
        while time.monotonic() < end:
            if not select.select([terminal], [], [], 0.1)[0]:
                continue
            data = os.read(terminal, 65536)
            if not data:
                break
            written += data
            if written.count(ASKED) > asked and asked < len(answers):
                time.sleep(READING)
                os.write(terminal, answers[asked])
                asked += 1
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), written.decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The benchmark's columns, and a column of replies that may be named after a judge or after the model judged."""
    (item, *_) = make_items(1)
    with Store.open(tmp_path / "r.db", create=True) as store:
        store.add_items([item])
    path = tmp_path / "both.json"
    scores = ", ".join(f"score of component {c.position}: 1/{c.weight}" for c in item.components)
    record = {
        "image": item.image_url,
        "instruction": item.instruction,
        "type": item.difficulty,
        "components": [component.text for component in item.components],
        "component_weight": list(item.weights),
        "component_type": [component.category for component in item.components],
        "score_llava": f"S{scores[1:]}, total score: {len(item.weights)}/10. So.",
    }
    path.write_text(json.dumps([record]), encoding="utf-8")
    return path


def test_a_person_at_a_terminal_is_asked_and_again_where_the_answer_is_none(file: Path) -> None:
    db = file.with_name("r.db")
    code, said = in_terminal(["--db", str(db), "import", str(file)], [b"both\n", b"notebook\n"])
    assert "can be read in 2 ways:" in said
    assert said.count("Read it as") == 2
    assert "judged results of notebook" in said
    assert code == 0
    with Store.open(db, reading=True) as store:
        assert [(response.model, len(store.judgments(response.id))) for response in store.responses()] == [
            ("score_llava", 1)
        ]


def test_leaving_the_question_leaves_everything_as_it_was(file: Path) -> None:
    code, said = in_terminal(["--db", str(file.with_name("r.db")), "import", str(file)], [b"\x03"])
    assert "Traceback" not in said
    assert code == 130, said
    with Store.open(file.with_name("r.db"), reading=True) as store:
        assert store.responses() == []


def test_elsewhere_it_is_refused_in_a_sentence_that_names_both(file: Path) -> None:
    done = run("import", str(file), db=file.with_name("r.db"))
    assert done.returncode == 3
    (sentence,) = done.stderr.splitlines()
    assert "can be read as" in sentence
    assert sentence.endswith("Say which: --format judged or --format notebook.")
