"""The first section: what was judged and reviewed, and what came of it, in a few sentences."""

from __future__ import annotations

from miareview.model import Sample
from miareview.report.contents import HALF_WIDTH, Audit
from miareview.report.document import Block, Facts, Prose, Section, percent, span
from miareview.words import plan as plan_words
from miareview.words.board import in_short
from miareview.words.flags import say
from miareview.words.numbers import NONE, count, number


def headline(audit: Audit) -> Section:
    """What was judged, what was reviewed and how that was drawn; the figures to leave with; the one message."""
    blocks: list[Block] = [Prose(_judged(audit)), Prose(" ".join([_reviewed(audit), *_drawn(audit)]))]
    blocks.append(Facts(_facts(audit)))
    if order := in_short(audit.board):
        blocks.append(Prose(order, lead="The order."))
    if audit.step.code not in ("complete", "nothing"):
        blocks.append(Prose(_next(audit), lead="Next."))
    blocks.append(Prose(_message(audit), lead="Overriding is not correcting.", message=True))
    return Section("headline", "In short", tuple(blocks))


def judge_name(audit: Audit) -> str:
    return audit.judge.label if audit.judge else "no judge"


def samples(audit: Audit) -> list[Sample]:
    """The random samples that corrected scores rest on, each once."""
    found = {model.corrected.sample.queue: model.corrected.sample for model in audit.board.models if model.corrected}
    return list(found.values())


def _judged(audit: Audit) -> str:
    models = audit.board.models
    answers, judged = sum(model.answers for model in models), sum(model.judged for model in models)
    asked = sum(model.responses for model in models)
    text = (
        f"{count(len(models), 'model')} answered {count(audit.items, 'item')} of the benchmark {audit.benchmark}"
        f" ({count(audit.components, 'component')}): {count(answers, 'answer')}"
    )
    if asked > answers:
        text += f", and {count(asked - answers, 'response')} that {'is' if asked - answers == 1 else 'are'} none"
    if audit.judge is None:
        return text + ". No judge has scored them."
    text += f". The judge {audit.judge.label} scored {count(judged, 'answer')}"
    return text + (", and never saw the pictures." if audit.judge.sees_image is False else ".")


def _reviewed(audit: Audit) -> str:
    if not audit.reviewed_responses:
        return "Nobody has committed a review yet, so the judge is unchecked."
    people = [reviewer for reviewer in audit.reviewers if reviewer.responses]
    blind, assisted = sum(person.blind for person in people), sum(person.assisted for person in people)
    text = (
        f"{count(len(people), 'reviewer')} committed reviews of {count(audit.reviewed_responses, 'response')} to"
        f" {count(audit.reviewed_items, 'item')}: {count(blind, 'score')} of components given blind"
    )
    return text + (f", {count(assisted, 'score')} with the judge in sight." if assisted else ".")


def _drawn(audit: Audit) -> list[str]:
    known = {use.queue.name: use.queue for use in audit.queues}
    said = []
    for sample in samples(audit):
        queue = known.get(sample.queue)
        size = f"{queue.size} of {queue.frame_size} items" if queue else "items"
        how = "at random" if sample.design == "random" else "completely"
        said.append(
            f"The queue {sample.queue} drew {size} {how} (seed {sample.seed}); each brings all models' answers."
        )
    if audit.reviewed_responses and not said:
        said.append("No review stands in a usable random sample, so no score can be corrected.")
    return said


def _next(audit: Audit) -> str:
    aim = f"Every corrected score to within {HALF_WIDTH:g}: {plan_words.sentence(audit.step)}"
    return aim if audit.step.code == "enough" else f"{aim} ({plan_words.command(audit.step)})"


def _facts(audit: Audit) -> tuple[tuple[str, str, str], ...]:
    overall = audit.agreement.groups[0]
    alpha, bias = overall.alpha["interval"], overall.bias
    corrected = [model for model in audit.board.models if model.corrected]
    why = say(alpha.why) if alpha.why else ""
    pairs = [pair for pair in audit.board.pairs if pair.difference is not None]
    flipped, refused = sum(pair.flipped for pair in pairs), len(audit.board.pairs) - len(pairs)
    leaning = "no bias to speak of"
    if bias[0] is not None and abs(bias[0]) >= 0.0005:
        sure = bias[1] is not None and bias[2] is not None and (bias[1] > 0 or bias[2] < 0)
        leaning = ("lenient" if bias[0] > 0 else "strict") + ("" if sure else ", but perhaps by chance")
    return (
        (
            "Agreement of judge and people, α",
            number(alpha.value),
            span(alpha.low, alpha.high) or why,
        ),
        ("Bias of the judge", number(bias[0], True), _join(span(bias[1], bias[2], True), leaning)),
        ("Models corrected", f"{len(corrected)} of {len(audit.board.models)}", _reach(audit)),
        (
            "Pairs whose order turns",
            f"{flipped} of {len(pairs)}" if pairs else NONE,
            _join(f"{audit.board.unsettled} not settled", f"{refused} not compared" if refused else "")
            if pairs
            else "no pair can be compared",
        ),
    )


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _reach(audit: Audit) -> str:
    reviewed = sum(model.corrected.estimate.n for model in audit.board.models if model.corrected)
    total = sum(model.corrected.estimate.total for model in audit.board.models if model.corrected)
    return f"from {reviewed:,} of {count(total, 'answer')}" if total else "there is no usable random sample"


def _message(audit: Audit) -> str:
    kept = [1 - model.reviewed / model.answers for model in audit.board.models if model.answers]
    text = (
        "“With overrides” takes people's scores where they reviewed and the judge's everywhere else. With n of N"
        " answers"
        " reviewed it keeps 1\u202f−\u202fn/N of the judge's bias"
    )
    if kept and audit.reviewed_responses:
        least, most = percent(min(kept)), percent(max(kept))
        text += f", here {least if least == most else f'{least} to {most}'}"
    return text + (
        ". “Corrected” estimates what full human review would have given, from the random sample alone, and says how"
        " sure that is. Compare models by their paired differences, never by their single intervals."
    )
