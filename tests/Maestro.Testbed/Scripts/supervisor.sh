#!/bin/bash
# Process 1 of one testbed. Everything the bed is made of lives in the namespaces of this process, so whatever ends it
# (its owner's end of the pipe closing, or a SIGKILL) makes the kernel take all of it away.
#   $1      the bed's directory on the machine
#   $2...   slots to try, in order; a slot is held by the name of the device that it puts on the machine
#   fd 8    the machine's network namespace
#   stdin   "run N": run jobs/N.sh, answer "done N <exit code>"; the end of the input ends the bed
root=$1
shift
trap '' HUP INT TERM PIPE

# /proc is still the machine's, so this is our number there. With the start time it names us to whoever sweeps.
read -ra stat </proc/self/stat
self=${stat[0]}
printf '%s:%s\n' "$self" "${stat[21]}" >"$root/supervisor"

# Where hosts have systemd each has a control group below the bed's.
groups=
if [ -e "$root/systemd" ]; then groups=$root/cgroup/${root##*/}; fi

end_bed() {
    kill -KILL -1 2>/dev/null
    ip link delete uplink 2>/dev/null
    cd /
    if [ -n "$groups" ]; then
        # The kernel takes a moment to let go of what was killed.
        for ((tries = 0; tries < 250; tries++)); do
            [ -d "$groups" ] || break
            find "$groups" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.02
        done
        umount -l "$root/cgroup"
    fi
    umount -l "$root"/disks/* "$root"/ns/* 2>/dev/null
    rm -rf --one-file-system "$root"
    exit "$1"
}

refuse() {
    printf 'failed %s\n' "$1"
    end_bed 1
}

slot=
for candidate in "$@"; do
    if ip link add uplink type veth peer name "mtb$candidate" netns /proc/self/fd/8 2>"$root/claim.err"; then
        slot=$candidate
        break
    fi
done
[ -n "$slot" ] || refuse "no slot is free: $(head -n 1 "$root/claim.err")"

octets=198.$((18 + slot / 256)).$((slot % 256))
group=$(printf '%x' $((slot + 1)))
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
ip -batch - <<BATCH || refuse 'the switch'
link set lo up
link add management type bridge mcast_snooping 0
link add outside type bridge mcast_snooping 0
link add inside type bridge mcast_snooping 0
link add hidden type bridge mcast_snooping 0
link set management up
link set outside up
link set inside up
link set hidden up
link set uplink master management up
BATCH
nsenter --net=/proc/self/fd/8 ip -batch - <<BATCH || refuse 'the device on the machine'
link set mtb$slot addrgenmode none up
address add $octets.1/24 dev mtb$slot
address add fd4d:6165:$group::1/64 dev mtb$slot nodad
BATCH
# A cut cable is an element of this set: many are cut by one transaction, at one instant.
nft -f - <<'RULES' || refuse 'the cables'
table bridge cables {
    set cut {
        type ifname
    }
    chain arriving {
        type filter hook prerouting priority -300; policy accept;
        iifname @cut drop
    }
    chain leaving {
        type filter hook postrouting priority 300; policy accept;
        oifname @cut drop
    }
}
RULES
for end in outside:client inside:server; do
    file=$root/ns/${end#*:}
    : >"$file"
    # Not unshare --net=FILE, which looks for itself in /proc by its number in the bed: a stranger's there.
    unshare --net /bin/sh -c '
        mount --bind /proc/self/ns/net "$1" && echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad && exec ip -batch -' \
        "${end#*:}" "$file" <<BATCH || refuse "the ${end#*:}"
link set lo up
link add eth0 type veth peer name ${end#*:} netns /proc/$self/ns/net
link set eth0 up
BATCH
    ip link set "${end#*:}" master "${end%:*}" up || refuse "the ${end#*:}"
done
mount -a -T "$root/disks.fstab" || refuse 'the disks'
if [ -n "$groups" ]; then
    mkdir "$root/cgroup" && mount -t cgroup2 cgroup2 "$root/cgroup" && mkdir "$groups" || refuse 'the control groups'
fi

printf 'ready %s %s\n' "$slot" "$self"
while read -r verb number; do
    [ "$verb" = run ] || continue
    (
        /bin/sh "$root/jobs/$number.sh" >"$root/jobs/$number.out" 2>&1 </dev/null
        printf 'done %s %s\n' "$number" "$?"
    ) 8<&- &
done
end_bed 0
