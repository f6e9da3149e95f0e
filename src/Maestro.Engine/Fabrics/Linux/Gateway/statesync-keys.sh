# Makes the keys by which this member knows the others and they know it, unless it has them, and tells their public halves.
lock
for tool in perl ssh ssh-keygen sshd; do
    command -v "$tool" >/dev/null 2>&1 || finish refused "$tool is missing on this host, so it neither sends nor keeps copies of connections"
done
mkdir -p "$Y" || finish refused "cannot make $Y"
for name in key host; do
    [ -r "$Y/$name" ] || ssh-keygen -q -t ed25519 -N '' -C '' -f "$Y/$name" </dev/null >/dev/null 2>&1 || finish refused "cannot make $Y/$name"
    read -r type key _ <"$Y/$name.pub" || finish refused "cannot read $Y/$name.pub"
    say "$name" "$type $key"
done
finish done
