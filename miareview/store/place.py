"""Where the database file lies: on which file system, and which files stand at its path and beside it now."""

from __future__ import annotations

import os
import re
from pathlib import Path

Identity = tuple[int, int]
"""Device and inode: what tells a file from another one of the same name."""

MOUNTS = Path("/proc/self/mountinfo")
BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file: the newest words, and an index of them."""

# Where the memory that SQLite's write-ahead log is shared through is not the same for all machines.
NETWORK = frozenset(
    "nfs nfs4 cifs smb3 smbfs ncpfs 9p afs afpfs webdav davfs ceph lustre gpfs beegfs glusterfs fuse.sshfs fuse.rclone "
    "fuse.davfs fuse.davfs2 fuse.glusterfs fuse.ceph fuse.s3fs fuse.gcsfuse fuse.vmhgfs-fuse vboxsf prl_fs".split()
)


def identity(path: Path) -> Identity | None:
    """Which file stands at the path now; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def beside(path: Path, suffix: str) -> Path:
    """The file that SQLite keeps beside the one at `path`."""
    return path.with_name(path.name + suffix)


def has_log(path: Path) -> bool:
    """Whether words lie beside the file that are not in it yet."""
    try:
        return beside(path, "-wal").stat().st_size > 0
    except OSError:
        return False


def network(path: Path) -> str:
    """The type of the network file system that the path lies on, as the kernel names it; "" on a local one."""
    try:
        kind = file_system(path.resolve(), MOUNTS.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return ""
    return kind if kind in NETWORK else ""


def network_note(path: Path) -> str:
    """What to know of a database that lies on a network; "" of one that does not."""
    kind = network(path)
    return kind and f"on a network ({kind}), where locks may fail: let one person at a time write to it"


def file_system(path: Path, mounts: str) -> str:
    """The type of the file system that holds an absolute path; `mounts` is what Linux says in /proc/self/mountinfo.

    The mount with the longest path above it holds it, the later one of two with the same; "" where there is none.
    """
    found, longest = "", -1
    for line in mounts.splitlines():
        mount, dash, kind = line.partition(" - ")
        fields = mount.split(" ")
        if not dash or len(fields) < 5:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4]))
        if len(point.parts) >= longest and path.is_relative_to(point):
            found, longest = kind.split(" ")[0], len(point.parts)
    return found


def may_write(path: Path) -> bool:
    """Whether this person may write the file and, as SQLite has to, into its folder."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
