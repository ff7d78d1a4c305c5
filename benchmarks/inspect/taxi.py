"""A number of rows in; trips as New York's taxis report them, 19 columns of numbers and times, out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.inspect.columns import Column, Numbers, write
from benchmarks.inspect.truth import Figures

SEED = 20_150_101
START, MONTH = 1_420_070_400, 31 * 86_400  # 2015-01-01T00:00:00Z, and so many seconds
FIRST_ID = 1_000_000_000
Draw = Callable[[np.random.Generator, int, int], Numbers]


def even(low: int, high: int) -> Draw:
    """Each number from low to high is as likely as any other."""
    return lambda rng, rows, _first: rng.integers(low, high, rows, endpoint=True)


def skewed(shape: float, scale: float) -> Draw:
    """Many small numbers, few large ones."""
    return lambda rng, rows, _first: rng.gamma(shape, scale, rows).astype(np.int64)


def around(middle: int, spread: int) -> Draw:
    """Most numbers lie near the middle."""
    return lambda rng, rows, _first: rng.normal(middle, spread, rows).astype(np.int64)


def one_of(*choices: int) -> Draw:
    """One of a few numbers; what is named twice is twice as likely."""
    return lambda rng, rows, _first: rng.choice(np.array(choices), rows)


def rising(rng: np.random.Generator, rows: int, first: int) -> Numbers:
    """A number of its own for each row, a little out of order, as tills print them."""
    return FIRST_ID + first + rng.permutation(rows)


def columns(rows: int) -> dict[str, Column]:
    """What a trip is."""
    longitude = Column(
        type="number", low=-75_000_000, high=-73_000_000, decimals=6, draw=around(-73_970_000, 40_000), nulls=0.01
    )
    latitude = Column(
        type="number", low=40_000_000, high=41_500_000, decimals=6, draw=around(40_750_000, 30_000), nulls=0.01
    )
    zone = Column(type="integer", low=1, high=265, draw=even(1, 265))
    return {
        "trip_id": Column(type="integer", low=FIRST_ID, high=FIRST_ID + rows, draw=rising),
        "vendor_id": Column(type="integer", low=1, high=2, draw=even(1, 2)),
        "pickup_at": Column(type="datetime", low=START, high=START + MONTH, draw=even(START, START + MONTH)),
        "dropoff_at": Column(
            type="datetime", low=START, high=START + 2 * MONTH, draw=even(START + 60, START + MONTH + 7200), nulls=0.001
        ),
        "passenger_count": Column(type="integer", low=0, high=9, draw=one_of(1, 1, 1, 1, 2, 2, 3, 4, 5, 6), nulls=0.02),
        "trip_distance": Column(type="number", low=0, high=20_000, decimals=2, draw=skewed(1.4, 210)),
        "pickup_longitude": longitude,
        "pickup_latitude": latitude,
        "dropoff_longitude": longitude,
        "dropoff_latitude": latitude,
        "pickup_zone": zone,
        "dropoff_zone": zone,
        "rate_code": Column(type="integer", low=1, high=99, draw=one_of(1, 1, 1, 1, 1, 1, 2, 3, 5, 99)),
        "stored_and_forwarded": Column(type="string", low=0, high=1, words=("N", "Y"), draw=one_of(0, 0, 0, 0, 0, 1)),
        "payment_type": Column(type="integer", low=1, high=4, draw=one_of(1, 1, 1, 2, 2, 3, 4)),
        "fare": Column(type="number", low=250, high=100_000, decimals=2, draw=skewed(2.2, 640)),
        "tip": Column(type="number", low=0, high=50_000, decimals=2, draw=skewed(0.9, 230)),
        "tolls": Column(type="number", low=0, high=1_650, decimals=2, draw=one_of(0, 0, 0, 0, 0, 554, 1_650)),
        "total": Column(type="number", low=330, high=160_000, decimals=2, draw=skewed(2.6, 720)),
    }


def write_taxi(path: Path, rows: int) -> dict[str, Figures]:
    """The file holds so many trips."""
    return write(path, columns(rows), rows, SEED)
