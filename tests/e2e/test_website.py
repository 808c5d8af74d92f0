"""The website's channel of a running assistant: real answers, a real database, and nothing for strangers."""

import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from assistant.knowledge.base import Knowledge
from assistant.knowledge.loader import knowledge_version
from assistant.settings import ROOT
from channels.feedback import Feedback, FeedbackStore
from channels.limits import PER_CONVERSATION
from channels.sessions import Sessions
from channels.texts import TEXTS
from tests.e2e.conftest import Conversation, Running
from tools.kept_models import MODEL, version_of

MARK = "zorglubmarque"
QUESTION = "Quand l'OCAM a-t-elle été créée ?"
PATH = "/webhooks/website"


@dataclass
class Visitor:
    """A visitor of the website, with the token of a conversation."""

    running: Running
    token: Any = ""
    last: str = field(default="")

    def __post_init__(self) -> None:
        if self.token == "":
            self.token = self.post("conversations", {}).json()["conversation"]

    @property
    def conversation(self) -> str:
        return str(self.token).partition(".")[0]

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.running.client.post(f"{PATH}/{path}", json=body, headers=headers)

    def send(self, text: Any, message: str = "") -> httpx.Response:
        self.last = message or str(uuid.uuid4())
        return self.post("messages", {"conversation": self.token, "id": self.last, "text": text})

    def ask(self, text: str, message: str = "") -> dict[str, Any]:
        answer = self.send(text, message)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def text(self, text: str, message: str = "") -> str:
        return "\n".join(one["text"] for one in self.ask(text, message)["messages"])

    def rate(self, verdict: str, message: str = "") -> httpx.Response:
        body = {"conversation": self.token, "id": message or self.last, "verdict": verdict}
        return self.post("feedback", body)

    def erase(self) -> httpx.Response:
        return self.post("erasures", {"conversation": self.token})

    def kept(self) -> list[str]:
        """Return the kinds of the events that the database has of this conversation."""
        with closing(sqlite3.connect(self.running.launcher.settings.database)) as database:
            query = "SELECT type_name FROM events WHERE sender_id = ?"
            return [row[0] for row in database.execute(query, (self.conversation,))]


@pytest.fixture
def visitor(running: Running) -> Visitor:
    return Visitor(running)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as pool:
        yield pool


def said(running: Running) -> list[Feedback]:
    return FeedbackStore(running.launcher.settings.feedback).all()


def judged(visitor: Visitor, verdict: str, message: str = "") -> Feedback:
    """Say something of an answer, and return what is kept of it; others are there too."""
    before = said(visitor.running)
    assert visitor.rate(verdict, message).status_code == 204
    (new,) = (Counter(map(repr, said(visitor.running))) - Counter(map(repr, before))).elements()
    return next(one for one in said(visitor.running) if repr(one) == new)


def test_a_question_and_a_follow_up_are_answered(visitor: Visitor) -> None:
    assert "1990" in visitor.text(QUESTION)
    assert "San Jose" in visitor.text("et où ?")


def test_twenty_visitors_at_once_each_get_their_own_answer(
    running: Running, knowledge: Knowledge, pool: ThreadPoolExecutor
) -> None:
    facts = list(knowledge.facts.values())[:20]
    visitors = list(pool.map(lambda _: Visitor(running), facts))
    texts = list(pool.map(lambda pair: pair[0].text(pair[1].question), zip(visitors, facts, strict=True)))
    for text, fact in zip(texts, facts, strict=True):
        assert text.startswith(fact.answer)


@pytest.mark.parametrize("attempt", ["id", "id.", "changed", "other secret", "list", "none"])
def test_a_stranger_neither_reads_nor_writes_nor_erases(visitor: Visitor, attempt: str) -> None:
    visitor.text(QUESTION, "message-1")
    before = visitor.kept()
    identity = visitor.conversation
    token = {
        "id": identity,
        "id.": f"{identity}.",
        "changed": visitor.token[:-2] + ("AA" if visitor.token[-2:] != "AA" else "BB"),
        "other secret": Sessions("t" * 32)._signer.sign(identity).decode(),
        "list": [visitor.token],
        "none": None,
    }[attempt]
    stranger = Visitor(visitor.running, token)
    for answer in (
        stranger.send("efface mes données"),
        stranger.send("et où ?", "message-1"),
        stranger.rate("wrong", "message-1"),
        stranger.erase(),
    ):
        assert answer.status_code == 403
        assert answer.json() == {"erreur": TEXTS["conversation_inconnue"]}
    assert visitor.kept() == before


def test_anothers_message_id_gives_nothing_of_it(visitor: Visitor) -> None:
    visitor.text(QUESTION, "message-1")
    stranger = Visitor(visitor.running)
    assert stranger.rate("wrong", "message-1").status_code == 404
    assert stranger.text("et où ?", "message-1").startswith("De quoi parlez-vous ?")


def test_the_same_message_at_once_and_later_is_handled_once(visitor: Visitor, pool: ThreadPoolExecutor) -> None:
    texts = set(pool.map(lambda _: visitor.text(QUESTION, "message-1"), range(5)))
    assert texts == {visitor.text(QUESTION, "message-1")}
    assert visitor.kept().count("user") == 1


def test_a_suggestion_works_only_where_it_was_offered(visitor: Visitor, knowledge: Knowledge) -> None:
    offered = [button for one in visitor.ask("Quel est le budget de l'OCAM ?")["messages"] for button in one["buttons"]]
    other = Visitor(visitor.running)
    text = visitor.text(offered[0]["payload"])
    (fact,) = [fact for fact in knowledge.facts.values() if fact.question == offered[0]["title"]]
    assert text.startswith(fact.answer)
    assert fact.answer not in other.text(offered[0]["payload"])


def test_erasure_in_words_is_told_to_the_page(visitor: Visitor) -> None:
    assert visitor.ask(QUESTION)["erased"] is False
    answer = visitor.ask("efface mes données")
    assert answer["erased"] is True
    assert "effacée" in answer["messages"][0]["text"]
    assert visitor.kept() == []


@pytest.mark.parametrize("text", ["Que devient ma conversation ?", "merci", "Bonjour"])
def test_nothing_else_is_told_as_an_erasure(visitor: Visitor, text: str) -> None:
    assert visitor.ask(text)["erased"] is False


def test_erasure_leaves_nothing_that_was_written_in_the_files(visitor: Visitor) -> None:
    own = MARK + uuid.uuid4().hex.translate(str.maketrans("0123456789", "ghijklmnop"))  # digits would be masked
    visitor.text(f"{QUESTION} {own}")
    database = visitor.running.launcher.settings.database
    files = [database, database.with_name(f"{database.name}-wal")]
    assert any(own.encode() in path.read_bytes() for path in files)
    assert visitor.erase().status_code == 204
    assert all(own.encode() not in path.read_bytes() for path in files)
    assert visitor.kept() == []


def test_erasure_while_messages_are_answered_leaves_nothing(running: Running, pool: ThreadPoolExecutor) -> None:
    for _ in range(5):
        visitor = Visitor(running)
        visitor.text(QUESTION)
        asked = [pool.submit(visitor.send, "et où ?") for _ in range(2)]
        assert visitor.erase().status_code == 204
        assert {one.result().status_code for one in asked} <= {200, 403}
        visitor.erase()  # whatever came after the first one
        assert visitor.kept() == []


def test_feedback_is_kept_with_the_decision_and_without_the_visitors_words(visitor: Visitor) -> None:
    visitor.text("Je cherche un contact de l'OIM à Tegucigalpa au Honduras")
    kept = judged(visitor, "incomplete")
    assert (kept.verdict, kept.decisions[0]["kind"]) == ("incomplete", "contact")
    assert kept.decisions[0]["model"] == version_of(ROOT / MODEL)
    assert kept.decisions[0]["knowledge"] == knowledge_version(visitor.running.knowledge)
    assert b"egucigalpa" not in visitor.running.launcher.settings.feedback.read_bytes()


def test_the_same_question_twice_can_be_judged_twice(visitor: Visitor) -> None:
    for verdict in ("wrong", "yes"):
        visitor.text(QUESTION)
        new = judged(visitor, verdict)
        assert (new.verdict, new.decisions[0]["facts"]) == (verdict, ["ocam.date_creation"])


def test_each_answer_is_judged_on_its_own(visitor: Visitor) -> None:
    for text, message in ((QUESTION, "message-1"), ("et où ?", "message-2"), ("L'OIM, c'est quoi ?", "message-3")):
        visitor.text(text, message)
    facts = [judged(visitor, "unclear", f"message-{number}").decisions[0]["facts"][0] for number in (2, 1, 3)]
    assert facts == ["ocam.lieu_creation", "ocam.date_creation", "oim.definition"]


def test_a_message_that_went_no_further_cannot_be_judged(visitor: Visitor) -> None:
    visitor.text(QUESTION)
    assert visitor.text("") == TEXTS["vide"]
    assert visitor.rate("wrong").status_code == 404


def test_a_foreign_page_is_refused_and_our_own_is_not(visitor: Visitor) -> None:
    own = str(visitor.running.client.base_url).rstrip("/")
    answer = visitor.post("conversations", {}, Origin=own)
    assert answer.status_code == 201
    assert answer.headers.get_list("Access-Control-Allow-Origin") == [own]
    for origin in ("https://ailleurs.example", "null", f"{own}0", f"{own}.ailleurs.example"):
        answer = visitor.post(
            "messages", {"conversation": visitor.token, "id": "message-1", "text": "ici"}, Origin=origin
        )
        assert answer.status_code == 403
        assert answer.json() == {"erreur": TEXTS["origine_refusee"]}
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_one_conversation_has_its_number_and_rest_has_none(visitor: Visitor, conversation: Conversation) -> None:
    statuses = [visitor.send("").status_code for _ in range(PER_CONVERSATION.most + 1)]
    assert statuses == [200] * PER_CONVERSATION.most + [429]
    refused = visitor.send("")
    seconds = refused.headers["Retry-After"]
    assert refused.json() == {"erreur": TEXTS["trop_de_requetes"].format(secondes=seconds)}
    for _ in range(2 * PER_CONVERSATION.most):
        conversation.say("")
    assert "1990" in conversation.say(QUESTION).text


def test_the_page_is_there_with_its_component(running: Running) -> None:
    page = running.client.get(f"{PATH}/")
    assert page.status_code == 200
    assert "aamaya@iom.int" in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert running.client.get(f"{PATH}/assistant-oim.js").status_code == 200


def test_the_logs_hold_nothing_that_a_visitor_wrote(visitor: Visitor) -> None:
    for text in (f"{MARK} ?", f"/{MARK}", f'/choix{{"fait": "{MARK}"}}', f"quel est le {MARK} de l'OIM ?"):
        visitor.text(text)
        visitor.rate("wrong")
    visitor.rate(MARK)
    visitor.post("messages", MARK)
    assert MARK not in visitor.running.launcher.output
    assert visitor.token not in visitor.running.launcher.output
    assert "Traceback" not in visitor.running.launcher.output
