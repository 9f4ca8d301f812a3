"""Opening a picture in the system's own viewer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from miareview.images.files import open_file
from miareview.images.load import glance


def open_externally(path: Path) -> bool:
    """Start the system's viewer on a picture, without waiting for it; False where there is none.

    Raises DataError where the file is no picture: systems start programs, too, when told to open them.
    """
    with open_file(path) as file:
        glance(file, path.name)
    if sys.platform == "win32":
        os.startfile(path)
        return True
    program = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    has_display = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if program is None or not has_display:
        return False
    quiet = subprocess.DEVNULL
    subprocess.Popen([program, str(path)], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    return True
