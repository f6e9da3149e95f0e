# What a host runs by itself before its network comes up: a unit where systemd is the host's own, else what its owner has to call.

# Has the host run a script then. Name, description, path. False when that cannot be had.
boot_by_itself() {
    if ! has_systemd; then
        say boot hook "have this host run 'sh $3' before its network comes up"
        return 0
    fi
    boot_unit=/etc/systemd/system/$1.service
    boot_text="[Unit]
Description=$2
DefaultDependencies=no
Before=network-pre.target shutdown.target
Wants=network-pre.target
After=local-fs.target systemd-modules-load.service systemd-sysctl.service nftables.service
RequiresMountsFor=$M
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh $3

[Install]
WantedBy=sysinit.target"
    if [ "$(cat "$boot_unit" 2>/dev/null)" != "$boot_text" ] || [ ! -e "/etc/systemd/system/sysinit.target.wants/$1.service" ]; then
        printf '%s\n' "$boot_text" >"$boot_unit.new" && mv -f "$boot_unit.new" "$boot_unit" && systemctl daemon-reload && systemctl enable "$1.service" >/dev/null 2>&1 || return 1
    fi
    say boot unit "$1.service"
}

# Has it run that no more. Name.
boot_no_more() {
    boot_unit=/etc/systemd/system/$1.service
    [ -e "$boot_unit" ] || return 0
    systemctl disable "$1.service" >/dev/null 2>&1
    rm -f "$boot_unit"
    systemctl daemon-reload
    say removed "$boot_unit"
}
