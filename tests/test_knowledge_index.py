"""The index of a practice's texts: kept in step, rebuilt when it must be, answering in three bands."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from agent.dialogue.retrieval.answers import FaqKnowledge
from agent.dialogue.retrieval.documents import documents
from agent.dialogue.retrieval.index import Index, open_client
from agent.dialogue.retrieval.probe import make_answer_probe
from agent.dialogue.retrieval.trained import trained_encoders
from agent.domain.errors import ConfigError
from agent.domain.text import SafeText
from agent.encoder import load_encoders
from agent.practice_folder import FaqEntry, demo_folder, read_faq

ZONE = ZoneInfo("America/New_York")


class At:
    """A clock that stands still."""

    def __init__(self, moment: str = "2026-03-02T14:00:00+00:00") -> None:
        self._moment = datetime.fromisoformat(moment).astimezone(UTC)

    def now(self) -> datetime:
        return self._moment


class Letters:
    """An encoder that counts letters, and how often it was asked."""

    def __init__(self, name: str = "letters-1") -> None:
        self.name = name
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += len(texts)
        counts = np.array([[text.lower().count(letter) + 0.01 for letter in "abcdefghijklmnop"] for text in texts])
        return (counts / np.linalg.norm(counts, axis=1, keepdims=True)).astype(np.float32)


def entry(id: str, asked: str, answer: str = "Yes.") -> FaqEntry:
    return FaqEntry(id=id, written_id=id, lang="en", title=asked, questions=(asked,), answer=answer)


@pytest.fixture(scope="module")
def models() -> tuple:
    return load_encoders()


@pytest.fixture(scope="module")
def faq() -> dict[str, tuple[FaqEntry, ...]]:
    return {lang: read_faq(demo_folder(), lang) for lang in ("en", "es")}


@pytest.fixture(scope="module")
def knowledge(models: tuple, faq: dict[str, tuple[FaqEntry, ...]]) -> FaqKnowledge:
    return FaqKnowledge(faq, models, clock=At(), zone=ZONE)


def test_an_index_in_step_with_its_texts_is_not_made_anew(tmp_path: Path) -> None:
    found, encoder = documents([entry("a", "parking"), entry("b", "late")]), Letters()
    first = Index(open_client(tmp_path), encoder, "en").ingest(found)
    embedded = encoder.embedded

    second = Index(open_client(tmp_path), encoder, "en").ingest(found)

    assert (first, second) == (True, False)
    assert encoder.embedded == embedded


def test_a_changed_text_or_a_forced_ingest_makes_it_anew(tmp_path: Path) -> None:
    client, encoder = open_client(tmp_path), Letters()
    Index(client, encoder, "en").ingest(documents([entry("a", "parking")]))

    changed = Index(client, encoder, "en")

    assert changed.ingest(documents([entry("a", "parking", "No.")]))
    assert changed.ingest(documents([entry("a", "parking", "No.")]), anew=True)
    assert [near.entry for near in changed.near(changed.embed("parking"))] == ["a"]


def test_an_index_half_made_is_made_anew(tmp_path: Path) -> None:
    client, encoder, found = open_client(tmp_path), Letters(), documents([entry("a", "parking"), entry("b", "late")])
    Index(client, encoder, "en").ingest(found)
    (name,) = [collection.name for collection in client.list_collections()]
    client.get_collection(name).delete(ids=["a#0"])

    assert Index(client, encoder, "en").ingest(found)


def test_a_store_that_cannot_be_read_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"this is no database" * 1000)

    index = Index(open_client(tmp_path), Letters(), "en")

    assert index.ingest(documents([entry("a", "parking")]))
    assert index.near(index.embed("parking"))


def test_another_model_has_another_index(tmp_path: Path) -> None:
    client, found = open_client(tmp_path), documents([entry("a", "parking")])
    Index(client, Letters("letters-1"), "en").ingest(found)

    assert Index(client, Letters("letters-2"), "en").ingest(found)


def test_encoders_retrieval_was_not_trained_with_are_refused() -> None:
    with pytest.raises(ConfigError, match="only others are at hand"):
        trained_encoders("en", [Letters()])


@pytest.mark.parametrize(
    ("question", "lang", "topic"),
    [
        ("do I have to bring my insurance card", "en", "what-to-bring"),
        ("can my teenager come without me", "en", "minors"),
        ("do you offer video visits?", "en", "video-visits"),
        ("¿tienen intérprete?", "es", "interpreter"),
        ("¿me pueden llenar unos papeles de fmla?", "es", "forms"),
    ],
)
async def test_a_question_finds_its_topic(knowledge: FaqKnowledge, question: str, lang: str, topic: str) -> None:
    found = await knowledge.find(SafeText(question), lang=lang)

    assert found.passages[0].id == topic
    assert found.band == "answer"


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("what's the weather tomorrow", "en"),
        ("who won the game last night", "en"),
        ("which antibiotic should I take", "en"),
        ("asdf qwer", "en"),
        ("", "en"),
        ("quién ganó el partido", "es"),
    ],
)
async def test_what_no_text_answers_is_never_answered(knowledge: FaqKnowledge, question: str, lang: str) -> None:
    found = await knowledge.find(SafeText(question), lang=lang)

    assert found.band != "answer"


async def test_a_topic_past_its_last_day_is_not_told(models: tuple) -> None:
    asked = "Is there a flu clinic this month?"
    topic = entry("flu", asked, "Yes, every Friday.").model_copy(
        update={"valid_until": datetime(2026, 3, 2, tzinfo=UTC).date()}
    )

    last_day = FaqKnowledge({"en": [topic]}, models, clock=At("2026-03-03T04:00:00+00:00"), zone=ZONE)
    day_after = FaqKnowledge({"en": [topic]}, models, clock=At("2026-03-03T06:00:00+00:00"), zone=ZONE)

    assert (await last_day.find(SafeText(asked), lang="en")).passages
    assert not (await day_after.find(SafeText(asked), lang="en")).passages


async def test_a_practice_without_any_text_declines(models: tuple) -> None:
    silent = FaqKnowledge({"en": [], "es": []}, models, clock=At(), zone=ZONE)

    assert (await silent.find(SafeText("¿tienen estacionamiento?"), lang="es-MX")).band == "decline"


async def test_a_spanish_question_finds_an_english_text_and_says_that_it_is_one(models: tuple) -> None:
    parking = entry("parking", "Where can I park?", "Behind the building; the first two hours are free.")
    english_only = FaqKnowledge({"en": [parking], "es": []}, models, clock=At(), zone=ZONE)

    found = await english_only.find(SafeText("¿Dónde me puedo estacionar?"), lang="es-MX")

    assert found.band == "answer"
    assert [(passage.id, passage.foreign) for passage in found.passages] == [("parking", True)]


async def test_an_english_text_is_told_only_where_the_spanish_texts_lack_it(models: tuple) -> None:
    parking = entry("parking", "Where can I park?", "Behind the building; the first two hours are free.")
    spanish = entry("parking", "¿Dónde me estaciono?", "Detrás del edificio, gratis.").model_copy(update={"lang": "es"})
    both = FaqKnowledge({"en": [parking], "es": [spanish]}, models, clock=At(), zone=ZONE)

    found = await both.find(SafeText("¿Dónde me puedo estacionar?"), lang="es")

    assert [(passage.answer, passage.foreign) for passage in found.passages] == [
        ("Detrás del edificio, gratis.", False)
    ]


async def test_the_probe_gives_ids_as_the_files_write_them(models: tuple) -> None:
    numbered = FaqEntry(
        id="7", written_id=7, lang="en", title="x", questions=("Where can I park?",), answer="Behind the house."
    )
    english_only = FaqKnowledge({"en": [numbered]}, models, clock=At(), zone=ZONE)
    probe = make_answer_probe(english_only, {"en": [numbered]}, lambda found, _: found.passages[0].answer)

    answered = await probe("Where can I park?", "en")

    assert answered.entries[0]["id"] == 7
    assert answered.reply == "Behind the house."
