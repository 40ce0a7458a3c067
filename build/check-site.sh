#!/usr/bin/env bash
# Builds the documentation as a site in artifacts/site. Fails on a broken link, an unresolved cross reference, and a page that loads something from another server.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

rm -rf artifacts/site docs/api
dotnet docfx docs/docfx.json --warningsAsErrors

# what a browser loads by itself: not the links that a reader follows
loaded=$(grep -rEoh --include='*.html' '<(script|link|img|iframe|source)[^>]*(src|href|srcset)="(https?:)?//[^"]*"' artifacts/site || true)
loaded+=$(grep -rEoh --include='*.css' '(url\(|@import )["'"'"']?(https?:)?//[^)]*' artifacts/site || true)
[ -z "$loaded" ] || { echo "check-site: the site loads from other servers: $loaded" >&2; exit 1; }
pages=$(find artifacts/site -name '*.html' | wc -l)
[ "$pages" -gt 100 ] || { echo "check-site: $pages pages" >&2; exit 1; }
echo "$pages pages in artifacts/site"
