"""Times two works against each other so that a busy machine does not decide which is the faster: a bound on a ratio that holds, holds."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5
PATIENCE = 6
"""How many further times the rounds are run while the bound is not met. Noise only ever adds time, so the least of more runs is nearer to
the truth; a work that is truly too slow stays so however often it is run."""


def processor() -> float:
    """Seconds of processor that this process has taken, those of its finished child processes too: others on the machine do not count."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@dataclass
class Race:
    """The least time of each of several works, in seconds, taken in turn: what slows the machine for a while slows all of them."""

    works: tuple[Callable[[], object], ...]
    least: list[float]
    clock: Callable[[], float]

    def run(self, rounds: int = ROUNDS) -> None:
        """Runs each work once in every round."""
        for _ in range(rounds):
            for place, work in enumerate(self.works):
                start = self.clock()
                work()
                self.least[place] = min(self.least[place], self.clock() - start)


def side_by_side(
    *works: Callable[[], object], holds: Callable[..., bool], rounds: int = ROUNDS, clock: Callable[[], float] = processor
) -> list[float]:
    """The least seconds of each of `works`; while `holds(*seconds)` is false it measures again, a few times, before it gives in.

    The test asserts the bound itself, on what comes back. The clock is the processor's, unless another process does the work and is
    still alive afterwards: then `time.perf_counter`.
    """
    race = Race(works, [float("inf")] * len(works), clock)
    race.run(rounds)
    for _ in range(PATIENCE):
        if holds(*race.least):
            break
        race.run(rounds)
    return race.least
