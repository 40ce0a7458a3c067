#!/usr/bin/env bash
# Shows that the packages work outside this repository: packs them into a local feed, runs a program that references the package `Spindle`,
# installs the command as a .NET tool, publishes it as a single file, and runs a tiny study with each. Everything it writes, but for the usual
# build outputs, is in a temporary folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 TERM=dumb

fail() { echo "check-packages: $*" >&2; exit 1; }
section() { echo "-- $* (after $SECONDS s)"; }

# within FOLDER: nothing that is left out on purpose has come back.
lean() {
  local found
  found=$(find "$1" -iname '*skia*' -o -name 'libtorch_python*')
  [ -z "$found" ] || fail "$1 holds what must be left out: $found"
  echo "$1: $(du -sm "$1" | cut -f 1) MB"
}

# holds PACKAGE FILE...: the package has these files.
holds() {
  local files
  files=$(unzip -Z1 "$1")
  for file in "${@:2}"; do
    grep -qx "$file" <<< "$files" || fail "$1 has no $file"
  done
}

# search COMMAND...: a search with two worker processes that must reach its end, in a separate folder.
search() {
  local folder
  folder=$(mktemp -d -p "$work")
  cp "$root/build/package-consumer/study.yaml" "$folder"
  (cd "$folder" && "$@" search study.yaml --workers 2 > log 2>&1) || { cat "$folder/log" >&2; fail "'$* search' failed"; }
  [ -d "$folder/study.tuned" ] || fail "'$* search' left no tuned model"
  tail -n 1 "$folder/log"
}

section pack
dotnet pack -c Release -v quiet -warnaserror "$root" -o "$work/feed"
ls -l "$work/feed"
version=$(basename "$work"/feed/Spindle.Designs.*.nupkg .nupkg)
version=${version#Spindle.Designs.}
for project in "$root"/src/*/*.csproj; do
  name=$(basename "$project" .csproj)
  package=$work/feed/$name.$version.nupkg
  [ -f "$package" ] || fail "$name was not packed"
  if [ "$name" = Spindle.Cli ]; then holds "$package" README.md NOTICE
  else
    holds "$package" README.md NOTICE "lib/net10.0/$name.dll" "lib/net10.0/$name.xml"
    holds "${package%.nupkg}.snupkg" "lib/net10.0/$name.pdb"
  fi
  [[ $(unzip -p "$package" "$name.nuspec") == *'<license type="expression">Apache-2.0'* ]] || fail "$package has no licence"
done

# Spindle's packages come from the local feed only, everything else from the sources of this machine; the machine's package cache is only read
cache=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
{
  echo "<configuration>"
  echo "  <config><add key='globalPackagesFolder' value='$work/packages' /></config>"
  echo "  <fallbackPackageFolders><add key='machine' value='$cache' /></fallbackPackageFolders>"
  echo "  <packageSources><add key='spindle-feed' value='$work/feed' /></packageSources>"
  echo "  <packageSourceMapping>"
  echo "    <packageSource key='spindle-feed'><package pattern='Spindle' /><package pattern='Spindle.*' /></packageSource>"
  dotnet nuget list source | sed -nE "s|^ *[0-9]+\. +(.+) \[Enabled\]$|    <packageSource key='\1'><package pattern='*' /></packageSource>|p"
  echo "  </packageSourceMapping>"
  echo "</configuration>"
} > "$work/nuget.config"

section "a program that references the package Spindle"
mkdir "$work/consumer"
cp "$root"/build/package-consumer/* "$work/consumer"
export SpindleVersion=$version
dotnet run -c Release --project "$work/consumer" -- "$work/consumer/study.yaml" | tee "$work/run.log"
grep -qx 'the search is complete' "$work/run.log" || fail "the program did not finish its search"
lean "$work/consumer/bin"
dotnet publish -c Release -v quiet "$work/consumer" -o "$work/published"
rm -rf "$work/consumer/bin" "$work/consumer/obj"
"$work/published/consumer" "$work/consumer/study.yaml" > "$work/run.log" || fail "the published program failed"
grep -qx 'the search is complete' "$work/run.log" || fail "the published program did not finish its search"
lean "$work/published"
unset SpindleVersion
rm -rf "$work/packages" "$work/published"

section "the command as a .NET tool"
dotnet tool install Spindle.Cli --version "$version" --tool-path "$work/tools" --configfile "$work/nuget.config"
(cd "$work" && "$work/tools/spindle" doctor)
search "$work/tools/spindle"
lean "$work/tools"
rm -rf "$work/tools"

section "the command as a single file"
system=$(dotnet msbuild "$root/src/Spindle.Cli" -getProperty:NETCoreSdkPortableRuntimeIdentifier)
dotnet publish -c Release -v quiet "$root/src/Spindle.Cli" -r "$system" --self-contained -p:PublishSingleFile=true -o "$work/single"
[ -z "$(find "$work/single" -maxdepth 1 -name 'Spindle.*.dll')" ] || fail "the single file left assemblies beside it"
(cd "$work" && env -u DOTNET_ROOT "$work/single/spindle" doctor)
search env -u DOTNET_ROOT "$work/single/spindle"
lean "$work/single"

section done
