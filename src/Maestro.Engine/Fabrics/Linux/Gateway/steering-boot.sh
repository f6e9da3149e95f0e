# The boot step of a host that steers. The tables come before the network: they let nothing pass from uplink to uplink, so that no packet goes by without a
# member. The ways to the members come with their devices.
S=$M/steering

# True when all ways are there.
bring_ways() {
    complete=yes
    for ways in "$S"/*.ways; do
        for family in 4 6; do
            # One that is there already says so.
            sed -n "s/^$family rule /rule /p" "$ways" | ip -"$family" -force -batch - >/dev/null 2>&1
            sed -n "s/^$family route /route /p" "$ways" | ip -"$family" -force -batch - >/dev/null 2>&1 || complete=
        done
    done
    [ -n "$complete" ]
}

# Where systemd runs it starts keepalived. What it would ask is answered by no while anything is missing.
bring_addresses() {
    [ -e "$V" ] && ! has_systemd && has_keepalived || return 0
    vrrp_runs || start_vrrp
}

# A network that is not up after five minutes is nothing to wait for; the next change of the table brings what is missing.
if [ "${1:-}" = later ]; then
    tries=0
    while [ "$tries" -lt 150 ]; do
        sleep 2
        exec 9>"$M/lock"
        flock 9
        if bring_ways; then
            bring_addresses
            exit 0
        fi
        exec 9>&-
        tries=$((tries + 1))
    done
    exit 0
fi

# Whoever was to give the addresses up was cut off in the middle of it.
[ ! -e "$S/hold" ] || put_line "$S/hold" 0
ended=0
for table in "$S"/*.nft; do
    [ -r "$table" ] || continue
    nft -f "$table" && continue
    ended=1
    # Then at least nothing goes by.
    grep '^add table \|^add chain inet [^ ]* leaving \|^add rule inet [^ ]* leaving ' "$table" | nft -f -
done
if bring_ways; then
    bring_addresses
else
    setsid /bin/sh "$S/boot.sh" later </dev/null >/dev/null 2>&1 &
fi
exit "$ended"
