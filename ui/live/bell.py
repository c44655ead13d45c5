"""The sound with which a time is up: one soft tone, made here, so that there is no file to be lost."""

import io
import math
import wave
from functools import cache

from fastapi.responses import Response
from nicegui import app

ADDRESS = '/look/bell-1.wav'
"""Browsers keep what is there; another tone needs another number."""

RATE = 16_000
SECONDS = 0.9
TONE = 660.0
LOUDNESS = 60


def register() -> None:
    """Put the sound where pages find it."""
    app.get(ADDRESS, include_in_schema=False)(_sound)


@cache
def tone() -> bytes:
    """Return the tone as a WAV file: it fades like that of a bell."""
    file = io.BytesIO()
    with wave.open(file, 'wb') as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(RATE)
        out.writeframes(bytes(_sample(index / RATE) for index in range(int(RATE * SECONDS))))
    return file.getvalue()


def _sample(second: float) -> int:
    swing = math.sin(math.tau * TONE * second) + 0.4 * math.sin(math.tau * 2 * TONE * second)
    return round(128 + LOUDNESS * swing * math.exp(-5 * second))


def _sound() -> Response:
    return Response(tone(), media_type='audio/wav')
