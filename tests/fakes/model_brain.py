"""What the fake model answers when nothing else is scripted: enough to play whole interviews, and any other schema."""

from __future__ import annotations

import json
import re
from typing import Any

from interviewer.flows.tokens import says

Option = tuple[str, list[str]]
"""A key, and what it is marked with."""

_OPTION = re.compile(r"`((?:ask|probe):[^`]+)`(?: \(([^)]*)\))?")
_ANSWER = re.compile(r"(?:.*</answer>\n)?<answer>\n(.*?)\n</answer>\n\nAsked about: ([^.]*)\.(.*)\Z", re.DOTALL)
_PROBING = re.compile(r"^Rule: after (.*) the first probe", re.MULTILINE)
_NAMED = "`specific` with `bare_name`"
_SCHEMA = re.compile(r"Its JSON Schema:\n(\{.*)\Z", re.DOTALL)
_ENOUGH_WORDS = 7
_LANGUAGE = re.compile(r'in language "(\w+)')
_QUESTIONS = {
    "en": (
        "What happened around that, as you remember it?",
        "Who noticed this first on your side?",
        "When did that come up for the first time?",
        "Which conversation do you still remember from those weeks?",
        "How did your colleagues see it at that moment?",
        "What changed on the day of the decision itself?",
        "Where did the evaluation come closest to stopping?",
        "What do you tell colleagues about it now?",
        "Which part is still missing from this account?",
    ),
    "de": (
        "Was ist in der Zeit davor passiert?",
        "Wer hat das bei Ihnen zuerst bemerkt?",
        "Wann kam das zum ersten Mal auf?",
        "Wer war damals dabei?",
        "Wie haben die anderen das damals gesehen?",
        "Was hat sich an dem Tag geändert?",
        "Wann war das entschieden?",
        "Was erzählen Sie heute darüber?",
        "Was fehlt hier noch?",
    ),
    "es": (
        "¿Qué pasó justo antes?",
        "¿Quién lo notó primero?",
        "¿Cuándo surgió por primera vez?",
        "¿Qué conversación recuerda todavía?",
        "¿Cómo lo vieron los demás en ese momento?",
        "¿Qué cambió ese día?",
        "¿Dónde estaba el proyecto entonces?",
        "¿Qué cuenta hoy sobre aquello?",
        "¿Qué falta por contar?",
    ),
    "fr": (
        "Que s'est-il passé juste avant ?",
        "Qui l'a remarqué en premier chez vous ?",
        "Quand est-ce arrivé pour la première fois ?",
        "Quelle conversation vous revient encore ?",
        "Comment les autres ont-ils vu cela à ce moment ?",
        "Qu'est-ce qui a changé ce jour-là ?",
        "Où en était le projet alors ?",
        "Que racontez-vous aujourd'hui à ce sujet ?",
        "Que manque-t-il encore ici ?",
    ),
    "pt": (
        "O que aconteceu antes disso?",
        "Quem percebeu isso primeiro?",
        "Quando isso surgiu pela primeira vez?",
        "Qual conversa ficou na memória?",
        "Como os outros viram isso naquele momento?",
        "O que mudou naquele dia?",
        "Onde estava o projeto então?",
        "O que se conta hoje sobre isso?",
        "O que falta contar?",
    ),
    "id": (
        "Apa yang terjadi sebelum itu?",
        "Siapa yang pertama kali menyadari hal itu?",
        "Kapan hal itu pertama kali muncul?",
        "Siapa yang ikut waktu itu?",
        "Bagaimana rekan lain melihatnya waktu itu?",
        "Apa yang berubah pada hari itu?",
        "Di mana posisi proyek waktu itu?",
        "Apa yang sekarang diceritakan tentang itu?",
        "Apa yang masih belum diceritakan?",
    ),
}


def think(body: dict[str, Any]) -> dict[str, Any]:
    """A plausible object for the request: an interviewer's turn, or the plainest one that the schema allows."""
    messages = body["messages"]
    if said := _ANSWER.match(messages[-1]["content"]):
        asked = [message["content"] for message in messages if message["role"] == "assistant"]
        language = _LANGUAGE.search(messages[0]["content"])
        questions = _QUESTIONS.get(language[1] if language else "", _QUESTIONS["en"])
        options, probing, topic = told(said[0])
        unused = [question for question in questions if question not in asked] + list(questions)
        return interview(topic, said[1], options, probing, unused["were turned down" in said[3]])
    return plainest(_schema(body))


def told(message: str) -> tuple[list[Option], str, str]:
    """What the last message says beside the answer: the options, the kinds to follow up, the topic asked about."""
    said = _ANSWER.match(message)
    assert said, "the message has no answer in it"
    options = [(key, marks.split(", ") if marks else []) for key, marks in _OPTION.findall(said[3])]
    probing = _PROBING.search(said[3])
    return options, probing[1] if probing else "", said[2]


def interview(topic: str, text: str, options: list[Option], probing: str, question: str) -> dict[str, Any]:
    """Few words are vague, all others are specific; what follows is chosen as the prompt says."""
    kind = "vague" if len(text.split()) < _ENOUGH_WORDS else "specific"
    covers = [] if kind == "vague" else [topic]
    signals = [mark for _, marks in options for mark in marks if says(text, mark)]
    hook = " ".join(text.split()[-4:]).strip(" .,!?")
    return {
        "kind": kind,
        "covers": covers,
        "signals": list(dict.fromkeys(signals)),
        "hook": hook if hook in text else "",
        "about": "",
        "option": choose(kind, covers, signals, options, probing),
        "message": question,
    }


def choose(kind: str, covers: list[str], signals: list[str], options: list[Option], probing: str) -> str:
    """The rule of the prompt, to the letter."""
    probes = [option for option in options if option[0].startswith("probe:")]
    asks = [key for key, _ in options if key.startswith("ask:")]
    found: list[str] = []
    always = probing.replace(_NAMED, "")
    if f"`{kind}`" in always or (always != probing and kind == "specific" and "bare_name" in signals):
        for wanted in ({"any"}, set(signals), {kind}):
            found += [key for key, marks in probes if wanted & set(marks)]
    return next(iter(found + [key for key in asks if key.partition(":")[2] not in covers]), "none")


def plainest(schema: dict[str, Any], root: dict[str, Any] | None = None) -> Any:
    """The least value that fits: first of an enum, empty texts and lists, zeros."""
    root = root or schema
    if "$ref" in schema:
        return plainest(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "anyOf" in schema:
        return plainest(schema["anyOf"][-1], root)
    if schema.get("type") == "array":
        return [plainest(schema["items"], root) for _ in range(schema.get("minItems", 0))]
    if schema.get("type") == "object":
        return {name: plainest(child, root) for name, child in schema.get("properties", {}).items()}
    return {
        "string": "",
        "integer": schema.get("minimum", 0),
        "number": schema.get("minimum", 0.0),
        "boolean": False,
    }.get(str(schema.get("type")))


def _schema(body: dict[str, Any]) -> dict[str, Any]:
    shape = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if shape is None and (found := _SCHEMA.search(body["messages"][0]["content"])):
        shape = json.loads(found[1])
    return shape or {}
