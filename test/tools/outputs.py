"""
Runs a notebook of many cells through nbclient, again and again, and counts outputs that are lost or late.
Prints one line of JSON. `outputs.py --cells 200 --times 10`
"""

import argparse
import json

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook


class Watching(NotebookClient):
    """Notes outputs that come after the idle status of their request."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.idle, self.late = set(), 0

    def process_message(self, msg, cell, cell_index):
        parent = msg["parent_header"].get("msg_id")
        if msg["msg_type"] == "status" and msg["content"]["execution_state"] == "idle":
            self.idle.add(parent)
        elif parent in self.idle:
            self.late += 1
        return super().process_message(msg, cell, cell_index)


def cell(number):
    """Prints on both streams, shows something and has a value; some do so after an await."""
    wait = "await new Promise((done) => setTimeout(done, 1));\n" if number % 3 == 0 else ""
    return new_code_cell(
        f'{wait}console.log("out {number}");\nconsole.error("err {number}");\n'
        f'display({{ "text/plain": "shown {number}" }});\nconsole.log("end {number}");\n{number} + 0'
    )


def texts(outputs):
    joined = {"stdout": "", "stderr": "", "display_data": "", "execute_result": ""}
    for each in outputs:
        if each.output_type == "stream":
            joined[each.name] += each.text
        else:
            joined[each.output_type] += each.data["text/plain"]
    return joined


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--cells", type=int, default=200)
    ask.add_argument("--times", type=int, default=10)
    asked = ask.parse_args()
    lost = late = 0
    for _ in range(asked.times):
        cells = [new_code_cell('import { display } from "@unrolled/kernel";'), *map(cell, range(asked.cells))]
        notebook = new_notebook(cells=cells, metadata={"kernelspec": {"name": "unrolled", "display_name": "", "language": "typescript"}})
        client = Watching(nbformat.from_dict(notebook), timeout=120)
        client.execute()
        late += client.late
        for number, executed in enumerate(client.nb.cells[1:]):
            wanted = {"stdout": f"out {number}\nend {number}\n", "stderr": f"err {number}\n",
                      "display_data": f"shown {number}", "execute_result": str(number)}
            lost += texts(executed.outputs) != wanted
    print(json.dumps({"cells": asked.cells, "times": asked.times, "cellsWithLostOutputs": lost, "outputsAfterIdle": late}))


main()
