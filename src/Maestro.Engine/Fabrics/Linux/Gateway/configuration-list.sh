# What this host has of the items that it should have and of those that a restart brings, and the texts of files that are not as they should be, unless they
# are nobody else's to read. $STAGED_ITEMS. Changes nothing: it works in a folder of its own.
T=$(mktemp -d) || finish refused "cannot make a temporary folder"
trap 'rm -rf "$T"' EXIT
awk -F '\t' '$1 !~ /^(blob|managed|manager)$/' "$STAGED_ITEMS" >"$T/intended" || finish refused "cannot write $T"
confirmed_configuration
: >"$T/confirmed"
if [ -n "$confirmed" ] && [ -r "$C/generations/$confirmed/items" ]; then
    cat "$C/generations/$confirmed/items" >"$T/confirmed"
    say section confirmed
    cat "$T/confirmed"
fi
say section actual
{ cat "$T/intended"; beside "$T/confirmed" "$T/intended"; } >"$T/all"
captured "$T/all" >"$T/actual"
cat "$T/actual"
say section texts
awk -F '\t' 'FILENAME == ARGV[1] { if ($1 == "file" && $3 ~ /[4-7]$/) wanted[$2] = $3; next } $1 == "file" && ($2 in wanted) && wanted[$2] != $3 && $3 ~ / [0-7]*[4-7]$/ { print $2 }' "$T/intended" "$T/actual" |
    while IFS= read -r key; do
        size=$(stat -c %s "$key") && [ "$size" -le 65536 ] && printf '%s\t%s\n' "$key" "$(base64 -w 0 <"$key")"
    done
finish done
