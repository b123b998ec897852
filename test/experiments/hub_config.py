"""JupyterHub on this machine, for test/experiments/hub.test.ts: each learner is a folder, and all processes are the same user's."""

import os

c = get_config()  # noqa: F821 (traitlets gives it)

folder = os.environ["HUB_FOLDER"]
port = int(os.environ["HUB_PORT"])

c.JupyterHub.bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 2}"
c.ConfigurableHTTPProxy.command = os.environ["HUB_PROXY"].split("\n")
c.JupyterHub.db_url = f"sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{folder}/cookie_secret"
c.JupyterHub.log_level = "WARN"

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["HUB_PASSWORD"]
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{folder}/home/{{username}}"
c.Spawner.cmd = [os.environ["HUB_SINGLEUSER"]]
c.Spawner.env_keep = ["PATH", "PYTHONPATH", "LANG"]
c.Spawner.environment = {"CI": "1", "UNROLLED_THREADS": "1"}  # findings as tests
c.Spawner.start_timeout = 600
c.Spawner.http_timeout = 600
# More may start at once than JupyterHub's own limit.
c.JupyterHub.concurrent_spawn_limit = 100
