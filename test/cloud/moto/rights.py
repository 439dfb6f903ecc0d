"""Who may do what in moto, which by itself lets everyone do everything."""

import re

import flask
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.access_control import IAMRequestBase

# What every access key that STS gives out begins with.
OF_A_ROLE = "Credential=ASIA"


def apply():
    roles_have_rights()
    queries_as_they_were_sent()


def roles_have_rights():
    """Roles have their rights and no more, and their signatures are checked: a machine without rights would look like
    one that has them. Everyone else may do everything, the provider for one."""
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    authorize = ActionAuthenticatorMixin._authenticate_and_authorize_action

    def authorize_roles(self, iam_request_cls, resource="*"):
        if OF_A_ROLE not in self.headers.get("Authorization", ""):
            return
        for one in deleted_together(self, resource) or [resource]:
            authorize(self, iam_request_cls, one)

    ActionAuthenticatorMixin._authenticate_and_authorize_action = authorize_roles


def deleted_together(request, bucket):
    """Who deletes several objects with one request needs the right to each; moto asks for one to the whole bucket."""
    if request.method != "POST" or "delete" not in flask.request.args:
        return []
    return [f"{bucket}/{key}" for key in re.findall("<Key>([^<]+)</Key>", request.raw_body.decode())]


def queries_as_they_were_sent():
    """Signatures are computed over a decoded query, and are wrong as soon as there is a slash in it."""
    request = IAMRequestBase._create_aws_request

    def of_what_was_sent(self):
        query = flask.request.environ["QUERY_STRING"]
        self._path = self._path.partition("?")[0] + (f"?{query}" if query else "")
        return request(self)

    IAMRequestBase._create_aws_request = of_what_was_sent
