"""Filling in a prompt's template: Jinja2 in a sandbox. Run as a program it does so for others, within limits."""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from miareview.model import Component

if TYPE_CHECKING:
    from jinja2 import Template

SECONDS = 2
"""Of computing that filling in a template may take."""
LONGEST = 1_000_000
"""Characters that a filled-in template may have."""
MEGABYTES = 512
"""Memory of the process that fills in a template of somebody's own."""

_CONTROL_TOKENS = re.compile(
    r"<(?=\|[^|<>\s]{1,60}\|>|｜[^｜<>\s]{1,60}｜>|/?s>|(?:bos|eos|pad|(?:start|end)_of_turn|/?<SYS>>)>?)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS)\])",
    re.I,
)


class TemplateError(ValueError):
    """What is wrong with a template, after the words "The prompt 'NAME'"."""


def tame(text: str) -> str:
    """The text with every control token of a chat template pulled apart: <|im_end|> becomes < |im_end|>.

    Servers that look for such tokens in the text itself would else end the message where the text says so.
    """
    return _CONTROL_TOKENS.sub(lambda match: match.group() + " ", text)


def fill(text: str, values: Mapping[str, Any] | None) -> tuple[str, str]:
    """The system message ("" where there is none) and the user's. Without `values` the template is only looked at.

    Raises `TemplateError` where it is no template or cannot be filled in.
    """
    from jinja2 import TemplateError as Faulty

    try:
        template = _compiled(text)
        if values is None:
            return "", ""
        if "user" not in template.blocks:
            return "", _joined(template.generate(values))
        parts = {
            name: _joined(template.blocks[name](template.new_context(dict(values))))
            for name in ("system", "user")
            if name in template.blocks
        }
    except MemoryError:
        raise TemplateError(f" cannot be filled in: it needs more than {MEGABYTES} MB of memory.") from None
    except (Faulty, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, TemplateError):
            raise
        raise TemplateError(f" cannot be filled in: {error}.") from error
    return parts.get("system", ""), parts["user"]


def _joined(parts: Any) -> str:
    found, length = [], 0
    for part in parts:
        length += len(part)
        if length > LONGEST:
            raise TemplateError(f" cannot be filled in: it would be longer than {LONGEST:,} characters.")
        found.append(part)
    return "".join(found).strip("\n")


@lru_cache(maxsize=8)
def _compiled(text: str) -> Template:
    from jinja2 import StrictUndefined, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False
    )
    environment.filters["tame"] = tame
    try:
        template = environment.from_string(text)
    except TemplateSyntaxError as error:
        raise TemplateError(f", line {error.lineno}: {error.message}.") from error
    if "system" in template.blocks and "user" not in template.blocks:
        raise TemplateError(" has a block named system and none named user.")
    return template


def serve() -> None:
    """Fill in templates for the process at the other end: requests and answers are JSON, one a line.

    Without end or beyond the limits, this process is the one that dies of it.
    """
    _limit_memory()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        values = request["values"]
        if values is not None:
            values["components"] = [Component(*parts) for parts in values["components"]]
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            answer: dict[str, Any] = {"words": fill(request["template"], values)}
        except TemplateError as error:
            answer = {"fault": str(error)}
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n")
        sys.stdout.buffer.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: only the length is limited there
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 1_000_000, MEGABYTES * 1_000_000))


if __name__ == "__main__":
    serve()
