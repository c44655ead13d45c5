"""What becomes of each sign of a text: found out once for each, however often it stands there."""

from collections.abc import Callable

MOST = 5_000
"""signs that a table remembers, more than a language has in use; who sends all there are fills no memory"""


class Signs(dict[int, str]):
    """A table for `str.translate`, which is many times quicker than a loop: what a rule makes of each sign."""

    def __init__(self, rule: Callable[[str], str]) -> None:
        """`rule` takes one sign, and returns what stands in its place; nothing to leave it out."""
        super().__init__()
        self._rule = rule

    def __missing__(self, code: int) -> str:
        if len(self) >= MOST:
            self.clear()
        found = self[code] = self._rule(chr(code))
        return found
