# Loading and proving generations. A generation lies in $M/generations/<number>: policy.nft (the content), tables (family and
# name, a line each), reference (nft's version and the hash of what it lists when it loads the file into an empty namespace), moving (what traffic
# changes in it, see maestro_moving).

generation_directory() { printf '%s/generations/%s' "$M" "$1"; }

# Tables in the kernel that a generation of ours put there.
owned_tables() {
    running=$(running_generation)
    [ -z "$running" ] || cat "$(generation_directory "$running")/tables" 2>/dev/null
}

# The hash of the named tables as nft lists them, without handles, counters and what traffic put in. File of tables.
hash_of_tables() {
    while read -r family name; do
        nft -s list table "$family" "$name" 2>/dev/null || printf 'missing %s %s\n' "$family" "$name"
    done <"$1" | maestro_normalise | hash_of
}

# Loads the content into a scratch namespace of its own and prints the hash of what the same nft lists there.
reference_of() {
    d=$(generation_directory "$1")
    version=${nft_version:-$(nft --version 2>/dev/null)}
    if [ -r "$d/reference" ] && [ -r "$d/moving" ]; then
        IFS= read -r known <"$d/reference" || known=
        [ "${known#* }" != "$version" ] || { printf '%s' "${known%% *}"; return 0; }
    fi
    hash=$(
        export D="$d"
        maestro_scratch
    ) || return 1
    [ -n "$hash" ] || return 1
    # Only a memory: one that a crash tore is made anew.
    printf '%s %s\n' "$hash" "$version" >"$d/reference.new" && mv -f "$d/reference.new" "$d/reference"
    printf '%s' "$hash"
}

# What the same nft lists when it loads the content of $D into an empty namespace, into $D/listing.new. Devices that rules name by index must exist
# there, or the file does not load.
maestro_scratch_listing() {
    unshare -n sh -s "$D" <<'SCRATCH'
set -u
LC_ALL=C; export LC_ALL
D=$1
while read -r device; do
    [ -n "$device" ] || continue
    ip link show dev "$device" >/dev/null 2>&1 || ip link add name "$device" type bridge >/dev/null 2>&1 || ip tuntap add dev "$device" mode tap >/dev/null 2>&1
done <"$D/devices"
nft -f "$D/policy.nft" >/dev/null 2>&1 || exit 1
# A loader that says yes and does nothing must not become its own reference.
while read -r family name; do
    nft -s list table "$family" "$name" </dev/null || exit 1
done <"$D/tables" >"$D/listing.new"
SCRATCH
}

maestro_scratch() {
    maestro_scratch_listing
    status=$?
    if [ $status -eq 0 ]; then
        maestro_moving <"$D/listing.new" >"$D/moving"
        maestro_normalise <"$D/listing.new" | hash_of
    fi
    rm -f "$D/listing.new"
    return $status
}

# True when the kernel holds exactly what the generation's content makes of an empty one. Sets why otherwise.
proven() {
    why=
    [ "$(running_generation)" = "$1" ] || { why="the kernel does not say that it runs generation $1"; return 1; }
    d=$(generation_directory "$1")
    [ -r "$d/tables" ] || { why="generation $1 is not on the disk"; return 1; }
    reference=$(reference_of "$1") || { why="the reference cannot be made: the content does not load into an empty namespace here"; return 1; }
    actual=$(hash_of_tables "$d/tables")
    [ "$actual" = "$reference" ] || { why="the kernel lists $actual, the content makes $reference"; return 1; }
}

# A proof is good for a minute of this boot, as long as the kernel says that it runs the same generation. File: number, boot, seconds up.
remember_proof() { printf '%s %s %s\n' "$1" "$(boot_id)" "$(seconds_up)" >"$M/proof"; }

proven_lately() {
    [ -r "$M/proof" ] && IFS=' ' read -r number boot when <"$M/proof" || return 1
    [ "$number" = "$1" ] && [ "$boot" = "$(boot_id)" ] && [ $(($(seconds_up) - when)) -le 60 ] && [ "$(running_generation)" = "$1" ]
}

# One transaction: the epoch that must be there, the previous generation out, this one in, what traffic put in carried over.
transaction_of() {
    epoch=$(epoch_seen)
    cat <<EOF
delete element inet maestro epoch { $epoch }
add element inet maestro epoch { $epoch }
add table inet maestro_initial
delete table inet maestro_initial
flush set inet maestro generation
add element inet maestro generation { $1 }
EOF
    owned_tables | while read -r family name; do
        printf 'add table %s %s\ndelete table %s %s\n' "$family" "$name" "$family" "$name"
    done
    if [ -s "$M/quotas.now" ]; then
        maestro_with_quotas "$(generation_directory "$1")/policy.nft" "$M/quotas.now"
    else
        cat "$(generation_directory "$1")/policy.nft"
    fi
    printf '\n'
}

# Makes the kernel hold a generation. Leaves nft's words in $M/nft.out. Argument: number; "carry" keeps what traffic put in.
load_generation() {
    d=$(generation_directory "$1")
    old=$(generation_directory "$(running_generation)")
    : >"$M/quotas.now"
    [ "${2:-}" != carry ] || maestro_quotas "$d" >"$M/quotas.now"
    transaction_of "$1" >"$M/transaction.now"
    : >"$M/carry.now"
    # Last of all: what traffic puts in between this and the transaction is lost.
    [ "${2:-}" != carry ] || maestro_carry "$d" "$old" >"$M/carry.now" 2>"$M/carry.lost"
    commit_with "$M/carry.now" || {
        # What was carried over may not fit the new sets; the policy matters more.
        [ -s "$M/carry.now" ] || return 1
        maestro_fitting "$M/transaction.now" "$M/carry.now" >"$M/carry.fits" 2>>"$M/carry.lost"
        commit_with "$M/carry.fits" || { say lost everything; commit_with /dev/null; }
    }
    status=$?
    [ ! -s "$M/carry.lost" ] || cat "$M/carry.lost"
    rm -f "$M/quotas.now" "$M/carry.now" "$M/carry.fits" "$M/carry.lost"
    return $status
}

# The transaction with statements behind it, into the kernel.
commit_with() { cat "$M/transaction.now" "$1" | nft -f - >"$M/nft.out" 2>&1; }

# Puts the fail-closed initial policy into the kernel and takes ours out.
load_initial() {
    {
        printf 'add table inet maestro_initial\ndelete table inet maestro_initial\nflush set inet maestro generation\n'
        owned_tables | while read -r family name; do
            printf 'add table %s %s\ndelete table %s %s\n' "$family" "$name" "$family" "$name"
        done
        cat "$M/initial.nft"
    } >"$M/transaction.now"
    nft -f "$M/transaction.now" >"$M/nft.out" 2>&1
}
