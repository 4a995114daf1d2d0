"""The pictures of a report, drawn into the page itself: the worst, and the doubtful labels."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from petstudio.api.errors import ImageError
from petstudio.api.language import tr
from petstudio.engine.analysis.label_errors import LabelError
from petstudio.engine.predictions import TopLoss
from petstudio.images.pixel_file import PixelFile
from petstudio.images.thumbnails import thumbnail
from petstudio.jobs.report_text import escaped
from petstudio.jobs.results import RunResult
from petstudio.project.names import shown_text

_THUMBNAIL_SIDE: Final = 160


class PictureFigures:
    """Makes figures of a result's pictures; `kept` is where decoded ones are, if anywhere."""

    def __init__(self, result: RunResult, kept: Path | None) -> None:
        self._result = result
        self._kept = kept

    def worst(self, found: Sequence[TopLoss]) -> str:
        """Return what each picture was taken for."""
        return self._figures(
            [(top.key, top.actual == top.predicted, self._taken_for(top)) for top in found]
        )

    def doubtful(self, found: Sequence[LabelError]) -> str:
        """Return what each picture's label may rather be."""
        return self._figures([(error.key, False, self._maybe(error)) for error in found])

    def _taken_for(self, top: TopLoss) -> str:
        names = self._result.classes
        return (
            f"<b>{escaped(names[top.predicted])}</b> {top.predicted_probability:.0%}<br>"
            f"{escaped(tr('is {name}', name=names[top.actual]))} {top.actual_probability:.0%}<br>"
            f"{escaped(tr('loss {loss:.2f}', loss=top.loss))}"
        )

    def _maybe(self, error: LabelError) -> str:
        names = self._result.classes
        return (
            f"<b>{escaped(tr('maybe {name}', name=names[error.suggested]))}</b><br>"
            f"{escaped(tr('labelled {name}', name=names[error.actual]))}"
        )

    def _figures(self, items: Sequence[tuple[int, bool, str]]) -> str:
        with PixelFile(self._kept) if self._kept else nullcontext() as kept:
            return "".join(self._figure(*item, kept) for item in items)

    def _figure(self, key: int, is_right: bool, caption: str, kept: PixelFile | None) -> str:
        name = escaped(shown_text(self._result.records[key].path))
        return (
            f"<figure class='{'right' if is_right else 'wrong'}'>"
            f"{_picture(self._result.picture(key), kept)}"
            f"<figcaption>{caption}<br><small>{name}</small></figcaption></figure>"
        )


def _picture(file: Path, kept: PixelFile | None) -> str:
    try:
        image = thumbnail(file, _THUMBNAIL_SIDE, kept)
    except ImageError:
        return "<div class='gone'>cannot read</div>"
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=82)
    return (
        f"<img alt='' src='data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}'>"
    )
