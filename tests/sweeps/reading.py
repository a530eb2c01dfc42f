"""What a reader of a page reads: its words, without addresses, codes and what is marked as another language."""

from __future__ import annotations

from html.parser import HTMLParser

SPOKEN = ("alt", "aria-label", "data-label", "placeholder", "title", "data-changed", "data-show", "data-found",
          "data-restore", "data-forget")  # fmt: skip
SILENT = ("code", "script", "style", "path", "use")
VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")


class Words(HTMLParser):
    """`Words.of(html)`: every text of the page and every attribute that is read aloud or shown."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._skipped: list[str] = []  # the elements that are open, from the first one that is left out

    @classmethod
    def of(cls, html: str) -> set[str]:
        words = cls()
        words.feed(html)
        words.close()
        return words.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        elsewhere = tag != "html" and any(name == "lang" for name, _value in attrs)
        if self._skipped or elsewhere or tag in SILENT:
            if tag not in VOID:
                self._skipped.append(tag)
            return
        for name, value in attrs:
            if name in SPOKEN and value:
                self._add(value)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag in self._skipped:
            while self._skipped.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._add(data)

    def _add(self, text: str) -> None:
        words = " ".join(text.split())
        if any(letter.isalpha() for letter in words):
            self.found.add(words)
