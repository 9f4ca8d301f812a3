"""The witness: what can be counted or looked up in a response without judgement, beside human and judge.

A check reads the countable demand out of a component's text ("in exactly two sentences", "without using the word
'sign'") and looks at the response. It would rather say nothing than something false: the verdict is None wherever
another sensible way to count would decide otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from miareview.review import colours, counts, wording
from miareview.review.counts import Part


@dataclass(frozen=True, slots=True)
class Check:
    """What a component demands that can be checked, what the response has, and whether that is met.

    `constraint` is "" where nothing of the component can be checked. `verdict` speaks of `constraint` only, not of
    the rest of the component: True met, False certainly not met, None undecided.
    """

    constraint: str
    found: str
    verdict: bool | None


def check_component(component_text: str, response_text: str, instruction: str = "") -> Check:
    """Check what is countable of one component of an instruction against a response.

    Counts of sentences, words, lines, paragraphs and bullet points; words and letters that must or must not occur;
    how sentences, lines or words begin; capital and small letters; colours; a question. Thoughts in a leading <think>
    block are no part of the answer. `instruction`, the whole of it, tells whether a count is meant for the whole
    response. Deterministic; never raises.
    """
    text, answer = _straight(component_text), _answer(response_text)
    parts: list[Part] = [
        *counts.check(text, answer, _straight(instruction)),
        *wording.check(text, _straight(answer)),
        *colours.check(text, _straight(answer)),
    ]
    verdicts = [part.verdict for part in parts]
    verdict = False if False in verdicts else True if verdicts and all(verdicts) else None
    return Check("; ".join(part.constraint for part in parts), "; ".join(part.found for part in parts), verdict)


def quoted_words(component_text: str) -> tuple[str, ...]:
    """The words and phrases that a component puts in quotes, in its order."""
    return wording.quoted(_straight(component_text))


def _answer(response: str) -> str:
    """The response without the thoughts that some models put before their answer."""
    thoughts, mark, answer = response.partition("</think>")
    return answer if mark and thoughts.lstrip().startswith("<think>") else response


def _straight(text: str) -> str:
    return re.sub("[“”„«»]", '"', re.sub("[‘’‚]", "'", text))
