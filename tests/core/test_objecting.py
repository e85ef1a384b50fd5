"""Who no longer agrees, objects, or forbids that answers are used, and answers that only sound like that."""

from __future__ import annotations

import pytest

from interviewer import masks
from interviewer.flows import engine, speech
from interviewer.flows.clock import read as clock_of
from interviewer.flows.wishes import asides
from interviewer.transcript import AnswerKind
from tests.core.talk import LOSS, PHRASES, asked, heard, read, said, started

LANGUAGES = ("en", "de", "es", "fr", "pt", "id")

OBJECTIONS = {
    "en": (
        "I told you I do not consent.",
        "I don't agree any more",
        "don't use my answers",
        "you may not use this",
        "I object to this processing",
        "I no longer agree, delete everything, send me a copy",
        "withdraw my consent",
        "i dont consent to this",
        "We do not consent to any of this.",
        "I never gave you permission for this.",
        "Please do not store what I said",
        "You are not allowed to keep my data.",
        "I don't want you to use my responses",
        "I object",
        "I'd like to opt out of this",
        "I exercise my right to object",
        "We picked Brightline in June because of the price. I do not consent to you using that.",
        "I have said it in two mails to three people at your place and I say it again, I do not consent to this",
        "you do not have permission to use my answers",
        "I'm no longer ok with this",
        "my answers must not be used",
        "I refuse to have my data processed",
    ),
    "de": (
        "Ich stimme nicht mehr zu.",
        "Damit bin ich nicht mehr einverstanden",
        "Verwenden Sie meine Antworten nicht",
        "Sie dürfen das nicht verwenden",
        "Ich widerspreche der Verarbeitung",
        "Ich widerspreche der Verarbeitung meiner Daten",
        "Ich ziehe meine Einwilligung zurück",
        "ich habe nie eingewilligt",
        "Ich möchte nicht, dass Sie meine Antworten speichern",
        "Meine Angaben dürfen nicht weitergegeben werden",
        "Ich will hier nicht mehr mitmachen",
        "Das dürfen Sie nicht verwenden",
        "Keine Verwendung meiner Antworten!",
        "Ich habe Ihnen doch gesagt, dass ich nicht einverstanden bin",
    ),
    "es": (
        "Ya no estoy de acuerdo.",
        "no doy mi consentimiento",
        "no usen mis respuestas",
        "no pueden usar esto",
        "me opongo a este tratamiento",
        "me opongo al tratamiento de mis datos",
        "retiro mi consentimiento",
        "no quiero que guarden lo que dije",
        "les dije que no consiento",
        "no tienen derecho a usar mis datos",
        "Ya les dije que no estoy de acuerdo con esto.",
        "prohíbo el uso de mis datos",
    ),
    "fr": (
        "Je ne suis plus d'accord.",
        "je ne consens pas",
        "n'utilisez pas mes réponses",
        "vous n'avez pas le droit d'utiliser ça",
        "je m'oppose à ce traitement",
        "je m'oppose au traitement de mes données",
        "je retire mon consentement",
        "je ne veux pas que vous gardiez mes réponses",
        "je vous ai dit que je ne consens pas",
        "je ne veux plus participer",
        "je refuse que mes réponses soient utilisées",
        "je vous ai dit que je ne suis pas d'accord",
    ),
    "pt": (
        "Não concordo mais.",
        "não dou o meu consentimento",
        "não usem as minhas respostas",
        "vocês não podem usar isso",
        "oponho-me a este tratamento",
        "me oponho ao tratamento dos meus dados",
        "retiro o meu consentimento",
        "não quero que guardem o que eu disse",
        "já disse que não autorizo",
        "não quero mais participar",
        "proíbo o uso dos meus dados",
        "mudei de ideia, não concordo mais",
    ),
    "id": (
        "Saya tidak setuju lagi.",
        "saya tidak memberi izin",
        "jangan pakai jawaban saya",
        "kalian tidak boleh menggunakan ini",
        "saya keberatan dengan pemrosesan ini",
        "saya cabut persetujuan saya",
        "saya tidak mau jawaban saya disimpan",
        "data saya tidak boleh dipakai",
        "saya sudah bilang saya tidak mengizinkan",
        "saya tidak mau ikut lagi",
        "saya berubah pikiran, tidak setuju lagi",
        "saya sudah bilang saya tidak setuju",
    ),
}
HELD_OUT = {
    "en": (
        "I can't consent to this, sorry",
        "I no longer agree to being interviewed",
        "Stop using my data.",
        "nobody may quote what I wrote",
        "you don't have my permission",
        "I want to revoke my consent please",
        "I hereby object to the use of my data",
        "do not share my comments with anyone",
        "I forbid you to keep this.",
        "I don't want to be part of this any more",
    ),
    "de": (
        "Ich bin nicht länger einverstanden.",
        "bitte nutzen Sie meine Daten nicht",
        "Ich gebe dazu keine Einwilligung",
        "Hiermit widerspreche ich der Nutzung meiner Daten",
        "Ihr dürft meine Antworten nicht speichern",
        "Ich lege Widerspruch ein",
        "ich habe Ihnen nie meine Zustimmung gegeben",
        "Sie haben dafür keine Erlaubnis von mir",
    ),
    "es": (
        "yo ya no autorizo esto",
        "no utilicen lo que escribí",
        "revoco mi permiso",
        "ustedes no pueden guardar esto",
        "nunca di mi autorización",
        "me opongo a que usen mis datos",
        "ya no quiero participar",
    ),
    "fr": (
        "Je ne vous donne pas mon accord",
        "ne conservez pas mes données",
        "vous n'avez pas mon autorisation",
        "je révoque mon accord",
        "je n'ai jamais consenti à cela",
        "je vous interdis d'utiliser mes réponses",
        "arrêtez d'utiliser mes données",
    ),
    "pt": (
        "já não concordo com isto",
        "não guardem os meus dados",
        "revogo a minha autorização",
        "vocês não têm o direito de usar as minhas respostas",
        "nunca dei permissão para isso",
        "não aceito que usem as minhas respostas",
        "parem de usar os meus dados",
    ),
    "id": (
        "aku sudah nggak setuju lagi",
        "tolong jangan simpan data saya",
        "anda tidak berhak memakai jawaban saya",
        "saya menarik kembali persetujuan saya",
        "saya gak pernah kasih izin",
        "jawaban saya jangan disebarkan",
        "saya keberatan data saya digunakan",
    ),
}
"""Written after the lists and not looked at while making them."""

ANSWERS = {
    "en": (
        "we do not agree with your pricing",
        "they didn't consent to our terms",
        "our DPO objected to the processing in the US",
        "The works council did not agree to the rollout in May",
        "your tool does not use our data well",
        "they do not store our data in the EU",
        "we objected to the price increase and your rep ignored it",
        "I don't agree with the other reviewers, support was fine",
        "legal would not give consent to the new contract",
        "you cannot use this offline, that killed it",
        "our drivers may not use this while driving",
        "I never agreed with the CFO about the budget",
        "we withdrew our offer in March",
        "my boss no longer agreed with the plan",
        "I object to paying twice for the same module",
        "you don't share data with our ERP",
        "the contract says you may not use this for subsidiaries",
        "we had to opt out of the auto renewal in June",
        "I would tell them: don't use it",
        "I agree that the price was fair and you may use that",
        "you have my permission, quote me on the price",
        "the rep said I may not share this quote with others",
    ),
    "de": (
        "Wir waren mit den Preisen nicht einverstanden",
        "Der Betriebsrat hat nicht zugestimmt",
        "Unser Datenschutzbeauftragter widersprach der Verarbeitung in den USA",
        "Die Rechtsabteilung stimmte den Bedingungen nicht zu",
        "Ich stimme dem Vertrieb nicht zu, der Preis war fair",
        "Sie dürfen das Tool ohne Internet nicht verwenden, das war das Problem",
        "Wir nutzen unsere Daten nicht in Ihrem System",
        "Ich bin mit dem Support nicht einverstanden gewesen",
        "Der Einkauf gab keine Zustimmung für drei Jahre",
        "Das dürfen Sie gern verwenden, der Preis war das Problem",
        "Ich gebe meine Einwilligung, der Preis war zu hoch",
        "Sie haben meine Zustimmung, der Support war das Problem",
        "Ohne meine Zustimmung unterschreibt hier keiner etwas",
        "Ich habe dem Vertrieb gesagt, dass ich nicht einverstanden bin",
    ),
    "es": (
        "no estábamos de acuerdo con sus precios",
        "nuestro DPO se opuso al tratamiento en Estados Unidos",
        "no aceptaron nuestras condiciones",
        "los conductores no pueden usar la aplicación sin señal",
        "no estoy de acuerdo con el director financiero sobre el coste",
        "el comité no dio su consentimiento al contrato",
        "su sistema no usa nuestros datos bien",
        "los gerentes no tienen autorización para gastar más",
        "los técnicos no están autorizados a usar la aplicación",
    ),
    "fr": (
        "on n'était pas d'accord avec vos tarifs",
        "notre DPO s'est opposé au traitement aux États-Unis",
        "ils n'ont pas consenti à nos conditions",
        "je ne suis pas d'accord avec le directeur financier sur le coût",
        "la direction n'a pas donné son accord pour le budget",
        "vous ne pouvez pas utiliser l'outil hors ligne, c'était le problème",
        "le comité ne consent pas à payer plus",
        "les chauffeurs n'ont pas le droit d'utiliser le téléphone",
    ),
    "pt": (
        "não concordamos com os seus preços",
        "o nosso DPO opôs-se ao tratamento nos EUA",
        "eles não aceitaram os nossos termos",
        "não concordo com o diretor financeiro sobre o custo",
        "os motoristas não podem usar o aplicativo sem sinal",
        "a diretoria não deu autorização para o contrato",
        "o sistema não usa os nossos dados direito",
        "os gerentes não têm autorização para gastar mais",
        "os técnicos não estão autorizados a usar o aplicativo",
    ),
    "id": (
        "kami tidak setuju dengan harga kalian",
        "tim legal keberatan dengan pemrosesan data di Amerika",
        "mereka tidak menyetujui syarat kami",
        "bos saya tidak setuju dengan kontraknya",
        "saya tidak setuju dengan tim finance soal biayanya",
        "sopir tidak boleh pakai aplikasi ini waktu menyetir",
        "direksi tidak memberi izin untuk anggaran baru",
        "tim IT tidak setuju lagi waktu harganya naik",
        "bos bilang tidak setuju dengan harganya",
    ),
}


def _all(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize("topic", ["alternatives", "decision"])
@pytest.mark.parametrize(("language", "text"), _all(OBJECTIONS) + _all(HELD_OUT))
def test_an_objection_is_heard(language: str, text: str, topic: str) -> None:
    assert read(text, topic, language=language).kind is AnswerKind.WANTS_DELETION


@pytest.mark.parametrize("topic", ["decision", "peer"])
@pytest.mark.parametrize(("language", "text"), _all(ANSWERS))
def test_a_complaint_about_the_purchase_is_an_answer(language: str, text: str, topic: str) -> None:
    assert read(text, topic, language=language).kind in {AnswerKind.SPECIFIC, AnswerKind.VAGUE}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_asked_of_who_objects_however_late(language: str) -> None:
    """The reply names both ways; said again when the time is up, it ends the interview."""
    transcript = started(language)
    text, words = OBJECTIONS[language][0], ""
    for _ in range(40):
        move = engine.next_move(LOSS, transcript, clock_of(LOSS, transcript))
        words = speech.say(LOSS, move, transcript, PHRASES.get(language))
        if len(transcript.turns) > 1:
            assert "?" not in words and move.key in {"reply:deletion:trigger", "close:stopped"}
        if move.key.startswith("close"):
            return
        transcript = heard(asked(transcript, LOSS, move), LOSS, text)
    raise AssertionError("no end")


def test_after_other_replies_and_past_the_time_nothing_is_asked_either() -> None:
    late = [("ask:trigger", "We missed windows. " * 40), ("reply:bot:trigger", OBJECTIONS["en"][0])]
    transcript = said(*late)
    move = engine.next_move(LOSS, transcript, clock_of(LOSS, transcript))
    assert move.key == "reply:deletion:trigger"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I no longer agree, delete everything, send me a copy, Jonas from Acme", ""),
        ("Delete everything. Thank you.", ""),
        (
            "We chose Brightline because the import took 40 minutes in June. I do not consent to you using that.",
            "We chose Brightline because the import took 40 minutes in June.",
        ),
        ("We went with Acme for its price. No more questions please.", "We went with Acme for its price."),
        ("We went with Acme for its price.", "We went with Acme for its price."),
    ],
)
def test_a_wish_about_the_interview_is_no_evidence(text: str, left: str) -> None:
    turn = heard(
        asked(started(), LOSS, engine.next_move(LOSS, started(), clock_of(LOSS, started()))), LOSS, text
    ).turns[-1]
    assert masks.masked(text, asides(turn, "en")).replace(masks.BAR, "").strip() == left
