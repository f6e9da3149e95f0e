# What this member says of the copies that it sends and keeps. Changes nothing.
say now "$(date +%s)"
say section sent
cat "$Y/sent.state" 2>/dev/null
for state in "$Y"/received.*.state; do
    [ -r "$state" ] || continue
    say section "${state##*/}"
    cat "$state"
done
finish done
