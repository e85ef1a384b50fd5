"""Uploaded files made into text: what can be read, and what is refused before it does harm."""

import io
import tracemalloc
import zipfile

import pytest

from interviewer.errors import BadInput
from interviewer.importing import files

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, *, head: str = '<?xml version="1.0" encoding="UTF-8"?>', name: str = "word/document.xml") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
    return packed.getvalue()


def test_a_word_file_is_its_paragraphs() -> None:
    body = (
        "<w:p><w:r><w:t>Kim Osei</w:t><w:tab/><w:t>0:03</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>What </w:t></w:r><w:del><w:r><w:delText>never</w:delText></w:r></w:del>"
        "<w:r><w:t>tipped it?</w:t>"
        "<w:br/><w:t>Really &amp; truly?</w:t></w:r></w:p>"
        "<w:p><w:pPr><w:numPr/><w:tabs><w:tab/></w:tabs><w:pPrChange><w:pPr><w:numPr/></w:pPr></w:pPrChange></w:pPr>"
        "<w:r><w:t>a point</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>outer</w:t><w:txbxContent><w:p><w:r><w:t>inner</w:t></w:r></w:p></w:txbxContent></w:r></w:p>"
    )
    assert files.text_of(docx(body)).split("\n") == [
        "Kim Osei  0:03",
        "What tipped it?",
        "Really & truly?",
        "- a point",
        "outer",
        "inner",
    ]


@pytest.mark.parametrize(
    "data",
    ["Grüße, 😀\r\nzwei".encode(), "\ufeffGrüße, 😀\nzwei".encode(), "Grüße, 😀\rzwei".encode("utf-16")],
    ids=["utf-8", "with a mark", "utf-16"],
)
def test_text_in_unicode(data: bytes) -> None:
    assert files.text_of(data) == "Grüße, 😀\nzwei"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"%PDF-1.7 ...", "PDF", id="pdf"),
        pytest.param(b"\xd0\xcf\x11\xe0rest", "old Word", id="doc"),
        pytest.param("Grüße".encode("latin-1"), "UTF-8", id="latin"),
        pytest.param(b"a" * (files.MAX_BYTES + 1), "limit", id="too long"),
        pytest.param(b"a" * (files.MAX_CHARACTERS + 1), "limit", id="too many characters"),
        pytest.param(b"PK\x03\x04 nothing", "damaged", id="no archive"),
        pytest.param(docx("<w:p>"), "damaged", id="no xml"),
        pytest.param(docx("", name="other.xml"), "not a Word document", id="another archive"),
        pytest.param(b"a\n" * (files.MAX_LINES + 1), "lines", id="too many lines"),
        pytest.param(docx("<w:p/>" * 4_000_000), "50,000 paragraphs", id="too many paragraphs"),
        pytest.param(docx(f"<w:p>{'<w:tab/>' * 600_000}</w:p>"), "1,000,000 characters", id="too many spaces"),
        pytest.param(docx(f"<w:p>{'<w:r/>' * 2_000_000}</w:p>"), "1,000,000 tags", id="too many tags"),
        pytest.param(docx("<w:p>" * 501), "500 tags deep", id="too deep"),
        pytest.param(docx(" " * (files.MAX_UNPACKED + 1)), "unpacks", id="bomb"),
        pytest.param(
            docx("<w:p>&b;</w:p>", head='<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'),
            "damaged",
            id="entities",
        ),
        pytest.param(
            docx("<w:p>&x;</w:p>", head='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
            "damaged",
            id="file of ours",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        files.text_of(data)


def test_what_word_says_twice_is_read_once() -> None:
    fallback = '<mc:Fallback xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    body = f"<w:p><w:r><w:t>once</w:t></w:r>{fallback}<w:p><w:t>again</w:t></w:p></mc:Fallback></w:p>"
    assert files.text_of(docx(body)) == "once"


def test_a_file_of_many_tags_is_never_held_as_a_tree() -> None:
    data = docx(f"<w:p>{'<w:r/>' * 200_000}<w:t>end</w:t></w:p>")
    tracemalloc.start()
    assert files.text_of(data) == "end"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000


def test_control_characters_are_left_out() -> None:
    assert files.cleaned("a\x00b\x1bc\td\r\n") == "abc\td"
