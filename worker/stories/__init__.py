"""Near-duplicates: which articles tell the same story in the same words (pure)."""

from worker.stories.clustering import cluster

__all__ = ["cluster"]
