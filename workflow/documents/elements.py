"""Finding one's way in a stream of tokens: where an element ends, which are its rows, what is a note's."""

from __future__ import annotations

from markdown_it.token import Token


def end_of(stream: list[Token], at: int) -> int:
    """The index of the token that closes the one at `at`; itself, when it opens nothing."""
    depth = 0
    for index in range(at, len(stream)):
        depth += stream[index].nesting
        if depth <= 0:
            return index
    return len(stream) - 1


def without_notes(stream: list[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    """The text's own tokens, and those of each note by its number."""
    start = next((at for at, token in enumerate(stream) if token.type == "footnote_block_open"), len(stream))
    notes: dict[int, list[Token]] = {}
    at = start + 1
    while at < len(stream) and stream[at].type == "footnote_open":
        end = next(i for i in range(at, len(stream)) if stream[i].type == "footnote_close")
        notes[stream[at].meta["id"]] = [t for t in stream[at + 1 : end] if t.type != "footnote_anchor"]
        at = end + 1
    return stream[:start], notes


def rows_of(inner: list[Token]) -> list[list[list[Token]]]:
    """Rows of cells, each the token that opens it and its content."""
    rows: list[list[list[Token]]] = []
    for at, token in enumerate(inner):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append([token, inner[at + 1]])
    return rows
