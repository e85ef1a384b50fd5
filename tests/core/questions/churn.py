"""After the conversation with the buyer who left."""

from __future__ import annotations

GOOD = (
    "How did your team get through month end?",
    "What did support say when they answered?",
    "Who had to fix it at month end?",
    "What made Workday the choice of the new head of HR?",
    "What did the new head of HR say when she saw the sync?",
    "How long did support take at the worst point?",
    "What happened the last month end before you left?",
    "How did people in payroll deal with it?",
    "You said support took days to answer. What did you do while you waited?",
    "What was it about BambooHR that took it off the list?",
    "How did the payroll sync affect the decision to leave?",
    "What did you do when the sync didn't run clean?",
    "Which month end stands out most?",
    "What did “ran clean” mean for your team?",
    "Who on your side pushed for Workday?",
    "How was the news received in the team?",
    "What did you hope support would do?",
    "When you think back to March, what changed first?",
    "What did the first month end after March look like?",
    "Who felt it most when the sync broke down?",
    "What did it take to close the month without the sync?",
    "How did you find BambooHR?",
    "Thanks, noted. What role did month end play in the decision?",
    "What did she see in Workday?",
    "How did the switch to Workday come about?",
)

BAD = {
    "unsaid_name": (
        "What did Personio offer?",
        "How did SAP compare with Workday?",
    ),
    "unsaid_feature": (
        "How did the reporting work for you?",
        "What did you think of the onboarding?",
        "How did the renewal price come into it?",
        "What did your CFO make of it?",
        "How did the mobile app hold up?",
        "What came of the tickets you raised?",
    ),
    "leading": (
        "What frustrated you most about support?",
        "How bad was the payroll sync?",
        "How unhappy was payroll?",
    ),
    "option_list": (
        "Was it the sync that made you leave, or something else?",
        "Was it the sync or support?",
    ),
    "double_barrelled": (
        "What broke at month end and who fixed it?",
        "How did payroll and HR react?",
    ),
    "pitch": (
        "Our new payroll sync runs clean every month. What happened then?",
        "We would love to win you back. What happened then?",
    ),
    "praise": (
        "That's a clear example, thank you! What happened then?",
        "Great, thanks. What happened at month end?",
    ),
    "open": (
        "Did support call back?",
        "Was that the main reason?",
    ),
    "hypothetical": (
        "What would have kept you?",
        "If support answered at once, what changes?",
    ),
    "repeat": (
        "What almost made you stay?",
        "What came nearest to making you stay?",
    ),
    "invented_callback": (
        "You mentioned security issues. When did those start?",
        "You said support was rude. When was that?",
    ),
    "wrong_language": ("Was haben Sie dann gemacht?",),
    "unsaid_reason": ("How did security come into it?",),
}
