"""Pictures in real terminals: the review is opened in each, photographed, and its picture measured.

A test card with a frame of one colour stands for every picture of the sample. In the photograph the frame is looked
for: its sides give the proportion, all that is inside it the mean colour. What the terminal answered at the start is
written down, as it is kept in tests/data/terminals.json.

    python benchmarks/real_terminals.py /tmp/terminals xterm konsole tmux

Needs Debian's xvfb, imagemagick and dbus, and the terminals; foot runs in weston, the browser is Chromium, for which
the package textual-serve is needed. What is not installed is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from miareview.demo import QUEUE, make_demo

SIZE = (800, 600)
FRAME = (255, 0, 255)
WIDE, HIGH = 1700, 1100
RECORD = """
import json, os, sys
from miareview.tui.picture import choose_renderer
from miareview.tui.terminal import measured_cell
drawn = choose_renderer()
told = {name: os.environ.get(name, "") for name in ("TERM", "COLORTERM", "TMUX")}
told["TMUX"] = "1" if told["TMUX"] else ""
told |= {"answer": drawn.terminal.heard, "window_cell": measured_cell(), "drawn": drawn.name, "colours": drawn.colours}
open(sys.argv[1], "w").write(json.dumps(told))
"""


def card() -> Image.Image:
    """A frame around soft colours: a sky, a wood and a skin, as pictures have them."""
    made = Image.new("RGB", SIZE, FRAME)
    draw = ImageDraw.Draw(made)
    for x in range(40, SIZE[0] - 40):
        share = (x - 40) / (SIZE[0] - 80)
        draw.line((x, 40, x, 220), fill=(40, round(60 + 120 * share), 140))
        draw.line((x, 220, x, 400), fill=(round(90 + 80 * share), 110, 50))
        draw.line((x, 400, x, SIZE[1] - 41), fill=(220, round(150 + 60 * share), 120))
    return made


@dataclass(frozen=True, slots=True)
class Measured:
    """The frame's sides in pixels of the photograph, and the mean colour inside it."""

    wide: int
    high: int
    colour: tuple[float, float, float]


def measure(photograph: Image.Image) -> Measured | None:
    """Find the test card; None where there is none."""
    pixels = np.asarray(photograph.convert("RGB"), np.int16)
    red, green, blue = (pixels[..., n] for n in range(3))
    mask = (red > 140) & (blue > 140) & (green < 110) & (abs(red - blue) < 80)
    columns, rows = (np.flatnonzero(mask.sum(axis=axis) > 25) for axis in (0, 1))
    if not len(columns) or not len(rows):
        return None
    left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    mean = pixels[top:bottom, left:right].reshape(-1, 3).mean(axis=0)
    return Measured(int(right - left), int(bottom - top), tuple(float(value) for value in mean))  # type: ignore[arg-type]


def xterm(script: str, *more: str) -> list[str]:
    return ["xterm", "-geometry", "140x45+0+0", *more, "-fa", "DejaVu Sans Mono", "-fs", "11", "-e", "sh", script]


def sixel(script: str) -> list[str]:
    limits = ["-xrm", "XTerm*numColorRegisters: 1024", "-xrm", "XTerm*maxGraphicSize: 2600x1800"]
    return xterm(script, "-ti", "vt340", *limits)


def within(command: str, script: str) -> list[str]:
    """A terminal in xterm (with sixel): `command` is handed the script."""
    inner = Path(script).with_suffix(".inner.sh")
    inner.write_text(f"cd {inner.parent}\n{command} sh {shlex.quote(script)}\n", encoding="utf-8")
    return sixel(str(inner))


def served(script: str) -> list[str]:
    start = f"from textual_serve.server import Server; Server('sh {script}', port=8765).serve()"
    shell = (
        f"{sys.executable} -c {shlex.quote(start)} & "
        "for _ in $(seq 60); do (: < /dev/tcp/localhost/8765) 2> /dev/null && break; sleep 1; done; "
        "chromium --no-sandbox --no-first-run --user-data-dir=$(mktemp -d) --window-position=0,0 "
        f"--window-size={WIDE},{HIGH} --app=http://localhost:8765; kill %1"
    )
    return ["bash", "-mc", shell]


def wayland(script: str) -> list[str]:
    shell = (
        f"weston --backend=x11-backend.so --use-pixman --width={WIDE} --height={HIGH} --socket=wl-test --no-config & "
        f"sleep 3; WAYLAND_DISPLAY=wl-test foot --maximized --font='DejaVu Sans Mono:size=11' sh {shlex.quote(script)}"
    )
    return ["bash", "-c", shell]


TERMINALS: dict[str, tuple[str, Callable[[str], Sequence[str]]]] = {
    "xterm, sixel": ("xterm", sixel),
    "xterm": ("xterm", xterm),
    "xterm, 16 colours": ("xterm", lambda script: xterm(script, "-tn", "xterm")),
    "tmux in xterm": ("tmux", lambda script: within("tmux -L card -f tmux.conf new-session", script)),
    "GNU screen in xterm": ("screen", lambda script: within("screen -c screen.conf", script)),
    "foot": ("foot", wayland),
    "konsole": ("konsole", lambda script: ["konsole", "--nofork", "--geometry", "1500x950+0+0", "-e", "sh", script]),
    "gnome-terminal": (
        "gnome-terminal",
        lambda script: ["dbus-run-session", "gnome-terminal", "--wait", "--geometry=140x45+0+0", "--", "sh", script],
    ),
    "urxvt": (
        "urxvt",
        lambda s: ["urxvt", "-geometry", "140x45+0+0", "-fn", "xft:DejaVu Sans Mono:size=11", "-e", "sh", s],
    ),
    "st": ("st", lambda script: ["st", "-g", "140x45+0+0", "-f", "DejaVu Sans Mono:size=11", "-e", "sh", script]),
    "kitty": (
        "kitty",
        lambda s: ["kitty", "-o", "initial_window_width=1500", "-o", "remember_window_size=no", "sh", s],
    ),
    "textual-serve, Chromium": ("chromium", served),
}


def photograph(name: str, folder: Path, db: Path, number: int) -> tuple[Image.Image, dict[str, object]] | None:
    """Open the review in one terminal on a display of its own, and take a picture of it."""
    mark = "".join(sign if sign.isalnum() else "-" for sign in name)
    script, shot, told = folder / f"{mark}.sh", folder / f"{mark}.png", folder / f"{mark}.json"
    review = shlex.join([sys.executable, "-m", "miareview", "--db", str(db), "review", "--as", "you", "--new"])
    record = shlex.join([sys.executable, str(folder / "record.py"), str(told)])
    asks = "" if name.startswith("textual-serve") else f"{record} 2>{mark}.err\n"
    script.write_text(f"cd {folder}\n{asks}{review} --queue {QUEUE} 2>>{mark}.err\n", encoding="utf-8")
    display = f":{700 + number}"
    kept = {
        key: value for key, value in os.environ.items() if key not in ("COLORTERM", "TMUX", "TERM", "WAYLAND_DISPLAY")
    }
    env = kept | {
        "DISPLAY": display, "XDG_CONFIG_HOME": str(folder / "config"), "XDG_RUNTIME_DIR": str(folder / "run"),
        "HOME": str(folder / "home"), "LIBGL_ALWAYS_SOFTWARE": "1", "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    x = subprocess.Popen(["Xvfb", display, "-screen", "0", f"{WIDE}x{HIGH}x24", "-nolisten", "tcp"], **quiet)
    time.sleep(2)
    terminal = subprocess.Popen(TERMINALS[name][1](str(script)), env=env, start_new_session=True, **quiet)
    try:
        for _ in range(40):  # until the picture is there and nothing changes any more
            time.sleep(1.5)
            before = shot.read_bytes() if shot.exists() else b""
            subprocess.run(["import", "-window", "root", str(shot)], env=env, check=True, timeout=60)
            if before == shot.read_bytes() and measure(Image.open(shot)):
                break
    finally:
        os.killpg(terminal.pid, 15)
        time.sleep(0.5)
        x.terminate()
        x.wait(10)
    answers = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {"drawn": "halfcell", "colours": 2**24}
    return Image.open(shot), answers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="for photographs, answers, and a scratch database")
    parser.add_argument("terminals", nargs="*", help=f"some of: {'; '.join(TERMINALS)}; all without")
    given = parser.parse_args()
    folder = given.folder.resolve()
    for name in ("pictures", "home", "config", "run"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "run").chmod(0o700)
    (folder / "tmux.conf").write_text("set -g destroy-unattached on\n", encoding="utf-8")
    (folder / "screen.conf").write_text("autodetach off\nstartup_message off\n", encoding="utf-8")
    (folder / "record.py").write_text(RECORD, encoding="utf-8")
    source = card()
    for number in range(12):
        source.save(folder / "pictures" / f"{number}.png")
    db = folder / "card.db"
    if not db.exists():
        with make_demo(db) as store:
            store.set_setting("images", str(folder / "pictures"))
    mean = np.asarray(source, float).reshape(-1, 3).mean(axis=0)
    recorded = {}
    print("| terminal | drawn as | colours | proportion off by | mean colour off by |\n|---|---|---|---|---|")
    for number, (name, (program, _)) in enumerate(TERMINALS.items()):
        if (given.terminals and name not in given.terminals) or not shutil.which(program):
            continue
        if TERMINALS[name][1] is served and not find_spec("textual_serve"):
            print(f"{name} is left out: the package textual-serve is not installed", file=sys.stderr)
            continue
        found = photograph(name, folder, db, number)
        assert found is not None
        picture, told = found
        seen = measure(picture)
        recorded[name] = told
        if seen is None:
            print(f"| {name} | {told['drawn']} | {told['colours']} | not found | |", flush=True)
            continue
        stretch = (seen.wide / seen.high) / (SIZE[0] / SIZE[1]) - 1
        off = max(abs(one - other) for one, other in zip(seen.colour, mean, strict=True))
        print(f"| {name} | {told['drawn']} | {told['colours']:,} | {stretch:+.1%} | {off:.0f} of 255 |", flush=True)
    (folder / "terminals.json").write_text(json.dumps(recorded, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
