# What nft lists, made comparable, and what traffic put into it, carried over. awk as POSIX has it: mawk and busybox do.

# Reads "nft -s list table" of any number of tables; prints it without counters, used quota, and elements that traffic puts in: those of sets
# with the dynamic or timeout flag, or that a rule adds to or updates.
maestro_normalise() {
    awk '
    { line[NR] = $0 }
    match($0, /(add|update|delete) @[A-Za-z_][A-Za-z0-9_.\/\\-]*/) {
        rest = $0
        while (match(rest, /(add|update|delete) @[A-Za-z_][A-Za-z0-9_.\/\\-]*/)) {
            name = substr(rest, RSTART, RLENGTH)
            sub(/^.*@/, "", name)
            fed[name] = 1
            rest = substr(rest, RSTART + RLENGTH)
        }
    }
    /^\t(set|map|meter) / { block = NR; name_of[NR] = $2 }
    /^\t\tflags / && /dynamic|timeout/ { moving[block] = 1 }
    /^\t}/ { block = 0 }
    END {
        for (i = 1; i <= NR; i++) {
            text = line[i]
            if (text ~ /^\t(set|map|meter) /) block = i
            if (text ~ /^\t}/) block = 0
            if (block && (moving[block] || (name_of[block] in fed)) && text ~ /^\t\telements = /) skip = 1
            if (skip) {
                if (text ~ /}[ \t]*$/) skip = 0
                continue
            }
            gsub(/packets [0-9]+ bytes [0-9]+/, "", text)
            gsub(/ used [0-9]+ [a-z]*bytes/, "", text)
            gsub(/[ \t]+/, " ", text)
            sub(/ $/, "", text)
            print text
        }
    }'
}

# Names the sets and maps of a listing whose elements traffic puts in.
maestro_moving_sets() {
    awk '
    { line[NR] = $0 }
    /(add|update) @/ {
        rest = $0
        while (match(rest, /(add|update) @[A-Za-z_][A-Za-z0-9_.\/\\-]*/)) {
            name = substr(rest, RSTART, RLENGTH)
            sub(/^.*@/, "", name)
            fed[name] = 1
            rest = substr(rest, RSTART + RLENGTH)
        }
    }
    /^\t(set|map) / { block = $2; seen[block] = 1 }
    /^\t\tflags / && /dynamic|timeout/ { if (block != "") moving[block] = 1 }
    /^\t}/ { block = "" }
    END { for (name in seen) if (moving[name] || (name in fed)) print name }' | sort
}

# The elements of one set as "nft list set" prints them, as one line without the braces; empty when it has none.
maestro_elements() {
    awk '
    /elements = \{/ { on = 1; sub(/^.*elements = \{/, "") }
    on {
        text = $0
        if (text ~ /\}[ \t]*$/) { sub(/\}[ \t]*$/, "", text); printf "%s", text; exit }
        printf "%s ", text
    }' | sed -e 's/\([0-9]\)\([smhd]\)\([0-9]*\)ms/\1\2/g' -e 's/ counter packets [0-9]* bytes [0-9]*//g' -e 's/^[ \t]*//' -e 's/[ \t]*$//'
}

# Prints what must be added after the new generation so that it goes on with what traffic put into the old one: a set of the same table and name
# is taken over when the new one takes its elements. Argument: the new generation.
maestro_carry() {
    d=$(generation_directory "$1")
    transaction_of "$1" >"$M/carry.base"
    owned_tables | while read -r family table; do
        grep -qxF "$family $table" "$d/tables" || continue
        nft list table "$family" "$table" >"$M/carry.table" 2>/dev/null || continue
        for name in $(maestro_moving_sets <"$M/carry.table"); do
            elements=$(nft list set "$family" "$table" "$name" 2>/dev/null | maestro_elements)
            [ -n "$elements" ] || elements=$(nft list map "$family" "$table" "$name" 2>/dev/null | maestro_elements)
            [ -n "$elements" ] || continue
            printf 'add element %s %s %s { %s }\n' "$family" "$table" "$name" "$elements" >"$M/carry.one"
            # One that does not fit the new declaration is left behind, and only that one.
            if cat "$M/carry.base" "$M/carry.one" | nft -c -f - 2>/dev/null; then cat "$M/carry.one"; fi
        done
    done
    rm -f "$M/carry.base" "$M/carry.table" "$M/carry.one"
}

# "family table quota bytes-used" of every named quota that a generation of ours has in the kernel.
maestro_quotas() {
    owned_tables | while read -r family table; do
        nft list table "$family" "$table" 2>/dev/null | awk -v where="$family $table" '
        /^\tquota / { name = $2 }
        name != "" && match($0, /used [0-9]+ [a-z]*bytes/) { split(substr($0, RSTART, RLENGTH), part, " "); print where, name, part[2], part[3]; name = "" }
        /^\t}/ { name = "" }'
    done
}

# The content with what the named quotas have used already. Arguments: the policy file, the list that maestro_quotas made.
maestro_with_quotas() {
    awk -v list="$2" '
    BEGIN { while ((getline row < list) > 0) { split(row, f, " "); used[f[1] " " f[2] " " f[3]] = f[4] " " f[5] } }
    /^table / { table = ($3 == "{" || $3 == "") ? "ip " $2 : $2 " " $3 }
    /^[ \t]*quota [A-Za-z_]/ { name = $2; if (!((table " " name) in used)) name = "" }
    name != "" && /bytes/ && !/used/ {
        sub(/bytes/, "bytes used " used[table " " name])
        name = ""
    }
    { print }' "$1"
}

# Has established flows judged anew: the kernel forgets them, and their next packet meets the new policy as a first one would. Flows whose
# middle the policy lets in (tcp_loose, state new) go on; all others end.
maestro_rematch() {
    if command -v conntrack >/dev/null 2>&1; then
        conntrack -F >/dev/null 2>&1 && say rematched yes || say rematched failed
    else
        say rematched "no: conntrack is not installed here"
    fi
}
