"""Files before Unicode and of all kinds of Unicode: read where it is known what they are, and said."""

from __future__ import annotations

from pathlib import Path

import pytest

from backprop_tutor.errors import FileError
from backprop_tutor.files import read_text
from backprop_tutor.homework.answers.handed_in import Refused, Remark
from backprop_tutor.homework.answers.old_encodings import cells_not_ascii, guessed
from backprop_tutor.homework.answers.reading import read_answers
from backprop_tutor.homework.answers.rosters import read_roster
from backprop_tutor.homework.answers.sheets import Sheet
from backprop_tutor.homework.answers.speakers import Roster
from backprop_tutor.homework.problems.problem_set import parse_problems

ASKED = parse_problems('[[problem]]\nid = "p"\nprogram = "q = x + y; f = q*z"\nvalues = {x = -2, y = 5, z = -4}\nask = ["q", "df/dx"]\n')
TABLE = "student;q;∂f/∂x\nJörg Müller;½;-4\nAnne Weiß;3;-4\n"
KINDS = {
    ".csv": "student,q\nJörg Groß,½\n",
    ".json": '{"student": "Jörg Groß", "q": "½"}',
    ".jsonl": '{"student": "Jörg Groß", "q": "½"}\n{"student": "Ann", "q": 3}\n',
    ".toml": 'student = "Jörg Groß"\nq = "½"\n',
}


def read(path: Path, data: bytes, roster: Roster | None = None) -> tuple[dict[str, dict[str, str]], list[str], list[str]]:
    """Return answers by student, what was refused, and the remarks."""
    path.write_bytes(data)
    events = list(read_answers(path, ASKED, roster))
    sheets = {
        e.student: {key[1]: given.refused or given.text for key, given in e.answers.items()}
        for e in events if isinstance(e, Sheet)
    }  # fmt: skip
    return sheets, [str(e) for e in events if isinstance(e, Refused)], [str(e) for e in events if isinstance(e, Remark)]


@pytest.mark.parametrize("ending", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_each_kind_of_file_in_each_encoding(ending: str, encoding: str, tmp_path: Path) -> None:
    """Names and numbers come as they were typed, and what is not plain UTF-8 is said."""
    sheets, refused, remarks = read(tmp_path / f"a{ending}", KINDS[ending].encode(encoding))
    assert sheets["Jörg Groß"] == {"q": "½"}
    assert not refused
    told = {
        "utf-8": [], "utf-8-sig": ["a byte order mark at the beginning was left out"], "utf-32": ["it is UTF-32 text"],
        "cp1252": ["it is not UTF-8 text; it was read as Windows-1252, as in `Jörg Groß`; save it as UTF-8 if that is wrong"],
    }.get(encoding, ["it is UTF-16 text"])  # fmt: skip
    assert remarks == [f"a{ending}: {line}" for line in told]


@pytest.mark.parametrize(("codec", "shown", "text"), [
    ("cp1252", "Windows-1252", TABLE.replace("∂", "d")), ("mac_roman", "MacRoman", TABLE.replace("½", "1/2")),
    ("cp850", "CP850", TABLE.replace("∂", "d")), ("cp949", "CP949", "이름,q\n김민수,½\n이서연,3\n"),
])  # fmt: skip
def test_what_spreadsheets_write_is_known_by_its_words(codec: str, shown: str, text: str, tmp_path: Path) -> None:
    """Names, headings and numbers tell the encoding, and the one that was taken is said with an example."""
    sheets, refused, remarks = read(tmp_path / "a.csv", text.encode(codec))
    assert list(sheets) == [line.replace(";", ",").split(",")[0] for line in text.splitlines()[1:]]
    assert not refused
    assert remarks[0].startswith(f"a.csv: it is not UTF-8 text; it was read as {shown}, as in `")


NAMES = (
    "Müller", "Jürgen", "Möller", "Björn", "Weiß", "Groß", "Jörg", "Schäfer", "Günther", "Öztürk", "Ünal", "Çelik",
    "Åberg", "Åsa", "Øystein", "Sørensen", "Kjær", "François", "Renée", "José", "Peña", "Núñez", "García",
    "González", "Pérez", "João", "Conceição", "Zoë", "Loïc", "Élodie", "Émile", "Jérôme", "Óscar", "Süß", "Håkon",
)  # fmt: skip


@pytest.mark.parametrize(("codec", "least"), [("cp1252", 35), ("mac_roman", 28), ("cp850", 30)])
def test_three_names_tell_an_encoding_and_none_is_taken_for_another(codec: str, least: int) -> None:
    """Of three names that stand together most are read, the others refused; none is read as what it is not."""
    found = []
    for i in range(len(NAMES)):
        chosen = [NAMES[(i + k * 7) % len(NAMES)] for k in range(3)]
        guess = guessed([name.encode(codec) for name in chosen], lambda text: False)
        found.append("UTF-8" if guess is None else guess.encoding and guess.encoding.codec)
    assert set(found) <= {codec, None}
    assert found.count(codec) >= least


def test_what_is_not_certain_is_asked_about(tmp_path: Path) -> None:
    """A name with two readings is nobody's until the roster has one of them; the other rows are read."""
    data = "student,q\nTomaš,3\nAnna,4\n".encode("cp1252")
    sheets, refused, remarks = read(tmp_path / "a.csv", data)
    assert sheets == {"Anna": {"q": "4"}}
    assert refused == ["a.csv, row 2: the student's name is not UTF-8 text"]
    assert remarks == [
        "a.csv: it is not UTF-8 text, and what it is written in is not certain: `Tomaö` in MacRoman, `Tomaš` in "
        "Windows-1252, `TomaÜ` in CP850; save it as UTF-8"
    ]
    assert list(read(tmp_path / "a.csv", data, Roster(["Tomaš", "Anna"]))[0]) == ["Tomaš", "Anna"]
    _, refused, _ = read(tmp_path / "a.json", b'{"q": "\xff"}')
    assert refused == [
        "a.json: it is not UTF-8 text, and what it is written in is not certain: `ÿ` in Windows-1252, `ˇ` in MacRoman, "
        "`\\xa0` in CP850; save it as UTF-8"
    ]


@pytest.mark.parametrize(("codec", "text"), [
    ("gbk", "姓名,q\n王伟,3\n李娜,4\n张敏,5\n"), ("shift_jis", "名前,q\n田中,3\n鈴木,4\n"), ("cp1253", "student,q\nΜαρία,4\n"),
    ("cp1251", "student,q\nИван Петров,3\nОльга,4\n"), ("cp1250", "student,q\nŁukasz Żak,3\nPaweł,4\n"),
])  # fmt: skip
def test_other_alphabets_are_refused_not_mangled(codec: str, text: str, tmp_path: Path) -> None:
    """An encoding that is none of the known ones gives no names at all, and the remedy is said."""
    sheets, refused, remarks = read(tmp_path / "a.csv", text.encode(codec))
    assert sheets == {}
    assert len(refused) == text.count("\n") - 1
    assert "save it as UTF-8" in remarks[0]


def test_damage_stays_in_its_cell(tmp_path: Path) -> None:
    """A broken byte among UTF-8, half a character at the end of UTF-16 and a lone surrogate spoil one cell each."""
    sheets, refused, _ = read(tmp_path / "a.csv", b"student,q\nJ\xc3\xb6rg,3\nAnn\xff,4\n")
    assert (sheets, refused) == ({"Jörg": {"q": "3"}}, ["a.csv, row 3: the student's name is not UTF-8 text"])
    sheets, _, _ = read(tmp_path / "b.csv", "student;q\nJörg;½\n".encode("utf-16")[:-1])
    assert sheets == {"Jörg": {"q": "b.csv, row 2, column q: not UTF-8 text"}}
    lone = b"\xff\xfe" + "student;q\nJ".encode("utf-16-le") + b"\x00\xd8" + "rg;3\nAnn;4\n".encode("utf-16-le")
    assert read(tmp_path / "c.csv", lone)[0] == {"Ann": {"q": "4"}}


def test_rosters_in_old_encodings_are_told_or_refused(tmp_path: Path) -> None:
    """Where somebody hears of it the roster is read; where nobody does, it is refused with what it may be."""
    path = tmp_path / "roster.csv"
    path.write_bytes("student;name\ns1;Jörg Müller\ns2;Anne Weiß\n".encode("mac_roman"))
    told: list[str] = []
    assert [s.label for s in read_roster(path, told.append)] == ["Jörg Müller", "Anne Weiß"]
    assert told == ["roster.csv: it is not UTF-8 text; it was read as MacRoman, as in `Jörg Müller`; save it as UTF-8 if that is wrong"]
    with pytest.raises(FileError, match="not certain: `Jörg Müller` in MacRoman; save it as UTF-8"):
        read_roster(path)
    path.write_bytes("student;name\ns1;Jörg\n".encode("utf-16"))
    assert [s.label for s in read_roster(path)] == ["Jörg"]


def test_texts_with_a_byte_order_mark_are_read_everywhere(tmp_path: Path) -> None:
    """Programs and problems too: UTF-8, UTF-16 and UTF-32 that tell themselves, and nothing that is guessed."""
    path = tmp_path / "net.txt"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        path.write_bytes("σ = ½".encode(encoding))
        assert read_text(path) == "σ = ½"
    for data, why in (("f = ½".encode("cp1252"), "is not UTF-8 text: byte 5 is 0xbd"), (b"\xff\xfef", "is not UTF-16 text: byte 3 is 0x66")):
        path.write_bytes(data)
        with pytest.raises(FileError, match=why):
            read_text(path)


def test_only_some_cells_of_a_large_file_are_looked_at(tmp_path: Path) -> None:
    """Five hundred different cells are enough; those that repeat, and ASCII, cost no memory."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"x,1\n" * 100_000 + b"M\xfcller,2\n" * 1_000 + b"".join(b"\xe4%d\n" % i for i in range(600)))
    cells = list(cells_not_ascii(path))
    assert (cells[0], len(cells)) == (b"M\xfcller", 500)
