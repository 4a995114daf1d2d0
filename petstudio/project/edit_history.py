"""Edits with their inverse, on disk: undo and redo survive a restart and a `kill -9`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import index
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.project.changes import Change
from petstudio.project.database import Database, Row
from petstudio.project.image_rows import read_name, stored_name
from petstudio.project.image_table import ImageTable
from petstudio.project.records import Edit, ImageRecord, LabelOrigin, Rename
from petstudio.project.table_rows import (
    damaged,
    decoding,
    fetch,
    json_table,
    note_count,
    put,
    put_meta,
    read_meta,
)

_RENAME: Final = "rename."


class EditHistory:
    """A line of edits; those that were undone stand at its end until a new edit drops them."""

    def __init__(self, database: Database, images: ImageTable) -> None:
        self._database = database
        self._images = images

    def edits(self) -> tuple[Edit, ...]:
        """Return all edits, oldest first."""
        rows = fetch(self._database, "edits", "ORDER BY id")
        with decoding(self._database, "edits"):
            return tuple(_edit(row) for row in rows)

    def apply(self, change: Change) -> Edit:
        """Do it, in one transaction together with its inverse; on the disk when this returns."""
        changed = [new for new in change.records if new != self._images.records[new.id]]
        before = [self._images.records[new.id] for new in changed]
        with self._database.transaction():
            self._drop_undone()
            edit = self._insert(change, len(changed))
            self._store_other_side(edit.id, before)
            self._images.write(changed)
        self._images.keep(changed)
        return edit

    def undo(self) -> Edit | None:
        """Take back the newest edit; None when there is none."""
        return self._swap("WHERE undone = 0 ORDER BY id DESC LIMIT 1", undone=True)

    def redo(self) -> Edit | None:
        """Do the edit again that was undone last; None when there is none."""
        return self._swap("WHERE undone = 1 ORDER BY id LIMIT 1", undone=False)

    def go_to(self, edit: int) -> None:
        """Undo or redo up to the moment after this edit; 0 is the moment before the first one."""
        ids = [one.id for one in self.edits()]
        if edit and edit not in ids:
            raise InputError(
                tr("This edit is no longer in the history."), cure=tr("Choose another one.")
            )
        while (newest := self._newest_done()) > edit:
            self.undo()
        while newest < edit and self.redo() is not None:
            newest = self._newest_done()

    def recent_images(self, most: int) -> tuple[int, ...]:
        """Return the images that were changed last, the newest first, each once."""
        rows = self._database.rows(
            "SELECT image FROM changes JOIN edits ON edits.id = changes.edit WHERE undone = 0 "
            "ORDER BY edit DESC LIMIT ?",
            (most,),
        )
        return tuple(dict.fromkeys(image for (image,) in rows))

    def renames(self) -> tuple[Rename, ...]:
        """Return how classes were renamed, the oldest first; not what is undone."""
        meta = read_meta(self._database)
        texts = ((edit, meta.get(f"{_RENAME}{edit.id}")) for edit in self.edits())
        with decoding(self._database, "edits"):
            return tuple(
                _rename(edit, text) for edit, text in texts if text is not None and not edit.undone
            )

    def _newest_done(self) -> int:
        [(newest,)] = self._database.rows("SELECT max(id) FROM edits WHERE undone = 0")
        return int(newest or 0)

    def _insert(self, change: Change, images: int) -> Edit:
        [(last,)] = self._database.rows("SELECT max(id) FROM edits")
        edit = Edit(id=(last or 0) + 1, what=change.what, when=datetime.now(UTC), undone=False)
        put(self._database, "edits", [_row(edit, images)])
        if change.rename is not None:
            old, new = change.rename
            text = json.dumps({"old": old, "new": new})
            put_meta(self._database, {f"{_RENAME}{edit.id}": text})
        note_count(self._database, "edits")
        return edit

    def _drop_undone(self) -> None:
        undone = "(SELECT id FROM edits WHERE undone = 1)"
        renames = f"(SELECT '{_RENAME}' || id FROM edits WHERE undone = 1)"
        self._database.rows(f"DELETE FROM meta WHERE key IN {renames}")
        self._database.rows(f"DELETE FROM changes WHERE edit IN {undone}")
        self._database.rows("DELETE FROM edits WHERE undone = 1")

    def _swap(self, clause: str, *, undone: bool) -> Edit | None:
        rows = fetch(self._database, "edits", clause)
        if not rows:
            return None
        with decoding(self._database, "edits"):
            edit = replace(_edit(rows[0]), undone=undone)
            there = self._other_side(edit.id, images=rows[0][-1])
        here = [self._images.records[record.id] for record in there]
        with self._database.transaction():
            self._store_other_side(edit.id, here)
            self._images.write(there)
            put(self._database, "edits", [_row(edit, len(there))])
        self._images.keep(there)
        return edit

    def _other_side(self, edit: int, *, images: int) -> list[ImageRecord]:
        rows = fetch(self._database, "changes", "WHERE edit = ? ORDER BY image", (edit,))
        if len(rows) != images:
            raise damaged(self._database, "edits")
        return [self._with_state(row) for row in rows]

    def _with_state(self, row: Row) -> ImageRecord:
        _, image, label, origin, split, excluded = row
        return replace(
            self._images.records[image],
            label=read_name(label),
            origin=LabelOrigin(origin),
            split=None if split is None else Split(split),
            excluded=bool(index(excluded)),
        )

    def _store_other_side(self, edit: int, records: Sequence[ImageRecord]) -> None:
        put(self._database, "changes", [_state(edit, record) for record in records])


def _state(edit: int, record: ImageRecord) -> Row:
    split = record.split and record.split.value
    label = stored_name(record.label)
    return (edit, record.id, label, record.origin.value, split, int(record.excluded))


def _rename(edit: Edit, text: str) -> Rename:
    names = json_table(text)
    return Rename(old=str(names["old"]), new=str(names["new"]), when=edit.when)


def _row(edit: Edit, images: int) -> Row:
    return (edit.id, edit.what, edit.when.isoformat(), int(edit.undone), images)


def _edit(row: Row) -> Edit:
    identity, what, at, undone, _ = row
    when = datetime.fromisoformat(at)
    return Edit(id=index(identity), what=str(what), when=when, undone=bool(index(undone)))
