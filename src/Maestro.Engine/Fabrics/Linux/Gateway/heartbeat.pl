# A line each interval, until nobody listens.
$| = 1;
while (print "\n") { select undef, undef, undef, $ARGV[0] }
