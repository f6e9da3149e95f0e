
# Whether this host can have the items of a generation. What it lacks goes into problems, what somebody else manages into foreign.
wrong() { problems="$problems${problems:+; }$1"; }
others() { foreign="$foreign${foreign:+; }$1"; }

judge_items() {
    set --
    while IFS=$tab read -r kind key value <&7; do
        case $kind in
        file)
            folder=${key%/*}
            [ -d "${folder:-/}" ] || wrong "file $key: there is no folder ${folder:-/}"
            [ ! -L "$key" ] || wrong "file $key: it is a link, and what it leads to would be lost"
            [ ! -e "$key" ] || [ -L "$key" ] || [ -f "$key" ] || wrong "file $key: something else than a file is there"
            IFS=' ' read -r _ owner group _ <<VALUE
$value
VALUE
            id -u "$owner" >/dev/null 2>&1 || wrong "file $key: there is no account $owner"
            grep -q "^$group:" /etc/group || getent group "$group" >/dev/null 2>&1 || wrong "file $key: there is no group $group"
            set -- "$@" "$key"
            ;;
        sysctl)
            if [ ! -e "/proc/sys/$key" ]; then wrong "sysctl $key: this kernel has no such setting"; elif [ ! -w "/proc/sys/$key" ]; then wrong "sysctl $key: it cannot be set here"; fi
            judge_sysctl
            ;;
        address)
            ip link show dev "${key%% *}" >/dev/null 2>&1 || wrong "address $key: there is no device ${key%% *}"
            judge_address
            ;;
        route)
            device=${value##*dev }
            device=${device%% *}
            ip link show dev "$device" >/dev/null 2>&1 || wrong "route $key: there is no device $device"
            judge_route
            ;;
        esac
    done 7<"$d/items"
    while IFS=$tab read -r manager path <&7; do judge_manager; done 7<"$d/managers"
    [ $# -eq 0 ] || judge_packages "$@"
}

# The first file, of those that are there, in which an awk program with three variables finds something. awk itself stops at one that is not there.
scan() {
    a=$1 b=$2 c=$3 program=$4
    shift 4
    for file; do
        shift
        [ ! -f "$file" ] || set -- "$@" "$file"
    done
    [ $# -eq 0 ] || awk -v a="$a" -v b="$b" -v c="$c" "$program" "$@"
}

# What a package put there belongs to it, but for what the package itself says is for people to edit.
judge_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    dpkg-query -S "$@" 2>/dev/null | while IFS= read -r owned; do
        case $owned in "diversion by "*) continue ;; esac
        package=${owned%%: *}
        path=${owned#*: }
        grep -qxF "$path" /var/lib/dpkg/info/"$package".conffiles /var/lib/dpkg/info/"$package":*.conffiles 2>/dev/null || printf '%s%s' "${told:-}" "file $path belongs to the package $package"
        told="; "
    done >"$C/packages"
    IFS= read -r found <"$C/packages" || :
    rm -f "$C/packages"
    [ -z "${found:-}" ] || others "$found"
}

# A file of sysctl's that sets the same to something else would win or lose by chance at the next restart.
judge_sysctl() {
    name=$(printf '%s' "$key" | tr ./ /.)
    set_by=$(scan "$name" "$key" "$value" '
        /^[ \t]*[#;]/ { next }
        {
            at = index($0, "=")
            if (at == 0) next
            left = substr($0, 1, at - 1); right = substr($0, at + 1)
            gsub(/^[ \t-]+|[ \t]+$/, "", left); gsub(/[ \t]+/, " ", right); gsub(/^ | $/, "", right)
            if ((left == a || left == b) && right != c) { print FILENAME; exit }
        }' /etc/sysctl.conf /etc/sysctl.d/*.conf /run/sysctl.d/*.conf)
    [ -z "$set_by" ] || others "sysctl $name is set to something else by $set_by"
}

# An address that the host's own manager gave is that manager's.
judge_address() {
    device=${key%% *}
    address=${key#* }
    bare=${address%/*}
    ip -o addr show dev "$device" dynamic 2>/dev/null | grep -qF " $address " && others "address $key comes from DHCP or router advertisements"
    by=$(scan "$address" "$bare" "" '
        FILENAME ~ /\/maestro$/ || FILENAME ~ /\/10-maestro-[^\/]*$/ { next }
        { line = $0; gsub(/^[ \t]+|[ \t]+$/, "", line) }
        split(line, word, /[ \t=,]+/) > 1 && word[1] ~ /^([Aa]ddress|address[0-9]+)$/ && (word[2] == a || word[2] == b) { print FILENAME; exit }' \
        /etc/network/interfaces /etc/network/interfaces.d/* /etc/systemd/network/*.network /run/systemd/network/*.network /etc/NetworkManager/system-connections/*)
    [ -z "$by" ] || others "address $key is given by $by"
}

# A route whose protocol is not that of a hand or of a file belongs to the daemon of that protocol, and one that a file names to whoever reads that.
judge_route() {
    IFS=' ' read -r family to metric <<KEY
$key
KEY
    printf 'route\t%s\t-\n' "$key" >"$C/one"
    there=$(captured "$C/one")
    rm -f "$C/one"
    there=${there##*"$tab"}
    case $there in
    absent | *"proto static"* | *"proto boot"*) ;;
    *"proto "*)
        by=${there#*proto }
        others "route to $to is kept by ${by%% *}"
        return
        ;;
    esac
    by=$(scan "$to" "$family" "$metric" '
        function told(to, via, metric,    six) {
            six = (to via) ~ /:/
            if (to == "" || to == "0.0.0.0/0" || to == "::/0") to = "default"
            sub(six ? "/128$" : "/32$", "", to)
            if (metric == "") metric = six ? 1024 : 0
            if (found == "" && to == a && (six ? 6 : 4) == b && metric == c) found = file
        }
        # Both kinds of files say several things of one route before it is whole.
        function whole() { if (to != "" || via != "") told(to, via, metric); to = via = metric = section = "" }
        FNR == 1 { whole(); file = FILENAME }
        FILENAME ~ /\/maestro$/ || FILENAME ~ /\/10-maestro-[^\/]*$/ || /^[ \t]*[#;]/ { next }
        FILENAME ~ /\.network$/ {
            gsub(/[ \t]/, "")
            if (/^\[/) { whole(); section = $0; next }
            value = substr($0, index($0, "=") + 1)
            if (section == "[Network]" && /^Gateway=/) told("", value, "")
            if (section == "[Route]" && /^Destination=/) to = value
            if (section == "[Route]" && /^Gateway=/) via = value
            if (section == "[Route]" && /^Metric=/) metric = value
            next
        }
        $1 ~ /^(iface|auto|allow-.*|mapping|source.*)$/ { whole(); next }
        $1 == "gateway" { via = $2; next }
        $1 == "metric" { metric = $2; next }
        $1 ~ /^(pre-|post-)?up$/ && / route +(add|append|change|replace) / {
            way = at = ""
            for (i = 3; i < NF; i++) {
                if ($(i - 1) == "route") dest = $(i + 1)
                if ($i == "via") way = $(i + 1)
                if ($i == "metric") at = $(i + 1)
            }
            told(dest, way, at)
        }
        END { whole(); print found }' /etc/network/interfaces /etc/network/interfaces.d/* /etc/systemd/network/*.network /run/systemd/network/*.network)
    [ -z "$by" ] || others "route to $to is given by $by"
}

judge_manager() {
    case $manager in
    ifupdown)
        if ! command -v ifup >/dev/null 2>&1; then
            wrong "persist ifupdown: ifupdown is not installed here"
        elif has_systemd && ! systemctl is-enabled --quiet networking 2>/dev/null; then
            wrong "persist ifupdown: networking.service is not enabled here, so that a restart would not bring anything"
        fi
        grep -qE '^[[:space:]]*source(-directory)?[[:space:]]+/?(etc/network/)?interfaces\.d' /etc/network/interfaces 2>/dev/null || wrong "persist ifupdown: /etc/network/interfaces does not source interfaces.d"
        ;;
    networkd)
        # The folder in which it keeps its state is there without it.
        if ! systemctl is-active --quiet systemd-networkd 2>/dev/null; then
            wrong "persist networkd: systemd-networkd does not run here"
        elif ! systemctl is-enabled --quiet systemd-networkd 2>/dev/null; then
            wrong "persist networkd: systemd-networkd is not enabled here, so that a restart would not bring anything"
        fi
        device=${path##*/10-maestro-}
        device=${device%.network}
        # By what it says itself, whatever pattern matched; by name, what it has not read yet.
        line_of "/sys/class/net/$device/ifindex"
        by=$(sed -n 's/^NETWORK_FILE=//p' "/run/systemd/netif/links/${line:-none}" 2>/dev/null)
        [ "$by" != "$path" ] || by=
        [ -n "$by" ] || by=$(grep -lxE "Name=(.* )?$device( .*)?" /etc/systemd/network/*.network /run/systemd/network/*.network 2>/dev/null | grep -vxF "$path" | head -n 1)
        [ -z "$by" ] || others "device $device is configured by $by"
        ;;
    esac
}
