# Takes the group's table away. STAGED_STALE: as for writing one.
lock
# Neighbours are to send elsewhere before the last table goes.
set -- "$S"/*.nft
[ "$*" != "$S/$NAME.nft" ] || drop_vrrp
steering_version
[ -z "$version" ] || nft delete table inet "$NAME" >"$M/nft.out" 2>&1 || finish refused "nft does not take the table away: $(head -n 1 "$M/nft.out")"
rm -f "$S/$NAME".*
set -- "$S"/*.nft
[ -e "$1" ] || {
    drop_vrrp
    rm -rf "$S"
    boot_no_more maestro-steering
}
while read -r family words; do
    ip -"$family" $words 2>/dev/null
done <"$STAGED_STALE"
finish done
