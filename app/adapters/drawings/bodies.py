"""Bodies of cars as figures: how long, wide and high, where the wheels stand, how the lines run. Metres."""

from collections.abc import Mapping

from msgspec import Struct

from app.adapters.drawings.shells import Knots


class Body(Struct, frozen=True, kw_only=True):
    """`shoulder` is the line from tail to nose where sides end and hood, glass or lid begin.

    `cabin`: the glass house from tail to nose at its foot, and at the roof's edge. `pillars`: where its side windows
    begin, are divided, and end, as places around its outline. `fall`: how much lower the roof is at its tail.
    """

    length: float
    width: float
    height: float
    axles: tuple[float, float]
    wheel: float
    clearance: float
    shoulder: Knots
    fall: float
    cabin: tuple[float, float]
    crown: tuple[float, float]
    roof_half: float
    pillars: tuple[float, ...]
    nose: tuple[float, float] = (0.85, 2.6)
    tail: tuple[float, float] = (0.55, 3.2)
    glass_nose: tuple[float, float] = (0.42, 2.4)
    glass_tail: tuple[float, float] = (0.4, 2.6)
    rugged: bool = False
    bed: tuple[float, float] | None = None
    rails: bool = False
    sliding: bool = False
    roofless: bool = False


_SEDAN = Body(
    length=4.62, width=1.78, height=1.46, axles=(-1.36, 1.36), wheel=0.325, clearance=0.2,
    shoulder=((-2.32, 0.9), (-2.1, 1.0), (-1.6, 1.02), (-0.6, 0.965), (0.9, 0.93), (1.5, 0.86), (2.0, 0.745),
              (2.32, 0.62)),
    fall=0.07,
    cabin=(-1.78, 1.24), crown=(-1.08, 0.36), roof_half=0.6, pillars=(0.95, 1.46, 2.1, 2.36),
)  # fmt: skip
_HATCH = Body(
    length=3.7, width=1.62, height=1.52, axles=(-1.2, 1.2), wheel=0.29, clearance=0.19,
    shoulder=((-1.86, 0.9), (-1.7, 0.98), (-0.6, 0.96), (0.8, 0.93), (1.2, 0.9), (1.6, 0.8), (1.86, 0.66)),
    fall=0.05,
    cabin=(-1.74, 1.12), crown=(-1.48, 0.3), roof_half=0.56, pillars=(0.9, 1.42, 2.0, 2.3),
    nose=(0.6, 2.6), tail=(0.4, 3.6), glass_tail=(0.3, 3.0),
)  # fmt: skip
_SUV = Body(
    length=4.72, width=1.88, height=1.87, axles=(-1.38, 1.42), wheel=0.4, clearance=0.31,
    shoulder=((-2.36, 1.1), (-2.2, 1.2), (-0.8, 1.19), (0.9, 1.16), (1.5, 1.15), (2.1, 1.08), (2.36, 0.92)),
    fall=0.05,
    cabin=(-2.2, 1.25), crown=(-1.9, 0.42), roof_half=0.66, pillars=(0.9, 1.38, 1.86, 2.2),
    nose=(0.6, 3.2), tail=(0.4, 4.0), glass_tail=(0.32, 3.4), rugged=True, rails=True,
)  # fmt: skip
_CROSSOVER = Body(
    length=4.4, width=1.82, height=1.63, axles=(-1.31, 1.31), wheel=0.35, clearance=0.24,
    shoulder=((-2.2, 0.96), (-2.05, 1.06), (-0.8, 1.06), (0.8, 1.0), (1.4, 0.97), (1.9, 0.87), (2.2, 0.72)),
    fall=0.09,
    cabin=(-2.02, 1.22), crown=(-1.6, 0.34), roof_half=0.6, pillars=(0.9, 1.42, 2.0, 2.34),
    nose=(0.65, 2.8), tail=(0.45, 3.4), glass_tail=(0.34, 3.0), rugged=True,
)  # fmt: skip
_WAGON = Body(
    length=4.6, width=1.76, height=1.5, axles=(-1.32, 1.34), wheel=0.32, clearance=0.19,
    shoulder=((-2.3, 0.92), (-2.15, 1.0), (-0.8, 0.97), (0.9, 0.93), (1.5, 0.86), (2.0, 0.745), (2.3, 0.62)),
    fall=0.06,
    cabin=(-2.14, 1.2), crown=(-1.86, 0.3), roof_half=0.58, pillars=(0.9, 1.36, 1.78, 2.2),
    tail=(0.42, 3.6), glass_tail=(0.34, 3.0), rails=True,
)  # fmt: skip
_MINIVAN = Body(
    length=3.4, width=1.48, height=1.78, axles=(-1.2, 1.22), wheel=0.275, clearance=0.19,
    shoulder=((-1.7, 1.0), (-1.6, 1.04), (0.6, 1.02), (1.2, 0.98), (1.5, 0.9), (1.7, 0.78)),
    fall=0.04,
    cabin=(-1.66, 1.46), crown=(-1.56, 0.86), roof_half=0.58, pillars=(0.9, 1.32, 1.78, 2.2),
    nose=(0.4, 3.0), tail=(0.25, 4.5), glass_nose=(0.34, 2.6), glass_tail=(0.24, 4.0), sliding=True,
)  # fmt: skip
_VAN = Body(
    length=4.84, width=1.88, height=2.1, axles=(-1.36, 1.5), wheel=0.335, clearance=0.2,
    shoulder=((-2.42, 1.1), (-2.3, 1.16), (0.8, 1.14), (1.7, 1.1), (2.15, 1.0), (2.42, 0.8)),
    fall=0.05,
    cabin=(-2.36, 2.06), crown=(-2.26, 1.34), roof_half=0.74, pillars=(0.88, 1.24, 1.66, 2.2),
    nose=(0.5, 3.0), tail=(0.25, 5.0), glass_nose=(0.42, 2.6), glass_tail=(0.24, 4.5), sliding=True,
)  # fmt: skip
_MPV = Body(
    length=4.68, width=1.8, height=1.72, axles=(-1.36, 1.4), wheel=0.335, clearance=0.2,
    shoulder=((-2.34, 0.98), (-2.2, 1.06), (-0.8, 1.05), (1.0, 1.0), (1.6, 0.94), (2.05, 0.82), (2.34, 0.66)),
    fall=0.06,
    cabin=(-2.18, 1.5), crown=(-1.94, 0.5), roof_half=0.62, pillars=(0.9, 1.36, 1.8, 2.2),
    nose=(0.7, 2.7), tail=(0.4, 3.8), glass_tail=(0.3, 3.2),
)  # fmt: skip
_DOUBLE_CABIN = Body(
    length=5.3, width=1.86, height=1.82, axles=(-1.62, 1.5), wheel=0.385, clearance=0.3,
    shoulder=((-2.65, 1.12), (-2.5, 1.14), (-0.9, 1.13), (1.0, 1.1), (1.7, 1.07), (2.3, 0.98), (2.65, 0.82)),
    fall=0.06,
    cabin=(-0.92, 1.42), crown=(-0.72, 0.66), roof_half=0.66, pillars=(0.9, 1.4, 2.02, 2.2),
    nose=(0.6, 3.2), tail=(0.2, 6.0), glass_tail=(0.22, 4.5), rugged=True, bed=(-2.52, -1.0),
)  # fmt: skip
_PICKUP = Body(
    length=4.3, width=1.62, height=1.62, axles=(-1.3, 1.28), wheel=0.31, clearance=0.24,
    shoulder=((-2.15, 1.0), (-2.0, 1.02), (-0.3, 1.02), (0.8, 1.0), (1.4, 0.94), (1.9, 0.84), (2.15, 0.7)),
    fall=0.05,
    cabin=(-0.1, 1.28), crown=(0.02, 0.66), roof_half=0.58, pillars=(0.9, 1.92, 1.92, 2.1),
    nose=(0.5, 3.0), tail=(0.2, 6.0), glass_tail=(0.2, 4.5), bed=(-2.04, -0.2),
)  # fmt: skip
_COUPE = Body(
    length=4.4, width=1.8, height=1.34, axles=(-1.28, 1.32), wheel=0.335, clearance=0.16,
    shoulder=((-2.2, 0.88), (-2.0, 0.96), (-1.2, 0.97), (0.6, 0.9), (1.3, 0.83), (1.9, 0.7), (2.2, 0.56)),
    fall=0.1,
    cabin=(-1.7, 1.02), crown=(-0.7, 0.1), roof_half=0.54, pillars=(0.9, 1.86, 1.86, 2.36),
    nose=(0.95, 2.5), tail=(0.6, 2.8),
)  # fmt: skip
_CONVERTIBLE = Body(
    length=4.4, width=1.8, height=1.36, axles=(-1.28, 1.32), wheel=0.335, clearance=0.16,
    shoulder=((-2.2, 0.87), (-2.0, 0.95), (-1.2, 0.95), (0.6, 0.9), (1.3, 0.83), (1.9, 0.7), (2.2, 0.56)),
    fall=0.1,
    cabin=(-1.5, 1.06), crown=(-0.7, 0.26), roof_half=0.56, pillars=(0.9, 1.92, 1.6, 2.36),
    nose=(0.95, 2.5), tail=(0.6, 2.8), roofless=True,
)  # fmt: skip

BODIES: Mapping[str, Body] = {
    "sedan": _SEDAN, "hatchback": _HATCH, "suv": _SUV, "crossover": _CROSSOVER, "station_wagon": _WAGON,
    "mini_van": _MINIVAN, "van": _VAN, "mpv": _MPV, "double_cabin": _DOUBLE_CABIN, "pickup": _PICKUP, "coupe": _COUPE,
    "convertible": _CONVERTIBLE,
}  # fmt: skip
