"""JupyterLab that ends with the process that started it.

Standard input is a pipe whose other end only that process holds: however it goes, even by SIGKILL, the pipe closes,
and the server then shuts its kernels and terminals down as it does for SIGTERM.
"""

import os
import signal
import sys
import threading
import time

PATIENCE = 15  # seconds for the kernels to go in peace

pipe = os.dup(0)
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


def watch():
    while os.read(pipe, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)


threading.Thread(target=watch, daemon=True).start()

from jupyterlab.labapp import main  # noqa: E402

sys.exit(main())
