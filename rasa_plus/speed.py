"""What costs Rasa 3.6.21 most of a reply's time and of a training's, mended; `docs/adr/0003-speed.md` has the profile.

Each mend replaces one method by one that does the same, faster. `tests/rasa_plus` pins them to Rasa 3.6.21.
"""

import asyncio
from functools import lru_cache
from graphlib import TopologicalSorter
from types import TracebackType
from typing import Any

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions import action
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.endpoints import EndpointConfig

#: How long an action may take before the visitor gets an apology: Rasa would wait five minutes.
ACTION_SECONDS = 10


def mend() -> None:
    """Replace five methods and a constant; doing it twice changes nothing more."""
    action.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS
    RemoteAction._validate_action_result = _validate_action_result
    Event.resolve_by_type = staticmethod(lru_cache(_resolve_by_type))
    EndpointConfig.session = _session
    DaskGraphRunner.run = _run_graph
    RasaFileImporter.get_nlu_data = _nlu_data


def _checker(schema: dict[str, Any]) -> Any:
    """Return the validator of a schema, which is checked here once instead of at each reply (20 ms)."""
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@lru_cache(maxsize=1)
def _action_result_checkers() -> tuple[Any, Any, dict[str, Any]]:
    """Return the checkers of an action's result as a whole, of its outline, and of each type of event in it."""
    schema = RemoteAction.action_response_format_spec()
    events = schema["properties"]["events"]
    any_events = {"type": "array", "items": {"type": "object"}}
    outline = {**schema, "properties": {**schema["properties"], "events": any_events}}
    common = {name: rule for name, rule in events["items"].items() if name != "oneOf"}
    of_type = {
        kind["properties"]["event"]["const"]: _checker({**common, "allOf": [kind]}) for kind in events["items"]["oneOf"]
    }
    return _checker(schema), _checker(outline), of_type


def _validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Check an action server's result as Rasa does, each event against the schema of its type instead of all.

    Raises:
        ValidationError: the result is not of the form that Rasa expects.
    """
    whole, outline, of_type = _action_result_checkers()
    good = outline.is_valid(result) and all(
        (checker := of_type.get(str(event.get("event")))) is not None and checker.is_valid(event)
        for event in result.get("events", [])
    )
    if not good:
        whole.validate(result)
    return True


_resolve_by_type = Event.resolve_by_type


def _run_graph(
    runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Run a graph node by node, in an order found once, instead of planning it with dask at each message (1 ms).

    Raises:
        GraphRunError: an input has the name of a node.
        GraphComponentException: a node failed.
    """
    names = tuple(targets or runner._graph_schema.target_names)
    orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = runner.__dict__.setdefault("_orders", {})
    if names not in orders:
        nodes = runner._graph_schema.minimal_graph_schema(list(names)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order = TopologicalSorter({name: [n for n in needed if n in needs] for name, needed in needs.items()})
        orders[names] = [(name, needs[name]) for name in order.static_order()]
    for value in (inputs or {}).values():
        if isinstance(value, str) and value in runner._instantiated_nodes:
            raise GraphRunError(f"Input value '{value}' clashes with a node name.")
    done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
    for name, needed in orders[names]:
        # A need that is neither input nor node is handed on by its name, which tells the node that it is missing.
        done[name] = runner._instantiated_nodes[name](*(done.get(need, need) for need in needed))
    return dict(done[name] for name in names)


class _KeptSession:
    """A session that survives the `async with` of one request, so that the connection is kept alive."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the session open: it ends with its event loop."""


_new_session = EndpointConfig.session


def _session(endpoint: EndpointConfig) -> _KeptSession:
    """Return the one session of an endpoint in this event loop, instead of a new connection for each request."""
    loop = asyncio.get_running_loop()
    kept_loop, session = getattr(endpoint, "_kept_session", (None, None))
    if session is None or session.closed or kept_loop is not loop:
        session = _new_session(endpoint)
        endpoint._kept_session = (loop, session)
    return _KeptSession(session)


_read_nlu_data = RasaFileImporter.get_nlu_data


def _nlu_data(importer: RasaFileImporter, language: str | None = "en") -> TrainingData:
    """Return the NLU data that an importer has read: Rasa asks for it once in each language and once for the domain.

    The language makes no difference: only formats of other makers are read by it. Whoever asks copies what is returned.
    """
    if not hasattr(importer, "_kept_nlu_data"):
        importer._kept_nlu_data = _read_nlu_data(importer, language)
    kept: TrainingData = importer._kept_nlu_data
    return kept
