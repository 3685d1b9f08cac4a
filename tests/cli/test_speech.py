"""The language of a command: from `--lang`, the environment or the system, for every word."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from backprop_tutor.cli.speech import language_asked, speaking_as_asked
from backprop_tutor.translation import spoken


def said_by(*arguments: str, **environment: str) -> tuple[int, str]:
    """Return the exit status and everything that a command prints, run as a process."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "BACKPROP"))}
    done = subprocess.run(
        [sys.executable, "-m", "backprop_tutor", *arguments], capture_output=True, check=False,
        env=kept | {"PYTHONIOENCODING": "utf-8"} | environment,
    )  # fmt: skip
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["explain", "f = x", "--lang", "ko"], "ko"),
        (["--lang=ko", "explain"], "ko"),
        (["explain", "--lang", "ko", "--lang", "en"], "en"),
        (["explain", "--lang"], None),
        (["explain", "--", "--lang=ko"], None),
        (["explain", "--language=ko"], None),
    ],
)
def test_the_language_asked_for(arguments: list[str], language: str | None) -> None:
    """`--lang` may stand anywhere before `--`; the last one counts."""
    assert language_asked(arguments) == language


def test_the_process_is_left_as_it_was() -> None:
    """The language and the environment of the process are put back behind the block."""
    before = dict(os.environ)
    with speaking_as_asked(["explain", "--lang", "ko"]):
        assert spoken() == "ko"
    assert (spoken(), dict(os.environ)) == ("en", before)


def test_a_misspelt_command_in_korean() -> None:
    """Usage, message and suggestion are Korean where the system is."""
    assert said_by("explan", LANG="ko_KR.UTF-8") == (2, (
        "사용법: backprop-tutor [OPTIONS] COMMAND [ARGS]...\n"
        "도움말은 'backprop-tutor --help'로 볼 수 있습니다.\n\n"
        "오류: `explan`이라는 명령이 없습니다. 혹시 `explain`을 뜻하셨나요?\n"
    ))  # fmt: skip


def test_a_misspelt_option_in_both_languages() -> None:
    """An option that there is not is named with the nearest one."""
    code, english = said_by("explain", "f = x", "--expnd", "all")
    assert (code, english.splitlines()[-1]) == (
        2, "Error: there is no option `--expnd`; did you mean `--expand`?"
    )  # fmt: skip
    code, korean = said_by("explain", "f = x", "--expnd", "all", "--lang", "ko")
    assert (code, korean.splitlines()[-1]) == (
        2, "오류: `--expnd`라는 옵션이 없습니다; 혹시 `--expand`를 뜻하셨나요?"
    )  # fmt: skip


def test_a_variable_that_names_no_language() -> None:
    """BACKPROP_TUTOR_LANG with a language that there is not ends in one message."""
    assert said_by("--version", BACKPROP_TUTOR_LANG="kx") == (
        2, "Error: BACKPROP_TUTOR_LANG: no catalogue for the language `kx`; there are: en, ko\n"
    )  # fmt: skip
