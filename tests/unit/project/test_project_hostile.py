"""Projects from somebody else that try to do harm."""

from __future__ import annotations

import zlib

import pytest

from petstudio.api.errors import IntegrityError
from petstudio.project.project import Project
from petstudio.project.records import Access


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER evil AFTER UPDATE ON images BEGIN UPDATE images SET label = NULL; END",
        "CREATE VIEW evil AS SELECT * FROM images",
        "CREATE TABLE evil (x)",
        "CREATE INDEX evil ON images (label)",
        "CREATE VIRTUAL TABLE evil USING fts4(x)",
        "ALTER TABLE images ADD COLUMN evil",
        "DROP TABLE changes",
    ],
)
@pytest.mark.parametrize("access", Access)
def test_that_a_foreign_schema_is_refused(
    closed_project, change_database, statement: str, access: Access
) -> None:
    change_database(closed_project, statement)

    with pytest.raises(IntegrityError, match="nothing in it was run"):
        Project.open(closed_project, access)


def _signed(row: tuple[object, ...]) -> str:
    """A row as SQL with the checksum that an attacker can compute as well as we can."""
    values = [*row, zlib.crc32(ascii(row).encode())]
    return ", ".join(
        f"X'{value.hex()}'" if isinstance(value, bytes) else f"'{value}'"
        if isinstance(value, str) else "NULL" if value is None else str(value)
        for value in values
    )  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [b"../x.jpg", b"/etc/passwd", b"a/../../x.jpg", b"..", b"", b"a//b", b"a/./b", b"a\0b"],
)
def test_that_an_image_path_that_leads_out_is_refused(
    closed_project, change_database, path: bytes
) -> None:
    row = (1, path, "x", b"a", "loader", "train", None, 0, None, 0, "0")
    change_database(closed_project, f"INSERT OR REPLACE INTO images VALUES ({_signed(row)})")

    with pytest.raises(IntegrityError, match=r"images in .* are damaged"):
        Project.open(closed_project)


@pytest.mark.parametrize(
    ("slug", "metrics"),
    [
        ("../../x", "{}"),
        ("/etc", "{}"),
        ("", "{}"),
        ("run", "[" * 100_000),
        ("run", "{" + '"a": {' * 50_000),
        ("run", '{"a": ' + "9" * 100_000 + "}"),
        ("run", '{"a": NaN}'),
        ("run", "[]"),
    ],
    ids=range(8),
)
def test_that_a_hostile_run_is_refused(
    closed_project, change_database, slug: str, metrics: str
) -> None:
    run = (1, slug, "x", "completed", "2026-01-01T00:00:00+00:00", "", metrics)
    change_database(
        closed_project,
        f"INSERT INTO runs VALUES ({_signed(run)})",
        f"INSERT OR REPLACE INTO meta VALUES ({_signed(('rows.runs', '1'))})",
    )

    with pytest.raises(IntegrityError, match=r"runs in .* are damaged"):
        Project.open(closed_project)


@pytest.mark.parametrize("name", ["project.db", "runs", "snapshots", "tmp", "cache", "lock"])
def test_that_a_part_that_links_elsewhere_is_refused(closed_project, tmp_path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (closed_project / name).rename(elsewhere)
    (closed_project / name).symlink_to(elsewhere)

    with pytest.raises(IntegrityError, match="link to another place"):
        Project.open(closed_project)
