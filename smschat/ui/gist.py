"""In one line what an SMS is that is no plain text, with the signs that the terminal can show; pure.

The rule: the transcript names an SMS as lists and notifications do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.domain import contents

if TYPE_CHECKING:
    from smschat.domain.sms import Sms
    from smschat.ui.render import Marks


def gist(sms: Sms, marks: Marks) -> str:
    """`vCard · Anna de Vries · 31611111111`; the text itself where there is nothing but text. Foreign, not yet safe."""
    said = contents.summary(
        sms_type=sms.type,
        text=sms.text,
        data=sms.data,
        udh=sms.udh,
        options=sms.options,
        dot=marks.dot,
        ellipsis=marks.ellipsis,
    )
    return said or f"({sms.type.value})"
