# Keeps the two ends of the replication running: an sshd for nothing but the other members' copies, and what sends ours. Leads a process group of its own. DIR.
umask 077
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
Y=$1
echo $$ >"$Y/runner"
mkdir -p /run/sshd
while :; do
    "$(command -v sshd)" -D -f "$Y/sshd_config"
    # The address may not be there yet.
    sleep 1
done </dev/null >/dev/null 2>&1 &
alone=60
while :; do
    # After a restart this member has lost what it knew, and others keep copies of it: it sends again once it is told to, or when for a minute nobody did anything about it.
    read -r sends <"$Y/sends" && read -r boot </proc/sys/kernel/random/boot_id && { [ "$sends" = "$boot" ] || [ "$alone" -le 0 ]; } && perl "$Y/statesync.pl" send "$Y"
    sleep 1
    alone=$((alone - 1))
done </dev/null >/dev/null 2>"$Y/complaints" &
wait
