#!/usr/bin/env bash
# Other people's files are what VENDOR.toml says; every sentence is in the catalogue and in Urdu.
set -euo pipefail
.venv/bin/python infra/scripts/vendor.py check
.venv/bin/python infra/scripts/catalogue.py check
