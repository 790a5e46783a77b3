"""Put on PYTHONPATH of the suites: leave out one pause of tempest's subnet client.

Before each DELETE of a subnet that client waits ten seconds for the ports of servers to vanish. No servers exist in this
cloud, so every run would spend most of its time there. All other pauses stay as they are.
"""
import sys
import time

_PAUSING = "tempest.lib.services.network.subnets_client"
_pause = time.sleep


def _sleep(seconds):
    caller = sys._getframe(1)
    if caller.f_globals.get("__name__") == _PAUSING and caller.f_code.co_name == "delete_subnet":
        return
    _pause(seconds)


time.sleep = _sleep
