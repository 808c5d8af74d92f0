"""What Slack has of its own."""

import json
import time
from typing import Any

import httpx
import pytest

from channels import slack as connector
from channels.messaging.rendering import Said, numbered
from channels.slack import body_of, mrkdwn, plain
from tests.messaging.app import App
from tests.messaging.conftest import Person, Server, fresh
from tests.messaging.everything import everything
from tests.messaging.slack import TOKEN, Slack, WebApi, direct, seen
from tests.messaging.standin import Answer
from tests.messaging.test_contract import WHEN
from tests.waiting import eventually


@pytest.fixture
def app(server: Server) -> App:
    app = next(app for app in server.apps if isinstance(app, Slack))
    app.standin.refused.clear()
    return app


@pytest.fixture
def slack(app: App) -> Slack:
    assert isinstance(app, Slack)
    return app


def _channel() -> str:
    return fresh("c").upper()


def _posts(slack: Slack, channel: str) -> list[dict[str, Any]]:
    return [post for post in slack.standin.posts if post["channel"] == channel]


# What is shown, for every fact and every response


@pytest.fixture(scope="module")
def strict() -> Any:
    standin = WebApi()
    yield standin
    standin.close()


@pytest.mark.parametrize(("name", "said"), everything(), ids=lambda value: value if isinstance(value, str) else "")
def test_everything_is_whole_and_taken(name: str, said: Said, strict: WebApi) -> None:
    body = body_of(said, "D1", "", "U1")
    headers = {"authorization": f"Bearer {TOKEN}"}
    answer = httpx.post(f"{strict.url}/api/chat.postMessage", json=body, headers=headers, trust_env=False)
    assert answer.json()["ok"] is True, strict.refused
    shown = strict.shown[-1]
    assert shown.text == numbered(said)
    assert "/choix" not in shown.text and "{" not in shown.text
    assert seen(body["text"]) == shown.text
    assert len(shown.buttons) == len(said.choices)
    labels = [label for label, _ in shown.buttons]
    assert len(set(labels)) == len(labels)
    for label, choice in zip(labels, said.choices, strict=True):
        assert len(label) <= 30
        stem = label.partition(". ")[2].rstrip("…")
        assert len(stem) >= 10 and choice.title.startswith(stem)


@pytest.mark.parametrize(("name", "said"), everything(), ids=lambda value: value if isinstance(value, str) else "")
def test_the_source_stands_apart_below_the_answer(name: str, said: Said) -> None:
    blocks = body_of(said, "D1", "", "U1")["blocks"]
    sources = [block for block in blocks if block["type"] == "context"]
    assert len(sources) == ("\nSource : " in said.text)
    for block in sources:
        assert block["elements"][0]["text"].startswith("Source : ")
    assert all("Source : " not in block["text"]["text"] for block in blocks if block["type"] == "section")


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("Écrivez à a_b_c@iom.int.", "Écrivez à <mailto:a_b_c@iom.int|a_b_c@iom.int>."),
        ("Voir https://iom.int/a_b?x=1&y=2.", "Voir <https://iom.int/a_b?x=1&amp;y=2>."),
        ("(https://fr.org/Page_(suite))", "(<https://fr.org/Page_(suite)>)"),
        ("« https://iom.int/~a~ »", "« <https://iom.int/~a~> »"),
        ("<!here> <@U1>", "&lt;!here&gt; &lt;@U1&gt;"),
    ],
)
def test_markup_is_escaped_and_addresses_are_whole(text: str, markup: str) -> None:
    assert mrkdwn(text) == markup
    assert seen(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<@U9> Quand ?", "Quand ?"),
        ("<@U9|bot>, et <@U8> ?", ", et ?"),
        ("<!here> <!subteam^S1|@equipe> Quand ?", "Quand ?"),
        ("dans <#C1|général> et <#C2>", "dans général et"),
        ("<https://iom.int|le site> <https://iom.int>", "le site https://iom.int"),
        ("<mailto:a@b.fr|a@b.fr> <tel:+33123456789|01 23 45 67 89>", "a@b.fr 01 23 45 67 89"),
        ("l'OIM &amp; l'OCAM &lt;3 &amp;lt;", "l'OIM & l'OCAM <3 &lt;"),
    ],
)
def test_what_people_write_is_read_without_markup(markup: str, text: str) -> None:
    assert plain(markup) == text


def test_a_text_longer_than_a_section_is_cut_between_words_and_whole() -> None:
    text = "Une phrase & une autre. " * 200
    blocks = body_of(Said(text), "D1", "", "U1")["blocks"]
    assert len(blocks) > 1
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks)
    assert " ".join(seen(block["text"]["text"]) for block in blocks) == text.strip()


# What Slack asks and tells


def test_the_address_is_confirmed_if_the_request_is_signed(slack: Slack) -> None:
    body = json.dumps({"type": "url_verification", "token": "x", "challenge": "abc"}).encode()
    answer = slack.signed(body)
    assert answer.status_code == 200 and answer.json() == {"challenge": "abc"}
    assert slack.post(body, {"content-type": "application/json"}).status_code == 403


def test_a_signature_that_is_no_text_is_refused(slack: Slack) -> None:
    assert slack.client is not None
    headers = {b"x-slack-request-timestamp": str(int(time.time())).encode(), b"x-slack-signature": b"v0=\xe9"}
    assert slack.client.post("/webhooks/slack/webhook", content=b"{}", headers=headers).status_code == 403


def test_what_cannot_be_read_is_an_error_without_a_text(slack: Slack, server: Server) -> None:
    for body in (b"pas du JSON sensible", b"[]", b"{}", b'{"type":"event_callback"}', b'"texte"'):
        assert slack.signed(body).status_code == 400
    form = {"content-type": "application/x-www-form-urlencoded"}
    for body in (b"command=/oim&text=secret", b"payload=non", b"payload=%7B%7D"):
        assert slack.signed(body, form).status_code == 400
    assert "sensible" not in server.log and "oim&text" not in server.log


def test_all_retries_of_one_event_are_answered_once(slack: Slack, person: Person) -> None:
    person.greet()
    id, message = fresh("m"), slack.message(person.id, WHEN)
    for number in range(4):
        retry = {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"} if number else {}
        assert slack.event(message, id, retry).status_code == 200
    assert len(person.new(1)) == 1
    assert len(person.ask("et où ?")) == 1


def test_a_press_that_comes_again_is_answered_once(slack: Slack, person: Person) -> None:
    (choices,) = person.greet().ask("création")
    press = slack.press_of(person.id, choices, 0, fresh("m"))
    for _ in range(3):
        assert slack.pressed(person.id, press).status_code == 200
    assert len(person.new(1)) == 1


# Where it is answered


def test_a_direct_message_is_answered_plainly(slack: Slack, person: Person) -> None:
    person.greet()
    assert all("thread_ts" not in post for post in _posts(slack, direct(person.id)))


def test_a_direct_message_in_a_thread_is_answered_there(slack: Slack, person: Person) -> None:
    person.greet()
    slack.event({**slack.message(person.id, WHEN), "thread_ts": "1760000000.000050"}, fresh("m"))
    person.new(1)
    assert _posts(slack, direct(person.id))[-1]["thread_ts"] == "1760000000.000050"


def test_a_mention_is_answered_in_its_thread_without_the_mention(slack: Slack, person: Person) -> None:
    channel = _channel()
    assert slack.event(slack.mention(person.id, WHEN, channel), fresh("m")).status_code == 200
    first, answer = slack.standin.wait(channel, 2)
    assert "programme" in first.text and "1990" in answer.text
    assert {post["thread_ts"] for post in _posts(slack, channel)} == {"1760000000.000200"}
    slack.event(slack.mention(person.id, "et où ?", channel, "1760000000.000100"), fresh("m"))
    assert "San Jose" in slack.standin.wait(channel, 3)[-1].text
    assert _posts(slack, channel)[-1]["thread_ts"] == "1760000000.000100"


def test_a_mention_without_words_gets_a_question(slack: Slack, person: Person) -> None:
    channel = _channel()
    slack.event(slack.mention(person.id, "", channel), fresh("m"))
    assert "question" in slack.standin.wait(channel, 2)[-1].text


def test_what_was_asked_directly_does_not_show_in_a_channel(slack: Slack, person: Person) -> None:
    person.greet().ask(WHEN)
    channel = _channel()
    slack.event(slack.mention(person.id, "et où ?", channel), fresh("m"))
    assert all("San Jose" not in shown.text for shown in slack.standin.wait(channel, 2))


def test_two_people_in_a_channel_have_their_own_conversations(slack: Slack, person: Person) -> None:
    channel, other = _channel(), slack.person(fresh("p"))
    slack.event(slack.mention(person.id, WHEN, channel), fresh("m"))
    slack.standin.wait(channel, 2)
    slack.event(slack.mention(other, "et où ?", channel), fresh("m"))
    first, answer = slack.standin.wait(channel, 4)[2:]
    assert "programme" in first.text and "San Jose" not in answer.text


def test_a_file_with_words_is_answered_by_its_words(slack: Slack, person: Person) -> None:
    person.greet()
    file = {"id": "F1", "name": "photo.jpg", "mimetype": "image/jpeg"}
    slack.event({**slack.message(person.id, WHEN), "subtype": "file_share", "files": [file]}, fresh("m"))
    assert "1990" in person.new(1)[-1].text


# Buttons


def test_the_whole_questions_stand_above_their_buttons(slack: Slack, person: Person) -> None:
    (choices,) = person.greet().ask("création")
    for place, (label, _) in enumerate(choices.buttons, start=1):
        assert label.startswith(f"{place}. ") and 13 <= len(label) <= 30
        assert f"\n{label.rstrip('…')}" in choices.text


def test_the_buttons_go_away_once_one_is_pressed(slack: Slack, person: Person) -> None:
    (choices,) = person.greet().ask("création")
    before = len(slack.standin.replaced)
    person.press(choices, 1)
    (replaced,) = eventually(lambda: slack.standin.replaced[before:])
    assert [block["type"] for block in replaced["blocks"]] == ["section", "context"]
    assert replaced["blocks"][1]["elements"][0]["text"] == f"→ {choices.buttons[1][0]}"
    assert slack.standin.refused == []


@pytest.mark.parametrize("url", [{"response_url": "http://127.0.0.1:9/actions/1"}, {}], ids=["nobody there", "none"])
def test_the_answer_comes_although_the_buttons_cannot_be_replaced(
    slack: Slack, person: Person, url: dict[str, str]
) -> None:
    (choices,) = person.greet().ask("création")
    press = slack.press_of(person.id, choices, 0, fresh("m"))
    del press["response_url"]
    assert slack.pressed(person.id, press | url).status_code == 200
    assert "Source : " in person.new(1)[-1].text


def test_a_button_pressed_by_somebody_else_answers_in_the_thread_of_who_asked(slack: Slack, person: Person) -> None:
    channel, other = _channel(), slack.person(fresh("p"))
    slack.event(slack.mention(person.id, "création", channel), fresh("m"))
    choices = slack.standin.wait(channel, 2)[-1]
    assert slack.press(other, choices, 0, fresh("m")).status_code == 200
    assert "Source : " in slack.standin.wait(channel, 3)[-1].text
    assert _posts(slack, channel)[-1]["thread_ts"] == "1760000000.000200"


def test_a_button_of_another_program_of_the_app_gets_silence(slack: Slack, person: Person) -> None:
    (choices,) = person.greet().ask("création")
    press = slack.press_of(person.id, choices, 0, fresh("m"))
    press["actions"][0]["action_id"] = "approuver"
    assert slack.pressed(person.id, press).status_code == 200
    assert len(person.ask("bonjour")) == 1


# Sending


def test_slack_says_no_with_status_200(slack: Slack, person: Person, server: Server) -> None:
    person.greet()
    slack.standin.fail(Answer(200, {"ok": False, "error": "channel_not_found"}))
    calls = len(slack.standin.calls)
    assert slack.text(person.id, WHEN, fresh("m")).status_code == 200
    assert len(slack.standin.calls) == calls + 1
    assert server.logged("chat.postMessage : channel_not_found")
    assert person.ask("bonjour")


def test_slack_says_later_with_status_200(slack: Slack, person: Person) -> None:
    person.greet()
    slack.standin.fail(Answer(200, {"ok": False, "error": "ratelimited"}, {"retry-after": "1"}))
    assert "1990" in person.ask(WHEN)[-1].text


def test_an_answer_that_cannot_be_read_is_not_sent_again(slack: Slack, person: Person, server: Server) -> None:
    person.greet()
    slack.standin.fail(Answer(200, "<html>oups</html>"), Answer(200, []))
    for _ in range(2):
        assert slack.text(person.id, WHEN, fresh("m")).status_code == 200
    assert len(person.ask("bonjour")) == 1
    assert server.logged("réponse illisible") and "oups" not in server.log


def test_the_token_is_tried_without_changing_anything(slack: Slack) -> None:
    settings = dict(slack.variables)
    for token, problem in ((TOKEN, False), ("xoxb-faux", True)):
        (probe,) = connector.Slack(settings | {"SLACK_BOT_TOKEN": token}).probes()
        answer = httpx.request(probe.method, probe.url, headers=dict(probe.headers), trust_env=False)
        assert bool(probe.problem(answer.json())) is problem
        assert "xoxb" not in probe.what + probe.problem(answer.json())


def test_slow_answers_do_not_keep_slack_waiting(slack: Slack, person: Person) -> None:
    person.greet()
    slack.standin.fail(Answer(429, {}, {"retry-after": "6"}))
    begin = time.monotonic()
    assert slack.text(person.id, WHEN, fresh("m")).status_code == 200
    assert time.monotonic() - begin < 5
    assert "1990" in person.new(1)[-1].text


def test_no_raw_id_is_kept(slack: Slack, person: Person, server: Server) -> None:
    person.greet()
    assert person.id not in server.log and direct(person.id) not in server.log
    for path in server._folder.glob("*.db*"):
        content = path.read_bytes()
        assert person.id.encode() not in content and direct(person.id).encode() not in content
