"""Questions in French and Indonesian that may or may not be asked, and the pages and letters around them."""

from __future__ import annotations

import re

import pytest

from interviewer import bootstrap
from interviewer.flows import lint
from interviewer.flows.moves import Ask, Probe
from interviewer.notify import events
from tests.core.talk import LOSS, answered, asked, started

SLOT = re.compile(r"\{\w+\}")


FINE = [
    ("fr", "Qu’est-ce qui a fait pencher la balance ?"),
    ("fr", "Qu'est-ce que cela a changé ?"),
    ("fr", "Qu’est-ce qu’il s’est passé juste avant ?"),
    ("fr", "À quel moment l’avez-vous remarqué ?"),
    ("fr", "A quel moment est-ce devenu un sujet ?"),
    ("fr", "Pour quelle raison la direction a-t-elle attendu ?"),
    ("fr", "D’où venait cette demande ?"),
    ("fr", "Où cela s’est-il vu ?"),
    ("fr", "Comment cela s’est-il passé chez vous ?"),
    ("fr", "Vous écrivez « le prix ». Quand est-ce devenu important ?"),
    ("fr", "Au moment de choisir, qui avait le dernier mot ?"),
    ("fr", "Que dites-vous à un collègue qui regarde le produit ?"),
    ("id", "Apa yang akhirnya menentukan?"),
    ("id", "Apa saja yang dipertimbangkan waktu itu?"),
    ("id", "Apa pertimbangan utamanya?"),
    ("id", "Apa menurut Anda yang paling terasa?"),
    ("id", "Kapan itu mulai terasa?"),
    ("id", "Pada saat apa Anda menyadarinya?"),
    ("id", "Dari mana permintaan itu datang?"),
    ("id", "Bagaimana prosesnya di tempat Anda?"),
    ("id", "Siapa yang memegang keputusan terakhir?"),
    ("id", "Seperti apa praktiknya?"),
    ("id", "Anda menulis “harganya”. Sejak kapan itu jadi pertimbangan?"),
]

BROKEN = [
    ("fr", "Est-ce que le prix a compté ?", "open"),
    ("fr", "Avez-vous vu cela pendant la démo ?", "open"),
    ("fr", "Quand la démo a eu lieu, regrettiez-vous déjà ?", "open"),
    ("fr", "Le produit était meilleur ?", "open"),
    ("fr", "Pourquoi n’avez-vous pas choisi le produit ?", "leading"),
    ("fr", "Qu’est-ce qui était mieux, c’était le support, n’est-ce pas ?", "leading"),
    ("fr", "À quel point étiez-vous déçu ?", "leading"),
    ("fr", "Qu’est-ce qui vous a plu et pourquoi ?", "double_barrelled"),
    ("fr", "Qu’est-ce qui vous a plu et déplu ?", "double_barrelled"),
    ("fr", "Très intéressant. Où cela s’est-il vu ?", "praise"),
    ("fr", "Merci pour votre franchise. Où cela s’est-il vu ?", "praise"),
    ("fr", "Nous avons corrigé cela depuis. Où cela s’est-il vu ?", "pitch"),
    ("fr", "Je transmettrai à l’équipe. Où cela s’est-il vu ?", "pitch"),
    ("fr", "Qu’auriez-vous fait à un autre prix ?", "hypothetical"),
    ("fr", "Qu’est-ce qui aurait fallu changer ?", "hypothetical"),
    ("fr", "Et si cela avait existé, qu’est-ce qui changeait ?", "hypothetical"),
    ("fr", "Qu’est-ce qui a compté, le prix ou le produit ?", "option_list"),
    ("fr", "Qu’est-ce qui a compté, par exemple l’import ?", "option_list"),
    ("fr", "Je suis désolé. Où cela s’est-il vu ?", "feelings"),
    ("fr", "Cela a dû être pénible. Où cela s’est-il vu ?", "feelings"),
    ("id", "Apakah harganya berpengaruh?", "open"),
    ("id", "Apa Anda puas?", "open"),
    ("id", "Apa itu terlihat saat demo?", "open"),
    ("id", "Apa sudah dicoba waktu itu?", "open"),
    ("id", "Bisakah Anda menceritakannya?", "open"),
    ("id", "Produknya lebih bagus?", "open"),
    ("id", "Mengapa Anda tidak memilih produk ini?", "leading"),
    ("id", "Apa yang lebih baik, layanannya, kan?", "leading"),
    ("id", "Seberapa puas Anda waktu itu?", "leading"),
    ("id", "Apa yang Anda suka, dan mengapa?", "double_barrelled"),
    ("id", "Apa yang disukai dan tidak disukai?", "double_barrelled"),
    ("id", "Menarik sekali. Di mana itu terlihat?", "praise"),
    ("id", "Terima kasih atas kejujuran Anda. Di mana itu terlihat?", "praise"),
    ("id", "Kami sekarang sudah memperbaiki itu. Di mana itu terlihat?", "pitch"),
    ("id", "Saya akan sampaikan ke tim. Di mana itu terlihat?", "pitch"),
    ("id", "Apa yang akan Anda lakukan kalau harganya lain?", "hypothetical"),
    ("id", "Seandainya fiturnya ada, apa yang berubah?", "hypothetical"),
    ("id", "Apa yang menentukan, harga atau produknya?", "option_list"),
    ("id", "Apa yang menentukan, misalnya fitur impor?", "option_list"),
    ("id", "Saya turut prihatin. Di mana itu terlihat?", "feelings"),
    ("id", "Itu pasti berat. Di mana itu terlihat?", "feelings"),
]


@pytest.mark.parametrize(("language", "text"), FINE)
def test_a_good_question_passes(language: str, text: str) -> None:
    assert lint.check_wording(text, language) == ()


@pytest.mark.parametrize(("language", "text", "rule"), BROKEN)
def test_a_bad_question_is_caught(language: str, text: str, rule: str) -> None:
    assert rule in lint.check_wording(text, language)


@pytest.mark.parametrize(
    ("language", "answer", "true", "invented"),
    [
        (
            "fr",
            "Leur produit était meilleur, et Brightline coûtait moins cher",
            "Vous avez dit que Brightline coûtait moins cher. Quand est-ce devenu important ?",
            "Vous avez mentionné la formation. Qui y était ?",
        ),
        (
            "fr",
            "c'était trop lent",
            "Vous écrivez « trop lent ». Où cela s’est-il vu ?",
            "Vous écrivez « trop complexe ». Où cela s’est-il vu ?",
        ),
        (
            "id",
            "produk mereka lebih bagus, dan Brightline lebih murah",
            "Anda menyebut Brightline lebih murah. Sejak kapan itu jadi pertimbangan?",
            "Anda menyebut pelatihan. Siapa yang ikut?",
        ),
        (
            "id",
            "terlalu lambat",
            "Anda menulis “terlalu lambat”. Di mana itu terlihat?",
            "Anda menulis “terlalu rumit”. Di mana itu terlihat?",
        ),
    ],
)
def test_only_what_was_said_is_called_back(language: str, answer: str, true: str, invented: str) -> None:
    transcript = answered(asked(started(language), LOSS, Ask("decision"), "Question?"), answer)
    probe = Probe("decision", "where")
    assert lint.check(true, probe, LOSS, transcript) == ()
    assert "invented_callback" in lint.check(invented, probe, LOSS, transcript)


@pytest.mark.parametrize("language", ["fr", "id"])
def test_pages_fill_in_what_the_english_ones_do(language: str) -> None:
    texts = bootstrap.read_languages().texts
    for key, english in texts["en"].words.items():
        assert sorted(SLOT.findall(texts[language].words[key])) == sorted(SLOT.findall(english)), key


@pytest.mark.parametrize("event", sorted(set(events.EVENTS) - events.ENGLISH_ONLY))
@pytest.mark.parametrize("language", ["fr", "id"])
def test_letters_are_in_the_buyers_language(event: str, language: str) -> None:
    when = dict.fromkeys(("day", "hours", "zone", "short"), "2:30")
    call = {"name": "", "company": "Acme", "scheduler": False, "link": "https://desk.example/calls", "when": when}
    call |= dict.fromkeys(("host", "video", "page", "chat", "by", "stop"), "")
    sample: dict[str, object] = {
        "code": "424242",
        "link": "https://desk.example/in",
        "product": "Flow",
        "answers": (),
        "call": call,
        "host": "",
    }
    values = {name: sample[name] for name in events.EVENTS[event]}
    common: dict[str, object] = {"organisation": "Tidewater", "asker": "Mara", "contact": "mara@tidewater.example"}
    letter = events.render(event, language, values | common)
    assert f'lang="{language}"' in letter.html
    assert letter.text != events.render(event, "en", values | common).text
