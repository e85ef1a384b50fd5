"""Why a move was chosen: one line each for the person who reads the interview at the desk."""

from __future__ import annotations

from interviewer.flows.moves import ReplyTo
from interviewer.transcript import AnswerKind

REPLY = {
    ReplyTo.BOT: "The buyer asks whether a person is writing.",
    ReplyTo.CONFIDENTIALITY: "The buyer asks who reads this.",
    ReplyTo.PRODUCT: "The buyer asks about the product; the interviewer neither sells nor explains.",
    ReplyTo.REP: "The buyer asks about the person who sold.",
    ReplyTo.TIME: "The buyer asks how long this takes.",
    ReplyTo.PERSON: "The buyer would rather talk to a person.",
    ReplyTo.DELETION: "The buyer wants the answers deleted, or no longer agrees.",
    ReplyTo.CONFUSED: "The question was not understood; it is put another way once.",
    ReplyTo.OFF_TOPIC: "The answer belongs to something else; led back once.",
    ReplyTo.HOSTILE: "The buyer is cross with the interview; acknowledged, and free to finish.",
    ReplyTo.COLLEAGUES: "The buyer asks whether somebody on their own side sees this.",
    ReplyTo.ADDRESS: "The buyer asks where the address comes from.",
    ReplyTo.GIFT: "The buyer asks about the thank-you.",
    ReplyTo.COPY: "The buyer asks to see what is kept.",
    ReplyTo.LANGUAGE: "The buyer asks about another language.",
    ReplyTo.DATA: "The buyer asks what is kept, and whether an AI sees it or is trained with it.",
    ReplyTo.NAMED: "The buyer asks whether somebody sees this whom only the buyer knows.",
    ReplyTo.WHY: "The buyer asks what the questions are for.",
    ReplyTo.GREETING: "The buyer says hello.",
    ReplyTo.LATER: "The buyer cannot answer just now; the question stays open.",
    ReplyTo.MISTAKEN: "The buyer says that the invitation has it wrong; free to stop or to talk.",
    ReplyTo.ANOTHER: "The buyer asks something back.",
}


def left(kind: AnswerKind, *, skipped: bool) -> str:
    """Why a topic is left after an answer of this kind, or without one."""
    if skipped:
        return "Skipped, which is respected."
    return {
        AnswerKind.REFUSES: "Declined, which is respected.",
        AnswerKind.VAGUE: "Vague, and no probe is worth it or left.",
        AnswerKind.NOTHING: "Nothing to say on this.",
        AnswerKind.SPECIFIC: "Answered.",
    }.get(kind, "Left there.")
