"""The recipe takes over how pictures are changed in the preview of the Data page."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject

from petstudio.api.language import tr
from petstudio.bridge.augmentation_changes import augmentation_changes
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.recipe import AugmentationChoice
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.widgets.banner import Banner, BannerAction, BannerMessage

_TAKEN: Final = tr("The recipe changes pictures as the preview does.")
_SAME: Final = tr("The recipe changes pictures as the preview does already; nothing was changed.")
_UNDO: Final = tr("Undo")
_TOPIC: Final = "augmentation"


class AugmentationPart(QObject):
    """Says what is different then, and puts it back if that is not wanted."""

    def __init__(
        self, host: PluginHost, draft: RecipeDraft, banner: Banner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._draft = draft
        self._banner = banner

    def use(self, choice: AugmentationChoice) -> None:
        """Change pictures like this and in no other way from now on."""
        before, after = self._draft.recipe.augmentations, (choice,)
        changes = augmentation_changes(self._host.augmentations, before, after)
        if not changes:
            self._banner.show_now(BannerMessage(kind="info", headline=_SAME, topic=_TOPIC))
            return
        self._draft.use_augmentations(after)
        undo = BannerAction(text=_UNDO, act=partial(self._draft.use_augmentations, before))
        self._banner.show_now(
            BannerMessage(
                kind="info",
                headline=_TAKEN,
                detail=f"{'; '.join(changes)}.",
                actions=(undo,),
                topic=_TOPIC,
            )
        )
