"""Guessing at codes and numbers: what is right always gets in, what is wrong is counted and slowed.

A school has one address for all, so an address is never locked: its wrong guesses come out of a bucket that a class
with typing errors does not empty, and that fills up again by one each second. What is typed right costs nothing.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.core.buckets import MOST_BUCKETS, Buckets
from services.core.errors import DomainError, Invalid, NotFound, TooManyAttempts
from services.core.hidden_names import hidden
from services.core.phrases import phrase
from services.core.processes import Processes
from services.core.server_address import network_of

FREE = 5
"""wrong guesses of one browser, or of one address without a browser, before it is told to wait"""
LONGEST_WAIT = 900
FORGOTTEN_AFTER = 3600.0
OF_ADDRESS, OF_ADDRESS_PER_SECOND = 300, 1.0
OF_BROWSER, OF_BROWSER_PER_SECOND = 60, 0.1
IN_ALL, IN_ALL_PER_SECOND = 5_000, 2.0
"""Beyond so many wrong guesses from everywhere, many addresses are guessing together …"""
CAREFUL, CAREFUL_PER_SECOND = 20, 1 / 60
"""… and then each of them has so few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a guess comes from: an address, and the browser there, if it is one."""

    address: str = ''
    browser: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a guess comes from as it is counted, and told to other processes: what stands for the network, for the
    browser, and for the two together."""

    network: str
    browser: str
    both: str


def place_of(origin: Origin) -> Place:
    """Return where a guess comes from, hidden."""
    network = network_of(origin.address)
    return Place(network=hidden(network), browser=hidden(origin.browser), both=hidden(f'{network} {origin.browser}'))


def _buckets(at_once: int, per_second: float) -> Buckets:
    return Buckets(
        at_once=at_once, per_second=per_second, sentence=phrase('Too many wrong tries from here. Wait a moment.')
    )


@dataclass(slots=True)
class Guesses:
    """The wrong guesses at one kind of code."""

    kind: str = ''
    """what is guessed at; where several processes run, each tells the others of wrong guesses of this kind"""
    _wrong: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)
    _of_address: Buckets = field(default_factory=lambda: _buckets(OF_ADDRESS, OF_ADDRESS_PER_SECOND))
    _of_browser: Buckets = field(default_factory=lambda: _buckets(OF_BROWSER, OF_BROWSER_PER_SECOND))
    _in_all: Buckets = field(default_factory=lambda: _buckets(IN_ALL, IN_ALL_PER_SECOND))
    _careful: Buckets = field(default_factory=lambda: _buckets(CAREFUL, CAREFUL_PER_SECOND))

    def check(self, origin: Origin) -> None:
        """Raise `TooManyAttempts` where so much was guessed wrong that the next guess has to wait a second or ten."""
        place = place_of(origin)
        if place.browser:
            self._of_browser.check(place.browser)
        self._of_address.check(place.network)
        if self._in_all.is_empty(''):
            self._careful.check(place.network)

    def count(self, origin: Origin, refusal: DomainError) -> None:
        """Count a wrong guess; after the free ones, raises `TooManyAttempts` with a wait that doubles each time."""
        place = place_of(origin)
        failures = self.take(place)
        if self.kind and tell_others:
            tell_others(self.kind, place)
        if failures > FREE:
            seconds = min(2 ** min(failures - FREE, 16), LONGEST_WAIT)
            raise TooManyAttempts(
                '{refusal} Too many wrong tries: take a moment before the next one.',
                refusal=refusal.sentence,
                seconds=seconds,
            )

    def take(self, place: Place) -> int:
        """Take note of a wrong guess, here or in another process; returns how many there were from the same place."""
        counted = [(self._of_address, place.network), (self._careful, place.network), (self._in_all, '')]
        if place.browser:
            counted.append((self._of_browser, place.browser))
        for buckets, name in counted:
            if not buckets.is_empty(name):
                buckets.take(name)
        return self._one_more(place.both)

    @contextmanager
    def counted(self, origin: Origin) -> Iterator[None]:
        """Check before what is done inside, and count it if it refuses a code as wrong."""
        self.check(origin)
        try:
            yield
        except (NotFound, Invalid) as error:
            if error.field == 'code':
                self.count(origin, error)
            raise

    def clear(self) -> None:
        """Forget all guesses."""
        self._wrong.clear()
        for buckets in self._of_address, self._of_browser, self._in_all, self._careful:
            buckets.clear()

    def _one_more(self, who: str) -> int:
        now = time.monotonic()
        failures, since = self._wrong.pop(who, (0, now))
        failures = 1 if now - since > FORGOTTEN_AFTER else failures + 1
        self._wrong[who] = failures, now
        if len(self._wrong) > MOST_BUCKETS:
            self._wrong.popitem(last=False)
        return failures


class_codes = Guesses(kind='class')
rejoin_codes = Guesses(kind='rejoin')
parent_codes = Guesses(kind='parent')
serials = Guesses(kind='certificate')
"""numbers of certificates: with 79 random bits they need no limit on right ones, so nothing is checked before"""


_KINDS = {guesses.kind: guesses for guesses in (class_codes, rejoin_codes, parent_codes, serials)}
tell_others: Callable[[str, Place], None] | None = None
"""tells the other processes of a wrong guess, where there are any"""


def share(processes: Processes) -> None:
    """Count the wrong guesses of all processes in each of them."""
    global tell_others

    def tell(kind: str, place: Place) -> None:
        processes.say(
            'wrong guess', {'kind': kind, 'network': place.network, 'browser': place.browser, 'both': place.both}
        )

    def heard(_: str, message: Mapping[str, str]) -> None:
        place = Place(network=message['network'], browser=message['browser'], both=message['both'])
        _KINDS[message['kind']].take(place)

    processes.hear('wrong guess', heard)
    tell_others = tell


def clear() -> None:
    """Forget all guesses of all kinds."""
    for guesses in _KINDS.values():
        guesses.clear()
