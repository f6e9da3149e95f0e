using Maestro.Victim.Verbs;

// One verb a kind of work; each says on standard output what it has done, line by line, and is listened to until it is killed.
var verbs = new Dictionary<string, Func<string[], Task>>(StringComparer.Ordinal)
{
    ["identity"] = IdentityVerb.RunAsync,
    ["append"] = AppendVerb.RunAsync,
    ["lease"] = LeaseVerb.RunAsync,
    ["change"] = ChangeVerb.RunAsync,
    ["watch"] = WatchVerb.RunAsync,
};

if (args.Length == 0 || !verbs.TryGetValue(args[0], out var verb))
{
    Console.Error.WriteLine("Verbs: " + string.Join(", ", verbs.Keys.Order(StringComparer.Ordinal)));
    return 2;
}

await verb(args[1..]);
return 0;
