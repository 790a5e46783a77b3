"""Send frames that a machine must not send, or watch which of them arrive.

frames.py send INTERFACE WHO    every frame again and again, until ended
frames.py watch INTERFACE WHO   the names of those that came, a line each, one second after the first honest one

WHO is a JSON object: own, victim and other, each with mac, ip4 and ip6; and absent, with ip4 and ip6 that nobody has.
"""

import ipaddress
import json
import select
import socket
import struct
import sys
import time

ALL_MACS = 'ff:ff:ff:ff:ff:ff'
ALL_NODES = 'ff02::1'
ALL_NODES_MAC = '33:33:00:00:00:01'
METADATA = '169.254.169.254'
IPV4, ARP, IPV6 = 0x0800, 0x0806, 0x86DD
UDP, ICMP6 = 17, 58
ROUTER_ADVERTISEMENT, SOLICITATION, ADVERTISEMENT = 134, 135, 136
SOURCE_OPTION, TARGET_OPTION = 1, 2
OVERRIDE = 0x20000000
PATIENCE, AFTER_FIRST, PAUSE = 15, 1, 0.1


def mac(text):
    return bytes.fromhex(text.replace(':', ''))


def ip(text):
    return ipaddress.ip_address(text).packed


def link_local(hardware):
    octets = mac(hardware)
    identifier = bytes([octets[0] ^ 2]) + octets[1:3] + b'\xff\xfe' + octets[3:]
    return str(ipaddress.IPv6Address(ip('fe80::')[:8] + identifier))


def checksum(data):
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ethernet(source, target, kind, payload):
    return (mac(target) + mac(source) + struct.pack('!H', kind) + payload).ljust(60, b'\0')


def over_ip4(source, target, payload):
    head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(payload), 0, 0, 64, UDP, 0) + ip(source) + ip(target)
    return head[:10] + struct.pack('!H', checksum(head)) + head[12:] + payload


def over_ip6(source, target, protocol, payload, at):
    """`at` is where the payload has its checksum."""
    pseudo = ip(source) + ip(target) + struct.pack('!II', len(payload), protocol)
    summed = payload[:at] + struct.pack('!H', checksum(pseudo + payload)) + payload[at + 2:]
    return struct.pack('!IHBB', 6 << 28, len(payload), protocol, 255) + ip(source) + ip(target) + summed


def udp(source, target, data=b'ovenbird'):
    return struct.pack('!HHHH', source, target, 8 + len(data), 0) + data


def arp(operation, sender, sender_ip, target, target_ip):
    body = mac(sender) + ip(sender_ip) + mac(target) + ip(target_ip)
    return struct.pack('!HHBBH', 1, IPV4, 6, 4, operation) + body


def neighbour(kind, target, option, hardware):
    flags = OVERRIDE if kind == ADVERTISEMENT else 0
    return struct.pack('!BBHI', kind, 0, 0, flags) + ip(target) + bytes([option, 1]) + mac(hardware)


def frames(own, victim, other, absent):
    me, them = own['mac'], victim['mac']
    local = link_local(me)

    def plain4(source, hardware=me, ports=(5000, 5001), target=victim['ip4'], to=them):
        return ethernet(hardware, to, IPV4, over_ip4(source, target, udp(*ports)))

    def plain6(source, ports=(5000, 5001), target=victim['ip6'], to=them):
        return ethernet(me, to, IPV6, over_ip6(source, target, UDP, udp(*ports), 6))

    def nd(kind, source, about, option, hardware=me):
        body = neighbour(kind, about, option, hardware)
        return ethernet(me, ALL_NODES_MAC, IPV6, over_ip6(source, ALL_NODES, ICMP6, body, 2))

    def reply(sender, address):
        return ethernet(me, them, ARP, arp(2, sender, address, them, victim['ip4']))

    router = struct.pack('!BBHBBHII', ROUTER_ADVERTISEMENT, 0, 0, 64, 0, 1800, 0, 0) + bytes([SOURCE_OPTION, 1]) + mac(me)
    everyone = '00:00:00:00:00:00'
    return {
        'honest IPv4': plain4(own['ip4']),
        'honest IPv6': plain6(own['ip6']),
        'honest ARP reply': reply(me, own['ip4']),
        'honest advertisement': nd(ADVERTISEMENT, own['ip6'], own['ip6'], TARGET_OPTION),
        'MAC of another': plain4(own['ip4'], other['mac']),
        'IPv4 of another': plain4(other['ip4']),
        'IPv6 of another': plain6(other['ip6']),
        'IPv4 of nobody': plain4(absent['ip4']),
        'link-local address of another': plain6(link_local(other['mac'])),
        'gratuitous ARP': ethernet(me, ALL_MACS, ARP, arp(1, me, absent['ip4'], everyone, absent['ip4'])),
        'ARP reply for another': reply(me, other['ip4']),
        'ARP reply for metadata': reply(me, METADATA),
        'ARP reply with a MAC of another': reply(other['mac'], own['ip4']),
        'metadata as IPv4': plain4(METADATA),
        'advertisement of another': nd(ADVERTISEMENT, own['ip6'], other['ip6'], TARGET_OPTION),
        'advertisement with a MAC of another': nd(ADVERTISEMENT, own['ip6'], own['ip6'], TARGET_OPTION, other['mac']),
        'solicitation as another': nd(SOLICITATION, other['ip6'], absent['ip6'], SOURCE_OPTION),
        'solicitation with a MAC of another': nd(SOLICITATION, own['ip6'], absent['ip6'], SOURCE_OPTION, other['mac']),
        'DHCP server': plain4(own['ip4'], ports=(67, 68)),
        'DHCP server, broadcast': plain4(own['ip4'], ports=(67, 68), target='255.255.255.255', to=ALL_MACS),
        'DHCPv6 server': plain6(local, ports=(547, 546), target=link_local(them)),
        'router advertisement': ethernet(me, ALL_NODES_MAC, IPV6, over_ip6(local, ALL_NODES, ICMP6, router, 2)),
    }


def send(wire, known):
    for _ in range(int(PATIENCE / PAUSE)):
        for frame in known.values():
            wire.send(frame)
        time.sleep(PAUSE)


def watch(wire, known):
    seen = set()
    end = time.monotonic() + PATIENCE
    while (left := end - time.monotonic()) > 0:
        if not select.select([wire], [], [], left)[0]:
            break
        came = wire.recv(2048)
        for name, frame in known.items():
            if came.startswith(frame) and name not in seen:
                if not seen:
                    end = min(end, time.monotonic() + AFTER_FIRST)
                seen.add(name)
    print('\n'.join(sorted(seen)))


def main(mode, interface, who):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    wire.bind((interface, 0))
    (send if mode == 'send' else watch)(wire, frames(**json.loads(who)))


main(*sys.argv[1:])
