"""What an exposure says of the topic, when it counts articles of all topics.

Such a volume holds the topic's own articles: a burst would raise its own expectation. So the
topic's count is taken out, unless it is a large part of the whole or exceeds it: then the exposure
counts something else, or nothing but the topic. Shares of healthy sources are taken as they are.
"""

from __future__ import annotations

from alerts.baseline.compiled import compiled
from alerts.baseline.layout import SEEN, SHARE, VOLUMES
from alerts.baseline.setting import ELASTICITY, Floats

LARGEST_SHARE = 0.4  # of the whole, on average, up to which the topic is taken to be part of it
SHARE_MEMORY = 50.0  # buckets
LEAST_LEFT = 0.4  # of an exposure, when the topic is taken out


@compiled
def others(memory: Floats, exposure: float, count: float) -> float:
    """The exposure without the topic's own articles, of which it keeps a part at least."""
    if memory[VOLUMES] == 0.0 or memory[SHARE] > LARGEST_SHARE:
        return exposure
    return max(exposure - count, LEAST_LEFT * exposure)


@compiled
def effect(memory: Floats, constants: Floats, exposure: float) -> float:
    """By what the mean is multiplied: less than in proportion, where volumes of days are compared,
    because most of what makes other topics grow leaves this one alone."""
    if memory[VOLUMES] == 0.0 or exposure <= 0.0 or constants[ELASTICITY] == 1.0:
        return exposure
    least: float = exposure ** constants[ELASTICITY]
    return least


@compiled
def learn_share(memory: Floats, exposure: float, count: float) -> None:
    """Move the average share of the topic by one bucket."""
    if memory[VOLUMES] > 0.0 and exposure > 0.0:
        share = min(count / exposure, 2.0)
        memory[SHARE] += (share - memory[SHARE]) / min(memory[SEEN] + 1.0, SHARE_MEMORY)
