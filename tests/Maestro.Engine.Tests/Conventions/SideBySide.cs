// The tests on hosts spend most of their time waiting: for timers, leases and restarts. Four at a time keep two slow cores so busy that members' timers run out.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
