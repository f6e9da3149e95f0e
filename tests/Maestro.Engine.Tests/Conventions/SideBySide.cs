// The tests on hosts spend most of their time waiting: for timers, leases and restarts. Of two cores two at a time leave two thirds idle.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
