"""Which file system a path lies on, and which file stands at it."""

from pathlib import Path

import pytest

from miareview.store import place
from miareview.store.place import file_system, identity, network

MOUNTS = r"""22 27 0:21 / /proc rw,relatime - proc proc rw
25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 25 0:40 / /net rw,relatime shared:2 - nfs4 server:/export rw,vers=4.2
31 30 0:41 / /net/ann/with\040space rw,nosuid - fuse.sshfs ann@host:/ rw,user_id=0
32 25 0:42 / /mnt/share rw - cifs //server/share rw
33 25 0:43 / /mnt/c rw - 9p drvfs rw
34 25 8:2 / /net/bob rw - xfs /dev/sda2 rw
35 25 8:3 / /mnt/share rw - btrfs /dev/sda3 rw
a line that says nothing
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/review.db", "ext4"),
        ("/network/review.db", "ext4"),
        ("/net/ann/review.db", "nfs4"),
        ("/net/ann/with space/review.db", "fuse.sshfs"),
        ("/net/bob/review.db", "xfs"),
        ("/mnt/share/review.db", "btrfs"),
        ("/mnt/c/review.db", "9p"),
    ],
)
def test_the_longest_mount_above_a_path_holds_it_and_the_later_of_two(path: str, kind: str) -> None:
    assert file_system(Path(path), MOUNTS) == kind


def test_what_no_line_speaks_of_is_not_known() -> None:
    assert file_system(Path("/data"), "") == ""


def test_only_network_file_systems_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    monkeypatch.setattr(place, "MOUNTS", mounts)
    assert network(tmp_path) == ""  # where nothing can be asked
    for kind, expected in (("ext4", ""), ("nfs4", "nfs4"), ("fuse.sshfs", "fuse.sshfs"), ("fuseblk", "")):
        mounts.write_text(f"25 1 8:1 / / rw,relatime - {kind} x rw\n", encoding="utf-8")
        assert network(tmp_path) == expected


def test_a_file_is_told_from_another_of_its_name(tmp_path: Path) -> None:
    file, other = tmp_path / "a", tmp_path / "b"
    assert identity(file) is None
    file.write_text("x")
    other.write_text("x")
    before = identity(file)
    assert before == identity(file)
    other.replace(file)
    assert identity(file) != before
