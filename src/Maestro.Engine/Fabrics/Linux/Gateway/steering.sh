# What this host steers a group by. NAME: the group's table in nft.

# version: that of the table in the kernel; empty for no table, "?" for one that says none.
steering_version() {
    version=
    nft -t list table inet "$NAME" >/dev/null 2>&1 || return 0
    mark_in "$NAME" version
    version=${mark:-?}
}

tell_steering() {
    steering_version
    say version "$version"
    say section table
    [ -z "$version" ] || nft -j list table inet "$NAME"
    for family in 4 6; do
        say section "rules$family"
        ip -"$family" rule show 2>/dev/null
        say section "routes$family"
        ip -"$family" route show table all proto 177 2>/dev/null
    done
}

# $S/<table>.nft, .ways: what this host steers by, as a restart loads it: nft's text for an empty kernel, and lines of a family and ip's words.
S=$M/steering
steering_unit=/etc/systemd/system/maestro-steering.service

# Has the host load all that by itself.
boot_by_itself() {
    if ! has_systemd; then
        say boot hook "have this host run 'sh $S/boot.sh' before its network comes up"
        return
    fi
    ! systemctl is-enabled --quiet maestro-steering.service 2>/dev/null || return 0
    cat >"$steering_unit.new" <<UNIT
[Unit]
Description=Maestro: the tables by which this host steers traffic, then the ways to members
DefaultDependencies=no
Before=network-pre.target shutdown.target
Wants=network-pre.target
After=local-fs.target systemd-modules-load.service systemd-sysctl.service nftables.service
RequiresMountsFor=$M
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh $S/boot.sh

[Install]
WantedBy=sysinit.target
UNIT
    mv -f "$steering_unit.new" "$steering_unit" && systemctl daemon-reload && systemctl enable maestro-steering.service >/dev/null 2>&1 || finish refused "it steers by the table, but the boot step cannot be enabled"
}

boot_no_more() {
    rm -rf "$S"
    [ -e "$steering_unit" ] || return 0
    systemctl disable maestro-steering.service >/dev/null 2>&1
    rm -f "$steering_unit"
    systemctl daemon-reload
}
