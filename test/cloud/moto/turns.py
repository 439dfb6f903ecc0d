"""Requests to moto take turns."""

import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication


def apply():
    """Its threads change lists that others read: on a busy machine a rule of a group now and then was not made."""
    turn = threading.RLock()
    answer = DomainDispatcherApplication.__call__

    def alone(self, environ, start_response):
        with turn:
            return answer(self, environ, start_response)

    DomainDispatcherApplication.__call__ = alone
