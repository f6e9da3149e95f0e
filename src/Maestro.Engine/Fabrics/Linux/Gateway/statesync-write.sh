# Has this member send copies of its connections to the members that back them up, and keep those of others. STAGED_TABLE: what it is told of the
# distribution. STAGED_PEERS: id, host key and key of each other member, a line each. STAGED_PROGRAM, STAGED_RUN: statesync.pl and what keeps it running. ADDRESS, PORT: where the others find it. VERSION: the table's.
lock
[ -r "$M/member" ] || finish stranger "this host is no member"
[ -r "$Y/key" ] && [ -r "$Y/host" ] || finish refused "it has no keys"
there=$(sed -n 's/^version //p' "$Y/table" 2>/dev/null)
[ "${there:-0}" -le "$VERSION" ] || finish moved "it goes by version $there by now"
put "$Y/table.told" <"$STAGED_TABLE"
put "$Y/program.told" <"$STAGED_PROGRAM"
put "$Y/run.told" <"$STAGED_RUN"
: >"$Y/known.told" && : >"$Y/authorized.told" || finish refused "cannot write to $Y"
while read -r id host_type host_key key_type key; do
    echo "$id $host_type $host_key" >>"$Y/known.told"
    echo "restrict,command=\"exec perl $Y/statesync.pl receive $Y $id\" $key_type $key" >>"$Y/authorized.told"
done <"$STAGED_PEERS"
cat >"$Y/sshd.told" <<EOF
Port $PORT
ListenAddress $ADDRESS
HostKey $Y/host
AuthorizedKeysFile $Y/authorized_keys
PermitRootLogin forced-commands-only
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PidFile none
LogLevel ERROR
PermitTTY no
DisableForwarding yes
ClientAliveInterval 5
ClientAliveCountMax 3
MaxStartups 50:30:100
EOF
# Who runs is started anew only for what it does not read by itself.
stale=
for pair in program:statesync.pl run:run.sh sshd:sshd_config; do
    cmp -s "$Y/${pair%%:*}.told" "$Y/${pair#*:}" || stale=yes
    mv -f "$Y/${pair%%:*}.told" "$Y/${pair#*:}" || finish refused "cannot write to $Y"
done
for pair in known:known authorized:authorized_keys table:table; do
    mv -f "$Y/${pair%%:*}.told" "$Y/${pair#*:}" || finish refused "cannot write to $Y"
done
boot_id
put_line "$Y/sends" "$this_boot"
[ -z "$stale" ] || stop_sync
sync_runs || start_sync || finish refused "the replication does not start"
say version "$(sed -n 's/^version //p' "$Y/table")"
finish done
