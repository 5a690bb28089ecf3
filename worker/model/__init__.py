"""A second opinion from a model that the user names, behind the same seam as the lexicon's.

Off by default and never needed: whatever goes wrong, the lexicon's classification stands. A model
sees one article at a time, as data, and all that it can change are that article's own labels.
"""

from worker.model.classifier import ModelClassifier
from worker.model.client import ModelClient, client_of

__all__ = ["ModelClassifier", "ModelClient", "client_of"]
