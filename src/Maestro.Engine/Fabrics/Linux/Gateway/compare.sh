# What this host should hold, what a restart loads and what its kernel holds, in this host's own words. NUMBER, FINGERPRINT, $STAGED_POLICY,
# $STAGED_TABLES, $STAGED_DEVICES: the intended generation. Changes nothing: it works in a folder of its own, which it takes away again.
T=$(mktemp -d) || finish refused "cannot make a temporary folder"
trap 'rm -rf "$T"' EXIT

# A content, by name, from the folder $T/<name>.
section_of() {
    D="$T/$1"
    maestro_scratch_listing || finish refused "the $1 content cannot be loaded into an empty namespace here"
    say section "$1"
    awk "$maestro_normal" <"$D/listing.new"
}

mkdir "$T/intended" || finish refused "cannot write $T"
cat <"$STAGED_POLICY" >"$T/intended/policy.nft" && cat <"$STAGED_TABLES" >"$T/intended/tables" && cat <"$STAGED_DEVICES" >"$T/intended/devices" || finish refused "cannot write $T"
section_of intended

line_of "$M/generation"
confirmed=$line
if [ "${confirmed#* }" = "$FINGERPRINT" ]; then
    say confirmed intended
elif [ -n "$confirmed" ] && mkdir "$T/confirmed" && cp "$G/${confirmed%% *}/policy.nft" "$G/${confirmed%% *}/tables" "$G/${confirmed%% *}/devices" "$T/confirmed" 2>/dev/null; then
    section_of confirmed
fi

# The intended tables first, in their order; then what else is ours.
owned_tables >"$T/owned"
cat "$T/intended/tables" "$T/owned" | awk '!seen[$0]++' >"$T/tables"
say section actual
while read -r family name; do
    nft -s list table "$family" "$name" 2>/dev/null </dev/null
done <"$T/tables" | awk "$maestro_normal"
finish done
