"""What is remembered for a person on this machine: one small TOML file, which may be written by hand too."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from miareview.errors import UsageError

KNOWN = ("theme",)


@dataclass(frozen=True, slots=True)
class Config:
    """What the file says. `theme` is "" where it says nothing of it."""

    theme: str = ""


def config_path() -> Path:
    """`miareview/config.toml` in $XDG_CONFIG_HOME, or in ~/.config."""
    named = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".config") / "miareview" / "config.toml"


def read_config() -> Config:
    """What is remembered; nothing where there is no file. Raises UsageError where it cannot be read or understood."""
    path = config_path()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Config()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "Mend it, or take it away.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}.", "Mend it, or take it away.") from error
    for name, value in found.items():
        if name not in KNOWN:
            raise UsageError(f"{path} has {name}, which means nothing here.", f"It may have: {', '.join(KNOWN)}.")
        if not isinstance(value, str):
            raise UsageError(f"{path}: {name} must be text in quotes.", "Mend it, or take it away.")
    return Config(theme=found.get("theme", ""))


def remember_theme(theme: str) -> None:
    """Write the theme to the file, which keeps everything else in it. Raises UsageError where that cannot be done."""
    path = config_path()
    line = f'theme = "{theme}"\n'
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        text, found = re.subn(r"(?m)^theme[ \t]*=.*(\n|\Z)", line, before)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(text if found else line + before, encoding="utf-8")
        fresh.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The theme could not be remembered in {path}: {error}.") from error
