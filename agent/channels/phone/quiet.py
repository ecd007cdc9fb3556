"""Pipecat writes what callers say and hear into its log. Nothing of it is logged here, at any level.

Its log library prints to stderr unless told otherwise, at DEBUG. So its packages are switched off in it, whoever adds
a sink later, and what other packages send there (a speech service of a vendor) is passed on as place and level alone.
"""

import functools
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loguru import Message

log = logging.getLogger("careline.phone.library")


@functools.cache
def silence_libraries() -> None:
    """Switch the words of libraries off. Safe to repeat; before any pipeline is made."""
    from loguru import logger

    logger.remove()
    logger.add(_place_alone, level="WARNING", format="{message}", backtrace=False, diagnose=False)
    logger.disable("pipecat")


def _place_alone(message: "Message") -> None:
    record = message.record
    log.warning("library_warning %s:%s", record["name"], record["line"])
