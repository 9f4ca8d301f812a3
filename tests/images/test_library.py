"""Which file is an item's picture, and which never is."""

from __future__ import annotations

from pathlib import Path

import pytest

from miareview.images.files import basename, cache_name
from miareview.images.library import PictureLibrary
from miareview.model import Item


def item(index: int, url: str) -> Item:
    return Item(f"item{index}", "bench", index, url, "Describe.", "basic", ())


ITEMS = [
    item(0, "https://a.example/pictures/cat%20one.jpg?size=big"),
    item(1, "https://b.example/x/1.jpg"),
    item(2, "http://c.example/y/1.jpg"),
    item(3, "d.example/z/12.jpg"),
    item(12, "https://e.example/dog.png"),
    item(13, "https://f.example/4156.jpg"),
    item(14, "https://g.example/"),
]


def put(folder: Path, *names: str) -> PictureLibrary:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"x")
    return PictureLibrary([folder], ITEMS)


def found(library: PictureLibrary) -> dict[int, str]:
    return {one.index: path.name for one in ITEMS if (path := library.find(one))}


def test_cache_names_do_not_depend_on_scheme_or_case_of_host() -> None:
    assert (
        cache_name("https://A.example/P.jpg") == cache_name("http://a.example/P.jpg") == cache_name("a.example/P.jpg")
    )
    assert cache_name("a.example/P.jpg") != cache_name("a.example/p.jpg")
    assert len(cache_name("x")) == 64


def test_basename() -> None:
    assert [basename(one.image_url) for one in ITEMS] == [
        "cat one.jpg", "1.jpg", "1.jpg", "12.jpg", "dog.png", "4156.jpg", ""
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", ["", ".jpg", ".JPEG", ".webp"])
def test_the_cache_name_with_any_suffix(suffix: str, tmp_path: Path) -> None:
    name = cache_name(ITEMS[1].image_url) + suffix
    assert found(put(tmp_path / "images", name, "1.jpg")) == {1: name}
    assert not found(put(tmp_path / "half", name.removesuffix(suffix) + ".json", name.removesuffix(suffix) + ".part"))


def test_numbers_and_basenames(tmp_path: Path) -> None:
    assert found(put(tmp_path / "a", "0000.png", "13.webp")) == {0: "0000.png", 13: "13.webp"}
    assert found(put(tmp_path / "b", "cat one.jpg", "dog.png", "4156.jpg")) == {
        0: "cat one.jpg", 12: "dog.png", 13: "4156.jpg"
    }  # fmt: skip


def test_names_that_could_mean_two_items_mean_none(tmp_path: Path) -> None:
    library = put(tmp_path / "a", "1.jpg", "12.jpg")  # the address of two items; number of 12 and address of 3
    assert found(library) == {}
    assert "several items" in library.why_not(ITEMS[1])
    assert "several items" in library.why_not(ITEMS[3])
    assert "images fetch" in library.why_not(ITEMS[0])
    assert found(put(tmp_path / "b", "0.jpg", "00.png")) == {}
    assert found(put(tmp_path / "c", "0012.jpg", "0003.jpg")) == {12: "0012.jpg", 3: "0003.jpg"}


def test_why_not_is_empty_where_there_is_a_picture(tmp_path: Path) -> None:
    assert put(tmp_path / "a", "dog.png").why_not(ITEMS[4]) == ""


def test_the_cache_name_wins_in_any_folder(tmp_path: Path) -> None:
    put(tmp_path / "a", "dog.png")
    name = cache_name(ITEMS[4].image_url) + ".png"
    put(tmp_path / "b", name)
    library = PictureLibrary([tmp_path / "a", tmp_path / "missing", tmp_path / "b"], ITEMS)
    assert found(library) == {12: name}


def test_links_out_of_the_folder_and_folders_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.png"
    outside.write_bytes(b"x")
    folder = tmp_path / "images"
    put(folder, "inside.png")
    (folder / "dog.png").symlink_to(outside)
    (folder / "0000.png").mkdir()
    (folder / "13.png").symlink_to(folder / "13.png")
    (folder / "0003.png").symlink_to("inside.png")
    (folder / ".0012.png").write_bytes(b"x")
    assert found(PictureLibrary([folder], ITEMS)) == {3: "0003.png"}
    linked = tmp_path / "linked"
    linked.symlink_to(folder)
    assert found(PictureLibrary([linked], ITEMS)) == {3: "0003.png"}


FOUR = [item(n, f"https://{n}.example/{name}") for n, name in enumerate(("1.jpg", "x.jpg", "1.jpg", "4.jpg"))]


def of_four(folder: Path, *names: str) -> dict[int, str]:
    put(folder, *names)
    library = PictureLibrary([folder], FOUR)
    return {one.index: path.name for one in FOUR if (path := library.find(one)) is not None}


def test_complete_numbers_are_numbers_whatever_addresses_end_in(tmp_path: Path) -> None:
    from_zero = {n: f"{n}.jpg" for n in range(4)}
    assert of_four(tmp_path / "a", *from_zero.values()) == from_zero
    assert of_four(tmp_path / "b", "1.jpg", "2.jpg", "3.jpg", "4.jpg") == {n: f"{n + 1}.jpg" for n in range(4)}


def test_numbers_that_are_not_complete_stay_in_doubt(tmp_path: Path) -> None:
    assert of_four(tmp_path / "a", "0.jpg", "1.jpg", "2.jpg") == {0: "0.jpg", 2: "2.jpg"}  # 1.jpg is in addresses, too
    assert of_four(tmp_path / "b", "1.jpg", "2.jpg", "4.jpg") == {}  # they may count from 1
    assert of_four(tmp_path / "c", "0.jpg", "1.jpg", "1.png", "2.jpg", "3.jpg") == {0: "0.jpg", 2: "2.jpg", 3: "3.jpg"}
