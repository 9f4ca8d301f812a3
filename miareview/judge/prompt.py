"""The words a judge is asked with: templates, and the fence around what is foreign.

A template is Jinja2 in a sandbox. Its variables: `instruction`, `components` (each with `position`, `text`, `weight`,
`category`), `weights`, `total` (their sum), `response` (verbatim), `fence`, `has_picture`, `index` and `difficulty` of
the item. The filter `tame` pulls the control tokens of chat templates apart. Blocks named `system` and `user` become
two messages; a template without blocks is one message of the user.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from miareview.errors import DataError, UsageError
from miareview.identity import digest
from miareview.judge.filler import fill_apart
from miareview.judge.template import TemplateError, fill
from miareview.model import Item
from miareview.text import repair

BUILT_IN = ("points", "strict-json")
STRUCTURED = "strict-json"

# Part of a prompt's hash: raised when the fence or the filter changes what a template sends.
_RENDERING = 1


@dataclass(frozen=True, slots=True)
class Prompt:
    """A named template. `structured`: the reply is asked for as JSON by a schema made for each item."""

    name: str
    template: str
    structured: bool = False

    @property
    def label(self) -> str:
        """The name and eight hex digits of the hash over all that the prompt is: part of a judge's identity."""
        return f"{self.name} {digest('prompt', self.template, self.structured, _RENDERING, length=8)}"


@dataclass(frozen=True, slots=True)
class Words:
    """A rendered prompt: the system message ("" where there is none) and the user's."""

    system: str
    user: str


def built_in(name: str) -> Prompt:
    """One of the prompts that come with miareview. Raises `UsageError` where there is none of that name."""
    if name not in BUILT_IN:
        raise UsageError(f"There is no prompt named {name!r}.", f"There are: {', '.join(BUILT_IN)}; or --prompt-file.")
    text = files("miareview.judge").joinpath("prompts", f"{name}.jinja").read_text(encoding="utf-8")
    return Prompt(name, text, structured=name == STRUCTURED)


def read_prompt(path: Path) -> Prompt:
    """The template in a file, named after it. Raises `DataError` for what is no text or no template."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text.", "Save the template as UTF-8.") from error
    prompt = Prompt(repair(path.stem)[0], text)
    _filled(prompt, None)
    return prompt


def fence(text: str) -> str:
    """A code of 16 hex digits that does not occur in the text: whoever wrote the text could not foresee it.

    It depends on nothing but the text, so that the same response is always asked about in the same words.
    """
    low = text.lower()
    for attempt in range(1_000_000):
        code = digest("fence", text, attempt)
        if code not in low:
            return code
    raise AssertionError("no text holds a million codes")


def render(prompt: Prompt, item: Item, response: str, *, has_picture: bool) -> Words:
    """The prompt for one response. Raises `DataError` with file and reason where the template cannot be filled in."""
    values = {
        "instruction": item.instruction,
        "components": list(item.components),
        "weights": list(item.weights),
        "total": item.total,
        "response": response,
        "fence": fence(response),
        "has_picture": has_picture,
        "index": item.index,
        "difficulty": item.difficulty,
    }
    return Words(*_filled(prompt, values))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(built_in(name).template for name in BUILT_IN)


def _filled(prompt: Prompt, values: Mapping[str, Any] | None) -> tuple[str, str]:
    """Our own templates are filled in here, those of others in a process apart."""
    try:
        return (fill if prompt.template in _known() else fill_apart)(prompt.template, values)
    except TemplateError as error:
        raise DataError(f"The prompt {prompt.name!r}{error}", "See docs/judge.md.") from error
