"""Structs at the edges of stock: forms in; hits, rows and cards out. Makes, models, trims, cities travel as slugs."""

from app.listings.schemas.batches import (
    BatchAction,
    BatchCar,
    BatchForm,
    BatchKind,
    BatchPage,
    BatchStatus,
)
from app.listings.schemas.costs import (
    COST_KINDS,
    CostKind,
    CostLine,
    CostSheetForm,
    CostSheetPage,
)
from app.listings.schemas.listings import (
    ListingForm,
    ListingPatch,
    ListingSearchForm,
    PartingForm,
    StatusForm,
)
from app.listings.schemas.shown import (
    DropRow,
    ListingCard,
    ListingHit,
    OfferedCar,
    OrgRef,
    PriceRow,
    PrintedCar,
    PublicListing,
    SearchPage,
    StockRow,
    TwinRow,
)
from app.listings.schemas.stock import (
    STOCK_SORTS,
    StockFilters,
    StockSort,
    StockViewForm,
    StockViewRow,
)
from app.listings.schemas.words import (
    FACETS,
    LAST_PAGE,
    LIMITS,
    LISTS,
    RADII,
    SORTS,
    Attributes,
    AuctionGrade,
    Channel,
    Colour,
    Condition,
    Description,
    Documents,
    EngineCc,
    Kilometres,
    Latitude,
    Longitude,
    Paint,
    Place,
    Price,
    PriceReason,
    Reason,
    Seller,
    Sort,
    Status,
    StockNumber,
    Title,
    TokenMonth,
    Visibility,
    Year,
)

__all__ = [
    "COST_KINDS", "FACETS", "LAST_PAGE", "LIMITS", "LISTS", "RADII", "SORTS", "STOCK_SORTS", "Attributes",
    "AuctionGrade", "BatchAction", "BatchCar", "BatchForm", "BatchKind", "BatchPage", "BatchStatus", "Channel",
    "Colour", "Condition", "CostKind", "CostLine", "CostSheetForm", "CostSheetPage", "Description", "Documents",
    "DropRow", "EngineCc", "Kilometres", "Latitude", "ListingCard", "ListingForm", "ListingHit", "ListingPatch",
    "ListingSearchForm", "Longitude", "OfferedCar", "OrgRef", "Paint", "PartingForm", "Place", "Price", "PriceReason",
    "PriceRow", "PrintedCar", "PublicListing", "Reason", "SearchPage", "Seller", "Sort", "Status", "StatusForm",
    "StockFilters", "StockNumber", "StockRow", "StockSort", "StockViewForm", "StockViewRow", "Title", "TokenMonth",
    "TwinRow", "Visibility", "Year",
]  # fmt: skip
