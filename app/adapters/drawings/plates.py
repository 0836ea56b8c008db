"""Number plates of no car: they say where the picture comes from."""

from functools import cache

from PIL import Image, ImageDraw, ImageFont

_SIZE = (480, 124)


@cache
def picture() -> Image.Image:
    plate = Image.new("RGB", _SIZE, (238, 239, 234))
    draw = ImageDraw.Draw(plate)
    draw.rectangle((0, 0, _SIZE[0] - 1, _SIZE[1] - 1), outline=(28, 30, 30), width=6)
    draw.rectangle((6, 6, 54, _SIZE[1] - 7), fill=(22, 92, 62))
    draw.text((268, 62), "AUTOMART", fill=(24, 26, 27), font=ImageFont.load_default(64), anchor="mm")
    return plate
