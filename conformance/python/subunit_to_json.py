"""Read a subunit v2 stream from standard input; write a line of JSON for each test (or class fixture) as it ends.

Members of a line: id, status (testtools' words), seconds, detail (the reason of a skip, the traceback of a failure).
"""
import json
import sys

import subunit
import testtools


def detail(parts):
    wanted = ["reason"] + sorted(name for name in parts if name.startswith("traceback"))
    return "\n".join(parts[name].as_text().strip() for name in wanted if name in parts)


def ended(test):
    if test["status"] == "exists":
        return
    begin, end = test["timestamps"]
    seconds = (end - begin).total_seconds() if begin and end else 0.0
    line = {"id": test["id"], "status": test["status"], "seconds": seconds, "detail": detail(test["details"])}
    print(json.dumps(line), flush=True)


def main():
    result = testtools.StreamToDict(ended)
    result.startTestRun()
    subunit.ByteStreamToStreamResult(sys.stdin.buffer, non_subunit_name="output").run(result)
    result.stopTestRun()


if __name__ == "__main__":
    main()
