"""What the operator can read afterwards: one JSON object per line, each with the request it belongs to."""

import logging
import sys
import time
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field

import orjson
import structlog

from services.core import metrics
from services.core.secrets import new_id

request_id: ContextVar[str] = ContextVar('request_id', default='')
"""The gesture, page view or form post that is being worked on."""

MOST_OF_A_PLACE, MOST_TRACES = 5, 60
"""traces in a minute, from one place in the code and in all; a stranger can cause errors as often as they like"""
LONGEST_EVENT, LONGEST_TRACE = 500, 8_000
"""letters; an error may repeat what was sent, which may be a megabyte"""
MINUTE = 60.0


def begin_request() -> str:
    """Give what follows in this context a request id of its own."""
    fresh = new_id()[:16]
    request_id.set(fresh)
    return fresh


@dataclass(slots=True)
class _Traces:
    """How many traces were written within this minute, and how many were not."""

    _since: float = -MINUTE
    _written: dict[str, int] = field(default_factory=dict)
    left_out: int = 0

    def may_write(self, error: BaseException) -> bool:
        """Count a trace; False if enough of it is written already."""
        now = time.monotonic()
        if now - self._since > MINUTE:
            self._since, self._written = now, {}
        place = _place_of(error)
        here = self._written.get(place, 0)
        if here >= MOST_OF_A_PLACE or sum(self._written.values()) >= MOST_TRACES:
            self.left_out += 1
            return False
        self._written[place] = here + 1
        return True

    def clear(self) -> None:
        """Begin another minute."""
        self._since, self._written, self.left_out = -MINUTE, {}, 0


traces = _Traces()


def _place_of(error: BaseException) -> str:
    """Return where an error was raised."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    at = f'{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}' if trace else ''
    return f'{type(error).__name__} {at}'


def _is_written(record: logging.LogRecord) -> bool:
    """Tell whether what a library logs is written."""
    error = record.exc_info[1] if record.exc_info else None
    return error is None or traces.may_write(error)


def _bounded(_: object, __: str, line: structlog.types.EventDict) -> structlog.types.EventDict:
    """Cut a line to what an operator reads, and add how many traces were left out before it."""
    for name, most in (('event', LONGEST_EVENT), ('exception', LONGEST_TRACE)):
        if len(text := str(line.get(name, ''))) > most:
            line[name] = f'{text[: most // 4]} … {text[-(most - most // 4) :]}'
    if 'exception' in line and traces.left_out:
        line['left_out'], traces.left_out = traces.left_out, 0
    return line


def set_up(level: str = 'INFO') -> None:
    """Write JSON lines to standard output, also what libraries log."""
    chain: list[structlog.types.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt='iso', utc=True),
        structlog.processors.format_exc_info,
        _bounded,
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
    handler.addFilter(_is_written)
    logging.basicConfig(handlers=[handler], level=max(logging.getLevelName(level), logging.WARNING), force=True)


def write(event: str, *, request: str = '', **facts: object) -> None:
    """Write one line."""
    metrics.line(event)
    with suppress(OSError):  # a full disk or a closed pipe stops the server log, not the class
        _logger.info(event, request_id=request or request_id.get(), **facts)


def write_warning(event: str, **facts: object) -> None:
    """Write one line about something that an operator should look at."""
    metrics.line(event)
    with suppress(OSError):
        _logger.warning(event, request_id=request_id.get(), **facts)


def write_problem(event: str, error: BaseException, **facts: object) -> None:
    """Write one line about something that nobody expected, with its trace; many of one kind are counted only."""
    metrics.line(event)
    if not traces.may_write(error):
        return
    with suppress(OSError):
        _logger.error(event, request_id=request_id.get(), exc_info=error, **facts)


_logger = structlog.get_logger()
