# tracked: how many connections the kernel tracks; empty where nobody can tell. The setting with that number is no help: sh reads a byte at a time, and of a
# setting the kernel then gives the first digit alone.
tracked_connections() {
    tracked=
    entries=
    [ -r /proc/net/stat/nf_conntrack ] || return 0
    {
        read -r _
        read -r entries _
    } </proc/net/stat/nf_conntrack
    [ -z "$entries" ] || tracked=$((0x$entries))
}
