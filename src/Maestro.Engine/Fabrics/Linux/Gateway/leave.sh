# Takes away all that was placed here. KEEP: "true" leaves the policy in the kernel, else the initial policy stays.
[ -r "$M/member" ] || finish already
lock
fence "$EPOCH"
disarm
if [ -d "$C" ]; then
    A=$C
    # Each item goes back to what it was before us.
    configuration_back || finish refused "$why"
    # A device that is gone for ever keeps nobody in the group.
    [ -z "$confirmed" ] || bring_all "$C/generations/$confirmed/base" soft || say left "an item as the group had it: $why"
    disarm
    rm -rf "$C"
    say removed "$C"
    A=$M
fi
left="the initial policy, in the kernel until the next restart"
if [ "$KEEP" = true ]; then
    left="the policy, in the kernel until the next restart"
else
    load_initial || finish refused "the initial policy does not load: $(cat "$M/nft.out")"
fi
boot_no_more maestro-boot
if [ -d "$Y" ]; then
    stop_sync
    rm -rf "$Y"
    say removed "$Y"
fi
if [ -e "$M/liberal" ]; then
    line_of "$M/liberal"
    { echo "${line:-0}" >/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal; } 2>/dev/null
fi
nft delete table inet maestro 2>/dev/null && say removed "table inet maestro"
for f in "$M"/member "$M"/group "$M"/generation "$M"/holder "$M"/boot.sh "$M"/initial.nft "$M"/transaction.now "$M"/nft.out "$M"/proof "$M"/reverted "$M"/timer.sh "$M"/liberal "$M"/restarted "$M"/generations; do
    [ -e "$f" ] && rm -rf "$f" && say removed "$f"
done
# The epoch stays, and with it the lock: a stale holder must not find an empty host that takes any epoch.
say left "$left"
finish done
