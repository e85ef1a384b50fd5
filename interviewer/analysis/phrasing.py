"""Plain sentences around a buyer's words, for statements made without a model. They add nothing of their own."""

from interviewer.evidence import Tag

LONGEST_QUOTED = 160
LONGEST_HEADLINE = 90


def quoted(words: str, *, longest: int = LONGEST_QUOTED) -> str:
    """The words in quotation marks on one line; cut at a word, with an ellipsis, where they are long."""
    line = " ".join(words.split())
    if len(line) > longest:
        line = (
            line[:longest].rpartition(" ")[0].rstrip(" ,;:.–—-") + " …"
            if " " in line[:longest]
            else line[:longest] + "…"
        )
    return f"“{line}”"


def led(lead: str, words: str, tag: Tag | None = None) -> str:
    """ "Missing in the product (single sign-on): “…”"; the subject only where the words do not say it themselves."""
    told = f"{lead} {words}".casefold()
    subject = tag.subject if tag and tag.subject.casefold() not in told else ""
    return f"{lead} ({subject}): {quoted(words)}" if subject else f"{lead}: {quoted(words)}"


def titled(words: str, tag: Tag | None) -> str:
    """A headline: the subject, if one is known, and the words."""
    title = quoted(words, longest=LONGEST_HEADLINE)
    if tag is None or not tag.subject or tag.subject.casefold() in words.casefold():
        return title
    return f"{tag.subject[0].upper()}{tag.subject[1:]}: {title}"
