# Makes this host steer the group by a table, wholly or not at all. EXPECTED: the version that must be there, empty for no table. STAGED_TABLE: nft's
# transaction. STAGED_WAYS: a family and ip's words a line. STAGED_STALE: the same, for what is not needed any more afterwards.
# DOWNLINKS: interfaces. FAMILIES: 4, 6 or both. STAGED_BOOT: the boot step. VRRP: whether the host's redundancy is looked after, too. KEEPALIVED: what it is to
# be, empty for none. STEERS: what keepalived asks. AHEAD: 1 where another host does not get this table now.
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
# What a restart goes by takes the place of the old when the kernel has taken the new; a disk without room is told before that.
mkdir -p "$S" || finish refused "cannot make $S"
trap 'rm -f "$M/nft.out" "$S/$NAME.now" "$S/vrrp.try" "$S/vrrp.out"' EXIT
[ -z "$VRRP" ] || try_vrrp
cat "$STAGED_TABLE" >"$S/$NAME.now" && { echo "add table inet $NAME"; grep -v '^create \|^delete \|^add table ' "$S/$NAME.now"; } >"$S/$NAME.nft.new" || finish refused "cannot write to $S"
cat "$STAGED_WAYS" >"$S/$NAME.ways.new" && cat "$STAGED_BOOT" >"$S/boot.sh.new" || finish refused "cannot write to $S"
# The ways first: from the transaction on packets take them. What is there already stays, and says so.
for family in 4 6; do
    sed -n "s/^$family //p" "$S/$NAME.ways.new" | ip -"$family" -force -batch - >/dev/null 2>&1
done
if ! nft -f "$S/$NAME.now" >"$M/nft.out" 2>&1; then
    head -n 5 "$M/nft.out"
    finish refused "nft does not take the table"
fi
for file in "$S/$NAME.nft" "$S/$NAME.ways" "$S/boot.sh"; do
    mv -f "$file.new" "$file" || finish refused "it steers by the table, but cannot write $file: after a restart it would go by the older one"
done
note_steering || finish refused "it steers by the table, but cannot write to $S"
keep "$S/$NAME.nft" "$S/$NAME.ways" "$S/$NAME.listed" "$S/$NAME.version" "$S/ahead" "$S/boot.sh" "$S"
while read -r family words; do
    # As many words as ip is to see.
    ip -"$family" $words 2>/dev/null
done <"$STAGED_STALE"
boot_by_itself maestro-steering "Maestro: the tables by which this host steers traffic, then the ways to members" "$S/boot.sh" || finish refused "it steers by the table, but the boot step cannot be enabled"
if [ -n "$VRRP" ]; then
    # After all that it asks about.
    if [ -n "$KEEPALIVED" ]; then bring_vrrp; else drop_vrrp; fi
fi
tell_steering
finish done
