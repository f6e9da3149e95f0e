#!/bin/sh
# Goes on for host.sh where process 1 is systemd: what a container manager gives it, so that it changes nothing of the machine.
#   $1 the bed's directory   $2 the host's folder in it
host=$1/merged
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$host/sys/fs/cgroup" || exit 77

# Not the machine's /dev: journald and others make links and sockets in it.
while read -r name minor; do mknod -m 666 "$host/dev/$name" c 1 "$minor" || exit 78; done <<NODES
null 3
zero 5
full 7
random 8
urandom 9
NODES
mknod -m 666 "$host/dev/tty" c 5 0
mkdir "$host/dev/pts" "$host/dev/shm"
mount -t devpts -o newinstance,nosuid,noexec,ptmxmode=666,mode=620,gid=5 devpts "$host/dev/pts" || exit 78
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs "$host/dev/shm"
ln -s pts/ptmx "$host/dev/ptmx"
ln -s /proc/self/fd "$host/dev/fd"

# Each start is a boot of its own.
mkdir "$host/run/testbed"
cat /proc/sys/kernel/random/uuid >"$host/run/testbed.boot"
# Of the kernel's settings only those that are the host's own can be written.
mount --bind "$host/proc/sys" "$host/proc/sys" && mount -o remount,bind,ro "$host/proc/sys" || exit 79
for own in net kernel/hostname; do
    mount --bind "$host/proc/sys/$own" "$host/proc/sys/$own" && mount -o remount,bind,rw "$host/proc/sys/$own" || exit 79
done
mount --bind "$host/run/testbed.boot" "$host/proc/sys/kernel/random/boot_id" || exit 79

mount --bind "$2" "$host/run/testbed" || exit 80
cd "$host" || exit 73
pivot_root . mnt || exit 74
umount -l /mnt
cd /
exec env -i container=testbed PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --show-status=no </dev/null
