"""Judging what is in the store: which responses to ask about, with which picture, and where the answers go."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from miareview.errors import DataError
from miareview.images.library import PictureLibrary
from miareview.images.send import Sendable, blank_url, data_url, sendable
from miareview.judge.budget import Budget, Prices, Tokens, tokens_of
from miareview.judge.request import PICTURE_BYTES, PICTURE_QUALITY, PICTURE_SIDE, Ask, JudgeSettings, body
from miareview.judge.runner import Asking, Prepared, Progress, Question, Run
from miareview.model import Call, Item, Judgment, Response
from miareview.review.named import find_benchmark
from miareview.store.batches import in_flight
from miareview.store.columns import newest_answers
from miareview.store.judged import answered, failed
from miareview.store.queues import queue
from miareview.store.store import Store


@dataclass(frozen=True, slots=True)
class Selection:
    """Which responses to judge: those of a queue, or the newest of every item and model of a benchmark; of these
    models and items (by number) only, where any are named. `limit` is the most questions of one run.
    """

    queue: str | None = None
    models: tuple[str, ...] = ()
    items: tuple[int, ...] = ()
    benchmark: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do. `questions` are those to ask, `again` of them only failed so far; `done` are answered.

    `not_ok` counts responses without an answer of the model, by status; `without_picture` are (item, reason) of items
    whose questions wait for a picture, `unseen` the number of those questions; `beyond` were cut off by the limit;
    `on_their_way` are in a batch that is not collected yet.
    """

    settings: JudgeSettings
    questions: tuple[Question, ...]
    done: int = 0
    again: int = 0
    not_ok: Counter[str] | None = None
    without_picture: tuple[tuple[Item, str], ...] = ()
    unseen: int = 0
    beyond: int = 0
    on_their_way: int = 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a plan will take: requests without retries, usual prompt tokens, the most completion tokens; dollars at
    most, None without prices."""

    requests: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


class Pictures:
    """Pictures as a judge is sent them, made ready when they are asked for. Safe to use from several threads."""

    def __init__(self, library: PictureLibrary) -> None:
        self.library = library
        # The responses to one item are asked about one after the other; more than that is not worth the memory.
        self._url = lru_cache(maxsize=16)(self._make_url)
        self.look = lru_cache(maxsize=None)(self._look)

    def why_not(self, item: Item) -> str:
        """Why the item's picture cannot be sent, "" where it can."""
        try:
            self.look(item)
        except DataError as error:
            return error.message
        return ""

    def size(self, settings: JudgeSettings, item: Item) -> tuple[int, int] | None:
        return None if settings.picture == "none" else self.look(item).size

    def url(self, settings: JudgeSettings, item: Item) -> str | None:
        """The data URL that these settings send with the item. Raises `DataError` where there is no such picture."""
        return None if settings.picture == "none" else self._url(item, settings.picture == "blank")

    def _make_url(self, item: Item, blank: bool) -> str:
        found = self.look(item)
        return blank_url(found.size) if blank else data_url(found, PICTURE_SIDE, PICTURE_QUALITY)

    def _look(self, item: Item) -> Sendable:
        path = self.library.find(item)
        if path is None:
            raise DataError(self.library.why_not(item))
        return sendable(path, PICTURE_SIDE, PICTURE_BYTES)


def make_plan(
    store: Store,
    settings: JudgeSettings,
    pictures: Pictures,
    selection: Selection = Selection(),
    repeats: int = 1,
    *,
    without_picture: bool = False,
) -> Plan:
    """What is left to ask of the judge that the settings are, each response `repeats` times.

    A question is done when this judge's answer to it is stored, of whatever kind; failed calls are asked again, and
    what is in a batch that is not collected yet is not. Items without a picture are left out, or with
    `without_picture` asked of the judge that is sent none, which is another judge. Raises `DataError` where the
    selection names what is not there or holds nothing, and where no picture is there at all.
    """
    blind = replace(settings, picture="none")
    not_ok: Counter[str] = Counter()
    missing: dict[str, tuple[Item, str]] = {}
    known = {kind.picture: _answers(store, kind) for kind in (settings, blind)}
    questions: list[Question] = []
    done = again = unseen = on_their_way = 0
    responses = list(_selected(store, selection))
    if not responses:
        raise DataError("There are no responses to judge here.", "Import some, or select others.")
    for item, response in responses:
        if response.status != "ok":
            not_ok[response.status] += 1
            continue
        how = settings
        if settings.picture != "none" and (reason := pictures.why_not(item)):
            missing[item.id] = item, reason
            if not without_picture:
                unseen += repeats
                continue
            how = blind
        there, gone_wrong, sent = known[how.picture]
        for repeat in range(repeats):
            if (response.id, repeat) in there:
                done += 1
                continue
            if (response.id, repeat) in sent:
                on_their_way += 1
                continue
            again += (response.id, repeat) in gone_wrong
            questions.append(Question(how, Ask(item, response, repeat)))
    if unseen and not (questions or done or on_their_way):
        raise DataError(
            "No picture of what is to be judged is here, and this judge is to see them.",
            f"{next(iter(missing.values()))[1]} To ask without pictures, which is another judge: --picture none",
        )
    kept = questions[: selection.limit]
    beyond = len(questions) - len(kept)
    return Plan(settings, tuple(kept), done, again, not_ok, tuple(missing.values()), unseen, beyond, on_their_way)


def _answers(store: Store, settings: JudgeSettings) -> tuple[set[tuple[str, int]], ...]:
    """(response, repeat) of what is answered, of what only failed so far, and of what is in a batch."""
    judge = settings.as_judge().id
    return answered(store, judge), failed(store, judge), in_flight(store, judge)


def _selected(store: Store, selection: Selection) -> Iterator[tuple[Item, Response]]:
    """The responses of the selection with their items, in the queue's order or the benchmark's."""
    items = {item.id: item for item in store.items()}
    responses = {response.id: response for response in store.responses()}
    for model in selection.models:
        if not any(response.model == model for response in responses.values()):
            raise DataError(f"There are no responses of {model!r}.", f"Models: {', '.join(store.models()) or 'none'}.")
    if selection.queue is not None:
        ids = [row.response for row in queue(store, selection.queue).rows]
    else:
        benchmark = find_benchmark(store, selection.benchmark)
        newest = {id for id, _ in newest_answers(store).values()}
        ids = [id for id, one in responses.items() if id in newest and items[one.item].benchmark == benchmark]
    numbers = {items[responses[id].item].index for id in ids}
    if unknown := sorted(set(selection.items) - numbers):
        raise DataError(f"There is no response to item {unknown[0]} here.", "Items are numbered from 0.")
    for id in ids:
        response = responses[id]
        item = items[response.item]
        if (not selection.models or response.model in selection.models) and (
            not selection.items or item.index in selection.items
        ):
            yield item, response


def question_body(question: Question, pictures: Pictures) -> dict[str, Any]:
    """The body of one question, with its picture. Raises `DataError` where picture or template do not serve."""
    return body(question.settings, question.ask, pictures.url(question.settings, question.ask.item))


def preparing(pictures: Pictures) -> Callable[[Question], Prepared]:
    """What the runner makes bodies with."""

    def prepare(question: Question) -> Prepared:
        try:
            made = question_body(question, pictures)
        except OSError as error:
            raise DataError(
                f"The picture of item {question.ask.item.index} cannot be read: {error.strerror}."
            ) from error
        return Prepared(made, tokens_of(made, pictures.size(question.settings, question.ask.item)))

    return prepare


def keeping(store: Store) -> Callable[[JudgeSettings, Judgment, Call], None]:
    """What the runner keeps answers with: on disk when it returns."""

    def keep(settings: JudgeSettings, judgment: Judgment, call: Call) -> None:
        store.add_judgments(settings.as_judge(), [judgment], [call])

    return keep


def estimate(questions: Sequence[Question], pictures: Pictures, prices: Prices) -> Estimate:
    """What the questions take without retries; the pictures are counted, not read. Raises as `question_body`."""
    usual = completion = 0
    for tokens in tokens_each(questions, pictures):
        usual += tokens.usual
        completion += tokens.completion
    return Estimate(len(questions), usual, completion, prices.cost(usual, completion))


def tokens_each(questions: Iterable[Question], pictures: Pictures) -> Iterator[Tokens]:
    """The tokens of each question; its picture is looked at, not read. Raises as `question_body`."""
    for question in questions:
        size = pictures.size(question.settings, question.ask.item)
        made = body(question.settings, question.ask, None if size is None else "data:")
        yield tokens_of(made, size)


def shown_body(question: Question, pictures: Pictures) -> dict[str, Any]:
    """The body of one question as it would be sent, the picture's bytes as their SHA-256 and number. Raises as
    `question_body`.
    """
    made = question_body(question, pictures)
    for message in made["messages"]:
        for part in message["content"] if isinstance(message["content"], list) else ():
            if part["type"] == "image_url":
                head, _, data = part["image_url"]["url"].partition(",")
                content = base64.b64decode(data)
                told = f"{head},<{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}>"
                part["image_url"] = {**part["image_url"], "url": told}
    return made


async def judge(
    store: Store,
    plan: Plan,
    pictures: Pictures,
    client: Asking,
    budget: Budget,
    concurrency: int,
    show: Callable[[Progress], None] = lambda progress: None,
) -> Progress:
    """Ask the plan's questions, so many at a time. SIGINT and SIGTERM end the run, with what was answered kept."""
    run = Run(client, budget, preparing(pictures), keeping(store), show)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # not on Windows, where Ctrl-C ends the loop
            loop.add_signal_handler(number, run.interrupt)
    try:
        return await run.ask_all(plan.questions, concurrency)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
