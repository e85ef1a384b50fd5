"""Answers that keep something back, in as many words as buyers find for it, and answers that only sound like that."""

from __future__ import annotations

from itertools import product

import pytest

from interviewer.flows import reading
from interviewer.transcript import AnswerKind
from tests.core.talk import LOSS, read, said

K = AnswerKind

TOPICS = ("alternatives", "decision")

KEPT = {
    "en": (
        ("", "sorry, ", "honestly ", "hm, "),
        (
            "I'd rather keep {} to myself",
            "I'd prefer to keep {} private",
            "we don't share {}",
            "not comfortable sharing {}",
            "I can't disclose {}",
            "I won't go into {}",
            "I'd rather not discuss {}",
            "we're not allowed to talk about {}",
        ),
        ("that", "the details", "those names"),
        ("", ", thanks"),
    ),
    "de": (
        ("", "sorry, ", "ehrlich gesagt, "),
        (
            "{} behalte ich lieber für mich",
            "{} bleibt unter uns",
            "{} darf ich nicht verraten",
            "{} möchte ich nicht teilen",
            "{} können wir leider nicht nennen",
            "{} kommentiere ich nicht",
            "{} ist vertraulich",
        ),
        ("das", "die Details", "die Namen"),
        ("", ", danke"),
    ),
    "es": (
        ("", "lo siento, ", "la verdad, "),
        (
            "prefiero guardarme {}",
            "prefiero no compartir {}",
            "no puedo revelar {}",
            "no me siento cómodo compartiendo {}",
            "no voy a entrar en {}",
            "no quiero comentar {}",
            "no nos dejan divulgar {}",
        ),
        ("eso", "esos detalles", "los nombres"),
        ("", ", gracias"),
    ),
    "fr": (
        ("", "désolé, ", "franchement, "),
        (
            "je préfère garder {} pour moi",
            "je ne peux pas partager {}",
            "on ne souhaite pas divulguer {}",
            "je préfère ne pas détailler {}",
            "pas à l'aise pour évoquer {}",
            "on n'a pas le droit de communiquer {}",
            "je ne vais pas commenter {}",
        ),
        ("ça", "les détails", "les noms"),
        ("", ", merci"),
    ),
    "pt": (
        ("", "desculpe, ", "sinceramente, "),
        (
            "prefiro guardar {} para mim",
            "prefiro não compartilhar {}",
            "não posso revelar {}",
            "não me sinto à vontade para comentar {}",
            "não vou entrar em {}",
            "não queremos divulgar {}",
            "não nos deixam falar sobre {}",
        ),
        ("isso", "esses detalhes", "os nomes"),
        ("", ", obrigado"),
    ),
    "id": (
        ("", "maaf, ", "jujur, "),
        (
            "{} saya simpan sendiri",
            "saya tidak bisa membagikan {}",
            "kami nggak boleh cerita {}",
            "saya kurang nyaman membahas {}",
            "lebih baik tidak menyebutkan {}",
            "kami tidak mau mengungkapkan {}",
            "{} rahasia perusahaan",
        ),
        ("itu", "detailnya", "soal itu"),
        ("", ", makasih"),
    ),
}
"""By language: how it begins, what is not done, with what, and how it ends."""

GRID = [
    (language, begin + what.format(thing) + end)
    for language, parts in KEPT.items()
    for begin, what, thing, end in product(*parts)
]

PLAIN = [
    ("en", "not going there"),
    ("en", "I'd prefer not to"),
    ("en", "hard pass"),
    ("en", "let's move on"),
    ("en", "off the record, no"),
    ("en", "I'll keep that one to myself thanks"),
    ("en", "I'm bound by confidentiality here"),
    ("en", "Not comfortable with this one"),
    ("en", "don't feel comfortable sharing"),
    ("en", "I'd rather keep that list private"),
    ("en", "legal won't let me go into that"),
    ("de", "Das behalte ich lieber für mich"),
    ("de", "Dazu äußere ich mich nicht"),
    ("de", "NDA, sorry"),
    ("de", "da fühle ich mich nicht wohl dabei"),
    ("de", "nächste Frage bitte"),
    ("es", "prefiero guardármelo"),
    ("es", "pasemos a otra cosa"),
    ("es", "tenemos un NDA"),
    ("fr", "je garde ça pour moi"),
    ("fr", "passons à autre chose"),
    ("fr", "c'est couvert par un NDA"),
    ("pt", "prefiro guardar para mim"),
    ("pt", "vamos mudar de assunto"),
    ("pt", "temos um NDA, desculpe"),
    ("id", "itu urusan kami"),
    ("id", "lanjut ke pertanyaan lain saja"),
    ("id", "kami terikat NDA"),
]

ANSWERS = [
    ("en", "they would not share their roadmap"),
    ("en", "IT was not comfortable with the cloud"),
    ("en", "we had an NDA with Acme since March"),
    ("en", "your rep would not disclose the price"),
    ("en", "the tool could not share the rota with our drivers"),
    ("en", "they kept the price to themselves until June"),
    ("en", "not comfortable with the lock-in"),
    ("en", "confidential data has to stay in Germany, Brightline hosts in Berlin"),
    ("en", "I can't say it was the price"),
    ("en", "ask the drivers before you sign"),
    ("en", "our CFO didn't want to talk about a three year term"),
    ("de", "der Anbieter wollte die Roadmap nicht teilen"),
    ("de", "die IT hat sich mit der Cloud nicht wohl gefühlt"),
    ("de", "wir hatten seit März ein NDA mit Acme"),
    ("de", "das Tool konnte Kalender nicht teilen"),
    ("es", "ellos no quisieron compartir su hoja de ruta"),
    ("es", "el sistema no permitía compartir los turnos"),
    ("es", "teníamos un NDA con Acme desde marzo"),
    ("fr", "ils ne voulaient pas partager leur feuille de route"),
    ("fr", "l'outil ne permet pas de partager les plannings"),
    ("fr", "on avait un NDA avec Acme depuis mars"),
    ("pt", "eles não quiseram compartilhar o roadmap"),
    ("pt", "o sistema não permitia compartilhar as escalas"),
    ("pt", "tínhamos um NDA com a Acme desde março"),
    ("id", "mereka tidak mau membagikan roadmap"),
    ("id", "sistemnya tidak bisa membagikan jadwal"),
    ("id", "waktu itu ada NDA dengan Acme sejak Maret"),
]


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", KEPT)
def test_whoever_keeps_something_back_is_not_pressed(language: str, topic: str) -> None:
    grid = [text for of, text in GRID if of == language]
    assert len(grid) >= 60
    heard = {text: read(text, topic, language=language) for text in grid}
    assert [text for text, told in heard.items() if told.kind is not K.REFUSES or told.covers] == []


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(("language", "text"), PLAIN)
def test_a_plain_refusal(language: str, text: str, topic: str) -> None:
    told = read(text, topic, language=language)
    assert (told.kind, told.covers, told.hook) == (K.REFUSES, (), "")


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(("language", "text"), ANSWERS)
def test_what_others_kept_back_is_an_answer(language: str, text: str, topic: str) -> None:
    assert read(text, topic, language=language).kind in {K.SPECIFIC, K.VAGUE}


UNKNOWN = [
    ("en", "can't remember any more, sorry"),
    ("en", "no idea, wasn't in the room"),
    ("en", "above my pay grade"),
    ("en", "I honestly can't recall"),
    ("en", "you'd have to ask Tom"),
    ("en", "ask Dave, he knows"),
    ("en", "Same as I told your colleague Dave in June"),
    ("de", "weiß ich nicht mehr so genau"),
    ("de", "keine Ahnung mehr"),
    ("de", "da müssten Sie Herrn Maier fragen"),
    ("es", "ya no me acuerdo bien"),
    ("es", "no estuve allí"),
    ("fr", "je ne m'en souviens plus très bien"),
    ("fr", "demandez à Julie"),
    ("pt", "não lembro mais direito"),
    ("pt", "não participei da reunião"),
    ("id", "sudah lupa persisnya"),
    ("id", "saya tidak ikut rapat itu"),
]


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(("language", "text"), UNKNOWN)
def test_what_nobody_remembers_is_neither_quoted_nor_told(language: str, text: str, topic: str) -> None:
    told = read(text, topic, language=language)
    assert (told.kind, told.covers, told.signals, told.hook) == (K.NOTHING, (), ("unsure",), "")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("not sure, Brightline offered 30 % in June", "decision"),
        ("I don't know exactly, Brightline and Shiftwell I think", "alternatives"),
        ("no idea why, but our CFO stopped it in March", "decision"),
        ("ask for references from a company of your size, ours took three weeks", "peer"),
    ],
)
def test_what_follows_a_doubt_is_told(text: str, topic: str) -> None:
    assert read(text, topic).kind is K.SPECIFIC


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "Does anyone at Acme read this?", K.ASKS_BACK),
        ("en", "what did Dave note down about us", K.ASKS_BACK),
        ("de", "Bekommt Herr Maier das zu sehen?", K.ASKS_BACK),
        ("en", "out of office until 3 March, contact Tom", K.NOT_NOW),
        ("en", "Thank you for your email. I am out of the office until 3 March. Please contact Tom Baker.", K.NOT_NOW),
        ("de", "Abwesenheitsnotiz: Ich bin bis 3. März nicht im Büro, Vertretung Frau Maier", K.NOT_NOW),
        ("es", "Respuesta automática: estoy fuera de la oficina hasta el 3 de marzo", K.NOT_NOW),
        ("fr", "Réponse automatique : je suis absent jusqu'au 3 mars", K.NOT_NOW),
        ("pt", "Resposta automática: estou de férias até 3 de março", K.NOT_NOW),
        ("id", "Balasan otomatis: saya di luar kantor sampai 3 Maret", K.NOT_NOW),
        ("en", "I want my answers gone", K.WANTS_DELETION),
        ("de", "ich will meine Antworten weg haben", K.WANTS_DELETION),
        ("es", "quiero que mis respuestas desaparezcan", K.WANTS_DELETION),
        ("fr", "je veux que mes réponses disparaissent", K.WANTS_DELETION),
        ("pt", "quero que minhas respostas sumam", K.WANTS_DELETION),
        ("id", "saya mau jawaban saya hilang", K.WANTS_DELETION),
        ("en", "Brightline and Shiftwell?", K.VAGUE),
    ],
)
def test_what_is_no_answer_tells_no_topic(language: str, text: str, kind: AnswerKind, topic: str) -> None:
    told = read(text, topic, language=language)
    assert (told.kind, told.covers) == (kind, ())


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize(
    "text", ["also forgot to say we looked at Brightline too", "and also Shiftwell and Brightline"]
)
def test_an_afterthought_never_tells_the_question_at_hand(text: str, *, again: bool) -> None:
    first = [("ask:almost", "and also Excel")] if again else []
    told = reading.assess(LOSS, said(("ask:alternatives", "hm"), *first, ("ask:almost", text)))
    assert told.covers == ("alternatives",)
    assert ("belated" in told.signals) is not again


@pytest.mark.parametrize(("language", "text"), [("ar", "السعر"), ("he", "המחיר היה גבוה"), ("ar", "لا أعرف")])
def test_a_few_words_of_a_language_without_lists_are_left_alone(language: str, text: str) -> None:
    told = read(text, language=language)
    assert (told.kind, told.signals, told.hook) == (K.NOTHING, ("unsure",), "")


def test_words_of_a_language_without_lists_are_not_quoted() -> None:
    assert read("היה יקר מדי, והם לא ענו", language="he").hook == ""


@pytest.mark.parametrize("topic", ["trigger", "decision", "peer"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "are you kidding me?? your rep lied to us about the price"),
        ("en", "Are you serious? The price doubled in March."),
        ("de", "Wollen Sie mich verarschen?? Ihr Vertreter hat uns beim Preis belogen"),
        ("de", "Soll das ein Witz sein? Der Preis hat sich im März verdoppelt."),
        ("es", "¿me están tomando el pelo?? su vendedor nos mintió con el precio"),
        ("es", "¿Es una broma? El precio se duplicó en marzo."),
        ("fr", "vous vous moquez de moi ?? votre commercial nous a menti sur le prix"),
        ("fr", "C'est une blague ? Le prix a doublé en mars."),
        ("pt", "vocês estão brincando comigo?? o seu vendedor mentiu sobre o preço"),
        ("pt", "Isso é piada? O preço dobrou em março."),
        ("id", "kalian bercanda?? sales kalian berbohong soal harga"),
        ("id", "Yang benar saja? Harganya naik dua kali lipat bulan Maret."),
    ],
)
def test_what_is_asked_in_anger_is_no_question_back(language: str, text: str, topic: str) -> None:
    assert read(text, topic, language=language).kind in {K.SPECIFIC, K.VAGUE}
