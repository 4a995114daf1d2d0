from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sample_loaders
from sample_loaders import loader_of

from petstudio.api import (
    ImageLabel,
    InputError,
    NoOptions,
    OptionError,
    Place,
    PluginError,
    RunCancelledError,
    RunControl,
    Split,
)
from petstudio.plugin_host import child as child_module
from petstudio.plugin_host.child import LabelReader, plugin_of, read_labels
from petstudio.plugin_host.discovery import in_folder
from petstudio.plugin_host.host import PluginHost


@pytest.fixture(scope="module")
def warm_reader() -> Iterator[LabelReader]:
    with LabelReader() as reader:
        yield reader


def place_of(*files: str) -> Place:
    return Place(root=Path("nowhere"), files=files)


def labels_of(reader: LabelReader, read, *files: str) -> tuple[ImageLabel, ...]:
    return reader.read(loader_of(read), NoOptions(), place_of(*files), RunControl())


@pytest.fixture
def children() -> Callable[[], list[str]]:
    """The processes that were started during the test and are still there."""
    before = multiprocessing.active_children()
    return lambda: [str(new) for new in multiprocessing.active_children() if new not in before]


def test_that_labels_come_back_whole_and_in_order(warm_reader):
    files = tuple(f"{index:04}.jpg" for index in range(2500))
    found = labels_of(warm_reader, sample_loaders.by_index, *files)
    assert [label.path for label in found] == list(files)
    assert found[7] == ImageLabel(path="0007.jpg", label="class 7", split=Split.VALID, group="g")


def test_that_labels_of_missing_files_come_after_the_others(warm_reader):
    found = labels_of(warm_reader, sample_loaders.with_missing, "a.jpg")
    assert [label.path for label in found] == ["a.jpg", "gone.jpg"]


def test_that_a_place_without_files_has_no_labels(warm_reader):
    assert labels_of(warm_reader, sample_loaders.by_index) == ()


def test_that_names_that_are_no_valid_unicode_survive_the_trip(warm_reader):
    found = labels_of(warm_reader, sample_loaders.by_index, "caf\udce9.jpg")
    assert found[0].path == "caf\udce9.jpg"


def test_that_one_child_serves_several_reads(warm_reader):
    first = labels_of(warm_reader, sample_loaders.by_process, "a.jpg")
    assert labels_of(warm_reader, sample_loaders.by_process, "a.jpg") == first


def test_that_the_child_imports_nothing_heavy(warm_reader):
    (found,) = labels_of(warm_reader, sample_loaders.by_modules, "a.jpg")
    assert found.label is None


def test_that_what_a_loader_prints_stays_in_the_child(warm_reader, capfd):
    labels_of(warm_reader, sample_loaders.chatty, *[f"{index}.jpg" for index in range(3000)])
    assert capfd.readouterr().out == ""


BAD_ANSWERS = {
    "too_few": "ValueError: read gave 1 labels for 2 files",
    "wrong_order": "ValueError: read gave 'b.jpg' where 'a.jpg' belongs",
    "no_labels": "TypeError: read gave a str where an ImageLabel belongs",
    "nothing": "TypeError: 'NoneType' object is not iterable",
    "empty_label": "ValueError: the label of 'a.jpg' is empty; give None where there is none",
    "number_label": "TypeError: the label or group of 'a.jpg' is not a text",
    "text_split": "TypeError: the split of 'a.jpg' is 'train', not a Split",
    "raises_value_error": "ValueError: no luck",
    "exits": "SystemExit: 4",
}


@pytest.mark.parametrize(("name", "reason"), BAD_ANSWERS.items())
def test_that_a_loader_that_misbehaves_is_a_plugin_error(warm_reader, name, reason):
    with pytest.raises(PluginError) as caught:
        labels_of(warm_reader, getattr(sample_loaders, name), "a.jpg", "b.jpg")
    assert caught.value.plugin == "sample_loaders"
    assert caught.value.contribution == "sample"
    assert caught.value.reason == reason


def test_that_the_traceback_of_the_child_is_the_cause_of_the_error(warm_reader):
    with pytest.raises(PluginError) as caught:
        labels_of(warm_reader, sample_loaders.raises_value_error, "a.jpg")
    assert 'raise ValueError("no luck")' in str(caught.value.__cause__)


def test_that_an_input_error_of_the_loader_comes_back_as_it_is(warm_reader):
    with pytest.raises(InputError) as caught:
        labels_of(warm_reader, sample_loaders.raises_input_error, "a.jpg")
    assert str(caught.value) == "The source is bad. Mend it."


def test_that_an_option_error_of_the_loader_keeps_its_option(warm_reader):
    with pytest.raises(OptionError) as caught:
        labels_of(warm_reader, sample_loaders.raises_option_error, "a.jpg")
    assert caught.value.option == "pattern"


def test_that_a_loader_that_cannot_travel_is_a_plugin_error(children):
    with pytest.raises(PluginError), LabelReader() as reader:
        labels_of(reader, lambda _options, _place: [], "a.jpg")
    assert children() == []


def test_that_an_error_that_cannot_travel_is_a_plugin_error():
    with pytest.raises(PluginError, match="StubbornError"), LabelReader() as reader:
        labels_of(reader, sample_loaders.raises_stubborn_error, "a.jpg")


def test_that_a_child_that_dies_is_a_plugin_error_and_replaced(children):
    with LabelReader() as reader:
        with pytest.raises(PluginError, match=r"its process ended by itself \(exit code 3\)"):
            labels_of(reader, sample_loaders.dies, "a.jpg")
        assert children() == []
        assert len(labels_of(reader, sample_loaders.by_index, "a.jpg")) == 1


def test_that_a_file_that_takes_too_long_is_named_and_its_child_ended(children):
    loader, place = loader_of(sample_loaders.hangs_on_hard_ones), place_of("a.jpg", "hard.jpg")
    with pytest.raises(InputError) as caught:
        read_labels(loader, NoOptions(), place, RunControl(), seconds_per_file=1.0)
    assert caught.value.what == "The loader “Sample” takes too long on the name “hard.jpg”."
    assert "(a+)+" in caught.value.cure
    assert children() == []


def test_that_a_source_that_never_opens_is_given_up(monkeypatch, children):
    monkeypatch.setattr(child_module, "OPENING_SECONDS", 0.3)
    loader = loader_of(sample_loaders.never_opens)
    with pytest.raises(InputError, match="needs more than 0 s to begin"):
        read_labels(loader, NoOptions(), place_of("a.jpg"), RunControl())
    assert children() == []


class ImpatientControl(RunControl):
    """Cancelled in the middle: when it has been asked a few times."""

    asked = 0

    @property
    def is_cancelled(self) -> bool:
        self.asked += 1
        if self.asked == 15:
            self.cancel()
        return super().is_cancelled


@pytest.mark.parametrize("read", [sample_loaders.never_opens, sample_loaders.never_ends])
def test_that_cancelling_ends_a_child_that_would_never_end(read, children):
    with pytest.raises(RunCancelledError):
        read_labels(loader_of(read), NoOptions(), place_of("a.jpg"), ImpatientControl())
    assert children() == []


def test_that_a_pause_does_not_hold_up_the_reading(warm_reader):
    control = RunControl()
    control.pause()
    loader = loader_of(sample_loaders.by_index)
    assert len(warm_reader.read(loader, NoOptions(), place_of("a.jpg"), control)) == 1


def test_that_a_closed_reader_has_no_child_and_can_be_used_again(children):
    reader = LabelReader()
    labels_of(reader, sample_loaders.by_index, "a.jpg")
    reader.close()
    reader.close()
    assert children() == []
    assert len(labels_of(reader, sample_loaders.by_index, "a.jpg")) == 1
    reader.close()


def test_that_modules_lying_in_the_current_folder_are_not_run(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("socket", "selectors", "random", "pluggy"):
        code = "import pathlib\npathlib.Path('canary').touch()\n"
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    with LabelReader() as reader:
        labels_of(reader, sample_loaders.by_index, "a.jpg")
    assert not (tmp_path / "canary").exists()


def test_that_a_loader_of_the_user_folder_reads_in_the_child(plugin_folder):
    code = """
        from dataclasses import dataclass
        from petstudio.api import DatasetLoader, ImageLabel, hookimpl, text
        PETSTUDIO_API = (1, 0)
        @dataclass(frozen=True)
        class Options:
            word: str = text("cat")
        def read(options, place):
            return [ImageLabel(path=path, label=options.word) for path in place.files]
        @hookimpl
        def petstudio_dataset_loaders():
            return [DatasetLoader(key="w", label="W", summary="", options=Options, read=read)]
    """
    plugin_folder.write("words", code)
    loader = PluginHost(in_folder(plugin_folder.path)).loader("w")
    options = loader.options(word="dog")
    (found,) = read_labels(loader, options, place_of("a.jpg"), RunControl())
    assert found.label == "dog"


def test_that_bundled_loaders_are_known_by_the_name_of_their_plugin():
    module = __import__("petstudio.plugins.regex_labels", fromlist=["regex_labels"])
    assert plugin_of(PluginHost.from_modules(module).loader("regex")) == "regex_labels"
