"""What is said to people of files, columns and rows. Codes are stable; the sentences are msgids of the catalogue."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from app.core.i18n import _


class Words(Struct, frozen=True):
    """`message` says what is wrong, `hint` what to do about it; both are msgids."""

    message: str
    hint: str


FILES: Final[Mapping[str, str]] = {
    "empty": _("This file is empty."),
    "no_rows": _("There is no row of cars below the heading."),
    "encrypted": _("This file is locked with a password. Save it without one and try again."),
    "zip_bomb": _("This file unpacks to far more than a sheet of cars. It was not opened."),
    "nested_archive": _("There is another archive inside this one. Send the sheet itself."),
    "many_files": _("There are several files in this archive. Send the sheet of cars alone."),
    "doctype": _("XML with a DOCTYPE is not accepted. Remove it and try again."),
    "html_page": _("This is a web page, perhaps a sign-in page, and not a sheet of cars."),
    "old_excel": _("This is an Excel file of the old kind. Save it as .xlsx or CSV and try again."),
    "not_a_sheet": _("This is not a sheet. Send CSV, XLSX, XML or JSON."),
    "too_large": _("This file is too large. Send it in parts."),
    "line_too_long": _("A line of this file is longer than any row of cars can be."),
    "too_many_columns": _("This file has more columns than a sheet of cars can have."),
    "too_deep": _("This file is nested deeper than any list of cars."),
    "unknown_container": _("No list of cars was found in this file. Tell us where in it the cars are."),
    "damaged": _("This file is damaged or incomplete. Export it again."),
    "unknown_tab": _("This workbook has no sheet of that name."),
    "unknown_encoding": _("We do not know that encoding."),
    "unknown_separator": _("We do not know that separator."),
    "unknown_format": _("We do not know that format."),
}

NOTES: Final[Mapping[str, str]] = {
    "mixed_encoding": _("Some characters of this file could not be read and stand as question marks."),
    "hidden_tabs": _("Hidden sheets of this workbook were left out."),
    "renamed_columns": _("Columns without a name, or with the same name, were given names of their own."),
    "no_heading": _("No heading was found, so that the columns are numbered."),
    "long_cells": _("Some cells are longer than a cell can be and were shortened."),
    "sampled": _("Only the beginning of this large file was looked at for its columns."),
    "more_columns": _("Columns beyond the first 300 were left out."),
}

MAPPINGS: Final[Mapping[str, Words]] = {
    "same_field": Words(
        _("Two columns go into the same field."), _("Keep one of them and set the other to “don't import”.")
    ),
    "no_car": Words(
        _("No column tells what car it is."), _("Choose the column of the title, or those of make and model.")
    ),
    "unknown_field": Words(_("There is no such field."), _("Choose a field of the list.")),
    "unknown_column": Words(_("The file has no such column."), _("Choose a column of the file.")),
}

ROWS: Final[Mapping[str, Words]] = {
    # problems: the row is not imported
    "no_car": Words(_("Nothing tells what car this is."), _("Fill in make and model, or a title that has them.")),
    "too_many_cells": Words(
        _("This row has more cells than the heading."),
        _("A comma inside a cell has split it: put the cell in quotes, or send XLSX."),
    ),
    "other_currency": Words(_("This price is not in rupees."), _("Write the price in Pakistani rupees.")),
    "price_impossible": Words(
        _("No car has such a price."), _("Write the price in rupees, like 4250000 or 42.5 lakh.")
    ),
    "km_impossible": Words(_("No car has driven that far."), _("Write the kilometres as a whole number, like 54000.")),
    "year_impossible": Words(_("No car has this model year."), _("Write the model year with four digits, like 2019.")),
    "engine_impossible": Words(_("No engine has this size."), _("Write the engine in cc, like 1300.")),
    "stock_number_too_long": Words(_("This stock number is too long."), _("A stock number has at most 40 characters.")),
    "said_twice": Words(_("This car is in the sheet twice, with different facts."), _("Keep one of the rows.")),
    "other_branch": Words(
        _("This car stands in another branch."), _("Ask somebody who works in that branch, or in all of them.")
    ),
    # doubts: the row becomes a draft
    "make_unknown": Words(_("We do not know this make."), _("Choose the make it stands for, or correct it.")),
    "model_unknown": Words(_("We do not know this model."), _("Choose the model it stands for, or correct it.")),
    "make_contradicts": Words(
        _("The row names two different makes."), _("Correct the make, or the title, so that they agree.")
    ),
    "model_contradicts": Words(
        _("The row names two different models."), _("Correct the model, or the title, so that they agree.")
    ),
    "year_contradicts": Words(
        _("The row names two different years."), _("Correct the year, or the title, so that they agree.")
    ),
    "year_unclear": Words(_("The model year is not clear."), _("Write the model year with four digits, like 2019.")),
    "year_unlikely": Words(
        _("This model was not sold in that year."), _("Correct the year or the model, or confirm that it is right.")
    ),
    "price_unclear": Words(
        _("It is not clear how much is asked."), _("Write lakh or crore, or the whole amount, like 4250000.")
    ),
    "several_prices": Words(_("There are several prices in one cell."), _("Keep the one asking price.")),
    "price_unlikely": Words(
        _("This price is far from what such a car costs."), _("Correct the price, or confirm that it is right.")
    ),
    "km_unclear": Words(_("The kilometres are not clear."), _("Write the kilometres as a whole number, like 54000.")),
    "km_unlikely": Words(
        _("Such kilometres are unusual for a car of this age."), _("Correct the kilometres, or confirm them.")
    ),
    "engine_unclear": Words(_("The engine's size is not clear."), _("Write the engine in cc, like 1300.")),
    "import_year_unclear": Words(
        _("The year of import is not clear."), _("Write the year with four digits, like 2019.")
    ),
    "phone_unclear": Words(_("This phone number cannot exist."), _("Write it like 0300 1234567.")),
}

LABELS: Final[Mapping[str, str]] = {
    "stock_number": _("Stock number"),
    "url": _("Web page of the car"),
    "title": _("Title"),
    "make": _("Make"),
    "model": _("Model"),
    "variant": _("Variant"),
    "year": _("Model year"),
    "asking_price": _("Asking price"),
    "currency": _("Currency"),
    "odometer_km": _("Kilometres"),
    "odometer_unit": _("Kilometres or miles"),
    "city": _("City"),
    "branch": _("Branch"),
    "engine_cc": _("Engine"),
    "fuel": _("Fuel"),
    "transmission": _("Gears"),
    "body": _("Body"),
    "colour": _("Colour"),
    "assembly": _("Built"),
    "registered_in": _("Registered in"),
    "condition": _("Condition"),
    "description": _("Description"),
    "images": _("Photos"),
    "import_year": _("Year of import"),
    "auction_grade": _("Auction grade"),
    "token_paid_to": _("Token tax paid until"),
    "documents": _("Documents"),
    "paint": _("Paint"),
    "seller_phone": _("Seller's phone"),
}
