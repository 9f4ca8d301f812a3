"""The records that travel through miareview: frozen, plain, free of any library.

Points are `Fraction`s of the component's weight, never floats; a missing value is None, never 0.
Component positions start at 1, as in the judge's replies ("score of component 1").
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

CATEGORIES = ("describe", "mention", "length_limit", "linguistics", "grammar", "textual", "math", "perspective")
DIFFICULTIES = ("basic", "intermediate", "complex", "advanced", "creative")

ResponseStatus = Literal["ok", "error", "empty", "missing"]
JudgmentStatus = Literal["ok", "warning", "partial", "refused", "api_error", "empty", "unparsed"]
Design = Literal["random", "stratified", "rule", "all", "second", "training", "again"]
"""How a queue came about; see `db/README.md`."""

Reveal = Literal["end", "each", "never"]
REVEALS: tuple[Reveal, ...] = ("end", "each", "never")
"""When a queue shows the judge: once all of it is done, after each commit, or never by a commit."""

LabelSource = Literal["settled", "unanimous", "single", "disputed", "assisted", "none"]
LABELS: tuple[LabelSource, ...] = ("settled", "unanimous", "single")

REASONS = (
    "hallucinated visual", "miscount", "ignored image", "wrong component",
    "too strict", "too lenient", "contradicts itself", "parse",
)  # fmt: skip
UNGRADABLE_REASONS = ("ambiguous", "needs a missing image", "contradictory", "I cannot tell")


@dataclass(frozen=True, slots=True)
class Component:
    """One sub-instruction of an item; `weight` is what it is worth in points."""

    position: int
    category: str
    text: str
    weight: int


@dataclass(frozen=True, slots=True)
class Item:
    """One image-instruction pair; `index` is its row in the benchmark file, from 0."""

    id: str
    benchmark: str
    index: int
    image_url: str
    instruction: str
    difficulty: str
    components: tuple[Component, ...]

    @property
    def weights(self) -> tuple[int, ...]:
        return tuple(component.weight for component in self.components)

    @property
    def total(self) -> int:
        return sum(self.weights)


@dataclass(frozen=True, slots=True)
class Response:
    """What one model answered to one item (`item` is the item's id). `text` is verbatim."""

    id: str
    item: str
    model: str
    text: str
    status: ResponseStatus


@dataclass(frozen=True, slots=True)
class Judge:
    """A model with a prompt and parameters (canonical JSON) that scores responses."""

    id: str
    name: str
    prompt: str = ""
    parameters: str = "{}"
    sees_image: bool | None = None

    @property
    def harness(self) -> str:
        """The harness that asked this judge, as its parameters name it; "" where none did or it is not known."""
        return str(self._parameter("harness"))

    @property
    def label(self) -> str:
        """The name, and what tells this judge from others of that name: its prompt or harness, a picture not shown."""
        picture = {"blank": "blank picture", "none": "no picture"}.get(str(self._parameter("picture")), "")
        told = ", ".join(word for word in (self.prompt or self.harness, picture) if word)
        return f"{self.name} ({told})" if told else self.name

    def _parameter(self, name: str) -> object:
        return json.loads(self.parameters).get(name, "")


@dataclass(frozen=True, slots=True)
class SubScore:
    """Points of one component as read from a judge's reply; `start`, `end` say where in the raw reply."""

    position: int
    points: Fraction | None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Judgment:
    """One raw reply of a judge on one response (`response`, `judge` are ids), and what was read from it.

    `stated_total` is (points, of) as the judge wrote it; `published_total` is the total as a fraction of 1 that the
    published notebook would have read from the same reply, None where it would have lost the reply. `harness_total` is
    the total that the harness which wrote the file went on with, None where it had none for this reply. `raw` is None
    where the call failed, or where the harness kept the scores and not the reply.
    """

    id: str
    response: str
    judge: str
    repeat: int
    raw: str | None
    status: JudgmentStatus
    warnings: tuple[str, ...] = ()
    stated_total: tuple[Fraction, Fraction] | None = None
    published_total: Fraction | None = None
    sub_scores: tuple[SubScore, ...] = ()
    harness_total: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """How a reply came about that miareview asked for (`judgment` is an id); facts of the API, None where not told.

    `model` is the one that says it answered, `seconds` the time of the last attempt, `attempts` how many requests were
    sent, `error` why there is no reply, `batch` the id of the batch it came from.
    """

    id: str
    judgment: str
    at: str
    model: str | None = None
    request_id: str | None = None
    finish_reason: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float | None = None
    attempts: int = 1
    error: str | None = None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class CallTotals:
    """What asking a judge took, over all its calls. `untold` calls did not say how many tokens they used.

    `failed` calls brought no reply, `requests` counts repeated attempts too; `seconds` is over the `timed` calls.
    """

    calls: int = 0
    requests: int = 0
    failed: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    untold: int = 0
    seconds: float = 0.0
    timed: int = 0


@dataclass(frozen=True, slots=True)
class JudgeRun:
    """What a judge did beside the scores that count.

    `status` maps a response to the status of the reply that counts. `repeats` has (response, judgment, position,
    fraction) of every reply, failed calls apart, to the responses that have several; None where nothing was read.
    """

    judge: Judge
    status: dict[str, str]
    repeats: tuple[tuple[str, str, int, float | None], ...] = ()
    calls: CallTotals = CallTotals()


@dataclass(frozen=True, slots=True)
class Batch:
    """One file of requests to a Batch API at `host`, and how far it is; `remote` is the service's id of the batch,
    `input_file` that of the file.

    `status` is "written" (on this disk), "uploaded", then what the service says, or "dropped" where it was never sent.
    `completed` and `failed` count requests as the service does. `error` says why it came to nothing, or to less.
    `finished` is when the service was done with it, `closed` when its answers were stored or nothing was to be hoped
    for; until then its requests are not sent again.
    """

    id: str
    judge: str
    host: str
    requests: int
    bytes: int
    sha256: str
    made: str
    status: str = "written"
    input_file: str | None = None
    remote: str | None = None
    completed: int | None = None
    failed: int | None = None
    error: str | None = None
    finished: str | None = None
    closed: str | None = None


class QueueRow(NamedTuple):
    """One response of a queue; `stratum` and `probability` are as they were when the queue was drawn.

    `people` are those whose work it is, where the queue was dealt out. A tuple, as there are as many as responses.
    """

    position: int
    response: str
    item: str
    model: str
    stratum: str
    probability: float
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """How a set of responses was drawn, and which. `frame_size` and `size` count items, which are the units drawn; of
    second readings they count responses."""

    name: str
    design: Design
    seed: int
    frame: str
    frame_size: int
    size: int
    blind: bool
    made: str
    rows: tuple[QueueRow, ...] = ()
    reveal: Reveal = "each"


@dataclass(frozen=True, slots=True)
class Sample:
    """The part of a random queue that may stand for its frame, for one model.

    `responses` are ids in drawing order: the first of the queue up to a place chosen by the pattern of commits alone.
    `gaps` are those of them that nobody has committed. `pooled` names further queues of other seeds whose first
    responses are among them. `reason` is the code of why the sample cannot be used: "in_order" (begun, and not drawn at
    random), "chosen" (by a rule), "changed" (the answers are others now), "too_little"; "" if it can be used.
    """

    queue: str
    design: str
    seed: int
    frame_size: int
    responses: tuple[str, ...]
    reason: str = ""
    gaps: tuple[str, ...] = ()
    pooled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreColumns:
    """All that the statistics read, as columns; every code is an index into one of the name lists.

    Fractions are points / weight in 0..1. `score_*` is the long table: one row a (response, component, rater).
    A human row is a committed review only. `score_visible` is True where the judge was visible to the rater when it
    scored (always False for a judge). `score_ungradable` rows carry a NaN fraction.
    `samples[m]` is the random sample of model m, or None where it has none. Where `harness` is not "", `harness_*` has
    one entry a model and item that the judge was asked about, also where a newer answer has replaced the one judged.
    """

    benchmark: str
    judge: str
    items: list[str]
    item_difficulty: list[str]
    models: list[str]
    # responses
    responses: list[str]
    response_item: list[int]
    response_model: list[int]
    response_status: list[str]
    judgment_status: list[str | None]
    judgment_warnings: list[tuple[str, ...]]
    stated_total: list[float | None]
    published_total: list[float | None]
    # components of items
    component_item: list[int]
    component_position: list[int]
    component_category: list[str]
    component_weight: list[int]
    # the long table
    raters: list[str]
    rater_kind: list[Literal["judge", "human", "gold"]]
    score_response: list[int]
    score_component: list[int]
    score_rater: list[int]
    score_fraction: list[float]
    score_visible: list[bool]
    score_ungradable: list[bool]
    # the draws, one a model
    samples: list[Sample | None]
    # the harness that the judge's replies came from and the totals it went on with; whether the judge saw the pictures
    harness: str = ""
    harness_model: list[int] = field(default_factory=list)
    harness_total: list[float | None] = field(default_factory=list)
    judge_sees: bool | None = None
    # components that stand in another category than the benchmark's, because people said so
    relabelled: int = 0
    # what never made it into the table: (code, count), see `words.left_out`
    left_out: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Label:
    """What people say of one component. `points` is None where it is ungradable, or where there is no label.

    `source`: "settled" (somebody settled it), "unanimous" (all of two or more blind reviewers say the same), "single"
    (one blind reviewer); else there is no label: "disputed" (they differ, or it was sent back, and nobody settled it),
    "assisted" (nobody scored it blind), "none". `reviewers` counts the blind ones, `people` and `values` are they and
    what they gave (None: ungradable); `agreement` is the share of pairs of them that say the same, None below two.
    `guideline` is the version it was settled by, else the oldest that one of them scored by. `kept` says that somebody
    looked and left it disputed, `again` that it was sent back.

    Of what was settled: `why` it is ungradable, by whom and when, the `rule` it rests on, whether the judge was in
    sight, whether it was their own score too, how long it took, and what they noted.
    """

    position: int
    points: Fraction | None
    source: LabelSource
    reviewers: int = 0
    agreement: float | None = None
    values: tuple[Fraction | None, ...] = ()
    people: tuple[str, ...] = ()
    guideline: str = ""
    kept: bool = False
    again: bool = False
    why: str = ""
    settled_by: str = ""
    settled_at: str = ""
    rule: int | None = None
    judge_seen: bool = False
    own: bool = False
    seconds: float | None = None
    note: str = ""

    @property
    def there(self) -> bool:
        return self.source in LABELS

    @property
    def ungradable(self) -> bool:
        return self.there and self.points is None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score of one component that stands, and whose: None and "" where nobody gave one."""

    position: int
    points: Fraction | None
    by: Literal["gold", "human", "judge", ""]
    ungradable: bool = False


ColumnKind = Literal["text", "integer", "real", "boolean", "list", "time"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an exported table. "list" is a JSON list of texts, "time" UTC as text that sorts."""

    name: str
    kind: ColumnKind
    meaning: str


def points_text(points: Fraction) -> str:
    """The points as short exact text: "3", "3.5", or "7/3" where no decimal is exact."""
    if points.denominator == 1:
        return str(points.numerator)
    for digits in range(1, 7):
        if (points * 10**digits).denominator == 1:
            return f"{float(points):.{digits}f}"
    return f"{points.numerator}/{points.denominator}"


def sixtieths(points: Fraction, weight: int) -> int | None:
    """60 * points / weight where that is a whole number (weights 1-6 have 60 as common multiple), else None."""
    scaled, rest = divmod(60 * points.numerator, points.denominator * weight)
    return None if rest else scaled
