
# Items of a configuration, and generations of them. An item is a line: kind, key, value. What is there reads as the very line that is wanted, so that a
# list of items is proven by comparing it with what is read back, and what was there before is undone by applying that. Kinds and their values:
#   file     path                       sha256 owner group mode
#   sysctl   path below /proc/sys       value, with single spaces
#   address  device address/length      present
#   route    family destination metric  the rest, as ip route shows it
# "absent" is the value of what is not there. Lists are sorted. $C/generations/<number>: content (the canonical text), items, managed (what the host's own
# manager brings back at a restart), base (what each item was before we had it), fingerprint. $C/blob/<sha256>: contents of files. $C/confirmed: number and
# fingerprint. $C/running: the number of the generation that was brought. $C/undo: while a commit is not confirmed: items as they were, and the number.

C=$M/configuration
tab='	'

# The items of a list as they are now, sorted. File of items.
captured() { captured_of "$1" | sort; }

captured_of() {
    list=$1
    set --
    settings= network=
    while IFS=$tab read -r kind key _; do
        case $kind in
        file)
            if [ -L "$key" ] || { [ -e "$key" ] && [ ! -f "$key" ]; }; then
                printf 'file\t%s\tno plain file\n' "$key"
            elif [ -f "$key" ]; then
                set -- "$@" "$key"
            else
                printf 'file\t%s\tabsent\n' "$key"
            fi
            ;;
        sysctl) if [ -r "/proc/sys/$key" ]; then settings="$settings /proc/sys/$key"; else printf 'sysctl\t%s\tabsent\n' "$key"; fi ;;
        address | route) network=yes ;;
        esac
    done <"$list"
    # Not read by the shell: it reads such a file byte by byte, and the kernel answers whole or not at all.
    [ -z "$settings" ] || awk 'FNR == 1 { gsub(/[ \t]+/, " "); sub(/ $/, ""); printf "sysctl\t%s\t%s\n", substr(FILENAME, 11), $0 }' $settings
    [ $# -eq 0 ] || { sha256sum "$@"; stat -c 'stat %n %U %G %a' "$@"; } | awk '
        $1 == "stat" { printf "file\t%s\t%s %s %s %s\n", $2, hash[$2], $3, $4, length($5) < 3 ? substr("00" $5, length($5)) : $5; next }
        { hash[$2] = $1 }'
    [ -z "$network" ] || { ip -o addr show; echo "@4"; ip -4 route show table main; echo "@6"; ip -6 route show table main; } | awk -v list="$list" '
        function tell(    i, n, word, rest, metric, key) {
            if (held == "") return
            n = split(held, word, " ")
            rest = ""
            metric = 0
            for (i = 2; i <= n; i++) {
                if (word[i] == "metric") metric = word[++i]
                else if (word[i] == "pref" || word[i] == "expires") i++
                else if (word[i] !~ /^(linkdown|dead|offload|trap|rt_offload|rt_trap)$/) rest = rest (rest == "" ? "" : " ") word[i]
            }
            key = family " " word[1] " " metric
            if (!(key in route)) route[key] = rest
            held = ""
        }
        /^@/ { tell(); family = substr($1, 2); next }
        family == "" { if ($3 ~ /^inet6?$/) address[$2 " " $4] = 1; next }
        /^[ \t]/ { held = held " " $0; next }
        { tell(); held = $0 }
        END {
            tell()
            while ((getline line < list) > 0) {
                split(line, part, "\t")
                if (part[1] == "address") printf "address\t%s\t%s\n", part[2], (part[2] in address) ? "present" : "absent"
                if (part[1] == "route") printf "route\t%s\t%s\n", part[2], (part[2] in route) ? route[part[2]] : "absent"
            }
        }'
}

# Lines of the first list whose items are none of the second's.
beside() { awk -F '\t' 'FILENAME == ARGV[1] { key[$1 FS $2] = 1; next } !(($1 FS $2) in key)' "$2" "$1"; }

# Lines of the first list whose items are the second's too.
among() { awk -F '\t' 'FILENAME == ARGV[1] { key[$1 FS $2] = 1; next } ($1 FS $2) in key' "$2" "$1"; }

# next: where the next content of a file lies until it takes its place.
next_of() { next=${1%/*}/.${1##*/}.maestro; }

# Brings one item to a value. Sets why otherwise.
bring() {
    why=
    case $1 in
    file)
        if [ "$3" = absent ]; then
            rm -f "$2" && return 0
        else
            IFS=' ' read -r hash owner group mode <<VALUE
$3
VALUE
            next_of "$2"
            cp "$C/blob/$hash" "$next" 2>>"$C/said" && chown "$owner:$group" "$next" 2>>"$C/said" && chmod "$mode" "$next" 2>>"$C/said" && keep "$next" && mv -f "$next" "$2" 2>>"$C/said" && return 0
            rm -f "$next"
        fi
        ;;
    sysctl) [ "$3" = absent ] || { printf '%s\n' "$3" >"/proc/sys/$2"; } 2>>"$C/said" && return 0 ;;
    address)
        if [ "$3" = present ]; then
            ip addr replace "${2#* }" dev "${2%% *}" 2>>"$C/said" && return 0
        else
            # Gone with its device is gone as well.
            ip addr del "${2#* }" dev "${2%% *}" 2>/dev/null || :
            return 0
        fi
        ;;
    route)
        IFS=' ' read -r family to metric <<KEY
$2
KEY
        [ "$metric" = 0 ] && metric= || metric="metric $metric"
        if [ "$3" = absent ]; then
            ip "-$family" route del "$to" $metric 2>/dev/null || :
            return 0
        else
            ip "-$family" route replace "$to" $3 $metric 2>>"$C/said" && return 0
        fi
        ;;
    esac
    IFS= read -r why <"$C/said" 2>/dev/null || :
    why="$1 $2: ${why:-it cannot be brought}"
    return 1
}

# Brings a list of items, only what is not so already. "soft" goes on past what cannot be had. Sets why when one could not.
bring_all() {
    captured "$1" >"$C/now"
    comm -23 "$1" "$C/now" >"$C/todo"
    failed=
    : >"$C/said"
    while IFS=$tab read -r kind key value <&7; do
        bring "$kind" "$key" "$value" && continue
        failed=${failed:-$why}
        [ "${2:-}" = soft ] || break
        : >"$C/said"
    done 7<"$C/todo"
    rm -f "$C/now" "$C/todo" "$C/said"
    why=$failed
    [ -z "$failed" ]
}

# True when all items of a list read back as they are wanted. Sets why otherwise.
reads_back() {
    why=
    different=$(captured "$1" | comm -23 "$1" - 2>/dev/null)
    [ -n "$different" ] || return 0
    IFS=$tab read -r kind key value <<DIFFERENT
$different
DIFFERENT
    why="$kind $key is not what it should be"
    return 1
}

# True when the generation was brought and all of it reads back. Sets why otherwise.
configured() {
    brought "$1" || return 1
    [ -r "$C/generations/$1/items" ] || { why="generation $1 is not on the disk"; return 1; }
    reads_back "$C/generations/$1/items"
}

# True when the generation is the one that was brought last. Sets why otherwise.
brought() {
    line_of "$C/running"
    [ "$line" = "$1" ] || { why="it does not say that it has generation $1"; return 1; }
}

# confirmed, confirmed_print: number and fingerprint of the configuration that a restart brings; empty for none.
confirmed_configuration() {
    line_of "$C/confirmed"
    confirmed=${line%% *}
    confirmed_print=${line#* }
}

# undone: the number of the generation whose commit can be undone; empty for none.
undo_number() {
    line_of "$C/undo/number"
    undone=$line
}

# Writes how things are to the disk before generation $1 changes them, whole or not at all: the items that it names, and those that it gives back.
# What a member has of the same commit already stays: by now things may be half changed.
remember() {
    undo_number
    [ "$undone" != "$1" ] || return 0
    rm -rf "$C/undo.new"
    mkdir -p "$C/undo.new" "$C/blob" || return 1
    confirmed_configuration
    base=$C/generations/$confirmed/base
    [ -n "$confirmed" ] && [ -r "$base" ] || base=/dev/null
    # What an earlier generation had and this one does not name goes back to what it was before us.
    { cat "$C/generations/$1/items"; beside "$base" "$C/generations/$1/items"; } | sort >"$C/undo.new/target" || return 1
    captured "$C/undo.new/target" >"$C/undo.new/items" || return 1
    while IFS=$tab read -r kind key value <&7; do
        [ "$kind" != file ] || [ "$value" = absent ] && continue
        [ -e "$C/blob/${value%% *}" ] || { cp "$key" "$C/blob/.new" && hash_of <"$C/blob/.new" && [ "$hash" = "${value%% *}" ] && keep "$C/blob/.new" && mv -f "$C/blob/.new" "$C/blob/$hash"; } 2>/dev/null || return 1
    done 7<"$C/undo.new/items"
    # Before us each item was what its first generation found.
    { among "$base" "$C/generations/$1/items"; beside "$C/undo.new/items" "$base" | among /dev/stdin "$C/generations/$1/items"; } | sort >"$C/undo.new/base" || return 1
    printf '%s\n' "$1" >"$C/undo.new/number" || return 1
    keep "$C/undo.new/items" "$C/undo.new/target" "$C/undo.new/base" "$C/undo.new/number" "$C/undo.new" "$C/blob"
    rm -rf "$C/undo"
    mv "$C/undo.new" "$C/undo" && keep "$C"
}

# What a script that died had written beside the files of a list.
drop_next() {
    while IFS=$tab read -r kind key _; do
        [ "$kind" = file ] || continue
        next_of "$key"
        [ ! -e "$next" ] || rm -f "$next"
    done <"$1"
}

# Makes things as they were before the commit that is not confirmed, and as the confirmed generation says. Sets why otherwise.
configuration_back() {
    confirmed_configuration
    undo_number
    if [ -n "$undone" ] && [ "$undone" != "$confirmed" ]; then
        drop_next "$C/undo/items"
        bring_all "$C/undo/items" || return 1
        reads_back "$C/undo/items" || return 1
    fi
    if [ -n "$confirmed" ]; then
        bring_all "$C/generations/$confirmed/items" || return 1
        reads_back "$C/generations/$confirmed/items" || return 1
        put_line "$C/running" "$confirmed"
    else
        rm -f "$C/running"
    fi
    rm -rf "$C/undo"
}

# Contents that no list names any more.
forget_blobs() {
    cat "$C"/generations/*/items "$C"/generations/*/base "$C"/undo/items 2>/dev/null | awk -F '\t' '$1 == "file" { split($3, part, " "); print part[1] }' | sort -u >"$C/named"
    for blob in "$C"/blob/*; do
        [ ! -e "$blob" ] || grep -qxF "${blob##*/}" "$C/named" || rm -f "$blob"
    done
    rm -f "$C/named"
}
