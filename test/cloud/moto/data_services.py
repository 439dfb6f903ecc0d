"""What moto 5.2.1 lacks of ElastiCache, RDS and the secrets that RDS makes."""

import json
import re

from moto.core.common_models import BaseModel
from moto.core.responses import ActionResult
from moto.elasticache.models import CacheCluster, ElastiCacheBackend
from moto.elasticache.responses import ElastiCacheResponse
from moto.rds.models import DBInstance, DBParameterGroup, MasterUserSecret


def apply():
    members_of_replication_groups()
    tags_of_groups()
    cache_subnet_groups_go()
    cache_parameter_groups()
    users()
    user_groups()
    parameters_of_databases()
    watched_databases()
    secrets_of_administrators()


def members_of_replication_groups():
    """A replication group has one member whatever is asked, and none that can be described; it stays when it goes."""
    create, delete = ElastiCacheBackend.create_replication_group, ElastiCacheBackend.delete_replication_group

    def create_with_members(self, **asked):
        count = asked.get("num_cache_clusters")
        if count and not asked.get("replicas_per_node_group"):
            asked["replicas_per_node_group"] = count - 1
        group = create(self, **asked)
        for member in group.member_clusters:
            self.cache_clusters[member] = member_of(self, group, member)
        return group

    def delete_with_members(self, replication_group_id, *rest, **asked):
        group = delete(self, replication_group_id, *rest, **asked)
        for member in group.member_clusters:
            self.cache_clusters.pop(member, None)
        self.replication_groups.pop(replication_group_id)
        return group

    ElastiCacheBackend.create_replication_group = create_with_members
    ElastiCacheBackend.delete_replication_group = delete_with_members


def member_of(backend, group, member):
    cluster = CacheCluster.__new__(CacheCluster)
    cluster.cache_cluster_id = member
    cluster.replication_group_id = group.replication_group_id
    cluster.engine = group.engine
    # As ElastiCache tells it: with the patch that it chose.
    cluster.engine_version = f"{group.engine_version}.0" if group.engine_version else None
    cluster.cache_node_type = group.cache_node_type
    cluster.num_cache_nodes = 1
    cluster.cache_cluster_status = "available"
    cluster.cache_parameter_group = {"CacheParameterGroupName": group.cache_parameter_group_name}
    cluster.cache_subnet_group_name = group.cache_subnet_group_name
    cluster.security_groups = [
        {"SecurityGroupId": id, "Status": "active"} for id in group.security_group_ids or []
    ]
    cluster.preferred_maintenance_window = group.preferred_maintenance_window
    cluster.snapshot_window = group.snapshot_window
    cluster.snapshot_retention_limit = group.snapshot_retention_limit
    cluster.auto_minor_version_upgrade = group.auto_minor_version_upgrade
    cluster.transit_encryption_enabled = group.transit_encryption_enabled
    cluster.transit_encryption_mode = group.transit_encryption_mode
    cluster.at_rest_encryption_enabled = group.at_rest_encryption_enabled
    cluster.auth_token_enabled = False
    cluster.arn = group.arn.replace(f"replicationgroup:{group.replication_group_id}", f"cluster:{member}")
    return cluster


def tags_of_groups():
    """Tags are told of some kinds of things only."""
    init = ElastiCacheBackend.__init__

    def with_all_kinds(self, *rest, **named):
        init(self, *rest, **named)
        self.arn_regex = re.compile(r"^arn:aws:elasticache:[^:]*:[0-9]*:[a-z]+:.*$")

    ElastiCacheBackend.__init__ = with_all_kinds


def cache_subnet_groups_go():
    """Groups of subnets cannot be deleted."""

    def delete(self):
        self.elasticache_backend.cache_subnet_groups.pop(self._get_param("CacheSubnetGroupName"))
        return ActionResult({})

    ElastiCacheResponse.delete_cache_subnet_group = delete


class CacheParameterGroup(BaseModel):
    # moto takes the service from the second word.
    __module__ = "moto.elasticache.patches"

    def __init__(self, account, region, name, family, description):
        self.cache_parameter_group_name = self.name = name
        self.cache_parameter_group_family = family
        self.description = description
        self.arn = f"arn:aws:elasticache:{region}:{account}:parametergroup:{name}"
        self.parameters = {}


class UserGroup(BaseModel):
    # moto takes the service from the second word.
    __module__ = "moto.elasticache.patches"

    def __init__(self, account, region, name, engine, user_ids):
        self.user_group_id = self.name = name
        self.engine = engine
        self.user_ids = user_ids
        self.status = "active"
        self.arn = f"arn:aws:elasticache:{region}:{account}:usergroup:{name}"


def kept(response, kind):
    return vars(response.elasticache_backend).setdefault(kind, {})


def tagged(response, group):
    response.elasticache_backend.add_tags_to_resource(group.arn, response._get_param("Tags", []))
    return group


def cache_parameter_groups():
    """There are none."""

    def create(self):
        name = self._get_param("CacheParameterGroupName")
        family, description = self._get_param("CacheParameterGroupFamily"), self._get_param("Description")
        group = CacheParameterGroup(self.current_account, self.region, name, family, description)
        kept(self, "parameter_groups")[name] = tagged(self, group)
        return ActionResult({"CacheParameterGroup": group})

    def modify(self):
        name = self._get_param("CacheParameterGroupName")
        for parameter in self._get_param("ParameterNameValues", []):
            value = {**parameter, "Source": "user", "IsModifiable": True}
            kept(self, "parameter_groups")[name].parameters[parameter["ParameterName"]] = value
        return ActionResult({"CacheParameterGroupName": name})

    def describe(self):
        name, groups = self._get_param("CacheParameterGroupName"), kept(self, "parameter_groups")
        return ActionResult({"CacheParameterGroups": [group for group in groups.values() if group.name == name]})

    def parameters(self):
        name = self._get_param("CacheParameterGroupName")
        return ActionResult({"Parameters": list(kept(self, "parameter_groups")[name].parameters.values())})

    def delete(self):
        kept(self, "parameter_groups").pop(self._get_param("CacheParameterGroupName"))
        return ActionResult({})

    ElastiCacheResponse.create_cache_parameter_group = create
    ElastiCacheResponse.modify_cache_parameter_group = modify
    ElastiCacheResponse.describe_cache_parameter_groups = describe
    ElastiCacheResponse.describe_cache_parameters = parameters
    ElastiCacheResponse.delete_cache_parameter_group = delete


def users():
    """A user stays as it was made."""

    def modify(self):
        user = self.elasticache_backend.users[self._get_param("UserId")]
        mode = self._get_param("AuthenticationMode", {})
        user.access_string = self._get_param("AccessString", user.access_string)
        user.authentication_type = mode.get("Type", user.authentication_type)
        user.passwords = mode.get("Passwords", user.passwords)
        user.no_password_required = user.authentication_type != "password"
        return ActionResult(user)

    ElastiCacheResponse.modify_user = modify


def user_groups():
    """There are none."""

    def create(self):
        name = self._get_param("UserGroupId")
        engine, users = self._get_param("Engine"), self._get_param("UserIds", [])
        group = UserGroup(self.current_account, self.region, name, engine, users)
        kept(self, "user_groups")[name] = tagged(self, group)
        return ActionResult(group)

    def describe(self):
        name, groups = self._get_param("UserGroupId"), kept(self, "user_groups")
        return ActionResult({"UserGroups": [group for group in groups.values() if group.name == name]})

    def delete(self):
        return ActionResult(kept(self, "user_groups").pop(self._get_param("UserGroupId")))

    ElastiCacheResponse.create_user_group = create
    ElastiCacheResponse.describe_user_groups = describe
    ElastiCacheResponse.delete_user_group = delete


def parameters_of_databases():
    """Nobody can see who set a parameter, and a second plan would set it again."""
    update = DBParameterGroup.update_parameters

    def update_by_user(self, new_parameters):
        update(self, [{**parameter, "Source": "user"} for parameter in new_parameters])

    DBParameterGroup.update_parameters = update_by_user


def watched_databases():
    """How an instance is watched is forgotten, and a second plan would ask for it again."""
    init = DBInstance.__init__

    def init_watched(self, *rest, **asked):
        init(self, *rest, **asked)
        self.monitoring_interval = asked.get("monitoring_interval")
        self.monitoring_role_arn = asked.get("monitoring_role_arn")
        self.performance_insights_enabled = asked.get("enable_performance_insights", False)
        self.performance_insights_kms_key_id = asked.get("performance_insights_kms_key_id")
        if self.performance_insights_enabled:
            self.performance_insights_retention_period = asked.get("performance_insights_retention_period", 7)

    DBInstance.__init__ = init_watched


def secrets_of_administrators():
    """The secret of every instance names somebody else."""

    def secret_string(self):
        return json.dumps({"username": self.resource.master_username, "password": "of-the-week"})

    MasterUserSecret._generate_secret_string = secret_string
