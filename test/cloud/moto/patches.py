"""What moto 5.2.1 lacks of AWS for our stacks. Each gap says what went wrong without it."""

from moto.ec2.models import amis
from moto.elbv2 import models as balancers


def apply():
    debian_images()
    arns_of_network_balancers()


def debian_images():
    """Without them no plan finds the default image: moto knows no image of Debian's own account."""
    for number, (ours, theirs) in enumerate([("amd64", "x86_64"), ("arm64", "arm64")]):
        amis.AMIS.append(
            {
                "ami_id": f"ami-0deb1ab1200{number}",
                "state": "available",
                "public": True,
                "owner_id": "136693071363",
                "image_location": f"amazon/debian-12-{ours}-20260101-1",
                "sriov": "simple",
                "root_device_type": "ebs",
                "root_device_name": "/dev/xvda",
                "description": "Debian 12",
                "image_type": "machine",
                "platform": None,
                "architecture": theirs,
                "name": f"debian-12-{ours}-20260101-1",
                "virtualization_type": "hvm",
                "hypervisor": "xen",
            }
        )


def arns_of_network_balancers():
    """Every balancer is named app/…; the provider reads net/ as network, and alarms are about that name."""
    create = balancers.ELBv2Backend.create_load_balancer
    named = balancers.make_arn_for_load_balancer

    def create_load_balancer(self, *arguments, **options):
        kind = options.get("loadbalancer_type")
        folder = {"network": "net", "gateway": "gwy"}.get(kind, "app")
        balancers.make_arn_for_load_balancer = lambda *args, **kw: named(*args, **kw).replace("/app/", f"/{folder}/")
        try:
            return create(self, *arguments, **options)
        finally:
            balancers.make_arn_for_load_balancer = named

    balancers.ELBv2Backend.create_load_balancer = create_load_balancer
