"""The writing room's data: texts and their sections, what is typed, named drafts, figures and files."""

from .at_work import Presence, Scratch
from .drafts import Draft, DraftSection
from .files import Enclosure, WordFile
from .texts import OfTextQuerySet, Revision, Text, TextQuerySet, TextSection

__all__ = [
    "Draft",
    "DraftSection",
    "Enclosure",
    "OfTextQuerySet",
    "Presence",
    "Revision",
    "Scratch",
    "Text",
    "TextQuerySet",
    "TextSection",
    "WordFile",
]
