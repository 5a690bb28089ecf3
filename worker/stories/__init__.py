"""Stories: which articles tell the same happening, in whatever words and language (pure)."""

from worker.stories.clustering import cluster

__all__ = ["cluster"]
