"""What costs Rasa 3.6.21 most of a reply's time, mended; `docs/adr/0003-speed.md` has the profile.

Each mend replaces one method by one that does the same, faster. `tests/rasa_plus` pins them to Rasa 3.6.21.
"""

import asyncio
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
    RemoteAction._validate_action_result = _validate_action_result
    Event.resolve_by_type = staticmethod(lru_cache(_resolve_by_type))
    EndpointConfig.session = _session


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
