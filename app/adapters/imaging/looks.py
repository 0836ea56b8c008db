"""How a picture looks, in numbers: a hash that stays the same for nearly the same picture, and how good it is."""

from PIL import Image, ImageFilter, ImageStat

_ENOUGH_PIXELS = 1280 * 960
_SHARP = 220.0
_EDGES = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def seen(image: Image.Image, pixels: int) -> dict[str, int]:
    grey = image.convert("L")
    grey.thumbnail((512, 512), Image.Resampling.BOX)
    sharp, light = sharpness(grey), exposure(grey)
    size = min(1.0, pixels / _ENOUGH_PIXELS)
    return {
        "looks": dhash(grey),
        "quality": round(100 * (0.4 * size + 0.4 * sharp + 0.2 * light)),
        "sharpness": round(100 * sharp),
        "exposure": round(100 * light),
    }


def dhash(grey: Image.Image) -> int:
    """64 bits: whether each of 8 × 8 places is brighter than the one to its right; as PostgreSQL's signed bigint."""
    small = grey.resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (small[row * 9 + column] > small[row * 9 + column + 1])
    return bits - (1 << 64) if bits >> 63 else bits


def sharpness(grey: Image.Image) -> float:
    """0 to 1, by how much the edges vary: little in a blurred picture, little in a blank one."""
    if min(grey.size) < 3:
        return 0.0
    return min(1.0, ImageStat.Stat(grey.filter(_EDGES)).var[0] / _SHARP)


def exposure(grey: Image.Image) -> float:
    """0 to 1: less the further the mean is from the middle, and the more is quite black or quite white."""
    histogram, count = grey.histogram(), grey.width * grey.height
    middle = 1 - abs(ImageStat.Stat(grey).mean[0] - 128) / 128
    lost = (sum(histogram[:4]) + sum(histogram[252:])) / count
    return max(0.0, min(1.0, middle * 1.4)) * max(0.0, 1 - lost)
