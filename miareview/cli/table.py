"""Aligned tables for people: foreign text made visible and clipped, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence

import click

from miareview.text import cells, clip, visible

WIDEST = 28


def put_table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> None:
    """Print a table to stdout; the first `left` columns are aligned to the left, the others to the right."""
    shown = [[clip(visible(cell, newlines=False), WIDEST) for cell in row] for row in [head, *rows]]
    widths = [max(cells(row[column]) for row in shown) for column in range(len(head))]
    for number, row in enumerate(shown):
        padded = [
            cell + " " * (width - cells(cell)) if column < left else " " * (width - cells(cell)) + cell
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        line = "  ".join(padded).rstrip()
        click.echo(click.style(line, dim=True) if number == 0 else line)


def put_lines(title: str, lines: Sequence[str]) -> None:
    """Print notes under a title; nothing where there are none."""
    if lines:
        click.echo(click.style(f"\n{title}", dim=True))
    for line in lines:
        click.echo(visible(f"  {line}", newlines=False))


def number(value: float | None, signed: bool = False) -> str:
    """A fraction with three decimals, "–" where there is none."""
    if value is None:
        return "–"
    return f"{value:+.3f}" if signed else f"{value:.3f}"


def interval(low: float | None, high: float | None, signed: bool = False) -> str:
    return "" if low is None or high is None else f"[{number(low, signed)}, {number(high, signed)}]"
