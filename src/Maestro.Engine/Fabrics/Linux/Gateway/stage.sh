# Puts a generation on the disk and has this host's own nft check it. NUMBER, FINGERPRINT, KIB, $STAGED_POLICY, $STAGED_TABLES, $STAGED_DEVICES, $STAGED_TIMER.
lock
fence "$EPOCH"
[ -r "$M/member" ] || finish refused "this host is no member"
d=$G/$NUMBER
# What a restart loads stays, whatever is said of it here.
withdraw() {
    confirmed_generation
    [ "$NUMBER" = "$confirmed" ] || rm -rf "$d"
}
cat <"$STAGED_TIMER" >"$M/timer.sh.new"
if cmp -s "$M/timer.sh.new" "$M/timer.sh"; then rm -f "$M/timer.sh.new"; else keep "$M/timer.sh.new" && mv -f "$M/timer.sh.new" "$M/timer.sh"; fi
line_of "$d/fingerprint"
if [ "$line" = "$FINGERPRINT" ] && hash_of <"$d/policy.nft" && [ "$hash" = "$FINGERPRINT" ]; then
    staged=already
else
    staged=done
    room_for "$KIB"
    mkdir -p "$d"
    # What was proven under this number was another content.
    rm -f "$d/fingerprint" "$d/reference" "$M/proof"
    # None of this counts before the fingerprint is there.
    cat <"$STAGED_POLICY" >"$d/policy.nft" && cat <"$STAGED_TABLES" >"$d/tables" && cat <"$STAGED_DEVICES" >"$d/devices" || finish refused "cannot write $d"
    hash_of <"$d/policy.nft"
    [ "$hash" = "$FINGERPRINT" ] || finish refused "the content did not arrive whole"
fi
owned_tables >"$M/owned.now"
while read -r family name; do
    if ! grep -qxF "$family $name" "$M/owned.now" && nft list table "$family" "$name" >/dev/null 2>&1; then
        rm -f "$M/owned.now"
        withdraw
        say foreign "$family $name"
        finish refused "table $family $name exists here and is not ours"
    fi
done <"$d/tables"
rm -f "$M/owned.now"
transaction_of "$NUMBER" >"$M/transaction.now"
if ! nft -c -f "$M/transaction.now" >"$M/nft.out" 2>&1; then
    say lines "$(($(wc -l <"$M/transaction.now") - $(wc -l <"$d/policy.nft") - 1))"
    cat "$M/nft.out"
    withdraw
    finish refused "this host's nft does not take it"
fi
reference_of "$NUMBER" || {
    withdraw
    finish refused "it cannot be loaded into an empty namespace here, so it could never be proven"
}
keep "$d/policy.nft" "$d/tables" "$d/devices" "$d/moving" "$d/reference"
put_line "$d/fingerprint" "$FINGERPRINT"
finish "$staged"
