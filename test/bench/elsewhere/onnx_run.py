"""Runs ONNX files: one JSON line in, `{"file", "inputs": {name: [type, numbers]}}`, and one out, `{"outputs", "shape"}`."""

import json
import sys

import numpy
import onnx
import onnxruntime

for line in sys.stdin:
    asked = json.loads(line)
    onnx.checker.check_model(onnx.load(asked["file"]), full_check=True)
    session = onnxruntime.InferenceSession(asked["file"], providers=["CPUExecutionProvider"])
    inputs = {name: numpy.array(values, dtype=kind) for name, (kind, values) in asked["inputs"].items()}
    (outputs,) = session.run(None, inputs)
    print(json.dumps({"outputs": outputs.tolist(), "shape": outputs.shape}), flush=True)
