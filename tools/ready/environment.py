"""What must stand in the environment before the assistant goes online: sites, secret, messaging apps."""

import os
from collections.abc import Iterator

from assistant.handover import given
from assistant.knowledge.base import Knowledge
from assistant.settings import Settings
from channels.origins import VARIABLE as ORIGINS
from channels.origins import allowed_origins
from channels.sessions import MIN_SECRET, known_secret, secret_file
from tools import channels_check
from tools.ready.findings import Finding, State, shown
from tools.servers import CREDENTIALS

SECRET = "ASSISTANT_SECRET"
QUESTION_DAYS = "ASSISTANT_JOURS_QUESTIONS"
HOURS = "CHATWOOT_HORAIRES"
_HOURS_IN_WORDS = (
    "une personne répond à certaines heures ; dites-les aussi avec des mots, que le visiteur lira, dans "
    "knowledge/organisme.yml, après « horaires: »"
)


def check_environment(settings: Settings, knowledge: Knowledge) -> Iterator[Finding]:
    """Yield how the variables stand; nothing is called and nothing is made.

    Args:
        settings: those of the environment.
        knowledge: it says whether there is a page on personal data.

    Raises:
        tools.channels_check.CredentialsError: the file of channels cannot be read.
    """
    yield check_origins()
    yield check_secret(settings)
    yield from _messaging()
    if given(os.environ)[HOURS] and not knowledge.organisation.hours:
        yield Finding(HOURS, State.ADVICE, _HOURS_IN_WORDS)
    if settings.question_days:
        yield _questions(settings, knowledge)


def check_origins() -> Finding:
    """Return whether a site may show the chat."""
    try:
        origins = sorted(allowed_origins(None))
    except ValueError as error:
        return Finding(ORIGINS, State.MISSING, str(error).removeprefix(f"{ORIGINS} : "))
    if not origins:
        said = f"le site qui montrera le chat ; à donner par cette variable : {ORIGINS}=https://www.exemple.org"
        return Finding(ORIGINS, State.MISSING, said)
    return Finding(ORIGINS, State.DONE, f"le chat peut être montré par {', '.join(origins)}")


def check_secret(settings: Settings) -> Finding:
    """Return whether there is a secret that conversations are signed with; it is never shown."""
    file = shown(secret_file(settings))
    try:
        known = known_secret(settings)
    except ValueError as error:
        return Finding(SECRET, State.MISSING, str(error))
    if known is None:
        said = f"le secret qui signe les conversations ; « make run » en crée un dans {file}, ou donnez cette variable"
        return Finding(SECRET, State.MISSING, f"{said} ({MIN_SECRET} caractères au moins).")
    given = "donné" if settings.secret else f"gardé dans {file}"
    return Finding(SECRET, State.DONE, f"le secret qui signe les conversations : {given}")


def _messaging() -> Iterator[Finding]:
    """Yield how the messaging apps stand of which a variable is given."""
    for kind in channels_check.connectors(CREDENTIALS):
        first = kind.variables[0]
        try:
            channel = channels_check.examine(kind, network=False)
        except channels_check.CredentialsError as error:
            yield Finding(first, State.MISSING, str(error))
            continue
        if channel.state is channels_check.State.INCOMPLETE:
            for name, given, purpose in channel.variables:
                if given not in {"donnée", "par défaut"}:
                    unfit = " ; la valeur donnée ne convient pas" if given != "manque" else ""
                    todo = "à donner, ou fermez ce canal en retirant ses autres variables (docs/canaux.md)."
                    yield Finding(name, State.MISSING, f"{purpose} (canal {channel.name}{unfit}) ; {todo}")
        elif channel.state is not channels_check.State.OFF:
            yield Finding(first, State.DONE, f"{channel.name} : réglé (« make channels-check » essaie les clés)")


def _questions(settings: Settings, knowledge: Knowledge) -> Finding:
    said = f"les questions restées sans réponse sont gardées, masquées, {settings.question_days:g} jours"
    page = knowledge.organisation.privacy or "sur les données personnelles, qui manque encore"
    return Finding(QUESTION_DAYS, State.ADVICE, f"{said} ; votre page doit le dire : {page}")
