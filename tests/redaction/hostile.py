"""PDFs that hide a secret in every way known to us, each beside lines that must stay readable. Generated; nothing is real."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

SECRET = "ZEBRA QUARTZ VEXING"
KEPT = ("The health visitor saw the twins on Monday.", "They slept well and had put on weight.")


def _font() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)


def _kept(top: int = 760) -> bytes:
    first, second = KEPT
    return f"BT /F1 12 Tf 72 {top} Td ({first}) Tj 0 -60 Td ({second}) Tj ET\n".encode()


def _pdf(drawing: bytes, *, box: tuple[float, ...] = (0, 0, 595, 842), resources: dict[str, object] | None = None) -> Pdf:
    pdf = Pdf.new()
    made = Dictionary(Font=Dictionary(F1=pdf.make_indirect(_font())))
    for key, value in (resources or {}).items():
        made[key] = value
    page = Dictionary(Type=Name.Page, MediaBox=Array(box), Resources=made, Contents=pdf.make_indirect(Stream(pdf, _kept() + drawing)))
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf


def _bytes(pdf: Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def _line(text: str = SECRET, top: int = 730) -> bytes:
    return f"BT /F1 12 Tf 72 {top} Td ({text}) Tj ET\n".encode()


def plain() -> bytes:
    """One line, drawn once."""
    return _bytes(_pdf(_line()))


def split_tj() -> bytes:
    """Cut into pieces at no word border."""
    return _bytes(_pdf(b"BT /F1 12 Tf 72 730 Td (ZEB) Tj (RA QUA) Tj (RTZ VEX) Tj (ING) Tj ET\n"))


def kerned_tj() -> bytes:
    """One array with kerning between the letters."""
    return _bytes(_pdf(b"BT /F1 12 Tf 72 730 Td [(Z) -20 (EB) 15 (RA Q) -30 (UARTZ) 10 ( VEXING)] TJ ET\n"))


def hex_strings() -> bytes:
    """Written as a hexadecimal string."""
    return _bytes(_pdf(b"BT /F1 12 Tf 72 730 Td <" + SECRET.encode().hex().encode() + b"> Tj ET\n"))


def letter_by_letter() -> bytes:
    """Each letter a text object of its own."""
    drawn = b"".join(f"BT /F1 12 Tf {72 + 9 * at} 730 Td ({letter}) Tj ET\n".encode() for at, letter in enumerate(SECRET))
    return _bytes(_pdf(drawn))


def _form(pdf: Pdf) -> Stream:
    form = Stream(pdf, _line(top=0).replace(b"72 0 Td", b"0 4 Td"))
    form.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 20]), Resources=Dictionary(Font=Dictionary(F1=_font()))
    )
    return form


def form_xobject() -> bytes:
    """Drawn by a form."""
    pdf = _pdf(b"q 1 0 0 1 72 726 cm /Fm Do Q\n")
    pdf.pages[0].Resources.XObject = Dictionary(Fm=pdf.make_indirect(_form(pdf)))
    return _bytes(pdf)


def reused_form() -> bytes:
    """One form drawn twice on each of two pages."""
    pdf = _pdf(b"q 1 0 0 1 72 726 cm /Fm Do Q\nq 1 0 0 1 72 400 cm /Fm Do Q\n")
    pdf.pages[0].Resources.XObject = Dictionary(Fm=pdf.make_indirect(_form(pdf)))
    pdf.pages.append(pdf.pages[0])
    return _bytes(pdf)


def nested_form() -> bytes:
    """A form inside a form."""
    pdf = _pdf(b"q 1 0 0 1 72 726 cm /Outer Do Q\n")
    outer = Stream(pdf, b"q 0.9 0 0 0.9 0 0 cm /Fm Do Q")
    outer.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 300, 20]),
        Resources=Dictionary(XObject=Dictionary(Fm=pdf.make_indirect(_form(pdf)))),
    )
    pdf.pages[0].Resources.XObject = Dictionary(Outer=pdf.make_indirect(outer))
    return _bytes(pdf)


def annotation() -> bytes:
    """A free text annotation with its own drawing, and a note."""
    pdf = _pdf(b"")
    note = Dictionary(
        Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([72, 720, 400, 745]), Contents=String(SECRET), DA=String("/Helv 12 Tf 0 g"), F=4
    )
    note.AP = Dictionary(N=pdf.make_indirect(_form(pdf)))
    popup = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([10, 10, 30, 30]), Contents=String(SECRET), T=String(SECRET))
    pdf.pages[0].Annots = Array([pdf.make_indirect(note), pdf.make_indirect(popup)])
    return _bytes(pdf)


def form_field() -> bytes:
    """A field's value, its drawing and its name."""
    pdf = _pdf(b"")
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("Remarks"), V=String(SECRET), Rect=Array([72, 720, 400, 745]), F=4
    )
    field.AP = Dictionary(N=pdf.make_indirect(_form(pdf)))
    field.DA = String("/F1 12 Tf 0 g")
    held = pdf.make_indirect(field)
    pdf.pages[0].Annots = Array([held])
    pdf.Root.AcroForm = Dictionary(Fields=Array([held]), DR=Dictionary(Font=Dictionary(F1=_font())))
    return _bytes(pdf)


def metadata() -> bytes:
    """Also in the information dictionary, in two encodings, and in XMP."""
    pdf = _pdf(_line())
    pdf.docinfo["/Title"] = SECRET
    pdf.docinfo["/Odd"] = SECRET.encode("utf-16-be")
    with pdf.open_metadata() as meta:
        meta["dc:description"] = SECRET
    return _bytes(pdf)


def attachment() -> bytes:
    """Also in a file inside the file."""
    pdf = _pdf(_line())
    pdf.attachments["note.txt"] = SECRET.encode()
    return _bytes(pdf)


def bookmark_and_script() -> bytes:
    """Also as a bookmark, in a script, and in private data."""
    pdf = _pdf(_line())
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{SECRET}')"))
    pdf.pages[0].PieceInfo = Dictionary(Any=Dictionary(Private=String(SECRET)))
    return _bytes(pdf)


def earlier_revision() -> bytes:
    """The newest revision shows a harmless line; the one before it, still in the file, shows the secret."""
    first = _bytes(_pdf(_line()))
    with Pdf.open(io.BytesIO(first)) as pdf:
        number = pdf.pages[0].Contents.objgen[0]
    body = _kept()
    start = len(first)
    added = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(body), body)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, start)
    previous = first.rsplit(b"startxref", 1)[1].split()[0]
    with Pdf.open(io.BytesIO(first)) as pdf:
        size, root = len(pdf.objects) + 1, pdf.Root.objgen[0]
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, previous, start + len(added))
    return first + added + table + trailer


def type3() -> bytes:
    """Letters that are little drawings."""
    pdf = _pdf(b"BT /T3 12 Tf 72 730 Td (" + SECRET.encode() + b") Tj ET\n")
    letters = sorted(set(SECRET.replace(" ", "")))
    procs = Dictionary({f"/{letter}": pdf.make_indirect(Stream(pdf, b"700 0 0 0 600 700 d1 0 0 600 700 re f")) for letter in letters})
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 700, 700]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=procs,
        Encoding=Dictionary(
            Type=Name.Encoding, Differences=Array([value for letter in letters for value in (ord(letter), Name(f"/{letter}"))])
        ),
        FirstChar=32,
        LastChar=90,
        Widths=Array([700] * 59),
        Resources=Dictionary(),
    )
    pdf.pages[0].Resources.Font.T3 = pdf.make_indirect(font)
    return _bytes(pdf)


def rotated_text() -> bytes:
    """Up the margin."""
    return _bytes(_pdf(b"BT /F1 12 Tf 0 1 -1 0 40 300 Tm (" + SECRET.encode() + b") Tj ET\n"))


def slanted_text() -> bytes:
    """Across the page."""
    return _bytes(_pdf(b"BT /F1 12 Tf 0.94 0.34 -0.34 0.94 200 400 Tm (" + SECRET.encode() + b") Tj ET\n"))


def vertical_text() -> bytes:
    """One letter below the other."""
    drawn = b"".join(f"BT /F1 12 Tf 500 {600 - 14 * at} Td ({letter}) Tj ET\n".encode() for at, letter in enumerate(SECRET))
    return _bytes(_pdf(drawn))


def optional_content() -> bytes:
    """On a layer that is switched off."""
    pdf = _pdf(b"/OC /Off BDC\n" + _line() + b"EMC\n")
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Draft")))
    pdf.pages[0].Resources.Properties = Dictionary(Off=group)
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group]), Order=Array([group])))
    return _bytes(pdf)


def under_picture() -> bytes:
    """Behind a picture."""
    pdf = _pdf(_line() + b"q 400 0 0 40 60 720 cm /Im Do Q\n")
    image = Stream(pdf, zlib.compress(bytes([200]) * 400))
    image.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=40, Height=10, ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.FlateDecode
    )
    pdf.pages[0].Resources.XObject = Dictionary(Im=pdf.make_indirect(image))
    return _bytes(pdf)


def white_text() -> bytes:
    """White on white."""
    return _bytes(_pdf(b"1 1 1 rg\n" + _line() + b"0 g\n"))


def invisible_mode() -> bytes:
    """In the mode that draws nothing."""
    return _bytes(_pdf(b"BT 3 Tr /F1 12 Tf 72 730 Td (" + SECRET.encode() + b") Tj ET\n"))


def boxed_over() -> bytes:
    """The classic: a black rectangle drawn over live text."""
    return _bytes(_pdf(_line() + b"0 g 60 722 300 24 re f\n"))


def actual_text() -> bytes:
    """As what a mark says is really meant."""
    return _bytes(_pdf(b"/Span << /ActualText (" + SECRET.encode() + b") >> BDC\n" + _line("***", 730) + b"EMC\n"))


def outside_the_crop() -> bytes:
    """Once on the page and once outside what is shown of it."""
    pdf = _pdf(_line() + _line(top=20), box=(-50, -40, 700, 900))
    pdf.pages[0].CropBox = Array([30, 60, 560, 820])
    return _bytes(pdf)


def turned_page() -> bytes:
    """On a page turned by a quarter."""
    pdf = _pdf(_line())
    pdf.pages[0].Rotate = 90
    return _bytes(pdf)


def huge_page() -> bytes:
    """On a page of two metres."""
    return _bytes(_pdf(_line(), box=(0, 0, 6000, 6000)))


def picture_with_exif() -> bytes:
    """In a picture's own properties."""
    target = io.BytesIO()
    picture = Image.new("RGB", (60, 40), "white")
    exif = picture.getexif()
    exif[0x010E] = SECRET
    picture.save(target, "JPEG", exif=exif)
    pdf = _pdf(b"q 120 0 0 80 72 500 cm /Im Do Q\n")
    image = Stream(pdf, target.getvalue())
    image.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=60, Height=40, ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode
    )
    pdf.pages[0].Resources.XObject = Dictionary(Im=pdf.make_indirect(image))
    return _bytes(pdf)


def picture_with_comment() -> bytes:
    """In the comment of a picture's file."""
    target = io.BytesIO()
    Image.new("L", (60, 40), 255).save(target, "JPEG", comment=SECRET)
    pdf = _pdf(b"q 120 0 0 80 72 500 cm /Im Do Q\n")
    image = Stream(pdf, target.getvalue())
    image.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=60, Height=40, ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.DCTDecode
    )
    pdf.pages[0].Resources.XObject = Dictionary(Im=pdf.make_indirect(image))
    return _bytes(pdf)


def unused_objects() -> bytes:
    """Also in objects that nothing draws."""
    pdf = _pdf(_line())
    pdf.Root.Spare = pdf.make_indirect(Stream(pdf, _line()))
    pdf.pages[0].Resources.XObject = Dictionary(Never=pdf.make_indirect(_form(pdf)))
    return _bytes(pdf)


def no_tounicode() -> bytes:
    """Letters of an embedded font whose codes have no meaning as text: only the picture says what they are."""
    from pipeline.redaction.typefaces import SANS, register

    register()
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 760, KEPT[0])
    canvas.drawString(72, 700, KEPT[1])
    canvas.setFont(SANS, 12)
    canvas.drawString(72, 730, SECRET)
    canvas.save()
    with Pdf.open(io.BytesIO(target.getvalue())) as pdf:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and "/ToUnicode" in item:
                del item["/ToUnicode"]
                item.Encoding = Dictionary(Type=Name.Encoding, Differences=Array([0, *[Name(f"/g{code}") for code in range(128)]]))
        return _bytes(pdf)


def _patterned(pdf: Pdf) -> Stream:
    pattern = Stream(pdf, _line(top=0).replace(b"72 0 Td", b"4 10 Td"))
    pattern.stream_dict = Dictionary(
        Type=Name.Pattern,
        PatternType=1,
        PaintType=1,
        TilingType=1,
        BBox=Array([0, 0, 400, 30]),
        XStep=400,
        YStep=30,
        Matrix=Array([1, 0, 0, 1, 72, 715]),
        Resources=Dictionary(Font=Dictionary(F1=_font())),
    )
    return pattern


def pattern_fill() -> bytes:
    """A rectangle filled with a pattern that is the words."""
    pdf = _pdf(b"/Pattern cs /P1 scn 72 715 400 30 re f\n")
    pdf.pages[0].Resources.Pattern = Dictionary(P1=pdf.make_indirect(_patterned(pdf)))
    return _bytes(pdf)


def _masked(paint: bytes) -> bytes:
    pdf = _pdf(b"q /G1 gs " + paint + b" 72 715 400 30 re f Q\n")
    form = Stream(pdf, b"1 g " + _line(top=725))
    form.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 595, 842]),
        Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray),
        Resources=Dictionary(Font=Dictionary(F1=_font())),
    )
    mask = Dictionary(S=Name.Luminosity, G=pdf.make_indirect(form))
    pdf.pages[0].Resources.ExtGState = Dictionary(G1=Dictionary(SMask=mask))
    return _bytes(pdf)


def soft_mask() -> bytes:
    """Black ink that falls through a mask in the shape of the words."""
    return _masked(b"0 g")


def soft_mask_unseen() -> bytes:
    """White ink through the same mask."""
    return _masked(b"1 g")


def structure_tree() -> bytes:
    """What a figure is said to show, for those who hear the page."""
    pdf = _pdf(b"")
    said = Dictionary(S=Name.Figure, Alt=String(SECRET), ActualText=String(SECRET), T=String(SECRET))
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([said])))
    return _bytes(pdf)


def page_label() -> bytes:
    """A page's number with words before it."""
    pdf = _pdf(b"")
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(SECRET))]))
    return _bytes(pdf)


def named_place() -> bytes:
    """The name of a place that links go to."""
    pdf = _pdf(b"")
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(SECRET), Array([pdf.pages[0].obj, Name.Fit])])))
    return _bytes(pdf)


def xfa_form() -> bytes:
    """The data of a form that only Adobe's programs show."""
    pdf = _pdf(b"")
    data = pdf.make_indirect(Stream(pdf, f"<xdp><data><name>{SECRET}</name></data></xdp>".encode()))
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=data)
    return _bytes(pdf)


def private_data() -> bytes:
    """What a program keeps for itself."""
    pdf = _pdf(b"")
    pdf.pages[0].obj.PieceInfo = Dictionary(App=Dictionary(LastModified=String("D:2020"), Private=Dictionary(T=String(SECRET))))
    return _bytes(pdf)


def thumbnail() -> bytes:
    """The little picture of a page as it once was."""
    pdf = _pdf(b"")
    picture = Stream(pdf, SECRET.encode().ljust(40, b"\xff"))
    picture.stream_dict = Dictionary(Width=8, Height=5, ColorSpace=Name.DeviceGray, BitsPerComponent=8)
    pdf.pages[0].obj.Thumb = pdf.make_indirect(picture)
    return _bytes(pdf)


def link_target() -> bytes:
    """Where a link leads."""
    pdf = _pdf(b"")
    action = Dictionary(S=Name.URI, URI=String("https://www.example.org/" + SECRET.replace(" ", "-")))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([72, 700, 200, 720]), A=action)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])
    return _bytes(pdf)


def after_the_end() -> bytes:
    """Bytes after the file's own end."""
    return plain().replace(SECRET.encode(), b"Nothing to see") + SECRET.encode() + b"\n"


def remark_between_drawings() -> bytes:
    """A remark in the page's own code, behind a string with a percent sign."""
    return _bytes(_pdf(f"BT /F1 12 Tf 72 600 Td (one \\(50 %\\)) Tj ET % {SECRET}\n".encode()))


def remark_in_a_form() -> bytes:
    """A remark in the code of a form."""
    pdf = _pdf(b"q 1 0 0 1 72 726 cm /Fm Do Q\n")
    form = _form(pdf)
    form.write(f"% {SECRET}\n0 0 m".encode())
    pdf.pages[0].Resources.XObject = Dictionary(Fm=pdf.make_indirect(form))
    return _bytes(pdf)


def choices_of_a_form() -> bytes:
    """What a list of a form offers besides what was chosen."""
    pdf = _pdf(b"")
    box = Array([72, 720, 400, 745])
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Ch, T=String("Choice"), Rect=box, F=4)
    field.Opt = Array([String("Yes"), Array([String(SECRET), String("No")])])
    held = pdf.make_indirect(field)
    pdf.pages[0].Annots = Array([held])
    pdf.Root.AcroForm = Dictionary(Fields=Array([held]))
    return _bytes(pdf)


def value_before_filling() -> bytes:
    """What a field of a form held before it was filled in."""
    pdf = _pdf(b"")
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("Remarks"), Rect=Array([72, 720, 400, 745]), F=4)
    field.DV = String(SECRET)
    held = pdf.make_indirect(field)
    pdf.pages[0].Annots = Array([held])
    pdf.Root.AcroForm = Dictionary(Fields=Array([held]))
    return _bytes(pdf)


def percent_signs() -> bytes:
    """Nothing hidden: percent signs in strings, in brackets and in a picture in line, and a list of ordinary answers."""
    strings = b"BT /F1 12 Tf 72 600 Td (weight 50 % of (that % there) \\) % more) Tj ET\n"
    picture = b"q 9 0 0 9 72 500 cm BI /W 4 /H 4 /BPC 8 /CS /G ID 0%abcdefghijklmn EI Q\n"
    pdf = _pdf(strings + picture)
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Ch, T=String("Choice"), Rect=Array([72, 400, 400, 420]), F=4)
    field.Opt = Array([String("Yes"), String("No"), Array([String("1"), String("Not known")])])
    held = pdf.make_indirect(field)
    pdf.pages[0].Annots = Array([held])
    pdf.Root.AcroForm = Dictionary(Fields=Array([held]))
    return _bytes(pdf)


SHOWN: dict[str, Callable[[], bytes]] = {
    each.__name__: each
    for each in (
        plain,
        split_tj,
        kerned_tj,
        hex_strings,
        letter_by_letter,
        form_xobject,
        reused_form,
        nested_form,
        metadata,
        attachment,
        bookmark_and_script,
        type3,
        rotated_text,
        slanted_text,
        vertical_text,
        outside_the_crop,
        turned_page,
        huge_page,
        unused_objects,
        pattern_fill,
        soft_mask,
    )
}
"""Files in which the secret is on the face, and often elsewhere too."""

UNSHOWN: dict[str, Callable[[], bytes]] = {
    each.__name__: each
    for each in (
        annotation,
        form_field,
        earlier_revision,
        optional_content,
        under_picture,
        white_text,
        invisible_mode,
        boxed_over,
        actual_text,
        picture_with_exif,
        picture_with_comment,
        soft_mask_unseen,
        structure_tree,
        page_label,
        named_place,
        xfa_form,
        private_data,
        thumbnail,
        link_target,
        after_the_end,
        remark_between_drawings,
        remark_in_a_form,
        choices_of_a_form,
        value_before_filling,
    )
}
"""Files in which the secret is only where nobody sees it, or where it may not be drawn because no reader searched it."""
