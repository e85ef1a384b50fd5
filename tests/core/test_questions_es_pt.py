"""Questions in Spanish and Portuguese: the flows' own, and those that may or may not be asked."""

from __future__ import annotations

import pytest

from interviewer.confidentiality import IN_FORCE, promise
from interviewer.flows import lint, tongues
from interviewer.flows.model import Flow
from interviewer.flows.moves import Ask, Probe, Reply, ReplyTo
from interviewer.flows.tokens import quoted
from interviewer.transcript import AnswerKind, Assessment, Transcript
from tests.core.talk import FLOWS, LOSS, answered, asked, heard, started

K = AnswerKind


@pytest.mark.parametrize("language", ["es", "pt"])
def test_flows_sound_like_their_own_language(language: str) -> None:
    for flow in FLOWS:
        for topic in flow.topics:
            parts = [topic.wording, topic.rephrased, *(part for p in topic.probes for part in (p.wording, p.plain))]
            for wording in parts:
                assert not wording or language in wording, wording
                assert not wording or not tongues.elsewhere(wording[language], [language])


@pytest.mark.parametrize("language", ["es", "pt"])
@pytest.mark.parametrize("flow", list(FLOWS), ids=FLOWS.ids)
def test_the_flows_words_may_be_said_and_repeat_nothing(flow: Flow, language: str) -> None:
    """Each question after all questions of the flow that come before it."""
    transcript = started(language)
    for topic in flow.topics:
        said = asked(transcript, flow, Ask(topic.id))
        assert lint.check(said.turns[-1].text, Ask(topic.id), flow, transcript) == (), said.turns[-1].text
        transcript = answered(said, "Brightline", Assessment(K.VAGUE, hook="Brightline"))
        for probe in (Probe(topic.id, hint.id, hook) for hint in topic.probes for hook in ("Brightline", "")):
            if probe.hook or not topic.probe(probe.hint).needs_hook:
                text = asked(transcript, flow, probe).turns[-1].text
                assert lint.check(text, probe, flow, transcript) == (), text


def after(answer: str, language: str, hook: str) -> Transcript:
    transcript = asked(started(language), LOSS, Ask("decision"))
    return answered(transcript, answer, Assessment(K.VAGUE, hook=hook))


SAID = {
    "es": ("El producto era mejor y Brightline costaba un 30 % menos. A Jonas le gustaron los informes.", "era mejor"),
    "pt": ("O produto era melhor e a Brightline custava 30 % menos. O Jonas gostou dos relatórios.", "era melhor"),
}
PROBE = {language: Probe("decision", "where", hook) for language, (_, hook) in SAID.items()}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿Dónde se vio eso?", "es"),
        ("Usted escribe “era mejor”. ¿Dónde se vio eso?", "es"),
        ("Gracias. ¿Cómo surgió lo del 30 %?", "es"),
        ("¿En qué momento lo vio Jonas?", "es"),
        ("Cuando se tomó la decisión, ¿quién tuvo la última palabra?", "es"),
        ("Entiendo. ¿Por qué pesó tanto eso?", "es"),
        ("Usted mencionó los informes. ¿Quién los miró primero?", "es"),
        ("Onde isso apareceu?", "pt"),
        ("Você escreveu “era melhor”. Onde isso apareceu?", "pt"),
        ("Obrigado. Como surgiu a questão dos 30 %?", "pt"),
        ("Em que momento Jonas viu isso?", "pt"),
        ("Quando a decisão foi tomada, quem teve a última palavra?", "pt"),
        ("Entendi. Por que isso surgiu naquele momento?", "pt"),
        ("Você mencionou os relatórios. Quem olhou primeiro?", "pt"),
    ],
)
def test_good_questions_pass(text: str, language: str) -> None:
    answer, hook = SAID[language]
    assert lint.check(text, PROBE[language], LOSS, after(answer, language, hook)) == ()


BROKEN = [
    ("¿Se vio eso en la prueba?", "es", "open"),
    ("¿Fue el producto?", "es", "open"),
    ("Como usted vio los informes, ¿fue decisivo?", "es", "open"),
    ("Después de la reunión, ¿cambió eso?", "es", "open"),
    ("¿Dónde se vio eso? ¿Cuándo?", "es", "one_question"),
    ("¿Por qué no nos eligieron?", "es", "leading"),
    ("¿Qué tan bueno era el producto?", "es", "leading"),
    ("¿Qué pesó más, fue el producto, verdad?", "es", "leading"),
    ("¿Qué problemas tuvieron?", "es", "leading"),
    ("¿Qué les gustó y por qué importó?", "es", "double_barrelled"),
    ("¿Qué vieron y dijeron?", "es", "double_barrelled"),
    ("Excelente respuesta. ¿Dónde se vio eso?", "es", "praise"),
    ("Gracias por su sinceridad. ¿Dónde se vio eso?", "es", "praise"),
    ("Ya ofrecemos eso. ¿Dónde hizo falta?", "es", "pitch"),
    ("Le aseguro que lo cambiaremos. ¿Dónde se vio?", "es", "pitch"),
    ("¿Qué habría pasado con otro plazo?", "es", "hypothetical"),
    ("¿Qué elegiría usted hoy?", "es", "hypothetical"),
    ("¿Qué fue, el producto o la venta?", "es", "option_list"),
    ("¿Qué fue, por ejemplo los informes?", "es", "option_list"),
    ("Lo siento mucho. ¿Dónde se vio eso?", "es", "feelings"),
    ("Usted escribe “no hay app”. ¿Dónde se vio eso?", "es", "invented_callback"),
    ("Usted mencionó la formación. ¿Quién estaba?", "es", "invented_callback"),
    ("¿Qué les enseñó Shiftwell?", "es", "unsaid_name"),
    ("¿Cómo entró la seguridad en esto?", "es", "unsaid_reason"),
    ("¿Qué esperaban de la app?", "es", "unsaid_feature"),
    ("¿Qué inclinó la balanza al final?", "es", "repeat"),
    ("Where did that show in the end?", "es", "wrong_language"),
    ("Isso apareceu no teste?", "pt", "open"),
    ("Foi o produto?", "pt", "open"),
    ("Como você viu os relatórios, isso foi decisivo?", "pt", "open"),
    ("Depois da reunião, mudou isso?", "pt", "open"),
    ("Onde isso apareceu? Quando?", "pt", "one_question"),
    ("Por que não nos escolheram?", "pt", "leading"),
    ("O quão bom era o produto?", "pt", "leading"),
    ("O que pesou mais, foi o produto, né?", "pt", "leading"),
    ("Que problemas vocês tiveram?", "pt", "leading"),
    ("O que vocês viram e por que importou?", "pt", "double_barrelled"),
    ("O que viram e disseram?", "pt", "double_barrelled"),
    ("Excelente resposta. Onde isso apareceu?", "pt", "praise"),
    ("Obrigado pela sinceridade. Onde isso apareceu?", "pt", "praise"),
    ("Já oferecemos isso. Onde fez falta?", "pt", "pitch"),
    ("Garanto que vamos mudar. Onde isso apareceu?", "pt", "pitch"),
    ("O que teria acontecido com outro prazo?", "pt", "hypothetical"),
    ("O que você escolheria hoje?", "pt", "hypothetical"),
    ("O que foi, o produto ou a venda?", "pt", "option_list"),
    ("O que foi, por exemplo os relatórios?", "pt", "option_list"),
    ("Sinto muito. Onde isso apareceu?", "pt", "feelings"),
    ("Você escreveu “não tem app”. Onde isso apareceu?", "pt", "invented_callback"),
    ("Você mencionou o treinamento. Quem estava lá?", "pt", "invented_callback"),
    ("O que a Shiftwell mostrou a vocês?", "pt", "unsaid_name"),
    ("Como a segurança entrou nisso?", "pt", "unsaid_reason"),
    ("O que vocês esperavam do aplicativo?", "pt", "unsaid_feature"),
    ("O que foi decisivo no final?", "pt", "repeat"),
    ("Where did that show in the end?", "pt", "wrong_language"),
]


@pytest.mark.parametrize(("text", "language", "rule"), BROKEN)
def test_bad_questions_are_caught_by_name(text: str, language: str, rule: str) -> None:
    answer, hook = SAID[language]
    assert rule in lint.check(text, PROBE[language], LOSS, after(answer, language, hook))


@pytest.mark.parametrize("language", ["es", "pt"])
def test_what_is_told_about_trust_fits_with_the_open_question(language: str) -> None:
    for to in (ReplyTo.COLLEAGUES, ReplyTo.CONFIDENTIALITY):
        transcript = heard(asked(started(language), LOSS, Ask("trigger")), LOSS, "🤷")
        said = asked(transcript, LOSS, Reply(to, "trigger", Ask("trigger"))).turns[-1].text
        told = promise(IN_FORCE, language)
        assert (told if to is ReplyTo.CONFIDENTIALITY else told.partition(". ")[0]) in said
        assert said.endswith("?")


@pytest.mark.parametrize("language", ["es", "pt"])
def test_the_buyers_words_turn_round_in_a_question(language: str) -> None:
    hook, turned = {"es": ("nuestra planilla", "su planilla"), "pt": ("nossa planilha", "sua planilha")}[language]
    transcript = heard(asked(started(language), LOSS, Ask("alternatives")), LOSS, hook)
    said = asked(transcript, LOSS, Probe("alternatives", "status_quo", hook)).turns[-1].text
    assert turned in said and not quoted(said)
