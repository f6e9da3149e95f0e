# What this host steers a group by. NAME: the group's table in nft. VRRP: whether its redundancy is looked after, too.

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
    # Who is in a hurry does not ask.
    [ -z "$VRRP" ] || tell_vrrp
}

# Keeps how the kernel lists the table, without what is in its sets and maps but the version, for steers to compare with. What a power cut leaves of it differs.
note_steering() {
    mark_in "$NAME" version
    echo "$mark" >"$S/$NAME.version" && echo "$AHEAD" >"$S/ahead" && nft -t list table inet "$NAME" >"$S/$NAME.listed"
}

# True when this host steers by what was written here last, all of it. Sets why otherwise. It is asked again and again, so it starts few processes.
steers() {
    why="it steers no group"
    for table in "$S"/*.nft; do
        [ -e "$table" ] || return 1
        name=${table##*/}
        name=${name%.nft}
        mark_in "$name" version
        line_of "$S/$name.version"
        [ -n "$mark" ] && [ "$mark" = "$line" ] || { why="its kernel has version ${mark:-none} of $name, and version $line was written"; return 1; }
        [ "$(nft -t list table inet "$name" 2>/dev/null)" = "$(cat "$S/$name.listed" 2>/dev/null)" ] || { why="the chains of $name are not as they were written"; return 1; }
    done
    # Ways as "family hop table" and "family rule table", each between two bars.
    there="|"
    for family in 4 6; do
        while read -r first _ third fourth _ _ seventh _; do
            case $first.$fourth in
            default.dev) there="$there$family $third $seventh|" ;;
            *.fwmark) there="$there$family rule $seventh|" ;;
            esac
        done <<WAYS
$(ip -"$family" rule show 2>/dev/null)
$(ip -"$family" route show table all proto 177 2>/dev/null)
WAYS
    done
    for file in "$S"/*.ways; do
        while read -r family kind _ _ _ sixth seventh eighth _; do
            case $kind in
            route) way="$family $sixth $eighth" ;;
            *) way="$family rule $seventh" ;;
            esac
            case $there in
            *"|$way|"*) ;;
            *)
                why="it lacks a way to a member: IPv$way"
                return 1
                ;;
            esac
        done <"$file"
    done
    why=
}

# $S/<table>.nft, .ways: what this host steers by, as a restart loads it: nft's text for an empty kernel, and lines of a family and ip's words.
S=$M/steering
