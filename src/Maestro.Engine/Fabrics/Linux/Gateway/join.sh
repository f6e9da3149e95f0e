# Makes this host a member: who it is, the fail-closed policy, the boot step. EPOCH, and files on their way in $STAGED_*.
lock
fence "$EPOCH"
put "$M/group" <"$STAGED_GROUP"
if [ ! -r "$M/member" ] || [ "$(sed -n 's/^id=//p' "$M/member")" != "$MEMBER" ]; then
    printf 'id=%s\nstate=joining\nsince=%s\nepoch=%s\nweight=%s\ndescription=%s\n' "$MEMBER" "$(date +%s)" "$EPOCH" "$WEIGHT" "$DESCRIPTION" | put "$M/member"
fi
put "$M/initial.nft" <"$STAGED_INITIAL"
put "$M/boot.sh" <"$STAGED_BOOT"
chmod 700 "$M/boot.sh"
mkdir -p "$M/generations"
if has_systemd; then
    cat >/etc/systemd/system/maestro-boot.service <<'UNIT'
[Unit]
Description=Maestro: fail-closed policy, then the confirmed generation
DefaultDependencies=no
Before=network-pre.target shutdown.target
Wants=network-pre.target
After=local-fs.target systemd-modules-load.service systemd-sysctl.service nftables.service
RequiresMountsFor=/var/lib/maestro
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh /var/lib/maestro/boot.sh

[Install]
WantedBy=sysinit.target
UNIT
    systemctl daemon-reload && systemctl enable maestro-boot.service >/dev/null 2>&1 || finish refused "the boot step cannot be enabled"
    say boot unit maestro-boot.service
else
    say boot hook "have this host run 'sh $M/boot.sh' before its network comes up"
fi
running_generation
if [ -z "$running" ]; then
    load_initial || finish refused "the initial policy does not load: $(cat "$M/nft.out")"
fi
nft list table inet maestro_initial >/dev/null 2>&1 || [ -n "$running" ] || finish refused "the initial policy is not in the kernel"
finish done
