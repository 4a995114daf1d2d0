"""Small jobs for the engine process, which imports this module by its name."""

from __future__ import annotations

import os
import sys
from threading import Event

from petstudio.api.errors import InputError
from petstudio.api.events import ProgressMade


def said(word):
    return ProgressMade(task=word, done=0)


def count(host, total):
    def job(emit, control):
        for number in range(total):
            control.checkpoint()
            emit(ProgressMade(task="count", done=number, total=total))

    return job


def tell_process(host):
    def job(emit, control):
        sys.stdout.write("this goes to the log\n")
        emit(ProgressMade(task="process", done=os.getpid()))

    return job


def tell_loaders(host):
    def job(emit, control):
        emit(said(" ".join(sorted(host.loaders))))

    return job


def tell_pause(host):
    """Say when a pause arrives and when it is over, then go on until cancelled."""

    def job(emit, control):
        emit(said("begun"))
        while not control.is_paused:
            Event().wait(0.01)
        emit(said("paused"))
        control.checkpoint()
        emit(said("went on"))
        while True:
            control.checkpoint()

    return job


def refuse(host):
    def job(emit, control):
        raise InputError("The folder is gone.", cure="Choose another one.")

    return job


def fail(host):
    def job(emit, control):
        raise RuntimeError("a fault of the graphics card")

    return job


def leave(host, code):
    def job(emit, control):
        os._exit(code)

    return job


def never_stop(host):
    def job(emit, control):
        emit(said("begun"))
        Event().wait()

    return job
