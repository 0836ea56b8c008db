python infra/scripts/vendor.py check
python infra/scripts/catalogue.py check
