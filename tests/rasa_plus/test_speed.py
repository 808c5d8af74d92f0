"""The mends do what Rasa 3.6.21 does: same verdicts, same classes, same requests over one kept connection."""

import asyncio
import importlib.util
import time
from collections.abc import AsyncIterator, Iterator
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import rasa.shared.utils.common
from aiohttp import web
from jsonschema import ValidationError
from rasa.core.actions import action
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner import dask
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.importers import rasa as rasa_importer
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils.schemas.events import EVENT_SCHEMA
from rasa.utils import endpoints
from rasa.utils.endpoints import EndpointConfig

from rasa_plus import speed


def as_installed(module: ModuleType) -> Any:
    """Return a copy of a module as its file has it, whatever was mended in the one in use."""
    assert module.__file__
    spec = importlib.util.spec_from_file_location(f"{module.__name__}_as_installed", module.__file__)
    assert spec
    assert spec.loader
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


RASAS_ACTION = as_installed(action).RemoteAction
STOCK_RUN = as_installed(dask).DaskGraphRunner.run
STOCK_NLU_DATA = as_installed(rasa_importer).RasaFileImporter.get_nlu_data
ENDPOINT = EndpointConfig("http://127.0.0.1:1/webhook")
EVENT_TYPES = [kind["properties"]["event"]["const"] for kind in EVENT_SCHEMA["oneOf"]]


@pytest.fixture(autouse=True)
def _mended(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Mend for one test, and put back what was there."""
    for owner, name in (
        (RemoteAction, "_validate_action_result"),
        (Event, "resolve_by_type"),
        (EndpointConfig, "session"),
        (DaskGraphRunner, "run"),
        (RasaFileImporter, "get_nlu_data"),
        (action, "DEFAULT_REQUEST_TIMEOUT"),
    ):
        monkeypatch.setattr(owner, name, vars(owner)[name])
    speed.mend()
    yield


def test_the_mends_are_for_the_rasa_that_is_installed() -> None:
    """Another version needs another look at rasa_plus/speed.py, and perhaps no mends."""
    assert version("rasa") == "3.6.21"


GOOD: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [], "responses": [{"text": "Bonjour"}], "autre": 1},
    {"responses": [{}]},
    {"events": [{"event": "slot", "name": "sujet", "value": None, "timestamp": None}], "responses": []},
    {"events": [{"event": "slot", "name": "sujet", "value": {"a": [1]}, "timestamp": 1.5, "metadata": {}}]},
    {"events": [{"event": "user", "text": None, "parse_data": {"intent": {"name": "fait", "confidence": 1}}}]},
    {"events": [{"event": "action", "name": None, "hide_rule_turn": True}, {"event": "bot", "text": 3}]},
    {"events": [{"event": "entities", "entities": [{"entity": "fait", "value": 1}]}]},
]
BAD: list[Any] = [
    None,
    [],
    "texte",
    {"events": None},
    {"events": {}},
    {"events": [None]},
    {"events": ["slot"]},
    {"events": [{}]},
    {"events": [{"event": None}]},
    {"events": [{"event": 3}]},
    {"events": [{"event": ["slot"]}]},
    {"events": [{"event": "inconnu"}]},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "slot", "name": 3, "value": 1}]},
    {"events": [{"event": "slot", "name": "sujet"}]},
    {"events": [{"event": "slot", "name": "sujet", "value": 1, "timestamp": "hier"}]},
    {"events": [{"event": "slot", "name": "sujet", "value": 1, "metadata": []}]},
    {"events": [{"event": "listen"}, {"event": "slot", "name": "sujet", "value": 1}]},
    {"events": [{"event": "slot", "name": "sujet", "value": 1}, {"event": "entities"}]},
    {"events": [{"event": "entities", "entities": [{"entity": "fait"}]}]},
    {"events": [{"event": "user", "parse_data": {"intent": []}}]},
    {"events": [{"event": "action", "confidence": "haute"}]},
    {"responses": None},
    {"responses": {}},
    {"responses": ["Bonjour"]},
]


def accepts(remote: Any, result: Any) -> bool:
    """Return whether an action server's result passes."""
    try:
        return bool(remote._validate_action_result(result))
    except ValidationError:
        return False


@pytest.mark.parametrize("result", [*GOOD, *BAD, *({"events": [{"event": kind}]} for kind in EVENT_TYPES)], ids=repr)
def test_a_result_gets_rasas_own_verdict(result: Any) -> None:
    mended, rasas = (kind("action_repondre", ENDPOINT) for kind in (RemoteAction, RASAS_ACTION))
    assert accepts(mended, result) == accepts(rasas, result)


@pytest.mark.parametrize("result", GOOD, ids=repr)
def test_a_good_result_passes(result: Any) -> None:
    assert RemoteAction("action_repondre", ENDPOINT)._validate_action_result(result)


@pytest.mark.parametrize("result", BAD, ids=repr)
def test_a_bad_result_is_refused(result: Any) -> None:
    with pytest.raises(ValidationError):
        RemoteAction("action_repondre", ENDPOINT)._validate_action_result(result)


def test_every_type_of_event_resolves_to_its_class() -> None:
    # Its test runner, where something has loaded it, has an event of its own under the name of another.
    found = [kind for kind in rasa.shared.utils.common.all_subclasses(Event) if kind.type_name]
    classes = [kind for kind in found if kind.__module__ == Event.__module__]
    assert {kind.type_name for kind in classes} >= set(EVENT_TYPES)
    for _ in range(2):  # asked for once, and remembered
        for kind in classes:
            assert Event.resolve_by_type(kind.type_name) is kind


def test_an_unknown_type_of_event_does_what_it_did() -> None:
    for _ in range(2):
        assert Event.resolve_by_type("topic") is None
        assert Event.resolve_by_type("inconnu", SlotSet) is SlotSet
        assert Event.resolve_by_type("inconnu", default=Event) is Event
        with pytest.raises(ValueError, match="Unknown event name 'inconnu'"):
            Event.resolve_by_type("inconnu")


def test_events_are_read_through_the_mend() -> None:
    read = Event.from_parameters({"event": "slot", "name": "sujet", "value": "ocam"})
    assert read == SlotSet("sujet", "ocam")


class Server:
    """An action server on this machine that notes the connection and the headers of each request."""

    def __init__(self) -> None:
        self.connections: list[Any] = []
        self.headers: list[Any] = []
        self.wait = 0.0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        assert request.transport
        self.connections.append(request.transport.get_extra_info("peername"))
        self.headers.append(request.headers.copy())
        await asyncio.sleep(self.wait)
        return web.json_response({"events": [], "responses": []})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    application = web.Application()
    application.router.add_post("/webhook", server.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    yield server
    await runner.cleanup()


async def close(endpoint: EndpointConfig) -> None:
    async with endpoint.session() as session:
        await session.close()


async def test_two_requests_share_one_connection(server: Server) -> None:
    endpoint = EndpointConfig(server.url)
    for _ in range(2):
        assert await endpoint.request(json={"next_action": "action_repondre"}) == {"events": [], "responses": []}
    await close(endpoint)
    assert len(server.connections) == 2
    assert len(set(server.connections)) == 1


async def test_a_closed_session_is_replaced(server: Server) -> None:
    endpoint = EndpointConfig(server.url)
    await endpoint.request(json={})
    await close(endpoint)
    assert await endpoint.request(json={}) is not None
    await close(endpoint)
    assert len(set(server.connections)) == 2


async def test_each_endpoint_has_its_own_headers_and_account(server: Server) -> None:
    """Also one that was made where another stood in memory before."""
    sessions = []
    for number in range(20):
        account = {"username": f"u{number}", "password": "p"}
        endpoint = EndpointConfig(server.url, headers={"X-Number": str(number)}, basic_auth=account)
        await endpoint.request(json={})
        async with endpoint.session() as session:
            sessions.append(session)
        del endpoint
    for session in sessions:
        await session.close()
    assert [headers["X-Number"] for headers in server.headers] == [str(number) for number in range(20)]
    assert len({headers["Authorization"] for headers in server.headers}) == 20


def test_each_event_loop_has_a_session_of_its_own() -> None:
    endpoint = EndpointConfig("http://127.0.0.1:1/webhook")

    async def session() -> Any:
        async with endpoint.session() as kept:
            await kept.close()
            return kept

    assert asyncio.run(session()) is not asyncio.run(session())


async def test_an_action_that_takes_too_long_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The visitor gets an apology after ten seconds, not after five minutes."""
    assert endpoints.DEFAULT_REQUEST_TIMEOUT > speed.ACTION_SECONDS == action.DEFAULT_REQUEST_TIMEOUT
    monkeypatch.setattr(speed, "ACTION_SECONDS", 0.2)
    speed.mend()
    server.wait = 2.0
    endpoint = EndpointConfig(server.url)
    remote, tracker = RemoteAction("action_repondre", endpoint), DialogueStateTracker("a", [])
    start = time.monotonic()
    with pytest.raises(asyncio.TimeoutError):
        await remote.run(CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker, Domain.empty())
    assert time.monotonic() - start < server.wait
    await close(endpoint)


@pytest.fixture
def runner(tmp_path: Path) -> DaskGraphRunner:
    """A graph whose nodes add what they get; one of them needs an input that nobody gives."""
    nodes = {
        "twice": SchemaNode({"x": "given"}, Add, "create", "add", {"also": 0}, eager=True),
        "sum": SchemaNode({"x": "given", "y": "twice"}, Add, "create", "add", {"also": 1}, eager=True, is_target=True),
        "unused": SchemaNode({"x": "given"}, Add, "create", "add", {"also": 5}, eager=True, is_target=True),
    }
    (tmp_path / "storage").mkdir()
    storage = LocalModelStorage.create(tmp_path / "storage")
    schema = GraphSchema(nodes)
    return DaskGraphRunner.create(schema, storage, ExecutionContext(schema))


class Add(GraphComponent):
    """A node that adds its inputs and a number of its own; one that is given minus one fails."""

    def __init__(self, also: int) -> None:
        self._also = also

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Add":
        return cls(config["also"])

    def add(self, x: int, y: int = 0) -> int:
        if x == -1:
            raise RuntimeError("minus one")
        return x + y + self._also


@pytest.mark.parametrize("targets", [None, ["sum"], ["unused"], ["sum", "unused"]])
def test_a_graph_gives_what_dask_gives(runner: DaskGraphRunner, targets: list[str] | None) -> None:
    for given in (1, 2):
        expected = STOCK_RUN(runner, {"given": given}, targets)
        assert runner.run({"given": given}, targets) == expected


def test_a_failing_node_and_a_clashing_input_are_graph_errors_as_before(runner: DaskGraphRunner) -> None:
    for run in (STOCK_RUN, type(runner).run):
        with pytest.raises(GraphComponentException):
            run(runner, {"given": -1}, ["sum"])
        with pytest.raises(GraphRunError):
            run(runner, {"given": "sum"}, ["sum"])


def test_the_nlu_data_is_read_once_and_copied_for_each_who_asks(tmp_path: Path) -> None:
    """Rasa reads it in each language and for the domain: a third of a training's time."""
    config, nlu = tmp_path / "config.yml", tmp_path / "nlu.yml"
    config.write_text("recipe: default.v1\nlanguage: fr\n", "utf-8")
    nlu.write_text('version: "3.1"\nnlu:\n- intent: merci\n  examples: |\n    - merci\n    - grazie\n', "utf-8")
    importer = TrainingDataImporter.load_from_config(str(config), training_data_paths=[str(nlu)])
    french = importer.get_nlu_data("fr")
    as_rasa_reads = STOCK_NLU_DATA(RasaFileImporter(str(config), training_data_paths=[str(nlu)]))
    nlu.unlink()
    other = importer.get_nlu_data("en")
    assert french.fingerprint() == other.fingerprint()
    assert [one.data for one in other.intent_examples] == [one.data for one in as_rasa_reads.intent_examples] != []
    assert french.training_examples[0] is not other.training_examples[0]
