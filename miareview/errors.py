"""What can go wrong, in words for a person, and the exit code that goes with it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    DATA = 3
    NETWORK = 4
    INTERRUPTED = 130


class MiaReviewError(Exception):
    """A failure that a person can act on: one sentence, and a hint about what to do.

    The command line prints both (made safe for a terminal) and exits with `exit_code`.
    """

    exit_code: ExitCode = ExitCode.FAILURE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(MiaReviewError):
    """The command's words do not fit together."""

    exit_code = ExitCode.USAGE


class DataError(MiaReviewError):
    """A file or the database does not hold what was expected."""

    exit_code = ExitCode.DATA


class RefusedError(DataError):
    """An action that would make a number or a record untrue."""


class MovedFileError(DataError):
    """The database file is not where it was opened: it was moved or deleted, or another one stands there now.

    What was to be written was not. It can be said again; once the file is back, it is saved.
    """


class NetworkError(MiaReviewError):
    """A server did not answer, or answered with an error."""

    exit_code = ExitCode.NETWORK


class GoneError(NetworkError):
    """A server does not have what it was asked for, or has it no more."""
