"""What a backup's file must look like before anything of it is believed."""

import io
import json
import tarfile
from datetime import UTC, datetime

import pytest

from backups import archive
from backups.archive import DUMP, MANIFEST, BadBackup, Manifest
from backups.postgresql import pass_on

CONTENT = b"the rows" * 1000


@pytest.fixture
def good(tmp_path):
    dump = tmp_path / "dump"
    dump.write_bytes(CONTENT)
    manifest = Manifest(
        format=1,
        program="0.1.0",
        vendor="sqlite",
        server=0,
        made_at=datetime(2026, 11, 24, tzinfo=UTC),
        counts={"partners_partner": 3},
        migrations=("partners.0001_initial",),
        sha256={DUMP: archive.sum_of(dump)},
    )
    path = tmp_path / "backup.tar"
    archive.write(path, manifest, dump)
    return path, manifest


def reads(path):
    to = path.with_name("unpacked")
    to.unlink(missing_ok=True)
    return archive.read(path, to), to


def tar(path, *members):
    with tarfile.open(path, "w") as file:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else odd(name, size=len(content))
            file.addfile(info, io.BytesIO(content))
    return path


def said(**changes):
    usual = {"format": 1, "program": "1", "vendor": "sqlite", "server": 0, "counts": {}}
    usual |= {"made_at": "2026-11-24T00:00:00+00:00", "migrations": [], "sha256": {}}
    return json.dumps(usual | changes).encode()


def odd(name, **values):
    info = tarfile.TarInfo(name)
    vars_of = {"type": tarfile.REGTYPE} | values
    for key, value in vars_of.items():
        setattr(info, key, value)
    return info


def test_it_is_read_as_it_was_written_by_its_owner_alone(good):
    path, manifest = good
    found, dump = reads(path)
    assert (found, dump.read_bytes()) == (manifest, CONTENT)
    assert [one.stat().st_mode & 0o777 for one in (path, dump)] == [0o600, 0o600]
    assert sorted(one.name for one in path.parent.iterdir()) == ["backup.tar", "dump", "unpacked"]


def test_one_that_is_there_is_not_overwritten(good):
    path, manifest = good
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        archive.write(path, manifest, path.with_name("dump"))
    assert path.read_bytes() == before
    assert not list(path.parent.glob(".*"))


@pytest.mark.parametrize("length", [0, 100, 512, 2000, 5000])
def test_cut_off(good, length):
    path, _ = good
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(BadBackup, match="no backup of PartnerCRM, or the file is cut off"):
        reads(path)


def test_a_changed_byte(good):
    path, _ = good
    content = bytearray(path.read_bytes())
    content[content.index(b"the rows")] ^= 1
    path.write_bytes(content)
    with pytest.raises(BadBackup, match="its sum does not agree"):
        reads(path)


@pytest.mark.parametrize(
    "members",
    [
        [(MANIFEST, said())],
        [(MANIFEST, said()), ("../../etc/passwd", b"x")],
        [(MANIFEST, said()), ("/etc/passwd", b"x")],
        [(MANIFEST, said()), (DUMP, b"x"), ("more", b"x")],
        [(DUMP, b"x"), (MANIFEST, said())],
        [(MANIFEST, said()), (odd(DUMP, type=tarfile.SYMTYPE, linkname="/etc/passwd"), b"")],
        [(MANIFEST, said()), (odd(DUMP, type=tarfile.LNKTYPE, linkname=MANIFEST), b"")],
        [(MANIFEST, said()), (odd(DUMP, type=tarfile.DIRTYPE), b"")],
        [(MANIFEST, said()), (odd(DUMP, type=tarfile.FIFOTYPE), b"")],
    ],
)
def test_other_members(tmp_path, members):
    with pytest.raises(BadBackup, match="no backup of PartnerCRM"):
        reads(tar(tmp_path / "odd.tar", *members))


def test_a_member_that_claims_to_be_larger_than_the_file(tmp_path):
    path = tar(tmp_path / "odd.tar", (MANIFEST, said()))
    bomb = odd(DUMP, size=1 << 40).tobuf()
    path.write_bytes(path.read_bytes()[:1024] + bomb + bytes(10240))
    with pytest.raises(BadBackup, match="cut off"):
        reads(path)


def test_a_sparse_member_of_a_terabyte(tmp_path):
    """Little in the file, and a disk full of zeros when it is unpacked."""
    bomb = odd(DUMP, type=tarfile.GNUTYPE_SPARSE, size=0)
    block = bytearray(bomb.tobuf(tarfile.GNU_FORMAT))
    block[483:495] = tarfile.itn(1 << 40, 12, tarfile.GNU_FORMAT)
    block[148:156] = b" " * 8
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    path = tar(tmp_path / "odd.tar", (MANIFEST, said()))
    path.write_bytes(path.read_bytes()[:1024] + bytes(block) + bytes(10240))
    with pytest.raises(BadBackup, match="no backup of PartnerCRM"):
        reads(path)


def test_a_compressed_one_is_none(good):
    path, _ = good
    with tarfile.open(path.with_name("z.tar"), "w:gz") as file:
        file.add(path, MANIFEST)
    with pytest.raises(BadBackup, match="no backup of PartnerCRM"):
        reads(path.with_name("z.tar"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        said(counts=[1]),
        said(counts={"a": "many"}),
        said(made_at="yesterday"),
        said(migrations=None),
        said(sha256=[]),
    ],
)
def test_a_table_of_contents_that_cannot_be_read(tmp_path, content):
    with pytest.raises(BadBackup, match="table of contents cannot be read"):
        reads(tar(tmp_path / "odd.tar", (MANIFEST, content), (DUMP, b"x")))


def test_a_table_of_contents_without_end(tmp_path):
    with pytest.raises(BadBackup, match="too long"):
        reads(tar(tmp_path / "odd.tar", (MANIFEST, b" " * 1_000_001), (DUMP, b"x")))


def test_one_of_a_newer_program(tmp_path):
    with pytest.raises(BadBackup, match="A newer PartnerCRM wrote this backup"):
        reads(tar(tmp_path / "odd.tar", (MANIFEST, said(format=2)), (DUMP, b"x")))


def test_a_newer_pg_restore_fits_an_older_server():
    body = b"SET lock_timeout = 0;\n" + b"INSERT ...;\n" * 50
    script, into = io.BytesIO(b"SET transaction_timeout = 0;\n" + body), io.BytesIO()
    pass_on(script, into)
    assert into.getvalue() == body
