[ ! -d templates ] || djlint --check --lint --quiet templates
