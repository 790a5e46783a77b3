"""Say by RARP where a machine is now, as a hypervisor does for a guest that has just been resumed.

announce.py INTERFACE MAC
"""

import socket
import struct
import sys

ETH_P_RARP = 0x8035
REQUEST_REVERSE = 3


def main(interface, mac):
    own = bytes.fromhex(mac.replace(':', ''))
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind((interface, 0))
    asked = struct.pack('!HHBBH', 1, 0x0800, 6, 4, REQUEST_REVERSE) + (own + bytes(4)) * 2
    wire.send(b'\xff' * 6 + own + struct.pack('!H', ETH_P_RARP) + asked + bytes(18))


main(*sys.argv[1:])
