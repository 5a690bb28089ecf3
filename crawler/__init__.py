"""The crawler: from a source on the network to an article, without queue, database or clock."""

# Read now and not on demand: a submodule that is imported later would take the function's name.
from crawler.extract import Extracted, extract

__all__ = ["Extracted", "extract"]
