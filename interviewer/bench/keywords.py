"""The baseline for quotes: lists of keywords by theme over whole sentences, as somebody would write them in an hour.

English only, no grammar, and the question asked counts: that is the bar which the rules have to clear.
"""

import re

from interviewer.analysis.case import Case
from interviewer.analysis.codebook import Theme
from interviewer.analysis.journey import theme_of
from interviewer.evidence import Marked, Span, Tag

SHORTEST = 3
"""Words of a sentence that is worth a quote without a keyword."""
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+|$)")
_WORDS = {
    Theme.TRIGGER: "started looking|realised|realized|incident|audit|new ceo|new cfo|outage|complain",
    Theme.DECISION_FACTOR: "because|decided|deciding|reason|tipped|in the end|so we|the main|dealbreaker|came down to",
    Theme.HIDDEN_CRITERION: "board|sign off|approval|politics|between us|nobody told|never told|legal|security"
    "|compliance",
    Theme.COMPETITOR_MENTION: "competitor|alternative|instead|went with|chose|picked|versus|vs|excel|spreadsheet"
    "|in-house|built|compared|incumbent|paper",
    Theme.PRICING: "price|pricing|cost|costs|expensive|cheap|cheaper|budget|discount|fee|per user|per seat|paid|bill",
    Theme.FEATURE_GAP: "missing|lack|lacked|lacks|no support|didn't have|doesn't have|couldn't|cannot|can't|feature"
    "|integration",
    Theme.MESSAGING_MISS: "website|confusing|unclear|homepage|brochure|messaging|understand what",
    Theme.PROCESS_FRICTION: "slow|waited|weeks|chased|pushy|sales rep|your sales|contract|back and forth|follow up",
    Theme.EXPECTATION_MISSED: "promised|expected|told us|thought it|supposed to|turned out",
    Theme.STALLED_AT: "stuck|stalled|on hold|postponed|froze|frozen|waiting for|nothing happened",
    Theme.PRAISE: "great|good|best|better|loved|love|easy|excellent|fast|helpful|impressed|nice|brilliant",
    Theme.CRITICISM: "bad|worse|worst|poor|annoying|clunky|difficult|problem|broken|hate|terrible|buggy",
    Theme.PEER_RECOMMENDATION: "recommend|tell them|advice|watch out|make sure|ask for",
    Theme.REFERRAL_LANGUAGE: "go for it|worth it|just buy|try it",
}
_PATTERNS = {theme: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for theme, words in _WORDS.items()}
_CAPITAL = re.compile(r"(?<=[\w,] )[A-Z][a-z]+")


def marks(case: Case) -> tuple[Marked, ...]:
    """Each sentence that has a keyword or answers a core question, with its themes."""
    found = []
    for turn in case.transcript.answers:
        for match in _SENTENCE.finditer(turn.text):
            text = match.group().strip()
            start = match.start() + match.group().index(text) if text else 0
            themes = [theme for theme, pattern in _PATTERNS.items() if pattern.search(text)]
            asked = theme_of(case.flow, turn.topic)
            if asked is Theme.COMPETITOR_MENTION and _CAPITAL.search(text):
                themes.append(asked)
            if asked is not None and not themes and len(text.split()) >= SHORTEST:
                themes.append(asked)
            if themes:
                tags = tuple(Tag(theme, made_by="keywords") for theme in dict.fromkeys(themes))
                found.append(Marked(Span(turn.number, start, start + len(text)), text, tags))
    return tuple(found)
