"""The catalogues: complete, compiled from what is committed, and used wherever sentences are shown."""

from __future__ import annotations

import gettext
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import backprop_tutor as bt
from backprop_tutor import locale
from backprop_tutor.errors import OptionError
from backprop_tutor.lesson import lesson
from backprop_tutor.locale.extract import marked
from backprop_tutor.locale.keeping import compiled, pairs, read, written
from backprop_tutor.particles import agreed_text
from backprop_tutor.render.narration.agreement import agreed
from backprop_tutor.render.narration.explain import document
from backprop_tutor.render.narration.markdown import markdown
from backprop_tutor.render.narration.tex import tex
from backprop_tutor.render.narration.text import text
from backprop_tutor.translation import languages, preferred, sentence, speaking

PLACE = Path(locale.__file__).parent
CATALOGUES = sorted(PLACE.glob("*/LC_MESSAGES/backprop_tutor.po"))
FILES = sorted(PLACE.glob("*/LC_MESSAGES/*.po"))


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parent.parent.name)
def test_every_sentence_is_translated(po: Path) -> None:
    """Every marked sentence has a translation; `python -m backprop_tutor.locale update` lists what lacks one."""
    known = pairs(po)
    assert [text for text in marked() if not known.get(text)] == []


@pytest.mark.parametrize("po", FILES, ids=lambda po: po.stem)
def test_the_compiled_catalogue_is_the_written_one(po: Path) -> None:
    """The `.mo` beside a `.po` says what the `.po` says, and is what compiling gives, byte for byte."""
    with po.with_suffix(".mo").open("rb") as file:
        loaded = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    assert loaded.pop("") == "Language: ko\nContent-Type: text/plain; charset=UTF-8\nMIME-Version: 1.0\n"
    told_once = {key: told for key, told in loaded.items() if isinstance(key, str)}
    one_and_many = {each.id: each.string for each in read(po.read_bytes()) if each.pluralizable}
    assert told_once == {text: told for text, told in pairs(po).items() if told and text not in sum(one_and_many, ())}
    assert {key: told for key, told in loaded.items() if not isinstance(key, str)} == {
        (one, n): forms[n] for (one, _many), forms in one_and_many.items() for n in (0, 1)
    }
    assert po.with_suffix(".mo").read_bytes() == compiled(read(po.read_bytes()))


@pytest.mark.parametrize("po", CATALOGUES, ids=lambda po: po.parent.parent.name)
def test_a_catalogue_is_written_as_it_was_read(po: Path) -> None:
    """Sentences, the files in which they stand and the head survive a catalogue's reading and writing."""
    assert written(read(po.read_bytes())) == po.read_bytes()


@pytest.mark.parametrize("po", FILES, ids=lambda po: po.stem)
def test_places_to_fill_in_are_the_same(po: Path) -> None:
    """A translation has the same {names} as its sentence, so that filling it in cannot fail."""

    def names(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    for original, translated in pairs(po).items():
        assert names(translated) == names(original), original


def test_a_catalogue_is_written_and_read_back() -> None:
    """Quotation marks, backslashes and line ends survive a catalogue."""
    catalogue = Catalog("ko")
    catalogue.add('say "a\\b"\n', "말 “가\\나”\n", locations=[("x.py", 1)])
    assert read(written(catalogue))['say "a\\b"\n'].string == "말 “가\\나”\n"


@pytest.mark.parametrize(("text", "told"), [
    ('msgid "a"\nmsgstr "b"\nmsgid "a"\nmsgstr "c"\n', 'the sentence "a" stands twice'),
    ('msgid "a\\000b"\nmsgstr "c"\n', "has a sign by its number; two forms are msgid and msgid_plural"),
    ('msgid "a"\nmsgstr "b"\nwhat\n', "line 6 belongs to no catalogue: what"),
])  # fmt: skip
def test_a_catalogue_that_is_none_is_refused(text: str, told: str) -> None:
    """A catalogue that translates one sentence twice, or holds a line that is none of a catalogue, is an error."""
    with pytest.raises(ValueError, match=told):
        read(f'msgid ""\nmsgstr ""\n\n{text}')


def test_what_is_extracted(tmp_path: Path) -> None:
    """Sentences are found in modules, templates and scripts, in both branches of a choice; helps of commands alone in `cli/`."""
    (tmp_path / "cli").mkdir()
    (tmp_path / "room" / "templates").mkdir(parents=True)
    command = 'import click\n@click.command()\n@click.option("--x", help="An option.")\ndef f(): "What f does."\n'
    (tmp_path / "cli" / "f.py").write_text(command)
    (tmp_path / "f.py").write_text(command + 'a = _("one" if x else "two"), counted(n, "1 row", "{count} rows")\n')
    (tmp_path / "room" / "templates" / "p.html").write_text('{{ _("in a page") }} {{ said("{n} left", n=3) }} {# _("no") #}')
    (tmp_path / "room" / "s.js").write_text('show(_("in a script")); // _("no")\n')
    assert marked(tmp_path) == {
        "What f does.": ["cli/f.py"], "An option.": ["cli/f.py"], "one": ["f.py"], "two": ["f.py"],
        "1 row": ["f.py"], "{count} rows": ["f.py"], "in a script": ["room/s.js"],
        "in a page": ["room/templates/p.html"], "{n} left": ["room/templates/p.html"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("w을(를)", "w를"), ("n을(를)", "n을"), ("w₁은(는)", "w₁은"), ("w₂은(는)", "w₂는"),
        ("|x|이(가)", "|x|가"), ("l(으)로", "l로"), ("m(으)로", "m으로"), ("값와(과)", "값과"),
        ("노드와(과)", "노드와"), ("out_h1이(가)", "out_h1이"), ("sum(1)", "sum(1)"), ("σ을(를)", "σ를"),
        ("`folder`이(가)", "`folder`가"), ("xor을(를)", "xor를"), ("`title`을(를)", "`title`을"),
        ("`f.html`(으)로", "`f.html`로"), ("`name`은(는)", "`name`은"), ("adding(으)로", "adding으로"),
        ("dropout은(는)", "dropout은"), ("format와(과)", "format과"), ("sgd을(를)", "sgd를"),
        ("max와(과)", "max와"), ("tab이(가)", "tab이"), ("weight은(는)", "weight는"), ("wx을(를)", "wx를"),
        ("x²을(를)", "x²을"), ("x^2(으)로", "x^2으로"), ("e^(-x)이(가)", "e^(-x)이"),
        ("1/2을(를)", "1/2을"), ("2/3(으)로", "2/3로"), ("50%을(를)", "50%를"), ("10(으)로", "10으로"),
        ("0.5이(가)", "0.5가"), ("f(x)을(를)", "f(x)를"), ("∂f/∂w은(는)", "∂f/∂w는"), ("π와(과)", "π와"),
        ("`explan`(이)라는", "`explan`이라는"), ("--bad(이)라는", "--bad라는"),
    ],
)  # fmt: skip
def test_particles_agree(given: str, expected: str) -> None:
    """A Korean particle is chosen by how the name before it is said."""
    assert agreed_text(given) == expected


def test_an_explanation_in_korean() -> None:
    """Text, Markdown and LaTeX are in Korean with the courses' words, and no particle is left open."""
    d = bt.derive("q = x + y; n = relu(q); f = n*z", at={"x": -2, "y": 5, "z": -4})
    with speaking("ko"):
        whole = agreed(document(d))
        for written in (text(whole), markdown(whole), tex(whole)):
            for word in ("순전파", "역전파", "상류 미분", "국소 미분", "하류 미분", "곱의 미분법", "연쇄법칙"):
                assert word in written
            assert not re.search(r"[은을이와]\([는를가과]\)", written)
    assert "만약 x를 0.01 올리면 f의 변화는 약 −0.04" in text(whole)
    assert "q > 0이므로 relu가 통과시킵니다" in text(whole)


def test_a_lesson_in_korean() -> None:
    """`lang="ko"` makes a Korean page, and the language is English again afterwards."""
    page = lesson(bt.derive("f = wx + b", at={"w": -2, "x": 5, "b": 3}), lang="ko")
    assert '<html lang="ko">' in page.html
    assert "f의 역전파" in page.html
    assert sentence("sum rule") == "sum rule"


def test_an_unknown_language_is_refused() -> None:
    """A language without a catalogue is an error that lists those there are."""
    assert languages() == ("en", "ko")
    with pytest.raises(OptionError, match="there are: en, ko"), speaking("xx"):
        pass


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko"}, "ko"),
        ({"LANG": "ko-KR"}, "ko"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "ko_KR", "LANG": "en_US.UTF-8"}, "ko"),
        ({"BACKPROP_TUTOR_LANG": "ko", "LC_ALL": "C"}, "ko"),
        ({"BACKPROP_TUTOR_LANG": "en", "LANG": "ko_KR.UTF-8"}, "en"),
    ],
)
def test_the_environment_chooses(environment: dict[str, str], language: str) -> None:
    """Our own variable comes first, then the first of the system's that is set."""
    assert preferred(environment) == language


def test_a_language_of_the_environment_that_there_is_not() -> None:
    """The variable is named, and the languages there are."""
    with pytest.raises(OptionError) as caught:
        preferred({"BACKPROP_TUTOR_LANG": "xx"})
    assert str(caught.value) == (
        "BACKPROP_TUTOR_LANG: no catalogue for the language `xx`; there are: en, ko"
    )


def test_nothing_is_said_for_nothing() -> None:
    """The empty sentence stays empty in every language; a catalogue's head never comes out."""
    with speaking("ko"):
        assert sentence("") == ""


def test_an_error_is_said_in_the_language_of_the_block() -> None:
    """What is wrong with a text is said in the language that was spoken when it was found."""
    with speaking("ko"), pytest.raises(bt.ParseError) as caught:
        bt.parse("f = sine(x)")
    assert str(caught.value).startswith("1번째 줄 5번째 글자: ")


@pytest.mark.parametrize("po", FILES, ids=lambda po: po.stem)
def test_korean_sentences_are_polite(po: Path) -> None:
    """A sentence ends as one speaks to a class (합니다, 하세요), never plainly (한다, 하라)."""
    plain = re.compile(r"[가-힣](?<![니보모])다(?=[.,;:!)\]”]|$)|(?<![이따])라(?=[.!:]|$)|[는인은]가\?")
    assert [text for text in pairs(po).values() if plain.search(text)] == []


@pytest.mark.parametrize("po", FILES, ids=lambda po: po.stem)
def test_particles_behind_what_is_filled_in_are_chosen(po: Path) -> None:
    """A particle right behind a place to fill in is written in both forms, `은(는)`."""
    alone = re.compile(r"(?<!\\text)\{(\w+)[^{}]*\}`?(?:은|는|을|를|이|가|와|과|으로|로)(?=[ .,;]|$)")
    for source, told in pairs(po).items():
        for place in alone.finditer(told):
            assert f"{{{place.group(1)}" not in source, told


def test_remarks_are_said_again_in_the_language_of_the_reader() -> None:
    """A remark of a derivation made in English is Korean in a Korean explanation, and back."""
    d = bt.derive("f = w*x", at={"w": 2, "x": 3, "spare": 1})
    remark = "a value was given for `spare`, which the program does not use"
    assert d.notes == (remark,)
    with speaking("ko"):
        assert "`spare`의 값이 주어졌지만 프로그램에서 쓰지 않습니다" in text(document(d))
    assert remark in text(document(d))
