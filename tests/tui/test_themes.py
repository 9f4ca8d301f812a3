"""Every text of every theme can be read on every ground, and the choice is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import run
from conftest import JUDGE
from driving import press
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from miareview.config import Config, config_path, read_config, remember_theme
from miareview.errors import UsageError
from miareview.images.library import PictureLibrary
from miareview.review.session import ReviewSession
from miareview.store.store import Store
from miareview.tui.app import MiaReview
from miareview.tui.look import THEME, theme_variables
from miareview.tui.picture import Renderer
from miareview.tui.themes import CONTRAST, GROUNDS, TEXTS, contrast, readable

THEMES = [THEME, *(theme for theme in BUILTIN_THEMES.values() if not theme.name.startswith("ansi"))]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "conf"))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("colours", [2**24, 256, 16])
def test_every_text_stands_out_from_every_ground(theme: object, colours: int) -> None:
    found = {**theme_variables(theme.dark), **theme.to_color_system().generate(), **theme.variables}  # type: ignore[attr-defined]
    made = readable(found, theme.dark, colours)  # type: ignore[attr-defined]
    for text in TEXTS:
        for ground in GROUNDS:
            assert contrast(Color.parse(made[text]), Color.parse(made[ground])) >= CONTRAST, (text, ground)
    if colours <= 256:  # selection and dialogs stay visible
        assert contrast(Color.parse(made["selected"]), Color.parse(made["background"])) > 1.3


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(Color.parse("#ffffff"), Color.parse("#000000")) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)


async def test_what_is_on_the_screen_can_be_read_and_the_choice_is_remembered(store: Store, tmp_path: Path) -> None:
    session = ReviewSession(store, "ann", [r.id for r in store.responses()], judge=JUDGE, blind=False)
    renderer = Renderer("off", None, "", colours=2**24)
    app = MiaReview(session, PictureLibrary([tmp_path], store.items()), renderer, remember=remember_theme)
    async with app.run_test(size=(100, 30)) as pilot:
        assert not [name for name in app.available_themes if name.startswith("ansi")]
        for theme in ("textual-light", "solarized-dark"):
            app.theme = theme
            await press(pilot, "2")
            assert texts_below(app) == []
    assert read_config() == Config("solarized-dark")
    with pytest.raises(UsageError, match="no theme named x"):
        MiaReview(session, PictureLibrary([tmp_path], store.items()), renderer, theme="x")


def texts_below(app: MiaReview) -> list[tuple[str, float]]:
    """Words on the screen with less contrast than text needs."""
    low = []
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style is None or style.color is None or style.bgcolor is None:
                continue
            if any(character.isalnum() for character in segment.text):
                colours = [Color.from_rich_color(colour) for colour in (style.color, style.bgcolor)]
                if (found := contrast(*colours)) < CONTRAST - 0.05:  # colours on the screen are whole numbers
                    low.append((segment.text, found))
    return low


def test_the_file_keeps_what_else_is_in_it() -> None:
    remember_theme("nord")
    path = config_path()
    path.write_text('# mine\ntheme="x" # old\n', encoding="utf-8")
    remember_theme("gruvbox")
    assert path.read_text(encoding="utf-8") == '# mine\ntheme = "gruvbox"\n'
    assert read_config() == Config("gruvbox")


@pytest.mark.parametrize("text", ["theme = ", "theme = 3", 'other = "x"', "\udcff"])
def test_a_broken_file_is_one_sentence(text: str) -> None:
    config_path().parent.mkdir(parents=True)
    config_path().write_bytes(text.encode(errors="surrogateescape"))
    done = run("config")
    assert done.returncode == 2
    assert str(config_path()) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_config_says_where_each_value_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIAREVIEW_REVIEWER", "ann")
    assert "not there yet" in run("config").stdout
    remember_theme("nord")
    out = run("config").stdout
    assert str(config_path()) in out
    assert "nord  (config.toml)" in out
    assert "ann  (MIAREVIEW_REVIEWER)" in out
    assert "db/review.db  (default)" in out
