"""Ping from behind a VLAN tag, in user space: the kernel here may have no VLAN devices.

vlan_ping.py INTERFACE VLAN MAC ADDRESS TARGET: exit 0 when TARGET answers ARP and an echo request under the tag.
"""

import socket
import struct
import sys
import time

ETH_P_ALL = 3
SOL_PACKET, PACKET_AUXDATA = 263, 8


def checksum(data):
    total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def main(interface, vlan, mac, address, target):
    vlan = int(vlan)
    own, own_ip, far_ip = bytes.fromhex(mac.replace(':', '')), socket.inet_aton(address), socket.inet_aton(target)
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    wire.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    wire.bind((interface, 0))
    wire.settimeout(0.2)

    def send(to, kind, payload):
        wire.send(to + own + struct.pack('!HHH', 0x8100, vlan, kind) + payload)

    def answer(wanted, seconds=2):
        """The first packet under the tag that `wanted` takes; tags are in the frame or beside it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                frame, beside, _, _ = wire.recvmsg(2048, 256)
            except TimeoutError:
                continue
            kind, tag, payload = struct.unpack('!H', frame[12:14])[0], None, frame[14:]
            for _, _, data in beside:
                tag = struct.unpack('=IIIHHHH', data[:20])[5] & 0xFFF or None
            if kind == 0x8100:
                tag, kind = (part & mask for part, mask in zip(struct.unpack('!HH', frame[14:18]), (0xFFF, 0xFFFF)))
                payload = frame[18:]
            found = wanted(kind, payload) if tag == vlan and frame[:6] == own else None
            if found is not None:
                return found
        sys.exit(1)

    def arp_reply(kind, p):
        return p[8:14] if kind == 0x0806 and p[6:8] == b'\0\2' and p[14:18] == far_ip else None

    def echo_reply(kind, p):
        return True if kind == 0x0800 and p[9] == 1 and p[12:16] == far_ip and p[20] == 0 else None

    head = struct.pack('!HHBBH', 1, 0x0800, 6, 4, 1)
    send(b'\xff' * 6, 0x0806, head + own + own_ip + b'\0' * 6 + far_ip)
    far = answer(arp_reply)
    body = b'ovenbird'
    icmp = struct.pack('!BBHHH', 8, 0, 0, 77, 1) + body
    icmp = icmp[:2] + struct.pack('!H', checksum(icmp)) + icmp[4:]
    ip = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(icmp), 1, 0, 64, 1, 0) + own_ip + far_ip
    ip = ip[:10] + struct.pack('!H', checksum(ip)) + ip[12:]
    send(far, 0x0800, ip + icmp)
    answer(echo_reply)


main(*sys.argv[1:])
