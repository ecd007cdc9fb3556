"""Libraries that would write what passes through them into a log at DEBUG: they never speak below WARNING here.

A logger's own level wins over the root's, so an operator who sets the root to DEBUG hears Careline, not the words.
"""

import logging
import os

LOUD = (
    "aiosqlite",  # the parameters of every statement
    "asyncpg",
    "psycopg",
    "sqlalchemy",
    "openai",  # whole requests
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "urllib3",
    "websockets",  # every frame
    "uvicorn.error",  # hands its logger to websockets
    "uvicorn.asgi",
    "twilio",
    "chromadb",
    "langgraph",
    "langchain",
    "langchain_core",
    "langsmith",
    "presidio-analyzer",
    "presidio_analyzer",
    "decision_process",
    "tldextract",
    "python_multipart",
    "multipart",
    "redis",
)  # fmt: skip
INFORMING = frozenset({"uvicorn.error", "uvicorn.asgi"})
"""These tell of starts and stops at INFO, and nothing else there."""


def hush() -> None:
    """Raise the levels; those that were raised further stay so. OPENAI_LOG would lower one when openai is loaded."""
    os.environ.pop("OPENAI_LOG", None)
    for name in LOUD:
        logger, least = logging.getLogger(name), logging.INFO if name in INFORMING else logging.WARNING
        logger.setLevel(max(logger.level, least))
