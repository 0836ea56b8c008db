python infra/scripts/env_example.py --check
check-jsonschema --quiet --builtin-schema vendor.compose-spec docker-compose.yml
check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
python infra/scripts/commit_message.py --range "$(git merge-base origin/main HEAD 2>/dev/null || git rev-parse HEAD)..HEAD"
