"""What moto 5.2.1 lacks of AWS for our stacks. Each gap says what went wrong without it."""

import json

from moto.budgets.responses import BudgetsResponse
from moto.cloudfront import models as cdn
from moto.cloudtrail.models import CloudTrailBackend
from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend, amis
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_id
from moto.elbv2 import models as balancers

import buckets
import data_services
import rights
import turns


def apply():
    turns.apply()
    buckets.apply()
    data_services.apply()
    rights.apply()
    debian_images()
    placement_groups()
    machines()
    words_of_rules()
    default_acls()
    cards_of_nat_gateways()
    what_budgets_hold()
    disks_of_images()
    what_distributions_hold()
    arns_of_trails()
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


class PlacementGroup(TaggedEC2Resource):
    # moto takes the service from the second word.
    __module__ = "moto.ec2.patches"

    def __init__(self, ec2_backend, account, region, name, strategy, tags):
        self.ec2_backend = ec2_backend
        self.id = self.group_id = random_id(prefix="pg", size=17)
        self.group_arn = f"arn:aws:ec2:{region}:{account}:placement-group/{name}"
        self.group_name = name
        self.strategy = strategy
        self.spread_level = "rack"
        self.state = "available"
        self.add_tags(tags)

    @property
    def tags(self):
        return self.get_tags()


def placement_groups():
    """There are none at all, and the provider asks for one again and again."""

    def create(self):
        name, backend = self._get_param("GroupName"), self.ec2_backend
        tags = self._parse_tag_specification("placement-group").get("placement-group", {})
        group = PlacementGroup(
            backend, self.current_account, self.region, name, self._get_param("Strategy"), tags
        )
        groups(backend)[name] = group
        return ActionResult({"PlacementGroup": group})

    def describe(self):
        names, there = self._get_param("GroupNames", []), groups(self.ec2_backend)
        ids = self._get_param("GroupIds", [])
        for name in names:
            if name not in there:
                raise EC2ClientError("InvalidPlacementGroup.Unknown", f"The Placement Group '{name}' is unknown.")
        chosen = [g for g in there.values() if (not names or g.group_name in names) and (not ids or g.id in ids)]
        return ActionResult({"PlacementGroups": chosen})

    def delete(self):
        groups(self.ec2_backend).pop(self._get_param("GroupName"), None)
        return ActionResult({})

    EC2Response.create_placement_group = create
    EC2Response.describe_placement_groups = describe
    EC2Response.delete_placement_group = delete


def groups(backend: EC2Backend):
    return vars(backend).setdefault("placement_groups", {})


def machines():
    """A machine forgets its placement group and that it is protected, is in no security group when its network card
    is described with it, and leaves the card behind when it goes: a second plan would change it, and it would stay."""
    run_instances = EC2Response.run_instances

    def run(self):
        answer = run_instances(self)
        for instance in answer.result.instances:
            instance.placement.group_name = self._get_param("Placement.GroupName")
            instance.disable_api_termination = self._get_bool_param("DisableApiTermination", False)
            for card in instance.nics.values():
                card.delete_on_termination = True
                instance.security_groups = instance.security_groups or card.group_set
        return answer

    EC2Response.run_instances = run


def words_of_rules():
    """A rule whose other end is a security group loses its description, and a second plan would write it again."""
    SecurityGroupRule.description = property(
        lambda self: self.ip_range.get("Description") or self.source_group.get("Description")
    )


def default_acls():
    """The access list that comes with a network stays when the network goes."""
    delete_vpc = EC2Backend.delete_vpc

    def delete(self, vpc_id):
        deleted = delete_vpc(self, vpc_id)
        for acl in [acl for acl in self.network_acls.values() if acl.vpc_id == vpc_id]:
            self.network_acls.pop(acl.id)
        return deleted

    EC2Backend.delete_vpc = delete


class Trails(dict):
    def __missing__(self, arn):
        name = str(arn).rsplit("/", 1)[-1]
        if name not in self:
            raise KeyError(arn)
        return self[name]

    def __contains__(self, name):
        return super().__contains__(str(name).rsplit("/", 1)[-1])

    def __delitem__(self, name):
        super().__delitem__(str(name).rsplit("/", 1)[-1])


def arns_of_trails():
    """The provider names a trail by its ARN when it starts, changes and deletes it; moto finds it by its name only."""
    make = CloudTrailBackend.__init__

    def make_with_trails(self, *arguments, **options):
        make(self, *arguments, **options)
        self.trails = Trails()

    CloudTrailBackend.__init__ = make_with_trails


def cards_of_nat_gateways():
    """The network card of a gateway stays when the gateway goes."""
    delete_nat_gateway = EC2Backend.delete_nat_gateway

    def delete(self, nat_gateway_id):
        gateway = delete_nat_gateway(self, nat_gateway_id)
        gateway._eni.delete()
        return gateway

    EC2Backend.delete_nat_gateway = delete


def what_budgets_hold():
    """Who is told by a budget is kept, but cannot be asked for, and tags are not known; the provider then gives the
    whole budget up."""
    tags = {}
    create = BudgetsResponse.create_budget

    def create_with_tags(self):
        answer = create(self)
        name = self._get_param("Budget")["BudgetName"]
        tags[f"arn:aws:budgets::{self.current_account}:budget/{name}"] = self._get_param("ResourceTags", [])
        return answer

    def list_tags(self):
        return json.dumps({"ResourceTags": tags.get(self._get_param("ResourceARN"), [])})

    def describe(self):
        budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
        asked = self._get_param("Notification")
        subscribers = [s for n in budget.notifications if same(n.details, asked) for s in n.subscribers]
        return json.dumps({"Subscribers": subscribers})

    def same(details, asked):
        names = ("NotificationType", "ComparisonOperator", "Threshold")
        return all(details.get(name) == asked.get(name) for name in names)

    BudgetsResponse.create_budget = create_with_tags
    BudgetsResponse.list_tags_for_resource = list_tags
    BudgetsResponse.describe_subscribers_for_notification = describe


def disks_of_images():
    """A disk without a size has that of the image; moto wants one all the same."""
    parse = EC2Response._parse_block_device_mapping

    def with_sizes(self):
        mappings = parse(self)
        for mapping in mappings:
            mapping["Ebs"]["VolumeSize"] = mapping["Ebs"]["VolumeSize"] or 8
        return mappings

    EC2Response._validate_block_device_mapping = staticmethod(lambda _mapping: None)
    EC2Response._parse_block_device_mapping = with_sizes


def what_distributions_hold():
    """A distribution tells of forwarded values and of a default certificate that nobody asked for."""
    behaviour, certificate = cdn.DefaultCacheBehaviour.__init__, cdn.ViewerCertificate.__init__

    def behave(self, config):
        behaviour(self, config)
        if "ForwardedValues" not in config:
            self.forwarded_values = None

    def show(self, config):
        certificate(self, config)
        if config.get("ACMCertificateArn"):
            self.cloud_front_default_certificate = False

    cdn.DefaultCacheBehaviour.__init__ = behave
    cdn.ViewerCertificate.__init__ = show


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
