"""Whether a disk is full. Then grading stops: what it gives may be wrong, and the other submissions would fail as well."""

import errno
import os
import shutil
import sqlite3

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
COPIES = tuple(f"[Errno {number}]" for number in FULL)  # how shutil tells the errors of files in a folder
LEAST = 1_000_000  # bytes; a disk with less counts as full


class NoRoom(Exception):
    """A disk is full."""


def expect_room(folder):
    """@raises NoRoom when the disk of a folder is full."""
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize < LEAST or (disk.f_files > 0 and disk.f_favail == 0):
        raise NoRoom(f"the disk of {folder} is full")


def is_full(error):
    """Whether an error, or one that led to it, came of a full disk, as files, copies of folders, and the database say it.

    No words are looked for that a submission could have written: it would end the run.
    """
    while error is not None:
        if isinstance(error, NoRoom) or getattr(error, "errno", None) in FULL:
            return True
        if isinstance(error, shutil.Error) and any(str(why).startswith(COPIES) for *_, why in error.args[0]):
            return True
        cause = getattr(error, "orig", error)  # which SQLAlchemy puts into an error of its own
        if isinstance(cause, sqlite3.OperationalError) and ("is full" in str(cause) or "I/O error" in str(cause)):
            return True
        if isinstance(error, FileNotFoundError) and error.strerror and "No usable temporary directory" in error.strerror:
            return True  # Python tries to write where temporary files may be
        error = error.__cause__ or error.__context__
    return False
