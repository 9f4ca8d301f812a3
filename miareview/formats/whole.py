"""A file that is written is there as a whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from miareview.errors import DataError


def is_stdout(file: Path) -> bool:
    return str(file) == "-"


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """A stream whose content is at `file` when the block ends, and nothing of it where the block fails.

    It is written beside the target, then moved over it; stdout is written as it comes. Raises `DataError` where the
    folder or the disk does not take it.
    """
    if is_stdout(file):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with beside.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    except OSError as error:
        raise DataError(f"{file} could not be written: {error.strerror}.", "Nothing of it was kept.") from error
    finally:
        with suppress(OSError):  # where nothing could be written, nothing can be removed either
            beside.unlink(missing_ok=True)
