"""The journey of two tenants through openstacksdk. Clouds come from clouds.yaml (OS_CLIENT_CONFIG_FILE).

Prints one JSON object a line for each check: {"name": ..., "error": null or text}. The test that runs it reports them.
"""
import json
import sys
import traceback

import openstack
from openstack import exceptions

HOST = sys.argv[1]
admin, red, blue, reader = (openstack.connect(cloud=name) for name in ("admin", "red", "blue", "red-reader"))


class Checks:
    """Runs the checks in order; one that fails does not stop those after it."""

    def __init__(self):
        self.kept = {}

    def __call__(self, function):
        error = None
        try:
            function(self.kept)
        except Exception:  # whatever a check throws is its result
            error = traceback.format_exc()
        print(json.dumps({"name": function.__doc__, "error": error}), flush=True)
        return function


check = Checks()


def refused(status, call, *args, **kwargs):
    """The call must end in this HTTP status."""
    try:
        call(*args, **kwargs)
    except exceptions.HttpException as error:
        assert error.status_code == status, error
        return
    raise AssertionError(f"{call.__name__} was not refused")


def ids(resources):
    return {resource.id for resource in resources}


@check
def network(kept):
    "network: create, show, find by name, list, update, tags"
    net = kept["net"] = red.network.create_network(name="red-net", description="of red", mtu=1400)
    assert net.status == "ACTIVE" and net.is_admin_state_up and net.mtu == 1400, net
    assert net.project_id == red.current_project_id and not net.is_shared, net
    assert red.network.find_network("red-net").id == net.id
    assert red.network.get_network(net.id).description == "of red"
    assert net.id in ids(red.network.networks())
    assert ids(red.network.networks(name="red-net", is_shared=False)) == {net.id}
    before = net.revision_number
    changed = red.network.update_network(net, name="red-net-2", description="")
    assert changed.name == "red-net-2" and changed.description == "", changed
    assert changed.revision_number > before
    red.network.set_tags(changed, ["blue-ish", "lab"])
    assert sorted(red.network.get_network(net.id).tags) == ["blue-ish", "lab"]
    assert ids(red.network.networks(tags="lab")) == {net.id}
    red.network.set_tags(changed, [])
    assert red.network.get_network(net.id).tags == []


@check
def provider_attributes(kept):
    "provider attributes: shown to the administrator only, and set only by them"
    as_admin = admin.network.get_network(kept["net"].id)
    assert as_admin.provider_network_type == "geneve", as_admin
    assert as_admin.provider_segmentation_id > 0, as_admin
    assert red.network.get_network(kept["net"].id).provider_network_type is None
    refused(403, red.network.create_network, name="no", provider_network_type="vlan",
            provider_physical_network="public", provider_segmentation_id=100)
    vlan = admin.network.create_network(name="vlan-100", provider_network_type="vlan",
                                        provider_physical_network="public", provider_segmentation_id=100)
    assert vlan.provider_segmentation_id == 100
    refused(409, admin.network.create_network, name="again", provider_network_type="vlan",
            provider_physical_network="public", provider_segmentation_id=100)
    admin.network.delete_network(vlan, ignore_missing=False)


@check
def subnet(kept):
    "subnet: create v4 and v6, show, list, update, errors"
    four = red.network.create_subnet(network_id=kept["net"].id, name="red-v4", ip_version=4, cidr="10.20.0.0/24",
                                     dns_nameservers=["192.0.2.1"], enable_dhcp=True,
                                     allocation_pools=[{"start": "10.20.0.10", "end": "10.20.0.99"}],
                                     host_routes=[{"destination": "198.51.100.0/24", "nexthop": "10.20.0.254"}])
    assert four.gateway_ip == "10.20.0.1", four
    assert four.allocation_pools == [{"start": "10.20.0.10", "end": "10.20.0.99"}], four
    six = red.network.create_subnet(network_id=kept["net"].id, name="red-v6", ip_version=6, cidr="fd00:20::/64",
                                    ipv6_address_mode="dhcpv6-stateful", ipv6_ra_mode="dhcpv6-stateful")
    assert six.ipv6_address_mode == "dhcpv6-stateful", six
    assert ids(red.network.subnets(network_id=kept["net"].id)) == {four.id, six.id}
    assert set(red.network.get_network(kept["net"].id).subnet_ids) == {four.id, six.id}
    changed = red.network.update_subnet(four, name="red-v4-2", dns_nameservers=["192.0.2.2", "192.0.2.3"])
    assert changed.dns_nameservers == ["192.0.2.2", "192.0.2.3"], changed
    assert red.network.find_subnet("red-v4-2").id == four.id
    refused(400, red.network.create_subnet, network_id=kept["net"].id, ip_version=4,
            cidr="10.20.0.0/25")
    refused(400, red.network.create_subnet, network_id=kept["net"].id, ip_version=4,
            cidr="not-a-cidr")
    kept["four"], kept["six"] = four, six


@check
def security_group(kept):
    "security group and rules: default group, create, show, list, update, duplicate rule"
    default = red.network.find_security_group("default")
    assert len(default.security_group_rules) == 4, default
    group = red.network.create_security_group(name="red-web", description="web")
    assert {(rule["direction"], rule["ethertype"]) for rule in group.security_group_rules} == {
        ("egress", "IPv4"), ("egress", "IPv6")}, group
    rule = red.network.create_security_group_rule(security_group_id=group.id, direction="ingress", ether_type="IPv4",
                                                  protocol="tcp", port_range_min=80, port_range_max=81,
                                                  remote_ip_prefix="10.20.0.0/24")
    assert rule.port_range_min == 80 and rule.protocol == "tcp", rule
    refused(409, red.network.create_security_group_rule, security_group_id=group.id,
            direction="ingress", ether_type="IPv4", protocol="tcp", port_range_min=80, port_range_max=81,
            remote_ip_prefix="10.20.0.0/24")
    remote = red.network.create_security_group_rule(security_group_id=group.id, direction="ingress",
                                                    ether_type="IPv4", remote_group_id=default.id)
    listed = ids(red.network.security_group_rules(security_group_id=group.id))
    assert {rule.id, remote.id} < listed and len(listed) == 4, listed
    assert red.network.get_security_group_rule(rule.id).security_group_id == group.id
    red.network.delete_security_group_rule(remote, ignore_missing=False)
    assert red.network.update_security_group(group, name="red-web-2").name == "red-web-2"
    assert red.network.find_security_group("red-web-2").id == group.id
    refused(409, red.network.delete_security_group, default, ignore_missing=False)
    kept["group"] = group


@check
def port(kept):
    "port: create, bulk create, show, list with filters, update, errors"
    first = red.network.create_port(network_id=kept["net"].id, name="red-1",
                                    fixed_ips=[{"subnet_id": kept["four"].id, "ip_address": "10.20.0.50"}],
                                    security_group_ids=[kept["group"].id])
    assert first.status == "DOWN" and first.mac_address.startswith("fa:16:3e"), first
    assert first.fixed_ips == [{"subnet_id": kept["four"].id, "ip_address": "10.20.0.50"}], first
    assert first.security_group_ids == [kept["group"].id] and first.is_port_security_enabled, first
    bulk = list(red.network.create_ports(
        [{"network_id": kept["net"].id, "name": f"bulk-{number}"} for number in range(3)]))
    assert len(ids(bulk)) == 3 and all(len(each.fixed_ips) == 2 for each in bulk), bulk
    assert ids(red.network.ports(fixed_ips="ip_address=10.20.0.50")) == {first.id}
    assert ids(red.network.ports(network_id=kept["net"].id)) >= ids(bulk) | {first.id}
    changed = red.network.update_port(first, name="red-one", allowed_address_pairs=[{"ip_address": "10.20.0.200"}])
    assert changed.allowed_address_pairs[0]["ip_address"] == "10.20.0.200", changed
    assert changed.allowed_address_pairs[0]["mac_address"] == first.mac_address, changed
    changed = red.network.update_port(first, allowed_address_pairs=[], is_admin_state_up=False)
    assert changed.allowed_address_pairs == [] and not changed.is_admin_state_up, changed
    refused(409, red.network.create_port, network_id=kept["net"].id,
            fixed_ips=[{"subnet_id": kept["four"].id, "ip_address": "10.20.0.50"}])
    refused(400, red.network.create_port, network_id=kept["net"].id,
            fixed_ips=[{"subnet_id": kept["four"].id, "ip_address": "10.99.0.1"}])
    refused(409, red.network.delete_network, kept["net"].id, ignore_missing=False)
    refused(409, red.network.delete_security_group, kept["group"], ignore_missing=False)
    kept["ports"] = [first, *bulk]


@check
def paging(kept):
    "lists: pages by limit and marker, sorting"
    assert len(ids(red.network.ports(network_id=kept["net"].id, limit=2))) == 4
    query = {"network_id": kept["net"].id, "sort_key": "name", "sort_dir": "desc", "fields": "name"}
    listed = red.network.get("/ports", params=query).json()["ports"]
    names = [each["name"] for each in listed]
    assert names == sorted(names, reverse=True) and len(names) == 4, listed


@check
def binding(kept):
    "binding: only the administrator sees and sets the host"
    refused(403, red.network.update_port, kept["ports"][1], binding_host_id=HOST)
    bound = admin.network.update_port(kept["ports"][1].id, binding_host_id=HOST)
    assert bound.binding_vif_type == "ovs" and bound.binding_host_id == HOST, bound
    assert red.network.get_port(kept["ports"][1].id).binding_host_id is None
    unknown = admin.network.update_port(kept["ports"][2].id, binding_host_id="no-such-host")
    assert unknown.binding_vif_type == "binding_failed", unknown


@check
def isolation(kept):
    "two tenants: the other's objects are neither listed, shown, changed, used nor deleted"
    assert kept["net"].id not in ids(blue.network.networks())
    assert not ids(blue.network.ports()) & ids(kept["ports"])
    assert kept["group"].id not in ids(blue.network.security_groups())
    refused(404, blue.network.get_network, kept["net"].id)
    refused(404, blue.network.get_subnet, kept["four"].id)
    refused(404, blue.network.get_port, kept["ports"][0].id)
    refused(404, blue.network.get_security_group, kept["group"].id)
    refused(404, blue.network.update_network, kept["net"].id, name="mine")
    refused(404, blue.network.delete_network, kept["net"].id, ignore_missing=False)
    refused(404, blue.network.delete_port, kept["ports"][0].id, ignore_missing=False)
    refused(404, blue.network.create_port, network_id=kept["net"].id)
    refused(404, blue.network.create_subnet, network_id=kept["net"].id, ip_version=4,
            cidr="10.21.0.0/24")
    own = blue.network.create_network(name="red-net-2")
    assert ids(blue.network.networks(name="red-net-2")) == {own.id}
    assert ids(admin.network.networks(name="red-net-2")) == {own.id, kept["net"].id}
    blue.network.delete_network(own, ignore_missing=False)


@check
def roles(kept):
    "reader: sees its project and changes nothing; only the administrator shares networks and acts for others"
    assert kept["net"].id in ids(reader.network.networks())
    assert reader.network.get_port(kept["ports"][0].id).id == kept["ports"][0].id
    refused(403, reader.network.create_network, name="no")
    refused(403, reader.network.update_network, kept["net"].id, name="no")
    refused(403, reader.network.delete_port, kept["ports"][0].id, ignore_missing=False)
    refused(403, red.network.create_network, name="no", is_shared=True)
    refused(403, red.network.create_network, name="no", is_router_external=True)
    refused(400, red.network.create_network, name="no",
            project_id=blue.current_project_id)
    given = admin.network.create_network(name="given", project_id=blue.current_project_id)
    assert given.id in ids(blue.network.networks())
    admin.network.delete_network(given, ignore_missing=False)


@check
def revisions(kept):
    "If-Match: a change on an old revision is refused"
    net = red.network.get_network(kept["net"].id)
    red.network.update_network(net.id, description="once")
    refused(412, red.network.update_network, net.id, description="twice",
            if_revision=net.revision_number)


@check
def agents(kept):
    "agents and availability zones: read from OVN, for the administrator"
    found = [agent for agent in admin.network.agents() if agent.host == HOST]
    assert any(agent.agent_type.startswith("OVN Controller") and agent.is_alive for agent in found), found
    assert admin.network.get_agent(found[0].id).host == HOST
    refused(404, red.network.get_agent, found[0].id)
    assert list(red.network.agents()) == []
    zones = [zone for zone in red.network.availability_zones() if zone.name == "nova"]
    assert zones and all(zone.state == "available" for zone in zones), zones


@check
def routing(kept):
    "routing: routers, interfaces, gateways, routes, floating IPs, port forwardings, pools"
    outside = admin.network.create_network(name="outside", is_router_external=True)
    admin.network.create_subnet(network_id=outside.id, ip_version=4, cidr="203.0.113.0/24", is_dhcp_enabled=False)
    net = red.network.create_network(name="routed")
    four = red.network.create_subnet(network_id=net.id, ip_version=4, cidr="10.50.0.0/24")
    router = red.network.create_router(name="edge", external_gateway_info={"network_id": outside.id})
    assert router.external_gateway_info["network_id"] == outside.id and router.status == "ACTIVE", router
    assert red.network.find_router("edge").id == router.id
    interface = red.network.add_interface_to_router(router, subnet_id=four.id)
    assert interface["subnet_ids"] == [four.id], interface
    assert ids(red.network.ports(device_id=router.id)) == {interface["port_id"]}
    route = {"destination": "10.51.0.0/24", "nexthop": "10.50.0.9"}
    red.network.add_extra_routes_to_router(router, {"router": {"routes": [route]}})
    assert red.network.get_router(router).routes == [route]
    red.network.remove_extra_routes_from_router(router, {"router": {"routes": [route]}})
    machine = red.network.create_port(network_id=net.id, name="machine")
    address = machine.fixed_ips[0]["ip_address"]
    fip = red.network.create_ip(floating_network_id=outside.id, port_id=machine.id)
    assert (fip.fixed_ip_address, fip.router_id, fip.port_details["name"]) == (address, router.id, "machine"), fip
    assert red.network.find_ip(fip.floating_ip_address).id == fip.id
    refused(409, red.network.remove_interface_from_router, router, subnet_id=four.id)
    refused(409, red.network.update_router, router, external_gateway_info=None)
    assert red.network.update_ip(fip, port_id=None).port_id is None
    forwarding = red.network.create_port_forwarding(
        floatingip_id=fip.id, internal_port_id=machine.id, internal_ip_address=address, internal_port=22,
        external_port=2222, protocol="tcp")
    assert ids(red.network.port_forwardings(fip)) == {forwarding.id}
    changed = red.network.update_port_forwarding(forwarding, fip, external_port=2223)
    assert changed.external_port == 2223, changed
    red.network.delete_port_forwarding(forwarding, fip, ignore_missing=False)
    assert list(blue.network.ips()) == [] and list(blue.network.routers()) == []
    assert list(admin.network.routers_hosting_l3_agents(router)) is not None
    red.network.delete_ip(fip, ignore_missing=False)
    red.network.delete_port(machine, ignore_missing=False)
    red.network.remove_interface_from_router(router, subnet_id=four.id)
    red.network.delete_router(router, ignore_missing=False)
    red.network.delete_network(net, ignore_missing=False)
    admin.network.delete_network(outside, ignore_missing=False)


@check
def extensions(kept):
    "extensions: listed and shown by alias"
    aliases = {extension.alias for extension in red.network.extensions()}
    wanted = {"binding", "provider", "multi-provider", "port-security", "security-group", "allowed-address-pairs",
              "extra_dhcp_opt", "agent", "router", "extraroute", "availability_zone", "external-net", "net-mtu", "standard-attr-revisions"}
    assert wanted <= aliases, wanted - aliases
    assert red.network.find_extension("port-security").alias == "port-security"


@check
def cleanup(kept):
    "everything can be deleted, in order, and is gone"
    for each in kept["ports"]:
        red.network.delete_port(each, ignore_missing=False)
    refused(404, red.network.delete_port, kept["ports"][0].id, ignore_missing=False)
    red.network.delete_security_group(kept["group"], ignore_missing=False)
    red.network.delete_subnet(kept["four"], ignore_missing=False)
    red.network.delete_network(kept["net"], ignore_missing=False)
    refused(404, red.network.get_subnet, kept["six"].id)
    assert list(red.network.networks()) == [] and list(red.network.ports()) == []
