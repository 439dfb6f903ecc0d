"""What an account has before our stacks come: what the examples name and do not make."""

from moto.acm.models import acm_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import amis
from moto.route53.models import route53_backends

IMAGE = "ami-0123456789abcdef0"
ZONE = "example.com"
CERTIFICATE = "12345678-1234-1234-1234-123456789012"


def provide():
    debian = next(image for image in amis.AMIS if image["name"].startswith("debian-12-amd64"))
    amis.AMIS.append({**debian, "ami_id": IMAGE, "name": "own", "owner_id": DEFAULT_ACCOUNT_ID})
    route53_backends[DEFAULT_ACCOUNT_ID]["aws"].create_hosted_zone(
        name=ZONE, private_zone=False, vpcid=None, vpcregion=None, comment=None
    )
    for region in ("eu-west-1", "us-east-1"):
        backend = acm_backends[DEFAULT_ACCOUNT_ID][region]
        bundle = backend._certificates.pop(backend.request_certificate(f"*.{ZONE}", None, [], []))
        bundle.arn = f"arn:aws:acm:{region}:{DEFAULT_ACCOUNT_ID}:certificate/{CERTIFICATE}"
        bundle.status = "ISSUED"
        backend._certificates[bundle.arn] = bundle
