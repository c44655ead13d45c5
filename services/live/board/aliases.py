"""Animal aliases: new for every class, the same on every screen of it, and not to be traced without the secret."""

import hashlib
import hmac
from collections.abc import Container
from itertools import count

from settings import settings


def row_key(session_id: int, user_id: int) -> str:
    """Return the id under which screens know a learner during one class."""
    return _digest('row', session_id, user_id, 0).hex()[:12]


def alias(session_id: int, user_id: int, taken: Container[str]) -> str:
    """Return a free alias for a learner in one class."""
    for attempt in count():
        digest = int.from_bytes(_digest('alias', session_id, user_id, attempt)[:8])
        rest, animal = divmod(digest, len(_ANIMALS))
        name = f'{_QUALITIES[rest % len(_QUALITIES)]} {_ANIMALS[animal]}'
        if attempt >= _PLAIN_ATTEMPTS:
            name = f'{name} {attempt - _PLAIN_ATTEMPTS + 2}'
        if name not in taken:
            return name
    raise AssertionError('unreachable')


def first_name(name: str, taken: Container[str]) -> str:
    """Return the first name, with the initial of the last one where two would be the same."""
    first, *others = name.split()
    if first not in taken or not others:
        return first
    return f'{first} {others[-1][0]}.'


def initials(name: str, taken: Container[str]) -> str:
    """Return the first and the last initial, with a number where two would be the same."""
    words = name.split()
    letters = ''.join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper()
    return next(
        shown for number in count(1) if (shown := letters if number == 1 else f'{letters} {number}') not in taken
    )


def _digest(purpose: str, session_id: int, user_id: int, attempt: int) -> bytes:
    message = f'{purpose} {session_id} {user_id} {attempt}'.encode()
    return hmac.new(settings().secret_key.encode(), message, hashlib.sha256).digest()


_PLAIN_ATTEMPTS = 8

_QUALITIES = """
    Amber Azure Bold Brave Bright Calm Clever Coral Curious Dapper Eager Early Fair Gentle Golden Happy Jolly
    Keen Kind Lively Lucky Merry Mighty Neat Nimble Noble Patient Plucky Polite Proud Quick Quiet Ruby Scarlet
    Silver Snowy Speedy Spotted Steady Sunny Swift Tidy Velvet Violet Warm Wise Witty Zesty
""".split()  # noqa: SIM905 - easier to read than a list of quoted words

_ANIMALS = """
    Albatross Antelope Badger Beaver Bison Bumblebee Camel Caribou Cheetah Chipmunk Cricket Crane Dolphin
    Dragonfly Duck Eagle Elephant Falcon Ferret Finch Firefly Flamingo Fox Gazelle Gecko Giraffe Goose Hamster
    Hare Hedgehog Heron Hummingbird Ibex Jaguar Kestrel Kingfisher Koala Lemur Leopard Lion Llama Lynx Magpie
    Manatee Marmot Meerkat Mole Moose Narwhal Newt Ocelot Orca Osprey Otter Owl Panda Panther Parrot Pelican
    Penguin Puffin Quail Rabbit Raccoon Raven Reindeer Robin Salmon Seahorse Seal Sparrow Squirrel Starling
    Stork Swallow Swan Tiger Toucan Tortoise Turtle Walrus Weasel Whale Wolf Wombat Wren Yak Zebra
""".split()  # noqa: SIM905 - easier to read than a list of quoted words
