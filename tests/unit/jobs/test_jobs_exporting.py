"""What is known about an export before the engine is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.api.errors import InputError, OptionError
from petstudio.jobs.exporting import export, export_suffixes, exporter_for
from petstudio.plugin_host.discovery import bundled
from petstudio.plugin_host.host import PluginHost

HOST = PluginHost(bundled())
PROJECT = Path("pets.petstudio")


def test_that_the_bundled_formats_are_offered():
    assert export_suffixes(HOST) == (".safetensors", ".onnx", ".pt")


@pytest.mark.parametrize(
    ("name", "key"), [("m.onnx", "onnx"), ("M.ONNX", "onnx"), ("m.pt", "torchscript")]
)
def test_that_the_ending_of_the_name_chooses_the_format(name, key):
    found = exporter_for(HOST, Path(name))
    assert found is not None
    assert found.key == key


def test_that_the_programs_own_format_needs_no_exporter():
    assert exporter_for(HOST, Path("copy.safetensors")) is None


@pytest.mark.parametrize("name", ["model.h5", "model", ".onnx"])
def test_that_an_unknown_ending_is_refused_with_those_that_are_known(name):
    with pytest.raises(InputError, match=r"End it in \.safetensors, \.onnx or \.pt\."):
        exporter_for(HOST, Path(name))


def test_that_an_export_into_no_folder_is_refused_before_it_begins(tmp_path):
    with pytest.raises(InputError, match="in a folder that exists"):
        export(HOST, PROJECT, tmp_path / "missing" / "model.onnx")


def test_that_a_folder_is_not_replaced_by_an_export(tmp_path):
    folder = tmp_path / "model.onnx"
    folder.mkdir()
    with pytest.raises(InputError, match="cannot be a file"):
        export(HOST, PROJECT, folder)


def test_that_an_option_that_the_exporter_does_not_have_is_refused(tmp_path):
    with pytest.raises(OptionError, match="opset"):
        export(HOST, PROJECT, tmp_path / "model.onnx", options={"opset": 9})
