# Loading and proving generations. A generation lies in $G/<number>: policy.nft (the content), tables (family and
# name, a line each), reference (nft's version and the hash of what it lists when it loads the file into an empty namespace), moving (what traffic
# changes in it, see maestro_moving).

G=$M/generations
nft_version=

# Prints the tables in the kernel that a generation of ours put there.
owned_tables() {
    running_generation
    [ -z "$running" ] || [ ! -r "$G/$running/tables" ] || while IFS= read -r line; do printf '%s\n' "$line"; done <"$G/$running/tables"
}

# hash: of the named tables as nft lists them, without handles, counters and what traffic put in. File of tables.
hash_of_tables() {
    hash=$(
        while read -r family name; do
            nft -s list table "$family" "$name" 2>/dev/null || printf 'missing %s %s\n' "$family" "$name"
        done <"$1" | awk "$maestro_normal" | sha256sum
    )
    hash=${hash%% *}
}

# reference: the hash of what the same nft lists when it loads the content into a scratch namespace of its own.
reference_of() {
    D=$G/$1
    [ -n "$nft_version" ] || nft_version=$(nft --version 2>/dev/null)
    if [ -r "$D/reference" ] && [ -r "$D/moving" ]; then
        line_of "$D/reference"
        reference=${line%% *}
        [ "${line#* }" != "$nft_version" ] || return 0
    fi
    reference=
    if maestro_scratch_listing; then
        awk "$maestro_moving" <"$D/listing.new" >"$D/moving"
        reference=$(awk "$maestro_normal" <"$D/listing.new" | sha256sum)
        reference=${reference%% *}
    fi
    rm -f "$D/listing.new"
    [ -n "$reference" ] || return 1
    # Only a memory: one that a crash tore is made anew.
    printf '%s %s\n' "$reference" "$nft_version" >"$D/reference.new" && mv -f "$D/reference.new" "$D/reference"
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

# True when the kernel says that it runs the generation. Sets why otherwise.
runs() {
    running_generation
    [ "$running" = "$1" ] || { why="the kernel does not say that it runs generation $1"; return 1; }
}

# True when the kernel holds exactly what the generation's content makes of an empty one. Sets why otherwise.
proven() {
    why=
    runs "$1" || return 1
    [ -r "$G/$1/tables" ] || { why="generation $1 is not on the disk"; return 1; }
    reference_of "$1" || { why="the reference cannot be made: the content does not load into an empty namespace here"; return 1; }
    hash_of_tables "$G/$1/tables"
    [ "$hash" = "$reference" ] || { why="the kernel lists $hash, the content makes $reference"; return 1; }
}

# A proof is good for a minute of this boot, as long as the kernel says that it runs the same generation. File: number, boot, seconds up.
remember_proof() {
    boot_id
    seconds_up
    printf '%s %s %s\n' "$1" "$this_boot" "$up" >"$M/proof"
}

proven_lately() {
    [ -r "$M/proof" ] && IFS=' ' read -r number boot when <"$M/proof" || return 1
    boot_id
    seconds_up
    [ "$number" = "$1" ] && [ "$boot" = "$this_boot" ] && [ $((up - when)) -le 60 ] && runs "$1"
}

# Prints what takes those out.
without_owned() {
    running_generation
    [ -z "$running" ] || [ ! -r "$G/$running/tables" ] || while read -r family name; do
        printf 'add table %s %s\ndelete table %s %s\n' "$family" "$name" "$family" "$name"
    done <"$G/$running/tables"
}

# One transaction: the epoch that must be there, the previous generation out, this one in, what traffic put in carried over.
transaction_of() {
    epoch_seen
    printf 'delete element inet maestro epoch { %s }\nadd element inet maestro epoch { %s }\n' "$seen" "$seen"
    printf 'add table inet maestro_initial\ndelete table inet maestro_initial\nflush set inet maestro generation\nadd element inet maestro generation { %s }\n' "$1"
    without_owned
    if [ -s "$M/quotas.now" ]; then
        maestro_with_quotas "$G/$1/policy.nft" "$M/quotas.now"
    else
        cat "$G/$1/policy.nft"
    fi
    printf '\n'
}

# Makes the kernel hold a generation. Leaves nft's words in $M/nft.out. Argument: number; "carry" keeps what traffic put in.
load_generation() {
    d=$G/$1
    running_generation
    old=$G/$running
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
        without_owned
        cat "$M/initial.nft"
    } >"$M/transaction.now"
    nft -f "$M/transaction.now" >"$M/nft.out" 2>&1
}
