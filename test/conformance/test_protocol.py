"""The protocol as Jupyter's own test suite for kernels sees it. Run by protocol.test.ts, or by hand: pytest test/conformance."""

import unittest

import jupyter_kernel_test


class UnrolledKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "unrolled"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oh no')"
    completion_samples = [
        {"text": "conso", "matches": {"console"}},
        {"text": "Math.sqr", "matches": {"sqrt"}},
    ]
    complete_code_samples = ["1", "console.log('hello, world')", "function f(x: number) {\n  return x * 2\n}\n\n"]
    incomplete_code_samples = ["function f(x: number) {", "console.log(", "const a = [1,", "`a text"]
    invalid_code_samples = ["const = 1;", "a b c"]
    code_page_something = "import { page } from '@unrolled/kernel'; page('a long text')"
    code_generate_error = "throw new Error('no')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2].map((x) => x + 1)", "result": "[ 2, 3 ]"},
    ]
    code_display_data = [
        {"code": "import { display, html } from '@unrolled/kernel'; display(html('<b>x</b>'))", "mime": "text/html"},
        {"code": "import { display, svg } from '@unrolled/kernel'; display(svg('<svg/>'))", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "6*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "parseInt"
    code_clear_output = "import { clearOutput } from '@unrolled/kernel'; clearOutput()"


class UnrolledWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "unrolled"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
