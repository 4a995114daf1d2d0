"""Predictions for the validation pictures at the end of an epoch, by all processes together."""

from __future__ import annotations

from contextlib import closing

from petstudio.api.control import RunControl
from petstudio.engine.building import Setting
from petstudio.engine.evaluation import predict_batches
from petstudio.engine.feeds import Feed
from petstudio.engine.input.batches import ImageSet, in_order
from petstudio.engine.network import Network
from petstudio.engine.predictions import Predictions, joined_in_order


def validate(
    network: Network, feed: Feed, valid: ImageSet, setting: Setting, control: RunControl
) -> Predictions:
    """Return the predictions for all pictures; to processes that are not the first, for their own.

    Raises:
        RunCancelledError: in all processes together.
    """
    processes = setting.processes
    network.eval()
    chunks = [processes.share(chunk) for chunk in in_order(len(valid), setting.batch_size)]
    with closing(feed.validation(chunks)) as batches:
        own = predict_batches(
            feed.judge(), network.classes, batches, valid.keys, processes.shared(control)
        )
    parts = processes.gather(own)
    return joined_in_order(parts, valid.keys) if len(parts) > 1 else own
