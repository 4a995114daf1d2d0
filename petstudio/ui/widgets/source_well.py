"""The filled well on the Data page: which folder, how many pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot

from petstudio.api.language import counted, tr
from petstudio.images.listing import Listing
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.drop_well import DropWell
from petstudio.ui.widgets.picture_fan import PictureFan
from petstudio.ui.widgets.text import ElidedText, Text, plain_tip
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

_WIDTH: Final = 250
_FAN_SIDE: Final = 48
_FAN_PICTURES: Final = 3
_CHOOSE: Final = tr("Drop or choose…")


class SourceWell(DropWell):
    """Shows a few of the pictures, the folder's name and the count."""

    choose_requested = Signal()

    def __init__(self, theme: Theme, pictures: ThumbnailCache) -> None:
        super().__init__(theme, name="data.well")
        self.folder: Path | None = None
        self._added = 0
        self._pictures = pictures
        self._shown: tuple[Path, ...] = ()
        self._fan = PictureFan(theme, side=_FAN_SIDE)
        self._name = ElidedText(kind="strong", in_the_middle=True)
        self._count = Text(kind="small", tone="text2")
        self._choose = Button(theme, _CHOOSE, kind="link", small=True, name="data.choose")
        self.setMinimumWidth(_WIDTH)
        self._build()
        self._choose.clicked.connect(self.choose_requested)
        pictures.changed.connect(self._draw_fan)

    def show_folder(self, folder: Path, added: Sequence[Path] = ()) -> None:
        """Show the folder, and how many were added to it, before the pictures are known."""
        self.folder = folder
        self._added = len(added)
        self._name.set_full_text("/".join(folder.absolute().parts[-2:]))
        self.setToolTip(plain_tip("\n".join(str(each) for each in (folder, *added))))
        self._count.setText("…")
        self._shown = ()
        self._draw_fan()

    def show_pictures(self, listing: Listing) -> None:
        """Show how many there are, and a few from different places of the list."""
        files = listing.files
        count = counted(len(files), "{count:,} picture", "{count:,} pictures")
        self._count.setText(
            tr("{pictures} in {count:,} folders", pictures=count, count=self._added + 1)
            if self._added
            else count
        )
        step = max(1, len(files) // _FAN_PICTURES)
        chosen = files[step // 2 :: step][:_FAN_PICTURES]
        self._shown = tuple(listing.root / path for path in chosen)
        self._draw_fan()

    def _build(self) -> None:
        self.content.addStretch(1)
        self.content.addWidget(self._fan)
        self._name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.content.addWidget(self._name)
        self.content.addWidget(self._count)
        self.content.addWidget(self._choose)
        self.content.addStretch(1)

    @Slot()
    def _draw_fan(self) -> None:
        found = [self._pictures.pixmap(path, 2 * _FAN_SIDE) for path in self._shown]
        self._fan.show_pictures([pixmap for pixmap in found if pixmap is not None])
