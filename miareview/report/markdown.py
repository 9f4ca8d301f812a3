"""The report as Markdown: the same document in tables and text, without the plots."""

from __future__ import annotations

import re

from miareview.report.contents import Audit
from miareview.report.document import Block, Facts, Points, Prose, Section, Table
from miareview.report.pages import build_document
from miareview.text import visible

# Entities where a backslash would do for one reader of Markdown and not for another (tables, formulas, raw HTML).
_ENTITIES = {character: f"&#{ord(character)};" for character in "&<>|`[]~$\\@"} | {"*": "\\*", "_": "\\_"}
_SPECIAL = re.compile(r"[&<>|`\[\]~$\\@*_]")
_ADDRESS = re.compile(r"(?i)(?<=:)//|(?<=www)\.|(?<=mailto):|(?<=xmpp):")
_LEADING = re.compile(r"^(-(?=[-\s]|$)|\+(?=\s|$)|[=#])|^(\d+)([.)])(?=\s|$)")


def render_markdown(audit: Audit) -> str:
    """The whole document. Every text is made visible and escaped, so that none can become markup."""
    document = build_document(audit)
    parts = [f"# {escape(document.title)}", escape(document.subtitle)]
    for section in document.sections:
        parts += _section(section)
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Text in one line that Markdown shows as it is, links and formulas of other dialects included."""
    shown = visible(text, newlines=False).strip()
    shown = _SPECIAL.sub(lambda match: _ENTITIES[match.group()], shown)
    shown = _ADDRESS.sub(lambda match: f"&#{ord(match.group()[0])};{match.group()[1:]}", shown)
    return _LEADING.sub(lambda match: "\\" + match[1] if match[1] else f"{match[2]}\\{match[3]}", shown)


def _section(section: Section) -> list[str]:
    parts = [f"## {escape(section.title)}"]
    for block in section.blocks:
        parts += _block(block)
    return parts


def _block(block: Block) -> list[str]:
    match block:
        case Prose(text, lead, message):
            words = " ".join(part for part in (f"**{escape(lead)}**" if lead else "", escape(text)) if part)
            return [f"> {words}" if message else words]
        case Facts(facts):
            return ["\n".join(_fact(*fact) for fact in facts)]
        case Points(points):
            return [
                "\n".join(
                    f"- **{escape(term)}** {escape(text)}" if term else f"- {escape(text)}" for term, text in points
                )
            ]
        case Table():
            return _table(block)
        case _:
            return []


def _fact(name: str, value: str, detail: str) -> str:
    return f"- {escape(name)}: **{escape(value)}**" + (f" ({escape(detail)})" if detail else "")


def _table(table: Table) -> list[str]:
    marks = table.footnotes
    lines = [_line([escape(name) for name in table.head])]
    lines.append(_line([":--" if column < table.left else "--:" for column in range(len(table.head))]))
    for row in table.rows:
        cells = []
        for cell in row:
            text = escape(cell.text) + (f" ({escape(cell.sub)})" if cell.sub else "")
            cells.append(text + "".join(f" ({marks[note]})" for note in cell.notes))
        lines.append(_line(cells))
    parts = [f"**{escape(table.caption)}**", "\n".join(lines)]
    notes = [f"- ({mark}) {escape(note)}" for note, mark in marks.items()]
    notes += [f"- {escape(note)}" for note in table.notes]
    return parts + (["\n".join(notes)] if notes else [])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
