"""A bar: a ratio of two medians from interleaved rounds, held against what is wanted."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 5
Call = Callable[[], object]


@dataclass(frozen=True)
class Bar:
    """One line of the report."""

    name: str
    value: float
    wanted: float
    unit: str = "×"
    at_most: bool = False

    @property
    def ok(self) -> bool:
        return self.value <= self.wanted if self.at_most else self.value >= self.wanted

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        value, wanted = f"{self.value:.2f}{self.unit}", f"{sign}{self.wanted:.2f}{self.unit}"
        return f"{self.name:<28} {value:>12}  {wanted:<12} {'ok' if self.ok else 'short'}"


def interleaved(
    calls: Mapping[str, tuple[Call, int]], blocks: Mapping[str, Callable[[], float]] | None = None
) -> dict[str, float]:
    """Median seconds per call: the median of five rounds, each of which times every call that many times.

    Within a round the calls take turns one by one, so that what else happens on the machine meets each alike.
    ``blocks`` time themselves (a program of its own) and give their seconds per call, once a round.
    """
    rounds: dict[str, list[float]] = {name: [] for name in (*(blocks or {}), *calls)}
    for call, _times in calls.values():  # warm: connections, caches, plans
        for _ in range(5):
            call()
    for _ in range(ROUNDS):
        for name, block in (blocks or {}).items():
            rounds[name].append(block())
        for name, took in _one_round(calls).items():
            rounds[name].append(statistics.median(took))
    for name, values in rounds.items():
        low, middle, high = (value * 1000 for value in (min(values), statistics.median(values), max(values)))
        print(f"    {name:<20} {middle:9.3f} ms   ({low:.3f} to {high:.3f})", flush=True)
    return {name: statistics.median(values) for name, values in rounds.items()}


def _one_round(calls: Mapping[str, tuple[Call, int]]) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {name: [] for name in calls}
    most = max(times for _call, times in calls.values())
    for turn in range(most):
        for name, (call, times) in calls.items():
            if turn * times // most != (turn - 1) * times // most:
                began = time.perf_counter()
                call()
                took[name].append(time.perf_counter() - began)
    return took
