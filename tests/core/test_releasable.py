"""What a paraphrase may take over, and which names are told, in whatever signs they are written."""

import pytest

from interviewer.namesakes import of_buyer, tells, tells_company
from interviewer.paraphrase import Own, repeated
from interviewer.releasable import Asked, why_not
from tests.fakes.counting import calls

PRICE = "The price of the import. Your consultant quoted nine days and we had two people who could help"
JAPANESE = "価格が高すぎて導入を見送りました。夜間のサポートもありませんでした。"
CHINESE = "价格太高了，所以我们最后没有采购你们的系统"
THAI = "ราคาแพงเกินไปสำหรับทีมของเรา เราจึงเลือกเจ้าอื่น"
HINDI = "कीमत बहुत ज़्यादा थी इसलिए हमने दूसरा चुना"


ACCOUNT = "Our third account manager in one year kept asking me what my business does"


@pytest.mark.parametrize(
    ("wording", "quote", "said", "run"),
    [
        ("it was the price - of\nthe IMPORT. Your", PRICE, (), "The price of the import"),
        ("They found the price of the fee too high", PRICE, (), ""),
        ("la señal era débil ayer, no", "Que la senal era debil ayer", (), "la senal era debil ayer"),
        ("Rotahub was just cheaper", "Rotahub was just cheaper!", (), "Rotahub was just cheaper"),
        ("too dear", "Too dear!", (), "too dear"),
        ("They felt it was far too dear", "far too dear", (), "far too dear"),
        ("They found it too dear", "Too dear!", (), ""),
        ("nine days and we had two left", "Dear.", (PRICE,), "nine days and we had"),
        ("two people who could", "Dear.", (PRICE,), "two people who could"),
        ("We had help", "Dear.", (PRICE,), ""),
        ("thepriceof theimportfee", PRICE, (), "The price of the import"),
        ("t.h.e p-r-i-c-e o.f t.h.e i.m.p.o.r.t fee", PRICE, (), "The price of the import"),
        ("ｔｈｅ　ｐｒｉｃｅ　ｏｆ　ｔｈｅ　ｉｍｐｏｒｔ fee", PRICE, (), "The price of the import"),
        ("the pr\u00adice of\u200b the im\u2060port fee", PRICE, (), "The price of the import"),
        ("𝐭𝐡𝐞 𝐩𝐫𝐢𝐜𝐞 𝐨𝐟 𝐭𝐡𝐞 𝐢𝐦𝐩𝐨𝐫𝐭 fee", PRICE, (), "The price of the import"),
        ("the p̶r̶i̶c̶e̶ of the import fee", PRICE, (), "The price of the import"),
        ("third account managers in one year were asking what our business does", ACCOUNT, (), ACCOUNT),
        ("Account managers changed three times a year and had to be told anew what they do", ACCOUNT, (), ""),
        (JAPANESE, JAPANESE, (), JAPANESE),
        ("彼らは価格が高すぎて導入をやめた", JAPANESE, (), "価格が高すぎて導入"),
        ("費用が理由で採用されなかった", JAPANESE, (), ""),
        ("シングルサインオンがない", "シングルサインオンがなく困った", (), ""),
        ("他们说价格太高了所以我们最后没买", CHINESE, (), "价格太高了，所以我们"),
        ("客户认为费用超出预算", CHINESE, (), ""),
        ("ลูกค้าบอกว่า ราคาแพงเกินไปสำหรับทีม", THAI, (), "ราคาแพงเกินไปส"),
        ("งบประมาณไม่พอ", THAI, (), ""),
        ("उन्हें लगा कीमत बहुत ज़्यादा थी इसलिए छोड़ा", HINDI, (), "कीमत बहुत ज़्यादा थी इसलिए"),
        ("उनके लिए महँगा था", HINDI, (), ""),
        ("", "", (), ""),
        ("They left", "", ("", "  "), ""),
    ],
)
def test_a_paraphrase_is_none_that_says_what_the_buyer_said(
    wording: str, quote: str, said: tuple[str, ...], run: str
) -> None:
    assert repeated(wording, quote, said) == run


def test_what_a_buyer_said_is_taken_apart_once_for_several_wordings() -> None:
    wordings = ("They found it dear", "The price of the import was high", "They left")
    with calls() as counted:
        own = Own(PRICE, (JAPANESE,))
        found = [own.repeated(wording) for wording in wordings]
    assert found == ["", "The price of the import", ""]
    assert counted["units"] == 2 + len(wordings)


@pytest.mark.parametrize(
    ("text", "names", "told"),
    [
        ("at brightwater leisure we", ("Jo Marsh", "Brightwater Leisure"), "Brightwater Leisure"),
        ("at BrightwaterLeisure we", ("Brightwater Leisure",), "Brightwater Leisure"),
        ("at Ｂright\u200bwater we", ("Brightwater Leisure",), "brightwater"),
        ("Márta told us", ("Marta Kiss",), "marta"),
        ("Larsens Team", ("Kim Larsen",), "larsen"),
        ("mark that, we will", ("Will Mark",), ""),
        ("ask Will Mark", ("Will Mark",), "Will Mark"),
        ("as Mark said", ("Will Mark",), "mark"),
        ("Will they? They will", ("Will Mark",), ""),
        ("Jo found it too dear", ("Jo Marsh",), "jo"),
        ("they joked", ("Jo Marsh",), ""),
        ("An import was due, as an extra", ("An Nguyen",), ""),
        ("more info on that, Info", of_buyer("", "", "info@brightwater.example"), ""),
        ("Brightwater has", of_buyer("", "", "jm@post.brightwater.co.example"), "brightwater"),
        ("our outlook, my gmail", of_buyer("", "", "jm@outlook.example"), ""),
        ("ask jo.marsh", of_buyer("", "", "jo.marsh@brightwater.example"), "jo.marsh"),
        ("nothing of the kind", ("", "the GmbH"), ""),
        ("田中商事は価格で決めた", ("田中商事",), "田中商事"),
        ("田中商事は価格で決めた", ("田中商事株式会社",), "田中商事株式会社"),
        ("田中さんは価格で決めた", of_buyer("田中太郎", "", ""), "田中"),
        ("太郎さん", of_buyer("田中 太郎", "", ""), "太郎"),
        ("小明说太贵了", of_buyer("王小明", "", ""), "小明"),
        ("ถามสมชายแล้ว", of_buyer("สมชาย ใจดี", "", ""), "สมชาย"),
        ("민수씨가 말했다", of_buyer("김민수", "", ""), "민수"),
        ("価格で決めた", of_buyer("田中太郎", "東京電力", ""), ""),
    ],
)
def test_names_are_told_however_they_are_written(text: str, names: tuple[str, ...], told: str) -> None:
    assert tells(text, names) == told


@pytest.mark.parametrize(
    ("company", "segment", "told"),
    [
        ("The Acme Group", "Acme key account", True),
        ("Royal Dutch Shell", "Shell EMEA", True),
        ("Stadtwerke Ulm", "Ulm utilities", True),
        ("De Bijenkorf", "Bijenkorf retail", True),
        ("株式会社 東京ガス", "東京ガス", True),
        ("St. Mary Hospital", "Mary Hospital trust", True),
        ("City of Ulm", "Ulm", True),
        ("Brightwater Leisure", "brightwaterleisure", True),
        ("HP Inc", "HP accounts", True),
        ("The Gas Company", "Gas accounts", True),
        ("First National Bank", "First National Bank, key", True),
        ("Page", "Page accounts", True),
        ("Brightwater Leisure", "Public leisure", False),
        ("Stadtwerke Ulm", "Utilities", False),
        ("Northern Energy Group Ltd", "Energy, group deals", False),
        ("City of Ulm", "City councils", False),
        ("", "Retail", False),
        ("Acme", "", False),
    ],
)
def test_a_segment_tells_of_a_company_that_it_names(company: str, segment: str, told: bool) -> None:
    assert tells_company(segment, company) is told


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({}, ""),
        ({"audience": "everybody"}, "audience"),
        ({"promised": ("product",)}, "audience"),
        ({"reviewed": False}, "quote"),
        ({"wording": ""}, "wording"),
        ({"wording": "Your consultant quoted nine days, they say"}, "wording"),
        ({"wording": "Okafor thought the fee too high"}, "wording"),
        ({"wording": "Marsh thought the fee too high"}, "wording"),
        ({"audience": "product", "wording": ""}, ""),
        ({"audience": "product", "wording": "", "words": "The price, says Marsh"}, "words"),
    ],
)
def test_a_release_is_refused_for_what_it_would_say(change: dict[str, object], where: str) -> None:
    fit: dict[str, object] = {
        "audience": "sales",
        "wording": "They thought the fee too high.",
        "words": "The price of the import",
        "said": (PRICE,),
        "hidden": ("Ilse Okafor",),
        "promised": ("product", "sales"),
        "reviewed": True,
        "names": of_buyer("Jo Marsh", "Brightwater Leisure", "jo@brightwater.example"),
    }
    why = why_not(Asked(**{**fit, **change}))  # type: ignore[arg-type]
    assert (why.where if why else "") == where, why
