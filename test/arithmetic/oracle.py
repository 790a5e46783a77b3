"""Answers questions about addresses with Python's ipaddress module: a list of cases in, a list of answers out, as JSON."""
import ipaddress
import json
import sys


def host_ends(network):
    """First and last host, or None: what hosts() gives first, and what stands last in the network."""
    if network.version == 6 and network.prefixlen >= 127:
        return None  # RFC 6164: no anycast address there for Python.
    first = next(iter(network.hosts()))
    last = network[-2] if network.version == 4 and network.prefixlen < 31 else network[-1]
    return [str(first), str(last)]


def without(networks, taken):
    """The addresses of networks that are in none of taken."""
    left = list(networks)
    for hole in taken:
        after = []
        for one in left:
            if not one.overlaps(hole):
                after.append(one)
            elif hole.prefixlen > one.prefixlen:
                after.extend(one.address_exclude(hole))
        left = after
    return left


def texts(networks):
    return [str(one) for one in ipaddress.collapse_addresses(networks)]


def eui64(network, mac):
    octets = bytes(int(octet, 16) for octet in mac.split(":"))
    identifier = bytes([octets[0] ^ 2]) + octets[1:3] + b"\xff\xfe" + octets[3:]
    return str(ipaddress.IPv6Address(network.network_address.packed[:8] + identifier))


def answer(case):
    prefixes = [ipaddress.ip_network(text, strict=False) for text in case["prefixes"]]
    taken = [ipaddress.ip_network(text, strict=False) for text in case["taken"]]
    first, last = sorted(ipaddress.ip_address(text) for text in case["ends"])
    address = ipaddress.ip_address(case["address"])
    one = prefixes[0]
    return {
        "canonical": str(one),
        "first": str(one[0]),
        "last": str(one[-1]),
        "size": str(one.num_addresses),
        "hosts": host_ends(one),
        "address": str(address),
        "contains": address in one,
        "overlaps": one.overlaps(taken[0]),
        "collapsed": texts(prefixes),
        "left": texts(without(ipaddress.collapse_addresses(prefixes), taken)),
        "range": [str(each) for each in ipaddress.summarize_address_range(first, last)],
        "eui64": eui64(ipaddress.ip_network(case["prefix64"], strict=False), case["mac"]),
    }


json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
