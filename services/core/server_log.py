"""What the operator can read afterwards: one JSON object per line, each with the request it belongs to."""

import logging
import sys
import uuid
from contextlib import suppress
from contextvars import ContextVar

import orjson
import structlog

request_id: ContextVar[str] = ContextVar('request_id', default='')
"""The gesture, page view or form post that is being worked on."""


def begin_request() -> str:
    """Give what follows in this context a request id of its own."""
    fresh = uuid.uuid4().hex[:16]
    request_id.set(fresh)
    return fresh


def set_up(level: str = 'INFO') -> None:
    """Write JSON lines to standard output, also what libraries log."""
    chain: list[structlog.types.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt='iso', utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*chain, structlog.processors.JSONRenderer(serializer=orjson.dumps, default=str)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[*chain, structlog.stdlib.add_logger_name],
        )
    )
    logging.basicConfig(handlers=[handler], level=max(logging.getLevelName(level), logging.WARNING), force=True)


def write(event: str, *, request: str = '', **facts: object) -> None:
    """Write one line."""
    with suppress(OSError):  # a full disk or a closed pipe stops the server log, not the class
        _logger.info(event, request_id=request or request_id.get(), **facts)


def write_warning(event: str, **facts: object) -> None:
    """Write one line about something that an operator should look at."""
    with suppress(OSError):
        _logger.warning(event, request_id=request_id.get(), **facts)


def write_problem(event: str, error: BaseException, **facts: object) -> None:
    """Write one line about something that nobody expected, with its trace."""
    with suppress(OSError):
        _logger.error(event, request_id=request_id.get(), exc_info=error, **facts)


_logger = structlog.get_logger()
