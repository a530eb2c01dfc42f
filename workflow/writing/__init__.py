"""Texts in sections: written by one, read and commented on by many, every save of weight kept (S10, S13)."""
