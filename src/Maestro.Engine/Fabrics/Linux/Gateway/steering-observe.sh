# What this host steers the group by, all of it. Changes nothing.
tell_steering
finish done
