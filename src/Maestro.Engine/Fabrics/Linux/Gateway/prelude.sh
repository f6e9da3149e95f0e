# Maestro's words on a gateway. POSIX sh only. Answers are lines that begin with '@'; everything else is evidence.
set -u
umask 077
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL PATH
M=/var/lib/maestro

say() { printf '@%s\n' "$*"; }

# The end of a script that does nothing more: outcome, reason.
finish() {
    say outcome "$1"
    shift
    [ $# -eq 0 ] || say reason "$*"
    exit 0
}

# What is asked for often answers in a variable: each $(...) is a process, and those are most of what a script costs.

# line: the first line of a file, empty when there is none.
line_of() {
    line=
    [ ! -r "$1" ] || IFS= read -r line <"$1" || :
}

# Whole file from standard input: complete and on the disk, or as before.
put() {
    cat >"$1.new" || finish refused "cannot write $1"
    replace "$1"
}

# The same with one line.
put_line() {
    printf '%s\n' "$2" >"$1.new" || finish refused "cannot write $1"
    replace "$1"
}

replace() {
    keep "$1.new"
    mv -f "$1.new" "$1" || finish refused "cannot write $1"
}

# One of us at a time; held until the script ends.
lock() {
    [ -d "$M" ] || mkdir -p "$M" 2>/dev/null || finish refused "cannot make $M: $(id -un) may not"
    exec 9>"$M/lock" || finish refused "cannot open $M/lock"
    command -v flock >/dev/null 2>&1 || finish refused "flock is missing on this host (package util-linux)"
    flock -w 15 9 || finish busy "another script of Maestro has been working here for 15 s"
    # What nft says is carried away in the answer; nobody knows what stands in it.
    trap 'rm -f "$M/nft.out"' EXIT
}

# Ends when the disk has not so many KiB left. One that fills up half-way is told as something else, or not at all.
room_for() {
    # Seven words of heading, then the file system's own.
    set -- "$1" $(df -Pk "$M" 2>/dev/null)
    case ${12:-} in '' | *[!0-9]*) return 0 ;; esac
    [ "${12}" -ge "$1" ] || finish refused "only ${12} KiB are free in $M, and $1 are needed"
}

# hash: of standard input.
hash_of() {
    hash=$(sha256sum)
    hash=${hash%% *}
}

# Files onto the disk, in whatever order.
keep() { sync "$@" 2>/dev/null || sync; }

# up: whole seconds.
seconds_up() {
    IFS=' ' read -r up _ </proc/uptime
    up=${up%%.*}
}

# this_boot: its id.
boot_id() {
    line_of /proc/sys/kernel/random/boot_id
    this_boot=$line
}

# seen: the highest epoch that was accepted here.
epoch_seen() {
    line_of "$M/epoch"
    seen=${line:-0}
}

# Makes the file and the kernel hold the epoch.
accept_epoch() {
    put_line "$M/epoch" "$1"
    nft -f - <<EOF || finish refused "nft does not keep the epoch"
add table inet maestro
add set inet maestro epoch { type mark; }
add set inet maestro generation { type mark; }
flush set inet maestro epoch
add element inet maestro epoch { $1 }
EOF
}

# Fencing: a holder with a lower epoch than this host has accepted may believe, but cannot act.
fence() {
    epoch_seen
    [ "$1" -ge "$seen" ] || finish fenced "epoch $seen was accepted here; $1 is too old"
    # The kernel's copy may be gone while the file stays: after leaving a group, or when somebody flushed the ruleset.
    [ "$1" -eq "$seen" ] && nft list set inet maestro generation >/dev/null 2>&1 || accept_epoch "$1"
}

# systemd waits for us only where it is this network's own.
has_systemd() { [ -d /run/systemd/system ] && [ "$(readlink /proc/self/ns/net)" = "$(readlink /proc/1/ns/net)" ]; }

# mark: the number in a set of ours that holds one at most; empty for none. Table and set.
mark_in() {
    mark=
    listed=$(nft list set inet "$1" "$2" 2>/dev/null)
    before='elements = { '
    case $listed in
    *"$before"*)
        mark=${listed#*"$before"}
        mark=${mark%%[!0-9a-fA-Fx]*}
        mark=$((mark))
        ;;
    esac
}

# running: the number of the generation that the kernel says it runs; empty for none.
running_generation() {
    mark_in maestro generation
    running=$mark
}

# confirmed: the number of the generation that a restart loads; empty for none.
confirmed_generation() {
    line_of "$M/generation"
    confirmed=${line%% *}
}
