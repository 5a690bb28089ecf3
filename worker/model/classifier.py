"""The lexicon's classification, looked over by a model where that may matter."""

import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from worker.classify import Classification, Classifier, Lexicon, Readable, Understood
from worker.model.allowance import Allowance
from worker.model.answer import WrongAnswer, believed
from worker.model.client import ModelClient, ModelTrouble
from worker.model.question import Words, question, schema, worth_asking

log = logging.getLogger(__name__)

#: Articles of this relevance or more are worth a question, relevant or not.
LEAST_RELEVANCE = 0.3
#: After so many questions the log tells how they went.
_TELL_EVERY = 100


class ModelClassifier(Classifier):
    """Behind the same seam as the lexicon's `Classifier`: asks the model about what the lexicon
    finds relevant or nearly so, and falls back to the lexicon whenever anything is amiss.

    Waits for the network, so it must never be called inside a database transaction. `outcomes`
    counts what became of the articles.
    """

    def __init__(
        self, lexicon: Lexicon, client: ModelClient, allowance: Allowance | None = None
    ) -> None:
        super().__init__(lexicon)
        self._client = client
        self._allowance = allowance or Allowance(time.monotonic)
        categories = {concept.category for concept in lexicon.concepts.values()}
        self._schema = schema(lexicon.dyad, categories)
        self.outcomes: Counter[str] = Counter()

    def understand(
        self, article: Readable | Mapping[str, Any], languages: Sequence[str] = ()
    ) -> Understood:
        """The lexicon's reading, with the model's labels where they can be believed."""
        understood = super().understand(article, languages)
        lexical = understood.classification
        if understood.title is None or understood.text is None:
            return understood
        if not worth_asking(lexical, LEAST_RELEVANCE):
            return understood
        words = Words(understood.title.original, understood.text.original)
        labelled = self._labelled(words, lexical)
        if labelled is None or (_is_topical(article) and not labelled.relevant):
            return understood
        return replace(understood, classification=labelled)

    def _labelled(self, words: Words, lexical: Classification) -> Classification | None:
        """The classification that the model makes of the lexicon's; None: the lexicon's stands."""
        refusal = self._allowance.refusal()
        if refusal is not None:
            self._noted(refusal)
            return None
        began = self._allowance.clock()
        try:
            content = self._client.ask(question(words, self.dyad), self._schema)
        except ModelTrouble as trouble:
            self._failed(str(trouble), began)
            self._noted("no answer")
            return None
        self._allowance.answered(began)
        try:
            labelled = believed(content, words, lexical, self._lexicon)
        except WrongAnswer as wrong:
            log.info("The model's answer was not believed: %s.", wrong)
            self._noted("not believed")
            return None
        self._noted("labelled")
        return labelled

    def _failed(self, trouble: str, began: float) -> None:
        if self._allowance.failed(began):
            log.warning(
                "The model %s is left alone for %d s; the lexicon classifies: %s.",
                self._client.model, self._allowance.rest, trouble,
            )  # fmt: skip
        else:
            log.info("The model did not help: %s.", trouble)

    def _noted(self, outcome: str) -> None:
        self.outcomes[outcome] += 1
        if self.outcomes.total() % _TELL_EVERY == 0:
            told = ", ".join(f"{count} {what}" for what, count in sorted(self.outcomes.items()))
            log.info("The model %s, articles so far: %s.", self._client.model, told)


def _is_topical(article: Readable | Mapping[str, Any]) -> bool:
    """Whether every article of its source is relevant, whatever anybody says."""
    return bool(article.get("topical") if isinstance(article, Mapping) else article.topical)
