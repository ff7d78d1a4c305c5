"""A number of records in; opinions as people write them, with line breaks, commas and doubled quotes, out."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.inspect.truth import Figures

SEED, AT_ONCE = 17, 10_000
DATES = tuple(f"{date(2024, 1, 1) + timedelta(days)}" for days in range(700))
RATINGS = ("", "1", "2", "3", "3", "4", "4", "4", "5", "5")
NAMES = ("Ada", "Björn", "Chloé", "Dai", "Ewa", "Farid", "Gül", "Hana", "Ivo", "Jun")
FAMILIES = ("Okafor", "Lindqvist", "Müller", "Tanaka", "de la Cruz", "Nowak", "Öztürk", "Silva", "Novák", "Kim")
AUTHORS = sorted(f"{family}, {name} {number}" for family in FAMILIES for name in NAMES for number in range(1, 41))
SENTENCES = (
    "It came a week late, and the box was open.",
    'My neighbour said ""never again"" and I know why now.',
    "The colour is not the one on the picture, but one gets used to it.",
    "Works.",
    'I asked for size ""L"", got ""M"", and sent it back at my own cost.',
    "After three months the handle broke",
    "Good value, I would buy it again for friends and for the office.",
    'The manual says ""press firmly""; press gently instead.',
    "Naïve as I am, I believed the advertisement … twice.",
    "Delivery was fast, the person at the door was kind.",
)
# Between two sentences: a line ends now and then, a paragraph seldom.
JOINTS = (" ",) * 30 + ("\n",) * 9 + ("\n\n",)


def write_quoted(path: Path, rows: int) -> dict[str, Figures]:
    """The file holds so many opinions."""
    rng = random.Random(SEED)  # noqa: S311  # data, no secret
    pool = [_opinion(rng) for _ in range(5_000)]
    counts: dict[str, Counter[str]] = {"author": Counter(), "posted_on": Counter(), "rating": Counter()}
    unspoken = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("id,author,posted_on,opinion,rating\n")
        for first in range(1, rows + 1, AT_ONCE):
            size = min(AT_ONCE, rows + 1 - first)
            drawn = [rng.choices(values, k=size) for values in (AUTHORS, DATES, RATINGS)]
            for counter, values in zip(counts.values(), drawn, strict=True):
                counter.update(values)
            opinions = [text and f'"{text} ({number})"' for number, text in enumerate(rng.choices(pool, k=size), first)]
            unspoken += opinions.count("")
            records = zip(range(first, first + size), *drawn[:2], opinions, drawn[2], strict=True)
            file.writelines(map('%d,"%s",%s,%s,%s\n'.__mod__, records))
    return {
        "id": Figures(type="integer", nulls=0, distinct=rows, min="1", max=str(rows), mean=(rows + 1) / 2),
        "author": _figures("string", counts["author"]),
        "posted_on": _figures("date", counts["posted_on"]),
        "opinion": Figures(type="string", nulls=unspoken, distinct=rows - unspoken),
        "rating": replace(_figures("integer", counts["rating"]), mean=_mean(counts["rating"])),
    }


def _opinion(rng: random.Random) -> str:
    """Three to seven sentences, as they stand between quotes; nothing, once in a hundred."""
    if rng.random() < 0.01:
        return ""
    sentences = rng.choices(SENTENCES, k=rng.randint(3, 7))
    return sentences[0] + "".join(rng.choice(JOINTS) + sentence for sentence in sentences[1:])


def _figures(kind: str, counter: Counter[str]) -> Figures:
    values = counter.keys() - {""}
    return Figures(type=kind, nulls=counter[""], distinct=len(values), min=min(values), max=max(values))


def _mean(counter: Counter[str]) -> float:
    present = {int(text): count for text, count in counter.items() if text}
    return sum(number * count for number, count in present.items()) / sum(present.values())
