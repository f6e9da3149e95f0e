# What this host has of the items that it should have and of those that a restart brings. $STAGED_ITEMS. Changes nothing: it works in a folder of its own.
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
captured "$T/all"
finish done
