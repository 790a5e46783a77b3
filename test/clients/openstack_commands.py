"""The openstack command, many times in a row: what each start of it loads is loaded once here, and every command then runs
in a process of its own that is forked from this one. In: a list of arguments as JSON, a line each; out: how it ended."""
import gc
import json
import os
import signal
import sys
import tempfile
from importlib.metadata import entry_points

import openstackclient.shell

LONGEST_SECONDS = 60


def become(arguments, stdout, stderr):
    """Be that command, from here to the end of this process."""
    signal.alarm(LONGEST_SECONDS)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    sys.argv = ["openstack", *arguments]
    sys.exit(openstackclient.shell.main())


def text(file):
    file.seek(0)
    return file.read().decode()


for group in entry_points().groups:
    if group.startswith("openstack.") or group == "keystoneauth1.plugin":
        for point in entry_points(group=group):
            point.load()
gc.freeze()  # or every child copies all of it
for line in sys.stdin:
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            become(json.loads(line), stdout, stderr)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps({"code": code, "stdout": text(stdout), "stderr": text(stderr)}), flush=True)
