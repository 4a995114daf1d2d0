"""What can be fetched: the full pets archive, and the pretrained weights of architectures."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from petstudio.api.contributions import PretrainedWeights
from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError, TrustError
from petstudio.api.events import Emit
from petstudio.api.language import tr
from petstudio.config.paths import weights_folder
from petstudio.jobs.archives import extract
from petstudio.jobs.byte_progress import byte_reporter, seldom
from petstudio.jobs.downloads import Download, OnBytes, by_hand, download, file_has_hash
from petstudio.jobs.job import Job

# Oxford-IIIT Pet Dataset, 37 breeds, 7,390 photos; O. M. Parkhi, A. Vedaldi, A. Zisserman,
# C. V. Jawahar, "Cats and Dogs", CVPR 2012. The address is the one torchvision keeps; the SHA-256
# belongs to the file whose MD5 torchvision checks (5c4f3ee8e5d25df40f4fd59a7f44e54c).
PETS_ARCHIVE: Final = Download(
    url="https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz",
    sha256="67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d",
    size=791_918_971,
    max_bytes=791_918_971,
)
PETS_LICENCE: Final = tr("Oxford-IIIT Pet Dataset, CC BY-SA 4.0")
PETS_FILE: Final = "images.tar.gz"
PETS_FOLDER: Final = "oxford-iiit-pet"


def pets_pictures(folder: Path) -> Path:
    """Return where `fetch_pets` leaves the photos."""
    return folder / PETS_FOLDER / "images"


def fetch_pets(folder: Path, *, source: Download = PETS_ARCHIVE) -> Job:
    """Return the job that leaves the pets photos in `folder/oxford-iiit-pet/images`.

    An archive that is there already, by hand or from before, is used if it is the right one; one
    that was fetched is removed once unpacked. A data set that is there is left as it is.
    """

    def job(emit: Emit, control: RunControl) -> None:
        archive, target = folder / PETS_FILE, folder / PETS_FOLDER
        if target.is_dir():
            return
        was_there = archive.exists()
        _have(source, archive, control, byte_reporter(emit, tr("Fetching the pets photos")))
        extract(archive, target, control, byte_reporter(emit, tr("Unpacking the pets photos")))
        if not was_there:
            archive.unlink()

    return job


def fetch_weights(weights: PretrainedWeights, control: RunControl, on_progress: OnBytes) -> Path:
    """Return the file with these weights, fetched if it is not there.

    Raises:
        RunCancelledError: the user cancelled; `kept` says what is kept for the next time.
        TrustError: the file that is there, or the one that came, is not the one it should be.
        MachineError: it cannot be fetched; the cure says which file to put where.
    """
    target = weights_folder() / weights.file_name
    # The size is what somebody wrote into a plugin; the hash decides.
    source = Download(
        url=weights.url, sha256=weights.sha256, size=weights.size, max_bytes=2 * weights.size
    )
    _have(source, target, control, seldom(on_progress))
    return target


def _have(source: Download, target: Path, control: RunControl, on_progress: OnBytes) -> None:
    if not target.exists():
        _fetch(source, target, control, on_progress)
    elif not file_has_hash(target, source.sha256, control):
        raise TrustError(
            tr(
                "{target} is not the file it should be: its SHA-256 does not begin with {sha256}.",
                target=target,
                sha256=source.sha256[:8],
            ),
            cure=tr("Remove it to have it fetched again. {by_hand}", by_hand=by_hand(target)),
        )


def _fetch(source: Download, target: Path, control: RunControl, on_progress: OnBytes) -> None:
    try:
        download(source, target, control, on_progress)
    except RunCancelledError:
        raise RunCancelledError(
            kept=tr(
                "What was fetched of {target} is kept; the next time goes on from there.",
                target=target.name,
            )
        ) from None
