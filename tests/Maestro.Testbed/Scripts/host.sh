#!/bin/sh
# Process 1 of one host of a testbed (a gateway or the jump host), in namespaces of its own. It ends as that host's sshd, or as its systemd.
#   $1 the bed's directory   $2 the host's id   $3 the switch's network namespace   $4 only with systemd: the host's control group
root=$1
id=$2
switch=$3
here=$root/hosts/$id
read -r self _ </proc/self/stat
echo "$self" >"$here/pid"
echo "$id" >/proc/sys/kernel/hostname
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad

# Devices exist as in a real host before anything runs, but all are down.
ip -batch "$here/devices.batch" || exit 70
nsenter --net="$switch" ip -batch "$here/ports.batch" || exit 71

# One mount point serves all hosts: each has its own mount namespace.
mount -a -T "$here/fstab" || exit 72
if [ -n "${4:-}" ]; then
    # What the one before a power cut had is empty by now. It takes its own for the root of all.
    [ ! -d "$4" ] || find "$4" -depth -type d -exec rmdir {} + 2>/dev/null
    mkdir "$4" && echo 0 >"$4/cgroup.procs" || exit 76
    exec unshare --cgroup /bin/sh "$root/systemd.sh" "$root" "$here"
fi
# A restart of its own is a boot of its own.
[ ! -e "$here/boot_id" ] || mount --bind "$here/boot_id" "$root/merged/proc/sys/kernel/random/boot_id" || exit 77
mkdir -p "$root/merged/run/sshd" "$root/merged/run/lock"
exec 7>"$here/boot.log" 9>"$here/sshd.log" 6<"$here/up.batch"
cd "$root/merged" || exit 73
pivot_root . mnt || exit 74
umount -l /mnt
cd /

for step in boot.sh steering/boot.sh; do
    [ -f "/var/lib/maestro/$step" ] || continue
    /bin/sh "/var/lib/maestro/$step" >&7 2>&1 6<&- 7>&- 9>&-
    echo "$step ended with $?" >&7
done
[ -e /proc/sys/net/ipv4/ip_forward ] && echo 1 >/proc/sys/net/ipv4/ip_forward
[ -e /proc/sys/net/ipv6/conf/all/forwarding ] && echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
ip -batch - <&6 >&7 2>&1 || exit 75
exec /usr/sbin/sshd -D -e </dev/null >/dev/null 2>&9 6<&- 7>&- 9>&-
