"""Whole interviews, small enough to read, that the analysis is tried on."""

from dataclasses import replace

from interviewer.analysis import summary, tags
from interviewer.analysis.case import Case
from interviewer.evidence import Marked, Quote, StatementKind
from interviewer.transcript import AnswerKind, Assessment, Context, Speaker, Transcript, Turn

CONTEXT = Context(vendor="Tidewater", product="Tidewater Flow", outcome="chose another vendor", role="champion")


def interview(
    *answers: tuple[str, str], language: str = "en", kinds: dict[str, AnswerKind] | None = None
) -> Transcript:
    """A question and an answer for each (topic, text)."""
    turns: list[Turn] = []
    for topic, text in answers:
        number = len(turns) + 1
        judged = Assessment((kinds or {})[topic], (topic,)) if topic in (kinds or {}) else None
        turns.append(Turn(number, Speaker.INTERVIEWER, f"And {topic}?", topic, move=f"ask:{topic}"))
        turns.append(Turn(number + 1, Speaker.BUYER, text, topic, assessment=judged))
    return Transcript(tuple(turns), language, CONTEXT)


SHIFTS = Case(
    "loss",
    interview(
        ("trigger", "our rota person left in may and nobody could read her sheet"),
        ("alternatives", "you and Shiftwell. or just leaving it on paper, honestly"),
        ("decision", "support mostly"),
        (
            "decision",
            "in the trial. your desk closes at six, our pools open at five in the morning. they picked up at 4am,"
            " that was it really",
        ),
        ("peer", "nice app, but ask what happens when it breaks at night"),
    ),
)


PRICE = Case(
    "loss",
    interview(
        ("trigger", "We missed our Q2 shipping target and the board asked for a plan."),
        ("alternatives", "Acme Logistics and Rotahub. Acme because our COO had used them before."),
        (
            "almost",
            "Your planner view was really easy to use, my team loved it. But there was no support for single sign-on"
            " and IT would not move on that.",
        ),
        (
            "decision",
            "Price. Well, not the number itself, more that per-seat pricing made no sense for seasonal staff. Nobody"
            " could explain it to our CFO.",
        ),
        ("peer", "Good product if you are small. Make sure to get the pricing in writing."),
        ("anything_else", "Between us, the COO wanted Acme from day one."),
    ),
)


WIN = Case(
    "win",
    interview(
        ("trigger", "Our old tool went down twice in the Christmas week, that was the last straw."),
        ("alternatives", "Shiftwell, Deputy, and staying with Excel."),
        (
            "almost",
            "The contract. Your legal team took three weeks to answer a simple question and we almost signed with"
            " Shiftwell.",
        ),
        ("decision", "The trial. We set it up in a day without training and the night shift just used it."),
        ("peer", "I'd tell them it's the only tool my lifeguards never complained about. The exports are weak though."),
        ("someone_else", "no"),
    ),
)


CHURN = Case(
    "churn",
    interview(
        ("trigger", "You raised the price by 30% and our account manager changed for the fourth time."),
        ("alternatives", "We are moving to Planful. Also looked at building our own."),
        (
            "almost",
            "If the mobile app had worked offline we would have stayed. You promised it for spring and it never came.",
        ),
        ("decision", "Offline. Our drivers have no signal half the day, the app just froze on them."),
        ("peer", "Fine for offices. Not for people in the field."),
    ),
)


WORRIED = Case(
    "win",
    interview(
        ("almost", "I was worried about the rollout, our people are not technical."),
        ("decision", "Your onboarding lead. She knew our industry and was patient."),
    ),
)


STALLED = Case(
    "no_decision",
    interview(
        ("trigger", "New head of operations joined and wanted everything digital."),
        ("alternatives", "Mostly doing nothing, plus a spreadsheet that Tom maintains."),
        ("almost", "The demo was great, we were ready to sign in June."),
        ("decision", "It got stuck in procurement, then the budget freeze came and it was pushed to next year."),
        ("peer", "Your website didn't make clear what it does, I couldn't tell what you do until the demo."),
    ),
)


MIDPOINT = Case(
    "midpoint",
    interview(
        ("trigger", "Fewer hours spent on the rota. We were promised it would take minutes."),
        ("alternatives", "Payroll still runs in Excel, and I copy the hours over by hand every Friday."),
        ("almost", "The reporting is clunky, we expected dashboards from what sales said. And an android app."),
        ("decision", "Shift swaps. Staff do them on their own now and nobody calls me on a Sunday any more."),
        ("peer", "It saves us a day every week. Do the import early and check the contracts twice."),
    ),
)


GERMAN = Case(
    "loss",
    interview(
        ("trigger", "Unsere Disponentin ist im Mai in Rente gegangen und niemand kam mit ihrer Excel-Liste klar."),
        ("alternatives", "Planday und Papershift, dazu die Eigenentwicklung von unserem IT-Leiter."),
        (
            "almost",
            "Die Bedienung war wirklich einfach, das hat allen gefallen. Aber es fehlte eine Schnittstelle zu DATEV.",
        ),
        (
            "decision",
            "Am Ende hat der Betriebsrat den Ausschlag gegeben, der wollte Server in Deutschland. Und preislich wart"
            " ihr deutlich zu teuer.",
        ),
        ("peer", "Euer Vertrieb hat sich nach der Demo drei Wochen nicht gemeldet."),
        language="de",
    ),
)


ANGRY = Case(
    "loss",
    interview(
        ("trigger", "Our warehouse software crashed on Black Friday. 4 hours."),
        ("alternatives", "Only Acme was left after your rep ghosted us"),
        ("almost", "Are you kidding? your bloody sales guy never got back to us. Three emails. Three! What a joke"),
        ("decision", "Acme had somebody on site within two days, that's what tipped it."),
        kinds={"almost": AnswerKind.HOSTILE},
    ),
)


BLOCKED = Case(
    "no_decision",
    interview(
        ("trigger", "Our churn went up two quarters in a row and I wanted to understand why."),
        ("alternatives", "you, Gong briefly, and my analyst doing it manually in sheets"),
        ("decision", "I never got the sign-off from our VP Sales. He felt it was about checking up on his team."),
        ("peer", "get sales on board first or don't bother"),
    ),
)


TERSE = Case(
    "loss",
    interview(
        ("trigger", "it was time"),
        ("almost", "nothing really"),
        ("decision", "price"),
        ("peer", "it's fine"),
        kinds={"almost": AnswerKind.NOTHING},
    ),
)


REFUSED = Case(
    "loss",
    interview(
        ("trigger", "I'd rather not say, it was expensive and political"),
        ("decision", "are you a bot? the price is terrible"),
        kinds={"trigger": AnswerKind.REFUSES, "decision": AnswerKind.ASKS_BACK},
    ),
)


FRENCH = Case(
    "loss",
    interview(
        ("trigger", "Notre ancien fournisseur a augmenté ses prix de 20 % en janvier."),
        ("alternatives", "Payfit et Silae."),
        ("decision", "Le délai de mise en place. Payfit était prêt en deux semaines."),
        language="fr",
    ),
)


EVERY = {
    "shifts": SHIFTS,
    "price": PRICE,
    "win": WIN,
    "churn": CHURN,
    "worried": WORRIED,
    "stalled": STALLED,
    "midpoint": MIDPOINT,
    "german": GERMAN,
    "angry": ANGRY,
    "blocked": BLOCKED,
    "terse": TERSE,
    "refused": REFUSED,
    "french": FRENCH,
}


def kept(case: Case) -> Case:
    """The case with its quotes as the store would give them to the summary."""

    def quote(number: int, mark: Marked) -> Quote:
        return Quote(number, mark.span.turn_number, mark.span.start, mark.span.end, mark.text, mark.tags)

    return replace(case, quotes=tuple(quote(number, mark) for number, mark in enumerate(tags.marks(case), start=1)))


def talk(*answers: tuple[str, str], language: str = "en") -> Transcript:
    """A move and an answer for each (key, text): "ask:almost", "probe:almost:people"."""
    turns: list[Turn] = []
    for move, text in answers:
        topic = move.split(":")[1]
        turns.append(Turn(len(turns) + 1, Speaker.INTERVIEWER, "Go on?", topic, move=move))
        turns.append(Turn(len(turns) + 1, Speaker.BUYER, text, topic))
    return Transcript(tuple(turns), language, CONTEXT)


def told(case: Case) -> list[str]:
    return [claim.text for claim in summary.by_rules(kept(case)).claims if claim.kind is StatementKind.SUMMARY]


def headline(case: Case) -> str:
    return next(c.text for c in summary.by_rules(kept(case)).claims if c.kind is StatementKind.HEADLINE)
