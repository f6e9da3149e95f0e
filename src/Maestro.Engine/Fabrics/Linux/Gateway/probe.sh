# Runs the user's command here and says whether it ended well. $STAGED_PROBE, LIMIT seconds.
output=$(timeout "$LIMIT" /bin/sh "$STAGED_PROBE" </dev/null 2>&1)
code=$?
[ "$code" -ne 0 ] || finish already
[ "$code" -ne 124 ] || finish refused "it took longer than $LIMIT s"
finish refused "it ended with $code${output:+: $(printf '%s' "$output" | tr '\n' ' ' | cut -c 1-300)}"
