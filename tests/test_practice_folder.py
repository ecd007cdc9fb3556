"""A practice folder's mistakes are named in one sentence, with file, line and key."""

from pathlib import Path

import pytest

from agent.domain.errors import ConfigError
from agent.practice_folder import demo_folder, read_escalation, read_faq, read_practice, starter

GOOD = """\
name: Hill Practice
timezone: America/New_York
locations:
  - id: main
    name: Main
    address: 1 Hill Road
    phone: "+12125550100"
    hours: {mon: ["08:00-12:00", "13:00-17:00"]}
holidays: [{date: 2026-07-03, name: Independence Day}]
providers:
  - id: kim
    name: Dr. Kim
    specialty: family medicine
    visit_types: [follow_up]
    hours: {main: {mon: ["08:00-12:00"]}}
    away: [{from: 2026-04-06, to: 2026-04-10}]
visit_types:
  - {id: follow_up, name: follow-up visit, minutes: 20}
phones: {front_desk: "+12125550100", nurse: "+12125550101"}
"""


def written(folder: Path, text: str) -> Path:
    (folder / "practice.yaml").write_text(text, "utf-8")
    return folder


def refusal(folder: Path) -> ConfigError:
    with pytest.raises(ConfigError) as raised:
        read_practice(folder)
    assert "\n" not in str(raised.value)
    return raised.value


def test_a_good_folder_is_read(tmp_path: Path) -> None:
    practice = read_practice(written(tmp_path, GOOD))

    assert practice.location("main").hours["mon"][1].end.hour == 17


def test_dates_may_be_quoted_or_not(tmp_path: Path) -> None:
    quoted = GOOD.replace("2026-07-03", '"2026-07-03"')

    assert read_practice(written(tmp_path, quoted)) == read_practice(written(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("good", "bad", "line", "key", "words"),
    [
        ("name: Hill Practice", "nam: Hill Practice", 1, "nam", "did you mean 'name'"),
        ("minutes: 20", "minutes: twenty", 18, "visit_types[0].minutes", "whole number"),
        ("minutes: 20", "minuts: 20", 18, "visit_types[0].minuts", "did you mean 'minutes'"),
        ("minutes: 20", "minutes: 7", 18, "visit_types[0].minutes", "five minutes"),
        ('"+12125550100"\n    hours', "555-0100\n    hours", 7, "locations[0].phone", "country code"),
        ('["08:00-12:00", "13:00-17:00"]', '["08:00 to noon"]', 8, "locations[0].hours.mon", "08:00-12:00"),
        ('["08:00-12:00", "13:00-17:00"]', '["08:00-14:00", "13:00-17:00"]', 8, "locations[0].hours.mon", "overlap"),
        ("{mon: [\"08:00-12:00\", ", "{monday: [\"08:00-12:00\", ", 8, "locations[0].hours.monday", "mon"),
        ("2026-07-03", "3 July 2026", 9, "holidays[0].date", "2026-03-05"),
        ("    specialty: family medicine\n", "", 11, "providers[0].specialty", "missing"),
        ("visit_types: [follow_up]", "visit_types: [folow_up]", 14, None, "not listed"),
        ("to: 2026-04-10", "to: 2026-04-01", 16, "providers[0].away[0].to", "before"),
        ("timezone: America/New_York", "timezone: Springfield", 2, "timezone", "time zone"),
        ("    name: Main\n", "    name: Main\n    name: Again\n", 6, "locations[0].name", "twice"),
        ("    name: Main\n", "\tname: Main\n", 5, None, "tabs"),
        ("name: Hill Practice", "name: [Hill", 2, None, "not valid YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(
    tmp_path: Path, good: str, bad: str, line: int, key: str | None, words: str
) -> None:
    assert good in GOOD

    wrong = refusal(written(tmp_path, GOOD.replace(good, bad, 1)))

    assert wrong.file == tmp_path / "practice.yaml"
    assert (wrong.line, wrong.key) == (line, key)
    assert words in str(wrong)


def test_a_missing_folder_or_file_is_said(tmp_path: Path) -> None:
    assert "no such practice folder" in str(refusal(tmp_path / "nowhere"))
    assert "no such file" in str(refusal(tmp_path))


def test_a_file_that_is_no_text_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "practice.yaml").write_bytes(GOOD.encode().replace(b"Dr. Kim", b"Dr. Nu\xf1ez"))

    wrong = refusal(tmp_path)

    assert wrong.line == 12
    assert "UTF-8" in str(wrong)


@pytest.mark.parametrize("text", ["", "- a list", "x: " * 3, "[" * 20_000, "name: \x00"])
def test_nonsense_is_one_sentence(tmp_path: Path, text: str) -> None:
    assert refusal(written(tmp_path, text)).file is not None


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    assert "too large" in str(refusal(written(tmp_path, "#" * 1_100_000)))


def test_a_file_that_grows_when_read_is_refused(tmp_path: Path) -> None:
    bomb = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"{here}: &{here} [{','.join([f'*{before}'] * 9)}]\n" for before, here in zip("abcdef", "bcdefg", strict=True)
    )

    assert "too many values" in str(refusal(written(tmp_path, bomb)))


def topic(folder: Path, name: str, text: str) -> None:
    (folder / "faq" / "en").mkdir(parents=True, exist_ok=True)
    (folder / "faq" / "en" / name).write_text(text, "utf-8")


def test_a_topic_is_front_matter_and_an_answer(tmp_path: Path) -> None:
    topic(tmp_path, "a.md", "---\nid: late\ntitle: Late\nquestions: [What if I am late]\n---\nPlease\ncall us.\n")

    (entry,) = read_faq(tmp_path, "en")

    assert (entry.id, entry.answer, entry.questions) == ("late", "Please call us.", ("What if I am late",))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("id: late\n", 1, "three dashes"),
        ("---\nid: late\n", 3, "three dashes"),
        ("---\nid: late\ntitle: Late\nquestion: [x]\n---\nYes.\n", 4, "did you mean 'questions'"),
        ("---\nid: late\ntitle: Late\nquestions: []\n---\nYes.\n", 4, "at least one"),
        ("---\nid: late\ntitle: Late\nquestions: [x]\nvalid_until: soon\n---\nYes.\n", 5, "2026-03-05"),
        ("---\nid: late\ntitle: Late\nquestions: [x]\n---\n\n", 6, "characters"),
    ],
)
def test_a_broken_topic_is_named_by_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    topic(tmp_path, "a.md", text)

    with pytest.raises(ConfigError, match=words) as raised:
        read_faq(tmp_path, "en")

    assert raised.value.line == line


def test_two_topics_never_share_an_id(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        topic(tmp_path, name, "---\nid: late\ntitle: Late\nquestions: [x]\n---\nYes.\n")

    with pytest.raises(ConfigError, match="called 'late' already"):
        read_faq(tmp_path, "en")


def test_the_demo_practice_has_what_it_promises() -> None:
    practice = read_practice(demo_folder())

    assert (len(practice.locations), len(practice.providers), len(practice.visit_types)) == (2, 4, 8)
    assert all(any(kind.id in person.visit_types for person in practice.providers) for kind in practice.visit_types)
    assert {holiday.date.year for holiday in practice.holidays} >= {2026, 2027}


def test_the_demo_topics_stand_in_both_languages_and_name_nothing_of_the_practice() -> None:
    practice = read_practice(demo_folder())
    names = [one.name for one in (*practice.providers, *practice.locations)] + [practice.phones.front_desk]

    english, spanish = read_faq(demo_folder(), "en"), read_faq(demo_folder(), "es")

    assert len(english) == 20
    assert [entry.id for entry in english] == [entry.id for entry in spanish]
    assert not [entry.id for entry in (*english, *spanish) for name in names if name in entry.answer]


def test_a_starter_folder_can_be_read_and_is_never_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "mine"

    starter(folder)

    assert read_practice(folder) == read_practice(demo_folder())
    assert read_escalation(folder).red_flags
    with pytest.raises(ConfigError, match="something is here already"):
        starter(folder)
