"""Aligned tables for people: foreign text made visible and clipped, numbers to the right."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

import click

from miareview.cli.streams import printable
from miareview.text import cells, clip, visible

WIDEST = 28


def put_table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    left: int = 1,
    *,
    dim: Collection[int] = (),
    spare: Sequence[int] = (),
) -> None:
    """Print a table to stdout; the first `left` columns are aligned to the left, the others to the right.

    Rows whose number is in `dim` are dimmed on a terminal. Where stdout is a terminal too narrow for all columns,
    those numbered in `spare` are left out, the first of them first.
    """
    shown = [[printable(clip(visible(cell, newlines=False), WIDEST)) for cell in row] for row in [head, *rows]]
    widths = [max(cells(row[column]) for row in shown) for column in range(len(head))]
    kept = _fitting(widths, spare)
    for number, row in enumerate(shown):
        padded = [
            row[column] + " " * (widths[column] - cells(row[column]))
            if column < left
            else " " * (widths[column] - cells(row[column])) + row[column]
            for column in kept
        ]
        line = "  ".join(padded).rstrip()
        click.echo(click.style(line, dim=True) if number == 0 or number - 1 in dim else line)


def _fitting(widths: Sequence[int], spare: Sequence[int]) -> list[int]:
    """The columns that a terminal has room for; all of them where stdout is none."""
    kept = list(range(len(widths)))
    if not sys.stdout.isatty():
        return kept
    import shutil  # it brings all compressors with it

    room = shutil.get_terminal_size().columns
    for column in spare:
        if sum(widths[k] + 2 for k in kept) - 2 <= room:
            break
        kept.remove(column)
    return kept


def put_line(text: str) -> None:
    """One line to stdout, with whatever foreign text it holds made visible."""
    click.echo(printable(visible(text, newlines=False)))


def put_lines(title: str, lines: Sequence[str]) -> None:
    """Print notes under a title; nothing where there are none."""
    if lines:
        click.echo(click.style(f"\n{title}", dim=True))
    for line in lines:
        click.echo(printable(visible(f"  {line}", newlines=False)))
