# Takes in connections that another member carried. STAGED_CONNECTIONS: conntrack's lines. VERSION: the table's by which they will be this member's. One that is
# here already stays as it is.
# Not fenced: it only adds what nobody judges by until the table of the orchestrators says so, and that is guarded by its version; whoever has the lease of the
# traffic alone has no epoch of the group's changes.
command -v conntrack >/dev/null 2>&1 || finish refused "conntrack is missing on this host (package conntrack), so it cannot take over connections"
# Those that are here as copies are not to go when who sent them sends them elsewhere from now on.
[ ! -d "$M/sync" ] || put_line "$M/sync/taking" "$VERSION"
said=$(conntrack -R "$STAGED_CONNECTIONS" 2>&1 >/dev/null) || say lacking "$(printf '%s\n' "$said" | head -n 1)"
# Whose windows were seen by another, or by this host long ago, would be judged by numbers that are not true here. What was set before comes back on leaving.
setting=/proc/sys/net/netfilter/nf_conntrack_tcp_be_liberal
line_of "$setting"
if [ "$line" != 1 ]; then
    [ -e "$M/liberal" ] || put_line "$M/liberal" "${line:-0}"
    { echo 1 >"$setting"; } 2>/dev/null || finish refused "net.netfilter.nf_conntrack_tcp_be_liberal cannot be set to 1 here, and connections that come in the middle would be dropped"
fi
finish done
