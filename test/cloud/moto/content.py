"""What is in moto, found out from its own memory: no service lists everything that it holds."""

from collections import Counter

from moto.core.base_backend import BackendDict
from moto.core.common_models import BaseModel

# Kept for its history by AWS too, for an hour or for the days of its deletion window.
GONE = {"terminated", "deleted", "PendingDeletion", "DELETED"}


def made():
    """Things that are there beyond what every new account has, as "service Kind": their names."""
    found = {}
    for backends in list(BackendDict._instances):
        for account, region, backend in list(backends.iter_backends()):
            there = things(backend)
            usual = Counter(type(thing).__name__ for thing in things(type(backend)(region, account)))
            for kind in {type(thing).__name__ for thing in there}:
                names = sorted(name(thing) for thing in there if type(thing).__name__ == kind)
                if len(names) > usual[kind]:
                    found.setdefault(f"{backends.service_name} {kind}", []).extend(names)
    return found


def things(backend):
    collected = {}
    collect(vars(backend), collected)
    return [thing for thing in collected.values() if not is_gone(thing)]


def collect(value, collected):
    if isinstance(value, BaseModel):
        collected[id(value)] = value
    elif isinstance(value, dict):
        for inside in list(value.values()):
            collect(inside, collected)
    elif isinstance(value, (list, tuple, set)):
        for inside in list(value):
            collect(inside, collected)


def is_gone(thing):
    # AWS makes a key of its own for a service when it is first used there.
    if str(getattr(thing, "description", "")).startswith("Default master key"):
        return True
    # Keys of a role end by themselves.
    if type(thing).__name__ in {"AssumedRole", "AccessKey"} and thing.role_arn:
        return True
    state = getattr(thing, "key_state", None) or getattr(thing, "_state", None) or getattr(thing, "state", None)
    return str(getattr(state, "name", state)) in GONE


def name(thing):
    for attribute in ("name", "id", "arn"):
        value = getattr(thing, attribute, None)
        if isinstance(value, str):
            return value
    return "?"
