"""
Runs thousands of cells with plots, comms and errors in one kernel, and watches its memory and its latency.
Prints one line of JSON. `soak.py --cells 5000`
"""

import argparse
import json
import statistics
import subprocess
import time
import uuid
from pathlib import Path

from front_end import kernel, megabytes, run

PROJECT = Path(__file__).parents[2]
SETTING = """\
import { comms, display } from "@unrolled/kernel";
import { lineChart } from "unrolled/plot";
comms.register("soak", (comm) => { comm.onMessage = ({ data }) => comm.send({ data: { echo: data } }); });
let sum = 0;
"""
PLOT = """display(lineChart({{ title: "cell {n}", x: "step", y: {{ name: "loss", unit: "nats" }},
  series: {{ loss: Array.from({{ length: 200 }}, (_, i) => Math.exp(-i / {n})) }} }}))"""


def comm(client, number):
    """A comm from the front end: opened, spoken to, heard, closed."""
    identity = uuid.uuid4().hex
    send = lambda type, content: client.shell_channel.send(client.session.msg(type, content))
    send("comm_open", {"comm_id": identity, "target_name": "soak", "data": {}})
    send("comm_msg", {"comm_id": identity, "data": {"number": number}})
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "comm_msg" and message["content"]["comm_id"] == identity:
            break
    assert message["content"]["data"] == {"echo": {"number": number}}, message["content"]
    send("comm_close", {"comm_id": identity, "data": {}})


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--cells", type=int, default=5000)
    cells = ask.parse_args().cells
    window = min(100, cells // 4)
    milliseconds, memory, kinds = [], [], {}

    def expect(client, kind, code, wanted):
        kinds[kind] = kinds.get(kind, 0) + 1
        outputs, reply = run(client, code)
        found = [each["msg_type"] for each in outputs]
        if wanted not in found:
            raise SystemExit(f"{kind} cell: {code}\ngave {found} {reply}")

    with kernel(cwd=str(PROJECT / "notebooks"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as (manager, client):
        _, reply = run(client, SETTING)
        assert reply["status"] == "ok", reply
        for number in range(1, cells + 1):
            kind = number % 10
            if kind == 1:
                expect(client, "plot", PLOT.format(n=number), "display_data")
            elif kind == 2:
                expect(client, "throw", f'throw new Error("number {number}")', "error")
            elif kind == 3:
                expect(client, "type error", f"const wrong: string = {number};", "error")
            elif kind == 4:
                comm(client, number)
                kinds["comm"] = kinds.get("comm", 0) + 1
            elif kind == 5:
                expect(client, "print", f"for (let i = 0; i < 100; i++) console.log(i, {number});", "stream")
            elif kind == 6:
                expect(client, "await", f"await new Promise((done) => setTimeout(done, 1));\nsum += {number};\nsum", "execute_result")
            else:
                begin = time.perf_counter()
                expect(client, "value", f"sum += {number};\nsum", "execute_result")
                milliseconds.append(1000 * (time.perf_counter() - begin))
            if number % max(1, cells // 50) == 0:
                memory.append(megabytes(manager))
        first, last = statistics.median(milliseconds[:window]), statistics.median(milliseconds[-window:])
        # What a V8 heap lets grow before it collects is a fifth of the run; flat is what comes after.
        settled = memory[len(memory) // 5 :]
        tenth = max(1, len(settled) // 10)
        before, after = statistics.median(settled[:tenth]), statistics.median(settled[-tenth:])
        print(json.dumps({"cells": cells, "kinds": kinds, "firstHundredMs": round(first, 2), "lastHundredMs": round(last, 2),
                          "latencyRatio": round(last / first, 2), "megabytesBefore": round(before), "megabytesAfter": round(after),
                          "megabytesRatio": round(after / before, 3), "megabytes": [round(each) for each in memory]}))


main()
