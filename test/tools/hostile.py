"""
Sends malformed and hostile messages over shell, control and stdin, then asks whether the kernel still is what it was.
Prints one line of JSON. `hostile.py --frames 100000 --seed 1`
"""

import argparse
import hashlib
import hmac
import json
import random
import subprocess
import time
import uuid

import zmq
from front_end import kernel, megabytes, run

CHANNELS = ["shell", "control", "stdin"]
REQUESTS = ["execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request",
            "comm_info_request", "kernel_info_request", "comm_open", "comm_msg", "comm_close", "input_reply",
            "interrupt_request", "debug_request", "create_subshell_request", "no_such_request", "", "__proto__", "constructor"]
FIELDS = ["code", "silent", "store_history", "user_expressions", "allow_stdin", "stop_on_error", "cursor_pos", "detail_level",
          "hist_access_type", "session", "start", "stop", "n", "pattern", "unique", "raw", "output", "target_name", "comm_id",
          "data", "value", "__proto__", "constructor", "toString"]
VALUES = [None, True, -1, 0, 7, 1e308, -1e-9, "", "x", "\u0000", "\ud800"[:0] + "𝔘" * 9, [], {}, [[]], {"x": None}, ["x"] * 50,
          {"__proto__": {"polluted": 1}}, "9" * 300, "(", "}", "*" * 200]
DEEP = b'{"x":' * 20_000 + b"1" + b"}" * 20_000
DEEP_LIST = b"[" * 100_000 + b"]" * 100_000


class Attacker:
    def __init__(self, manager, published, seed):
        self.published = published
        self.info = manager.get_connection_info()
        self.key = self.info["key"]
        self.chance = random.Random(seed)
        context = zmq.Context()
        self.sockets = {}
        for channel in CHANNELS:
            socket = context.socket(zmq.DEALER)
            socket.linger = 0
            socket.sndhwm = 0
            socket.rcvhwm = 0
            socket.connect(f"tcp://{self.info['ip']}:{self.info[f'{channel}_port']}")
            self.sockets[channel] = socket

    def sign(self, parts):
        signature = hmac.new(self.key, digestmod=hashlib.sha256)
        for part in parts:
            signature.update(part)
        return signature.hexdigest().encode()

    def message(self, type, content, header=None, signed=True):
        head = {"msg_id": uuid.uuid4().hex, "session": "hostile", "username": "x", "date": "x", "msg_type": type, "version": "5.4"}
        parts = [self.json(header if header is not None else head), b"{}", b"{}", self.json(content)]
        return [b"<IDS|MSG>", self.sign(parts) if signed else b"0" * 64, *parts]

    @staticmethod
    def json(value):
        return value if isinstance(value, bytes) else json.dumps(value).encode()

    def any_content(self):
        return {self.chance.choice(FIELDS): self.chance.choice(VALUES) for _ in range(self.chance.randrange(6))}

    def frames(self, number):
        """One message. What is properly signed gets as far as it can; the rest has to be dropped at the door."""
        chance = self.chance
        kind = number % 20
        if kind < 4:
            return self.message(chance.choice(["shutdown_request", "execute_request", "interrupt_request"]), {}, signed=False)
        if kind < 7:
            whole = self.message("execute_request", {"code": "1"})
            return whole[: chance.randrange(len(whole))] or [b""]
        if kind == 7:
            return [chance.randbytes(chance.randrange(200)) for _ in range(1 + chance.randrange(9))]
        if kind == 8:
            return [b"<IDS|MSG>"] * (1 + chance.randrange(20))
        if kind == 9:
            return [b""] * (1 + chance.randrange(40))
        if kind == 10:
            return self.message("execute_request", chance.choice([b"{", b"", b"\xff\xfe\x80", b"nul", b'{"code": 1', b"[]", b"3", b"null"]))
        if kind == 11:
            return self.message("x", {}, header=chance.choice([[], 3, "x", {}, {"msg_type": 3}, {"msg_id": "x"}, b"\xff", None or b"null"]))
        if kind == 12 and number % 400 == 12:
            return self.message("is_complete_request", chance.choice([DEEP, DEEP_LIST]))
        if kind == 13 and number % 1000 == 13:
            return self.message("comm_msg", {"comm_id": "none", "data": "y" * 1_000_000})
        if kind == 14 and number % 1000 == 14:
            return [b"<IDS|MSG>", b"", chance.randbytes(2_000_000)]
        if kind < 17:
            return self.message(chance.choice(REQUESTS[5:]), self.any_content())
        if kind == 17 and number % 200 == 17:
            return self.message(chance.choice(REQUESTS[:5]), {"code": "1", "cursor_pos": 1, **self.any_content()})
        return self.message(chance.choice(REQUESTS[7:]), chance.choice(VALUES))

    def wait_until_read(self):
        """Asks an honest question on shell and control: its answer comes after all that was sent before.
        Reads what is published as well, as every front end does: what nobody reads has to wait in the kernel's memory."""
        for channel in ("shell", "control"):
            socket = self.sockets[channel]
            honest = self.message("kernel_info_request", {})
            asked = json.loads(honest[2])["msg_id"]
            socket.send_multipart(honest)
            until = time.monotonic() + 120
            while True:
                if not socket.poll(1000):
                    if time.monotonic() > until:
                        raise SystemExit(f"no answer on {channel}")
                    continue
                frames = socket.recv_multipart()
                at = frames.index(b"<IDS|MSG>")
                if json.loads(frames[at + 3]).get("msg_id") == asked:
                    break
        while self.published.poll(0):
            self.published.recv_multipart()


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--frames", type=int, default=100_000, help="messages, on the three channels in turn")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--cells", type=int, default=400, help="run before, so that the heap has its working size")
    ask.add_argument("--rest", type=float, default=10, help="seconds until memory is looked at: V8 collects when there is nothing to do")
    asked = ask.parse_args()
    with kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as (manager, client):
        run(client, "const kept = 6 * 7;")
        run(client, "process.version")  # has Node's types read
        for number in range(asked.cells):
            run(client, f"[kept, {number}]")
        attacker = Attacker(manager, client.iopub_channel.socket, asked.seed)
        attacker.wait_until_read()
        before = megabytes(manager)
        begin = time.monotonic()
        for number in range(asked.frames):
            attacker.sockets[CHANNELS[number % 3]].send_multipart(attacker.frames(number // 3))
            if number % 500 == 499:
                attacker.wait_until_read()
        attacker.wait_until_read()
        seconds = time.monotonic() - begin
        time.sleep(asked.rest)
        after = megabytes(manager)
        outputs, reply = run(client, "kept")
        value = [each["content"]["data"]["text/plain"] for each in outputs if each["msg_type"] == "execute_result"]
        outputs, _ = run(client, "({} as any).polluted")
        polluted = any(each["msg_type"] == "execute_result" for each in outputs)
        found = {"frames": asked.frames, "alive": manager.is_alive(), "status": reply["status"], "value": value, "polluted": polluted,
                 "megabytesBefore": round(before, 1), "megabytesAfter": round(after, 1), "seconds": round(seconds, 1)}
        print(json.dumps(found))


main()
