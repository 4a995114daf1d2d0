"""Which texts in a widget have less room than they need; painted ones are not seen."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit

from petstudio.ui.widgets.text import ElidedText

ARROW = 30  # pixels of a combo box
SLACK = 2  # pixels above or below the letters of a line, where nothing is drawn


def cut_texts(page):
    """Yield them; texts that are made to give way, with the whole as tool tip, are left out."""
    for label in page.findChildren(QLabel):
        if label.isVisible() and not isinstance(label, ElidedText) and is_cut(label):
            yield label.text()
    for button in page.findChildren(QAbstractButton):
        is_seen = button.isVisible() and button.text()
        if is_seen and button.sizeHint().width() > button.width():
            yield button.text()
    for box in page.findChildren(QComboBox):
        shown = box.fontMetrics().horizontalAdvance(box.currentText())
        if box.isVisible() and shown + ARROW > box.width():
            yield box.currentText()
    for field in page.findChildren(QLineEdit):
        if field.isVisible() and width_of(field) > field.width():
            yield field.text()


def is_cut(label):
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + SLACK
    is_narrow = width_of(label) > label.width()
    return is_narrow or label.sizeHint().height() > label.height() + SLACK


def width_of(widget):
    return widget.fontMetrics().horizontalAdvance(widget.text())
