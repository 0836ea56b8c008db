desk openapi --check
