# Everything that the engine asks a host in one go. Sends nothing, changes nothing but the cache of the reference.
# The order of the three is POSIX's own, whatever the options'.
IFS=' ' read -r host kernel machine <<NAMES
$(uname -nrm)
NAMES
say host "$host"
say kernel "$kernel"
say cores "$(getconf _NPROCESSORS_ONLN 2>/dev/null || grep -c ^processor /proc/cpuinfo)"
if [ -r /etc/os-release ]; then
    say os "$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release)"
fi
line_of /sys/class/dmi/id/product_name
say model "${line:-$machine}"
nft_version=$(nft --version 2>/dev/null)
say nft "$nft_version"
boot_id
say boot "$this_boot"
seconds_up
say up "$up"
tracked_connections
say connections "$tracked"
line_of "$M/restarted"
[ "${line##* }" != "$this_boot" ] || say restarting "it was told to restart"
epoch_seen
say epoch "$seen"
for kind in group member; do
    [ -r "$M/$kind" ] && while IFS= read -r line; do say "$kind" "$line"; done <"$M/$kind"
done
line_of "$M/generation"
say confirmed "$line"
running_generation
say running "$running"
if [ -n "$running" ]; then
    if proven "$running"; then line_of "$G/$running/fingerprint" && say proven "$line"; else say unproven "$why"; fi
fi
if read_armed; then
    if [ "$armed_boot" = "$this_boot" ] && [ "$armed_number" = "$running" ]; then say armed "$armed_number $((armed_deadline - up))"; fi
fi
for d in "$G"/*; do
    [ -r "$d/fingerprint" ] && line_of "$d/fingerprint" && say staged "${d##*/} $line"
done
if [ -d "$C" ]; then
    line_of "$C/confirmed"
    say configuration.confirmed "$line"
    line_of "$C/running"
    say configuration.running "$line"
    configuration=$line
    if [ -n "$configuration" ]; then
        if configured "$configuration"; then line_of "$C/generations/$configuration/fingerprint" && say configuration.proven "$line"; else say configuration.unproven "$why"; fi
    fi
    A=$C
    if read_armed && [ "$armed_boot" = "$this_boot" ] && [ "$armed_number" = "$configuration" ]; then say configuration.armed "$armed_number $((armed_deadline - up))"; fi
    for d in "$C"/generations/*; do
        [ -r "$d/fingerprint" ] && line_of "$d/fingerprint" && say configuration.staged "${d##*/} $line"
    done
fi
! holding || say held "it came up between a commit and what became of it; forwards nothing until the group is settled"
finish done
