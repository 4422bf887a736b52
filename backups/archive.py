"""The file of a backup: a plain tar of what it holds (manifest.json) and the dump of the database.

It is written apart and renamed into place, readable by its owner alone. Reading trusts nothing:
names, kinds and sizes of the members are looked at before anything is unpacked, and the dump is
held against its sum. The sums find damage; who could write another file could write other sums.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
LARGEST_MANIFEST = 1_000_000
CHUNK = 1 << 20
NO_BACKUP = "This is no backup of PartnerCRM, or the file is cut off"


class BadBackup(Exception):
    """The sentence says why the file cannot be restored."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `counts` are the rows of each table, as they are in the dump."""

    format: int
    program: str
    vendor: str
    # The first number of PostgreSQL's version; 0 for SQLite.
    server: int
    made_at: datetime
    counts: Mapping[str, int]
    # As "app.name".
    migrations: tuple[str, ...]
    sha256: Mapping[str, str]

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def write(path: Path, manifest: Manifest, dump: Path) -> None:
    """Write the backup beside `path` and rename it. FileExistsError where there is one already."""
    said = json.dumps(asdict(manifest), default=datetime.isoformat, indent=1).encode()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                tar.addfile(_member(MANIFEST, len(said)), io.BytesIO(said))
                with dump.open("rb") as content:
                    tar.addfile(_member(DUMP, dump.stat().st_size), content)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where the name is taken; a rename would overwrite it.
        os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


def _member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(path: Path, dump: Path) -> Manifest:
    """Check the backup and write its dump to `dump`. Raises BadBackup."""
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            members = _members(tar, path.stat().st_size)
            manifest = _manifest(tar, members[0])
            found = _unpack(tar, members[1], dump)
    except (tarfile.TarError, EOFError, UnicodeError) as error:
        raise BadBackup(f"{NO_BACKUP}.") from error
    if found != manifest.sha256.get(DUMP):
        raise BadBackup("The file was changed after it was written: its sum does not agree.")
    return manifest


def _members(tar: tarfile.TarFile, size: int) -> list[tarfile.TarInfo]:
    """Exactly the two that a backup has, each an ordinary file that lies wholly in this one."""
    members: list[tarfile.TarInfo] = []
    # One more than there may be is enough to know; a hostile file could hold millions.
    while len(members) < 3 and (member := tar.next()) is not None:
        members.append(member)
    if [member.name for member in members] != [MANIFEST, DUMP]:
        raise BadBackup(f"{NO_BACKUP}: it holds other files.")
    for member in members:
        plain = member.type == tarfile.REGTYPE and not member.issparse()
        if not plain or member.offset_data + member.size > size:
            raise BadBackup(f"{NO_BACKUP}.")
    if members[0].size > LARGEST_MANIFEST:
        raise BadBackup(f"{NO_BACKUP}: its table of contents is too long.")
    return members


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Manifest:
    try:
        said = json.loads(_content(tar, member).read())
        if said["format"] != FORMAT:
            raise BadBackup("A newer PartnerCRM wrote this backup: restore it with that one.")
        return Manifest(
            format=FORMAT,
            program=str(said["program"]),
            vendor=str(said["vendor"]),
            server=int(said["server"]),
            made_at=datetime.fromisoformat(said["made_at"]),
            counts={str(table): int(rows) for table, rows in said["counts"].items()},
            migrations=tuple(str(name) for name in said["migrations"]),
            sha256={str(name): str(text) for name, text in said["sha256"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadBackup(f"{NO_BACKUP}: its table of contents cannot be read.") from error


def _unpack(tar: tarfile.TarFile, member: tarfile.TarInfo, to: Path) -> str:
    found = hashlib.sha256()
    content = _content(tar, member)
    opened = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        while chunk := content.read(CHUNK):
            found.update(chunk)
            file.write(chunk)
    return found.hexdigest()


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise BadBackup(f"{NO_BACKUP}.")
    return content
