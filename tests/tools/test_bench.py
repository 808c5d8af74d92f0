"""`make bench`: what is counted, what is asked, and a short measurement of the assistant itself."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import yaml

from assistant.knowledge.base import Knowledge
from assistant.settings import ROOT
from tools.bench import BenchError, __main__, rasa_default
from tools.bench.bots import Bot, Launch, assistant, running
from tools.bench.figures import (
    DISK,
    FRESH_P50,
    GROWTH,
    MEMORY,
    SILENT,
    START,
    TRAINING,
    Results,
    Round,
    growth,
    missed,
    p99,
    results,
    table,
)
from tools.bench.load import Client, measure, wait_for_answer
from tools.bench.machine import folder_bytes, resident_bytes
from tools.bench.sample import EXAMPLES, LABELS, Topic, conversation, draw, questions

_SLEEP = [sys.executable, "-c", "print('début', flush=True); import time; time.sleep(60)"]


@pytest.fixture(scope="module")
def sample(knowledge: Knowledge) -> tuple[Topic, ...]:
    return draw(knowledge, ROOT / "data" / "nlu")


@pytest.fixture
def measured() -> Results:
    """Return the figures of a bot that meets its targets."""
    one = Round(start=5.0, fresh=[8.0] * 100, conversation=[9.0] * 400, silent=0, memory=300_000_000)
    return results([one], disk=700_000_000, model=7_000_000, training=60.0)


# What is counted


def test_p99_leaves_out_the_slowest_hundredth() -> None:
    assert p99([1.0] * 990 + [50.0] * 10) < 50
    assert p99([1.0] * 980 + [50.0] * 20) == 50


def test_growth_compares_the_ends_of_a_conversation_and_not_its_middle() -> None:
    assert growth([4.0] * 20 + [100.0] * 360 + [8.0] * 20) == 2


def test_growth_and_start_are_medians_of_the_rounds() -> None:
    steady, slow = [5.0] * 400, [5.0] * 200 + [50.0] * 200
    rounds = [Round(start, [1.0, 1.0], turns, 0, None) for start, turns in ((4, steady), (5, steady), (60, slow))]
    figures = results(rounds, 1, 1, None)
    assert (figures[GROWTH], figures[START]) == (1, 5)


def test_memory_is_the_largest_and_silence_is_added_up() -> None:
    rounds = [Round(1, [1.0, 1.0], [1.0] * 40, silent, memory) for silent, memory in ((1, 10**6), (2, 3 * 10**6))]
    figures = results(rounds, 1, 1, None)
    assert (figures[MEMORY], figures[SILENT]) == (3, 3)


def test_no_target_is_missed_at_the_target_itself(measured: Results) -> None:
    assert missed({**measured, START: START.target}) == []
    assert missed({**measured, START: START.target + 0.1}) == [START]


def test_what_was_not_measured_is_said_and_not_missed(measured: Results) -> None:
    figures = {**measured, TRAINING: None}
    assert missed(figures) == []
    assert _row(table(figures), TRAINING.name) == ["non mesuré", "≤ 90 s", "-"]


def test_the_table_is_in_french_with_the_target_and_whether_it_is_met(measured: Results) -> None:
    shown = table({**measured, FRESH_P50: 12.34})
    assert _row(shown, FRESH_P50.name) == ["12,3 ms", "≤ 12,0 ms", "non"]
    assert _row(shown, DISK.name) == ["700 Mo", "≤ 800 Mo", "oui"]


def test_the_table_of_a_comparison_shows_the_other_and_how_many_times_it_takes(measured: Results) -> None:
    shown = table(measured, ("rasa-default", {**measured, FRESH_P50: 60.0}))
    assert "rasa-default" in shown.splitlines()[0]
    assert _row(shown, FRESH_P50.name) == ["8,0 ms", "≤ 12,0 ms", "oui", "60,0 ms", "x 7,5"]
    assert _row(shown, SILENT.name)[-1] == "-"


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 1)])
def test_a_missed_target_fails_only_when_strict(
    measured: Results, monkeypatch: pytest.MonkeyPatch, options: list[str], code: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", *options])
    monkeypatch.setattr(__main__, "_measured", lambda *_: ({**measured, START: 9.0}, None))
    assert __main__.main() == code


def test_met_targets_pass_when_strict(measured: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--strict"])
    monkeypatch.setattr(__main__, "_measured", lambda *_: (measured, None))
    assert __main__.main() == 0


def test_what_cannot_be_measured_is_said_without_a_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise BenchError("Rien ne va.")

    monkeypatch.setattr(sys, "argv", ["bench"])
    monkeypatch.setattr(__main__, "_measured", fail)
    assert __main__.main() == 1
    assert capsys.readouterr().err == "Rien ne va.\n"


# What the machine says


def test_a_folder_counts_what_is_in_it_once_and_not_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"a" * 1_000_000)
    folder = tmp_path / "folder"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "file").write_bytes(b"a" * 200_000)
    os.link(folder / "below" / "file", folder / "same")
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    assert 200_000 <= folder_bytes(folder) < 300_000


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not say")
def test_memory_counts_the_processes_below_but_not_a_launcher() -> None:
    child = [sys.executable, "-c", "held = b'a' * 50_000_000; print(flush=True); import time; time.sleep(60)"]
    launch = f"import subprocess; subprocess.run({child!r})"
    with subprocess.Popen([sys.executable, "-c", launch], stdout=subprocess.PIPE, start_new_session=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            everything = resident_bytes(process.pid, launcher=False) or 0
            servers = resident_bytes(process.pid, launcher=True) or 0
        finally:
            os.killpg(process.pid, 15)
    assert 50_000_000 < servers < everything - 5_000_000


def test_the_memory_of_a_process_that_is_gone_is_unknown() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    assert resident_bytes(process.pid, launcher=False) is None


# What is asked


def test_the_sample_is_the_same_at_each_run(sample: tuple[Topic, ...], knowledge: Knowledge) -> None:
    assert draw(knowledge, ROOT / "data" / "nlu") == sample


def test_the_sample_has_its_size_and_starts_with_each_facts_own_question(sample: tuple[Topic, ...]) -> None:
    assert len({topic.intent for topic in sample}) == LABELS
    for topic in sample:
        assert len(set(topic.examples)) == EXAMPLES
        assert topic.examples[0] == topic.fact.question


def test_the_questions_are_all_different_while_there_are_some(sample: tuple[Topic, ...]) -> None:
    asked = questions(sample, LABELS * EXAMPLES + 1)
    assert len(set(asked[:-1])) > LABELS * EXAMPLES * 0.98  # two topics may share a wording
    assert asked[-1] == asked[0]


def test_both_ends_of_a_conversation_ask_the_same(sample: tuple[Topic, ...]) -> None:
    turns = conversation(sample, __main__.TURNS)
    assert turns[:20] == turns[-20:]
    assert len(set(turns[:20])) == 20


def test_enough_questions_are_asked_in_conversations_of_their_own() -> None:
    assert __main__.ROUNDS * __main__.FRESH >= 400


# Asking


class _Script(BaseHTTPRequestHandler):
    """A bot that says what it was told to, then repeats the last of it."""

    protocol_version = "HTTP/1.1"
    replies: list[str]
    connections: set[int]

    def do_POST(self) -> None:
        self.connections.add(self.client_address[1])
        self.rfile.read(int(self.headers["Content-Length"]))
        text = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        body = json.dumps([{"text": text}] if text else []).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def scripted() -> Iterator[tuple[type[_Script], Client]]:
    handler = type("Handler", (_Script,), {"replies": ["oui"], "connections": set()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with closing(Client(f"http://127.0.0.1:{server.server_port}")) as client:
            yield handler, client
        server.shutdown()


def test_replies_are_timed_on_one_connection_and_silence_is_counted(
    scripted: tuple[type[_Script], Client],
) -> None:
    handler, client = scripted
    handler.replies = ["oui", "", "oui"]
    times = [client.timed("moi", "Bonjour ?") for _ in range(3)]
    assert all(0 < time < 5000 for time in times)
    assert (client.silent, len(handler.connections)) == (1, 1)


def test_a_start_lasts_until_the_answer_is_right(
    scripted: tuple[type[_Script], Client], sample: tuple[Topic, ...], tmp_path: Path
) -> None:
    handler, client = scripted
    handler.replies = ["", "Un instant.", f"{sample[0].fact.answer}\nSource : la page", "après"]
    with running(_bot(_SLEEP)) as process:
        wait_for_answer(client, process, sample[0])
    assert handler.replies == ["après"]


def test_a_bot_that_dies_is_said_with_what_it_printed(sample: tuple[Topic, ...]) -> None:
    with pytest.raises(BenchError, match=r"(?s)tout seul.*rien ne va"):
        measure(_bot([sys.executable, "-c", "raise SystemExit('rien ne va')"]), sample, 1, 1)


def test_a_bot_is_stopped_whatever_happens() -> None:
    with pytest.raises(KeyError), running(_bot(_SLEEP)) as process:
        raise KeyError
    assert process.process.poll() is not None


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this system does not say")
def test_the_assistant_is_measured_on_its_real_servers_and_nothing_is_left(sample: tuple[Topic, ...]) -> None:
    bot = assistant()
    urls = []

    def launch(folder: Path) -> Launch:
        launched = bot.launch(folder)
        urls.append(launched.url)
        return launched

    one = measure(replace(bot, launch=launch), sample, fresh=5, turns=5)
    assert (len(one.fresh), len(one.conversation), one.silent) == (5, 5, 0)
    assert one.start > 1
    assert one.memory is not None
    assert one.memory > 150_000_000  # two servers, one of them Rasa
    with pytest.raises(httpx.ConnectError):
        httpx.get(urls[0], trust_env=False)


# What it is compared with


@pytest.fixture
def project(sample: tuple[Topic, ...], tmp_path: Path) -> Path:
    rasa_default.write_project(tmp_path, sample)
    return tmp_path


def test_the_default_bot_leaves_pipeline_and_policies_to_rasa(project: Path) -> None:
    config = yaml.safe_load((project / "config.yml").read_text())
    assert (config["pipeline"], config["policies"]) == (None, None)


def test_the_default_bot_answers_each_fact_of_the_sample_as_we_do(project: Path, sample: tuple[Topic, ...]) -> None:
    domain = yaml.safe_load((project / "domain.yml").read_text())
    nlu = yaml.safe_load((project / "data" / "nlu.yml").read_text())["nlu"]
    rules = yaml.safe_load((project / "data" / "rules.yml").read_text())["rules"]
    assert len(nlu) == len(rules) == LABELS
    for topic, block, rule in zip(sample, nlu, rules, strict=True):
        assert block["examples"].splitlines() == [f"- {example}" for example in topic.examples]
        action = f"utter_{block['intent']}"
        assert rule["steps"] == [{"intent": block["intent"]}, {"action": action}]
        assert domain["responses"][action] == [{"text": topic.fact.answer}]


def test_the_default_pins_have_hashes_and_no_address() -> None:
    pins = rasa_default.REQUIREMENTS.read_text()
    assert re.search(r"^tensorflow==", pins, re.MULTILINE)
    requirements = re.findall(r"^[^\s#].*", pins, re.MULTILINE)
    assert all(re.fullmatch(r"\S+==\S+( ;.*)? \\", line) for line in requirements)
    assert pins.count("==") <= pins.count("--hash=sha256:")
    assert not re.search(r"://|index-url|find-links", pins)


def test_the_environment_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = _fake_uv(tmp_path, monkeypatch)
    rasa_default.install()
    rasa_default.install()
    assert commands.read_text().split() == ["venv", "pip"]


def test_the_environment_is_made_again_when_the_pins_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = _fake_uv(tmp_path, monkeypatch)
    rasa_default.install()
    rasa_default.REQUIREMENTS.write_text("rasa==4")
    rasa_default.install()
    assert commands.read_text().split() == ["venv", "pip"] * 2


def test_an_installation_that_fails_is_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = _fake_uv(tmp_path, monkeypatch, fails_on="pip")
    for _ in range(2):
        with pytest.raises(BenchError, match="réseau"):
            rasa_default.install()
    assert commands.read_text().split() == ["venv", "pip"] * 2


def test_without_uv_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_uv(tmp_path, monkeypatch)
    monkeypatch.setattr(rasa_default, "ROOT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BenchError, match="uv est introuvable"):
        rasa_default.install()


def _fake_uv(folder: Path, monkeypatch: pytest.MonkeyPatch, fails_on: str = "never") -> Path:
    """Put a `uv` on the PATH that only notes its first argument; return its notes."""
    notes, environment, pins = folder / "notes", folder / "environment", folder / "requirements.txt"
    script = folder / "bin" / "uv"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\necho "$1" >>"{notes}"\nmkdir -p "{environment}"\n[ "$1" != {fails_on} ]\n')
    script.chmod(0o755)
    pins.write_text("rasa==3")
    monkeypatch.setenv("PATH", str(script.parent), prepend=os.pathsep)
    monkeypatch.setattr(rasa_default, "ENVIRONMENT", environment)
    monkeypatch.setattr(rasa_default, "_INSTALLED", environment / "installed.txt")
    monkeypatch.setattr(rasa_default, "REQUIREMENTS", pins)
    return notes


def _bot(command: list[str]) -> Bot:
    """Return a bot of any command, at an address where nothing answers."""
    return Bot("essai", Path(), Path(), False, lambda folder: Launch(tuple(command), folder, {}, "http://127.0.0.1:9"))


def _row(shown: str, name: str) -> list[str]:
    """Return the cells after a figure's name."""
    line = next(line for line in shown.splitlines() if line.startswith(name))
    return re.split(r"\s{2,}", re.sub(r" (?=≤)", "  ", line[len(name) :]).strip())
