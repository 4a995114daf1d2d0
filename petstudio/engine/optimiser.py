"""AdamW over layer groups, with the rates and decay rules of the recipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import torch
from torch import nn

from petstudio.api.contributions import SchedulePoint
from petstudio.api.errors import IntegrityError
from petstudio.api.language import tr
from petstudio.engine.network import ModuleGroup, decayed_and_not

_STEP: Final = "step"
_MOMENTS: Final = ("exp_avg", "exp_avg_sq")
_SQUARED_MOMENTUM: Final = 0.99
_EPSILON: Final = 1e-5  # fastai 2's; 1e-8 lets tiny gradients move much further


class Optimiser:
    """AdamW (decoupled decay) whose rates and momentum follow a schedule, group by group."""

    def __init__(
        self,
        groups: Sequence[ModuleGroup],
        rates: Sequence[float],
        weight_decay: float,
        *,
        clip: float = 0.0,
    ) -> None:
        """Train what of the groups is trainable; `clip` is the largest norm of all gradients."""
        # Parameters with the same settings are updated by one launch, whatever group they are in.
        alike: dict[tuple[float, float], list[nn.Parameter]] = {}
        for group, rate in zip(groups, rates, strict=True):
            decayed, spared = decayed_and_not(group)
            alike.setdefault((rate, weight_decay), []).extend(decayed)
            alike.setdefault((rate, 0.0), []).extend(spared)
        used = {key: parameters for key, parameters in alike.items() if parameters}
        settings = [{"params": p, "weight_decay": decay} for (_, decay), p in used.items()]
        self._highest = [rate for rate, _ in used]
        self._rate = rates[-1]
        self._clip = clip
        self._adam = torch.optim.AdamW(
            settings, lr=0.0, betas=(0.9, _SQUARED_MOMENTUM), eps=_EPSILON, fused=True
        )
        self.rate = 0.0

    def follow(self, point: SchedulePoint) -> None:
        """Set what the schedule says for the coming step."""
        for settings, highest in zip(self._adam.param_groups, self._highest, strict=True):
            settings["lr"] = highest * point.scale
            settings["betas"] = (point.momentum, _SQUARED_MOMENTUM)
        self.rate = self._rate * point.scale

    def step(self, scaler: torch.amp.GradScaler) -> None:
        """Apply the gradients; they stay, as a captured step writes into the same tensors."""
        if self._clip:
            scaler.unscale_(self._adam)
            used = [p for settings in self._adam.param_groups for p in settings["params"]]
            nn.utils.clip_grad_norm_(used, self._clip)
        scaler.step(self._adam)
        scaler.update()

    def state(self) -> dict[int, Any]:
        """Return the moments and step counts by parameter; the tensors are the optimiser's own."""
        state: dict[int, Any] = self._adam.state_dict()["state"]
        return state

    def restore(self, state: Mapping[int, Any]) -> None:
        """Go on from what `state` returned for the same groups.

        Raises:
            IntegrityError: it is the state of other parameters.
        """
        parameters = [p for own in self._adam.param_groups for p in own["params"]]
        laid_out = {
            key: {name: _like(parameters[key], tensor) for name, tensor in tensors.items()}
            for key, tensors in state.items()
            if _fits(parameters, key, tensors)
        }
        if len(laid_out) < len(state):
            raise IntegrityError(tr("The checkpoint's optimiser is that of another network."))
        settings = self._adam.state_dict()["param_groups"]
        self._adam.load_state_dict({"state": laid_out, "param_groups": settings})


def _fits(
    parameters: Sequence[nn.Parameter], key: int, tensors: Mapping[str, torch.Tensor]
) -> bool:
    """Say whether this is a parameter's state to the last number: the fused step checks nothing."""
    if key not in range(len(parameters)) or tensors.keys() != {_STEP, *_MOMENTS}:
        return False
    step, shape = tensors[_STEP], parameters[key].shape
    is_count = step.shape == () and step.dtype is torch.float32
    moments = [tensors[name] for name in _MOMENTS]
    return is_count and all(m.shape == shape and m.is_floating_point() for m in moments)


def _like(parameter: nn.Parameter, tensor: torch.Tensor) -> torch.Tensor:
    """Return the tensor with its numbers in the parameter's order in memory.

    The fused step goes through both as they lie, and torch restores them as they were saved.
    """
    if tensor.shape != parameter.shape:
        return tensor
    return torch.empty_like(parameter, requires_grad=False).copy_(tensor)
