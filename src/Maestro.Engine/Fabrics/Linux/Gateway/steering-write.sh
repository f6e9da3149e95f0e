# Makes this host steer the group by a table, wholly or not at all. EXPECTED: the version that must be there, empty for no table. STAGED_TABLE: nft's
# transaction. STAGED_ROUTES4, STAGED_ROUTES6: ip's lines. STAGED_STALE: a family and ip's words a line, for what is not needed any more afterwards.
# DOWNLINKS: interfaces. FAMILIES: 4, 6 or both.
lock
for tool in nft ip; do
    command -v "$tool" >/dev/null 2>&1 || finish refused "$tool is missing on this host"
done
steering_version
[ "$version" = "$EXPECTED" ] || finish moved "its table has version ${version:-none} by now"
for family in $FAMILIES; do
    case $family in
    4) line_of /proc/sys/net/ipv4/ip_forward && setting=net.ipv4.ip_forward ;;
    6) line_of /proc/sys/net/ipv6/conf/all/forwarding && setting=net.ipv6.conf.all.forwarding ;;
    esac
    [ "$line" = 1 ] || finish refused "this host forwards nothing: $setting is ${line:-not there}"
done
line_of /proc/sys/net/ipv4/conf/all/rp_filter
strict=$line
for device in $DOWNLINKS; do
    line_of "/proc/sys/net/ipv4/conf/$device/rp_filter"
    # The kernel goes by the higher one.
    [ "${line:-0}" -ge "$strict" ] || line=$strict
    [ "$line" != 1 ] || finish refused "what comes back from the gateways would be dropped: net.ipv4.conf.$device.rp_filter is 1; 2 does"
done
# The ways first: from the transaction on packets take them. What is there already stays, and says so.
ip -4 -force -batch - <"$STAGED_ROUTES4" >/dev/null 2>&1
ip -6 -force -batch - <"$STAGED_ROUTES6" >/dev/null 2>&1
if ! nft -f - <"$STAGED_TABLE" >"$M/nft.out" 2>&1; then
    head -n 5 "$M/nft.out"
    finish refused "nft does not take the table"
fi
while read -r family words; do
    # As many words as ip is to see.
    ip -"$family" $words 2>/dev/null
done <"$STAGED_STALE"
tell_steering
finish done
