"""What moto 5.2.1 lacks of S3 for our stacks. Each gap says what went wrong without it."""

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, FakeDeleteMarker
from moto.s3.responses import S3Response


def apply():
    sizes_in_lifecycles()
    marks_of_deletion()
    policies_without_conditions()


def sizes_in_lifecycles():
    """A rule for large objects forgets what is large, and the provider waits for it in vain."""
    set_lifecycle, get = FakeBucket.set_lifecycle, S3Response.get_bucket_lifecycle

    def set_with_sizes(self, rules):
        set_lifecycle(self, rules)
        together = [((rule.get("Filter") or {}).get("And") or {}).items() for rule in rules]
        self.sizes = [{name: value for name, value in of if name.startswith("ObjectSize")} for of in together]

    def get_with_sizes(self):
        serialized = self.serialized

        def told(answer):
            sizes = self.backend.get_bucket(self.bucket_name).sizes
            for rule, size in zip(answer.result["Rules"], sizes):
                if size:
                    rule["Filter"]["And"].update(size)
            return serialized(answer)

        self.serialized = told
        try:
            return get(self)
        finally:
            del self.serialized

    FakeBucket.set_lifecycle = set_with_sizes
    S3Response.get_bucket_lifecycle = get_with_sizes


def marks_of_deletion():
    """A mark of deletion cannot be deleted last: a bucket in which somebody deleted something is never empty."""
    FakeDeleteMarker.dispose = lambda self: None


def policies_without_conditions():
    """Policies of buckets are applied without their conditions: one that refuses the clear refuses every object. What
    they say is checked where they are made; here nobody but us asks for an object."""
    FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL
