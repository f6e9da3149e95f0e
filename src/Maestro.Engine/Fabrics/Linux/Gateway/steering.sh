# What this host steers a group by. NAME: the group's table in nft.

# version: that of the table in the kernel; empty for no table, "?" for one that says none.
steering_version() {
    version=
    nft -t list table inet "$NAME" >/dev/null 2>&1 || return 0
    mark_in "$NAME" version
    version=${mark:-?}
}

tell_steering() {
    steering_version
    say version "$version"
    say section table
    [ -z "$version" ] || nft -j list table inet "$NAME"
    for family in 4 6; do
        say section "rules$family"
        ip -"$family" rule show 2>/dev/null
        say section "routes$family"
        ip -"$family" route show table all proto 177 2>/dev/null
    done
}

# $S/<table>.nft, .ways: what this host steers by, as a restart loads it: nft's text for an empty kernel, and lines of a family and ip's words.
S=$M/steering
