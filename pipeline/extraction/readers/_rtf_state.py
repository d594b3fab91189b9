"""What RTF keeps for each group: where text goes, and how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.domain.documents import LayerKind

BODY = "body"

SKIPPED = frozenset(
    (
        *("colorschememapping", "themedata", "latentstyles", "rsidtbl", "xmlnstbl", "listoverridetable", "listtable", "generator"),
        *("mmathPr", "wgrffmtfilter", "nonshppict", "filetbl", "revtbl_", "pgptbl", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "objclass"),
        *("sn", "pnseclvl", "pn", "pntxta", "pntxtb", "blipuid", "objname", "objalias", "objsect", "expandedcolortbl", "defchp", "defpap"),
        *(
            "atnref",
            "atrfstart",
            "atrfend",
            "atndate",
            "atnparent",
            "bkmkend",
            "fchars",
            "lchars",
            "panose",
            "falt",
            "fname",
            "passwordhash",
        ),
        *(
            "creatim",
            "revtim",
            "printim",
            "buptim",
            "ftncn",
            "aftnsepc",
            "wgrffmtfilter",
            "oldcprops",
            "oldpprops",
            "oldtprops",
            "oldsprops",
        ),
    )
)
"""Groups that hold nothing anybody wrote."""

LAYERS = {
    **dict.fromkeys(
        ("author", "operator", "title", "subject", "company", "manager", "category", "keywords", "doccomm", "hlinkbase", "comment"),
        LayerKind.PROPERTIES,
    ),
    **dict.fromkeys(("propname", "staticval", "linkval", "docvar", "userprops"), LayerKind.PROPERTIES),
    **dict.fromkeys(("annotation", "atnauthor", "atnid"), LayerKind.COMMENT),
    **dict.fromkeys(("bkmkstart",), LayerKind.BOOKMARK),
    **dict.fromkeys(("xe", "tc", "rxe"), LayerKind.HIDDEN_TEXT),
    **dict.fromkeys(("revtbl",), LayerKind.PROPERTIES),
    **dict.fromkeys(("ffname", "ffdeftext", "ffhelptext", "ffstattext", "ffentrymcr", "ffexitmcr", "ffl"), LayerKind.FORM_VALUE),
    **dict.fromkeys(("sv",), LayerKind.ALT_TEXT),
    **dict.fromkeys(("datastore",), LayerKind.CUSTOM_XML),
    **dict.fromkeys(("template",), LayerKind.LINK_TARGET),
}
"""Groups whose text nobody sees on paper, with the layer it belongs to."""

STORIES = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "header"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footer"),
    "footnote": "footnote",
    "shptxt": "box",
    "fldrslt": "",
    "result": "",
    "listtext": "marker",
    "pntext": "marker",
}
"""Groups whose text is seen: in a story of their own, or where they stand."""

COLLECTED = frozenset({"fonttbl", "colortbl", "stylesheet", "fldinst", "pict", "objdata", "formfield", "objhtml"})
"""Groups that are read when they end."""


@dataclass(slots=True)
class State:
    """One group's state; copied when a group opens."""

    story: str = BODY
    target: str = ""
    bold: bool = False
    underlined: bool = False
    hidden: bool = False
    deleted: bool = False
    inserted: bool = False
    size: float = 12.0
    font: int = 0
    colour: int = 0
    backed: bool = False
    ground: int = 0
    marker: int = 0
    skip: int = 1
    optional: bool = False
    box: Collected | None = None

    def inside(self) -> State:
        """The state of a group that opens in this one."""
        return replace(self, optional=False)


@dataclass(slots=True)
class Collected:
    """Text gathered for a group that is read when it ends."""

    parts: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.parts)


@dataclass(slots=True)
class Font:
    """A font of the file."""

    name: str = ""
    charset: int = 0
