"""Who may do what in moto, which by itself lets everyone do everything."""

from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin

# What every access key that STS gives out begins with.
OF_A_ROLE = "Credential=ASIA"


def apply():
    """Roles have their rights and no more, and their signatures are checked: a machine without rights would look like
    one that has them. Everyone else may do everything, the provider for one."""
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    authorize = ActionAuthenticatorMixin._authenticate_and_authorize_action

    def authorize_roles(self, iam_request_cls, resource="*"):
        if OF_A_ROLE in self.headers.get("Authorization", ""):
            authorize(self, iam_request_cls, resource)

    ActionAuthenticatorMixin._authenticate_and_authorize_action = authorize_roles
