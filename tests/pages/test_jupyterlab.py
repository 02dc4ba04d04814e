"""A notebook as its analyst opens it: in a real JupyterLab, in a real browser, every cell run."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import nbformat
import pytest
from conftest import PROJECT
from playwright.sync_api import Browser

NOTEBOOK = "02_indicatoren.ipynb"
PATIENCE = 300  # seconds in which a kernel starts and runs a notebook, also on a busy machine


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab on a copy of a notebook that opens the example."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.read(PROJECT / "notebooks" / NOTEBOOK, as_version=4)
    notebook.cells[0].source = notebook.cells[0].source.replace('dataset = ""', 'dataset = "2021-voorbeeld"')
    nbformat.write(notebook, folder / NOTEBOOK)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        name: str(folder / name.lower())
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "JUPYTERLAB_SETTINGS_DIR")
    }
    settings = folder / "jupyterlab_settings_dir" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}')  # every cell is on the page, also out of sight
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=", "--allow-root", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.news_url=None", "--ServerApp.disable_check_xsrf=True"]
    environment = os.environ | own | {"PYTHONPATH": str(PROJECT)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(PATIENCE * 4):
        assert server.poll() is None, "JupyterLab stopped by itself"
        try:
            with urllib.request.urlopen(f"{address}/api", timeout=1):
                return
        except OSError:
            time.sleep(0.25)
    pytest.fail("JupyterLab did not start")


def test_an_analyst_runs_a_notebook_and_sees_frames_and_charts(browser: Browser, lab: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.goto(f"{lab}/lab/tree/{NOTEBOOK}?reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=PATIENCE * 1000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']", timeout=PATIENCE * 1000)
    page.locator(".jp-Notebook .jp-CodeCell").first.click()
    page.keyboard.press("Escape")
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    page.wait_for_function(
        "() => { const p = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')]"
        ".map(e => e.textContent); return p.length > 5 && p.every(t => /\\[\\d+\\]/.test(t)); }",
        timeout=PATIENCE * 1000,
    )
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.locator(".jp-RenderedHTML table.dataframe").count() > 0
    assert page.locator(".jp-RenderedHTML figure.chart svg").count() > 0
