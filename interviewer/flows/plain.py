"""A question in the flow's own words, free of anything that a buyer said.

For a browser that may not read earlier answers, and for questions that quote an answer which was changed or removed.
"""

from interviewer.flows.model import Flow, Topic, Wording
from interviewer.flows.phrases import Phrases
from interviewer.flows.speech import fill
from interviewer.transcript import Context


def topic_question(flow: Flow, topic_id: str, context: Context, phrases: Phrases) -> str:
    """The topic's own question; the first core topic's where the flow does not know the id."""
    return _filled(_topic(flow, topic_id).wording, context, phrases)


def same_question(flow: Flow, move: str, topic_id: str, context: Context, phrases: Phrases) -> str:
    """The question that `move` (a move's key) stands for, without the buyer's words."""
    verb, _, rest = move.partition(":")
    topic = _topic(flow, topic_id)
    if verb == "probe":
        hint_id = rest.partition(":")[2]
        hint = next((hint for hint in topic.probes if hint.id == hint_id), None)
        if hint is not None and (hint.plain or not hint.needs_hook):
            return _filled(hint.plain or hint.wording, context, phrases)
    return _filled(topic.wording, context, phrases)


def _topic(flow: Flow, topic_id: str) -> Topic:
    return next((topic for topic in flow.topics if topic.id == topic_id), flow.core[0])


def _filled(wording: Wording, context: Context, phrases: Phrases) -> str:
    words = wording.get(phrases.language) or wording["en"]
    product = context.product or context.vendor or phrases.names.product
    return fill(words, product=product, vendor=context.vendor or phrases.names.vendor)
