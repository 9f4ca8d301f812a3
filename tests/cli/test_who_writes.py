"""A name that the database does not know is asked about on a terminal, until the answer is one that it knows."""

from collections.abc import Iterator
from types import SimpleNamespace

import click
import pytest

from miareview.cli import looking
from miareview.cli.looking import writer
from miareview.store.ledger import append
from miareview.store.register import new_reviewer, person_of
from miareview.store.store import Store


@pytest.fixture
def answers(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What will be typed; ann is known."""
    append(store, new_reviewer("ann"))
    typed: list[str] = []
    terminal = SimpleNamespace(isatty=lambda: True)
    monkeypatch.setattr(looking, "sys", SimpleNamespace(stdin=terminal, stdout=terminal))
    monkeypatch.setattr(click, "prompt", lambda *_, **__: typed.pop(0))
    yield typed
    assert typed == []


def test_an_answer_that_is_no_name_is_asked_again(
    store: Store, answers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers += ["y", " Ann "]
    assert writer(store, "anne") == "ann"
    assert person_of(store, "anne") == "ann"
    said = capsys.readouterr().err
    assert "New reviewer anne. This database knows ann (0 reviews)." in said
    assert "Nobody is called 'y' here." in said


def test_nothing_is_the_answer_of_a_new_person(store: Store, answers: list[str]) -> None:
    answers += [""]
    assert writer(store, "ben") == "ben"
    assert writer(store, "BEN") == "ben"
    assert writer(store, "cem", new=True) == "cem"
