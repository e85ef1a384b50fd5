"""Questions judged by hand, for the lint: what may be asked after one conversation, and what may not, by which rule.

Written from the rules of a good interviewer (domain.md) and from what models tend to say, not from the lint's lists.
"""

from __future__ import annotations

from tests.core.questions import churn, english, german

ENGLISH = (
    (
        "What was going on when you started looking for something like Tidewater Flow?",
        "Our planner left in May, and after that the old sheet broke twice. Jonas from ops had enough of it.",
    ),
    (
        "Which options did you take seriously?",
        "You, Brightline, and staying with the sheet or a whiteboard.",
    ),
    (
        "What tipped it in the end?",
        "it. They had the better product, and Brightline was 30% cheaper. Jonas liked the reports and the exports. "
        "Your import took nine days, which was slow and frustrating, and the consultant never called back.",
    ),
)
"""What was asked and answered before; the last answer's hook is “better product”."""

GERMAN = (
    (
        "Was war los, als Sie angefangen haben, nach etwas wie Tidewater Flow zu suchen?",
        "Unsere Planerin ging im Mai, danach war die alte Tabelle zweimal kaputt. Jonas hatte genug davon.",
    ),
    (
        "Welche Möglichkeiten haben Sie ernsthaft in Betracht gezogen?",
        "Sie, Brightline, und die Tabelle behalten oder ein Whiteboard.",
    ),
    (
        "Was hat am Ende den Ausschlag gegeben?",
        "Das Produkt war besser, und Brightline war 30% günstiger. Jonas mochte die Berichte und die Exporte. "
        "Ihr Import hat neun Tage gedauert, das war mühsam, und der Berater rief nie zurück.",
    ),
)

CHURN = (
    (
        "What had changed since you bought Tidewater Flow when you first thought of leaving?",
        "New head of HR came in March and she wanted everything in Workday",
    ),
    ("What are you using in its place?", "Workday and for a bit BambooHR"),
    (
        "What came closest to making you stay?",
        "Honestly the payroll sync, it never once ran clean at month end and support took days to answer",
    ),
)
"""Another buyer, who left; the last answer's hook is “the payroll sync”."""

GOOD = {"en": english.GOOD, "churn": churn.GOOD, "de": german.GOOD}
"""Hard ones among them: the buyer's own "and" and "or", judgements that the buyer made, paraphrases of nothing."""

BAD = {"en": english.BAD, "churn": churn.BAD, "de": german.BAD}
"""By the rule that a person would name first. Others may be broken as well."""
