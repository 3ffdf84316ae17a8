"""A value of CTR_MODEL: what the testbed's two model slots are to hold."""

from __future__ import annotations

from . import BESIDE_LR, BOTH, HOST_ITSELF, NEITHER, SECOND, WIDE_DEEP

_TITLE = "Wide & Deep"  # as the library has it, which need not be loaded for its default


class Choice:
    """`text` is the value itself: "deepfm" or another of the library's models in both slots; "beside_lr:deepfm", in
    the second one, beside the testbed's own logistic regression ("beside_lr" alone: Wide & Deep); or
    "logistic_regression", the testbed's own in both. ValueError for any other: `source` says where it comes from.

    holds: in which slots ours stands, BOTH, SECOND or NEITHER. model: the library's name of it.
    """

    def __init__(self, text: str, source: str) -> None:
        self.text = text
        before, colon, model = text.partition(":")
        if text in (BESIDE_LR, HOST_ITSELF):
            self.holds, self.model = (SECOND if text == BESIDE_LR else NEITHER), WIDE_DEEP
        elif before == BESIDE_LR and colon:
            self.holds, self.model = SECOND, model
        else:
            self.holds, self.model = BOTH, text
        if self.model == WIDE_DEEP:
            return
        from ..native.architectures import names

        if self.model not in names():
            from ..messages.switch import NO_MODEL

            models, beside = ", ".join(names()), f"{BESIDE_LR}, {BESIDE_LR}:{names()[0]} …"
            raise ValueError(NO_MODEL.format(source=source, name=text, choices=f"{models}; {beside}; {HOST_ITSELF}"))

    @property
    def title(self) -> str:
        """What people call the model."""
        if self.model == WIDE_DEEP:
            return _TITLE
        from ..native.architectures import title

        return title(self.model)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Choice) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)
