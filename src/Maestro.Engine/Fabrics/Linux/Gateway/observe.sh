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
model=$(line_of /sys/class/dmi/id/product_name)
say model "${model:-$machine}"
nft_version=$(nft --version 2>/dev/null)
say nft "$nft_version"
say boot "$(boot_id)"
say up "$(seconds_up)"
say epoch "$(epoch_seen)"
for kind in group member; do
    [ -r "$M/$kind" ] && while IFS= read -r line; do say "$kind" "$line"; done <"$M/$kind"
done
say confirmed "$(line_of "$M/generation")"
running=$(running_generation)
say running "$running"
if [ -n "$running" ]; then
    if proven "$running"; then say proven "$(line_of "$(generation_directory "$running")/fingerprint")"; else say unproven "$why"; fi
fi
if read_armed; then
    if [ "$armed_boot" = "$(boot_id)" ] && [ "$armed_number" = "$running" ]; then say armed "$armed_number $((armed_deadline - $(seconds_up)))"; fi
    ! holding || say held "it came up between a commit and what became of it; forwards nothing until the group is settled"
fi
for d in "$M"/generations/*; do
    [ -r "$d/fingerprint" ] && say staged "${d##*/} $(line_of "$d/fingerprint")"
done
finish done
