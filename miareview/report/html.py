"""The report as one HTML page that loads nothing from anywhere."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from miareview.report.contents import Audit
from miareview.report.pages import build_document
from miareview.text import visible


def render_html(audit: Audit) -> str:
    """A whole page, with its style and its plots inside. Every value is made visible, then escaped."""
    page = Environment(
        loader=PackageLoader("miareview.report", "templates"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("page.html.j2")
    return page.render(document=build_document(audit))


def _shown(value: Any) -> Any:
    """Foreign text in one line, unable to move or hide other text. What a macro drew has been through here already."""
    return visible(value, newlines=False) if type(value) is str else value
