# What nft lists, made comparable, and what traffic put into it, carried over. awk as POSIX has it: mawk and busybox do.

# awk that reads "nft -s list table" of any number of tables and prints it without the elements of sets and maps that traffic or time changes: those with
# the dynamic or timeout flag (nft gives the dynamic one to every set that a rule fills). Counters and used quota -s leaves out already; what
# is in strings stays as it is.
maestro_normal='
    /^\t(set|map) / { moving = 0 }
    /^\t\tflags / { moving = ($0 ~ /[ ,](dynamic|timeout)(,|$)/) }
    skipping { if ($0 !~ /,$/) skipping = 0; next }
    /^\t\telements = / && moving { if ($0 ~ /,$/) skipping = 1; next }
    /^\t}/ { moving = 0 }
    { print }'

# The elements of a set as nft lists them, in awk. cut: one line of them, into found; answers how many, and sets last on the last line. key_of: one
# of them without its time, counters, comment and data.
maestro_elements='
    function cut(text, found,    part, count, i, whole, n) {
        sub(/^[ \t]*/, "", text)
        last = (text !~ /,$/)
        sub(last ? " *}$" : ",$", "", text)
        count = split(text, part, /, /)
        whole = ""
        n = 0
        for (i = 1; i <= count; i++) {
            whole = (whole == "") ? part[i] : whole ", " part[i]
            # A comma in a comment cuts no element.
            if (gsub(/"/, "\"", whole) % 2) continue
            found[++n] = whole
            whole = ""
        }
        return n
    }
    function key_of(element) {
        sub(/ (counter|limit|quota|ct count|last|timeout|expires|comment|:) .*$/, "", element)
        sub(/ (counter|last)$/, "", element)
        return element
    }'

# awk that reads the same and names what moves in it, a line each: family, table, kind, name, then for a set its type as nft prints it, for a quota nothing.
# Elements that the content itself puts into such a set follow, a line each, with "element" and the same family, table and name before them.
maestro_moving='
    /^table / { where = $2 " " $3 }
    /^\t(set|map) / { kind = $1; name = $2; type = ""; moving = 0 }
    /^\tquota / { print where, "quota", $2 }
    /^\t\t(type|typeof) / && name != "" { type = $0; sub(/^\t\t/, "", type) }
    /^\t\tflags / && /[ ,](dynamic|timeout)(,|$)/ && name != "" { moving = 1; print where, kind, name, type }
    /^\t\telements = / && moving { inside = 1; sub(/^\t\telements = \{ /, "") }
    inside {
        n = cut($0, found)
        for (i = 1; i <= n; i++) print "element", where, name, key_of(found[i])
        if (last) inside = 0
    }
    /^\t}/ { name = ""; moving = 0; inside = 0 }
'"$maestro_elements"

# Prints what must be added behind the new content so that it goes on with what traffic put into the old one. What the old content itself had put
# there is left out: of that the new content decides. A set whose key or data has another type now is left behind and named on standard error.
# Arguments: the new generation's directory, the running one's.
maestro_carry() {
    [ -s "$1/moving" ] || return 0
    [ -r "$2/moving" ] || return 0
    while read -r family table kind name _; do
        [ "$family" != element ] && [ "$kind" != quota ] || continue
        nft list "$kind" "$family" "$table" "$name" 2>/dev/null </dev/null
    done <"$1/moving" | awk -v new="$1/moving" -v old="$2/moving" '
    BEGIN {
        while ((getline row < new) > 0) {
            split(row, f, " ")
            if (f[1] == "element" || f[3] == "quota") continue
            sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ /, "", row)
            wanted[f[1] " " f[2] " " f[4]] = row
        }
        while ((getline row < old) > 0) if (sub(/^element /, "", row)) known[row] = 1
    }
    /^table / { where = $2 " " $3 }
    /^\t(set|map) / { name = where " " $2; type = ""; printed = 0 }
    /^\t\t(type|typeof) / { type = $0; sub(/^\t\t/, "", type) }
    /^\t\telements = / {
        if (type != wanted[name]) {
            print "@lost " name ": it was \"" type "\" and is \"" wanted[name] "\"" > "/dev/stderr"
            next
        }
        inside = 1
        sub(/^\t\telements = \{ /, "")
    }
    inside {
        n = cut($0, found)
        for (i = 1; i <= n; i++) {
            if (!((name " " key_of(found[i])) in known)) {
                printf "%s%s", printed++ ? ", " : "add element " name " { ", found[i]
            }
        }
        if (last) { inside = 0; if (printed) print " }" }
    }
'"$maestro_elements"
}

# Of such statements those that the new content takes; the others are named on standard error. Arguments: the transaction without them, the statements.
maestro_fitting() {
    while IFS= read -r statement; do
        printf '%s\n' "$statement" >"$2.one"
        if cat "$1" "$2.one" | nft -c -f - >/dev/null 2>&1; then
            printf '%s\n' "$statement"
            continue
        fi
        # nft 1.0.6 lists the quota of an element and cannot read it; the element counts, its quota begins anew.
        printf '%s\n' "$statement" | sed 's/ quota [a-z ]*[0-9][0-9]* [a-z]*bytes\( used [0-9][0-9]* [a-z]*bytes\)\{0,1\}//g' >"$2.one"
        name=${statement#add element }
        name=${name%% \{*}
        if cat "$1" "$2.one" | nft -c -f - >/dev/null 2>&1; then
            cat "$2.one"
            printf '@lost %s: what its elements had used of their quota\n' "$name" >&2
        else
            printf '@lost %s: the new set does not take the elements\n' "$name" >&2
        fi
    done <"$2"
    rm -f "$2.one"
}

# "family table quota number unit" of every named quota that the new content has and traffic has used. Argument: the new generation's directory.
maestro_quotas() {
    [ -s "$1/moving" ] || return 0
    while read -r family table kind name _; do
        [ "$family" != element ] && [ "$kind" = quota ] || continue
        nft list quota "$family" "$table" "$name" 2>/dev/null </dev/null
    done <"$1/moving" | awk '
    /^table / { where = $2 " " $3 }
    /^\tquota / { name = $2 }
    match($0, / used [0-9]+ [a-z]*bytes$/) { split(substr($0, RSTART, RLENGTH), part, " "); print where, name, part[2], part[3] }'
}

# The content with what the named quotas have used already, unless the content says that itself. Arguments: the content, the list of maestro_quotas.
maestro_with_quotas() {
    awk -v list="$2" '
    BEGIN { while ((getline row < list) > 0) { split(row, f, " "); used[f[1] " " f[2] " " f[3]] = " used " f[4] " " f[5] } }
    /^table / { where = $2 " " $3 }
    /^\tquota / { quota = where " " $2 }
    /^add quota / { quota = $3 " " $4 " " $5 }
    quota in used && match($0, /[ \t][0-9]+ *[a-z]*bytes/) {
        if (substr($0, RSTART + RLENGTH) !~ /^ *used/) $0 = substr($0, 1, RSTART + RLENGTH - 1) used[quota] substr($0, RSTART + RLENGTH)
        quota = ""
    }
    /^\t?}/ { quota = "" }
    { print }' "$1"
}

# Has established flows judged anew: the kernel forgets them, and their next packet meets the new policy as a first one would. A TCP flow that the
# policy allows goes on where nf_conntrack_tcp_loose is 1 (Linux sets that); with 0 its packets are invalid and it ends. A flow whose address is
# translated may come back under another port and end. All others that the policy forbids end.
maestro_rematch() {
    if ! command -v conntrack >/dev/null 2>&1; then
        say rematched "no: conntrack is not installed here"
    elif conntrack -F >/dev/null 2>&1; then
        line_of /proc/sys/net/netfilter/nf_conntrack_tcp_loose
        say rematched "yes, tcp_loose $line"
    else
        say rematched "no: conntrack cannot flush"
    fi
}
