"""What costs Rasa 3.6.21 most of a reply's time, mended; `docs/adr/0003-vitesse.md` has the profile.

Each mend replaces one method by one that does the same, faster. `tests/rasa_plus` pins them to Rasa 3.6.21.
"""

import asyncio
import weakref
from functools import lru_cache
from types import TracebackType
from typing import Any

import aiohttp
from jsonschema.validators import validator_for
from rasa.core.actions import action
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.utils.endpoints import EndpointConfig

#: How long an action may take before the visitor gets an apology: Rasa would wait five minutes.
ACTION_SECONDS = 10


def mend() -> None:
    """Replace three methods and a constant; doing it twice changes nothing more."""
    action.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS
    RemoteAction._validate_action_result = _validate_action_result  # type: ignore[method-assign]
    Event.resolve_by_type = staticmethod(lru_cache(_resolve_by_type))  # type: ignore[method-assign,assignment]
    EndpointConfig.session = _session  # type: ignore[method-assign,assignment]


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
    outline = {**schema, "properties": {**schema["properties"], "events": {"type": "array"}}}
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
        isinstance(event, dict) and event.get("event") in of_type and of_type[event["event"]].is_valid(event)
        for event in result.get("events", [])
    )
    if not good:
        whole.validate(result)
    return True


_resolve_by_type = Event.resolve_by_type


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
_sessions: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, aiohttp.ClientSession]]" = (
    weakref.WeakKeyDictionary()
)


def _session(endpoint: EndpointConfig) -> _KeptSession:
    """Return the one session of an endpoint and event loop, instead of a new connection for each request."""
    sessions = _sessions.setdefault(asyncio.get_running_loop(), {})
    session = sessions.get(id(endpoint))
    if session is None or session.closed:
        session = sessions[id(endpoint)] = _new_session(endpoint)
    return _KeptSession(session)
