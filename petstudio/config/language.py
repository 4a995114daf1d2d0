"""Moved."""

from petstudio.api.language import *  # noqa: F403
from petstudio.api.language import VARIABLE as VARIABLE
