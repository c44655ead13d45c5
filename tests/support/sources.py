"""What other people's code looked like when we built on its inside."""

import hashlib
import inspect
from collections.abc import Iterable


def name_of(part: object) -> str:
    """Return the full name of a function or class of another library."""
    return f'{part.__module__}.{part.__qualname__}'  # type: ignore[attr-defined]


def fingerprints(parts: Iterable[object]) -> dict[str, str]:
    """Return the first eight digits of the hash of the source of each."""
    return {name_of(part): _hash(inspect.getsource(part)) for part in parts}  # type: ignore[arg-type]


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:8]
