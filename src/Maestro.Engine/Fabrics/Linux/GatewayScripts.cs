using System.Reflection;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>The scripts that run on gateways; their text lies in <c>Gateway/*.sh</c>.</summary>
internal static class GatewayScripts
{
    private static readonly string Words = Text("prelude.sh");
    private static readonly string Generations = Words + Text("text.sh") + Text("generation.sh") + Text("arming.sh");
    private static readonly string Steering = Words + Text("steering.sh") + Text("vrrp.sh");
    private static readonly string Booting = Text("booting.sh");
    private static readonly string StateSync = Words + Text("statesync.sh");
    private static readonly string Both = Generations + Text("configuration.sh");
    private static readonly string Configurations = Words + Text("arming.sh") + Text("configuration.sh") + Text("configured.sh");

    /// <summary>Everything that is asked of a host in one go.</summary>
    public static ShellScript Observe() => new("observe", ScriptIntent.Read, Both + Text("tracked.sh") + Text("observe.sh"));

    public static ShellScript ReadContent(int generation) =>
        new ShellScript("read", ScriptIntent.Read, Words + "cat \"$M/generations/$NUMBER/policy.nft\" 2>/dev/null\n").With("NUMBER", generation);

    /// <summary>What the intended content, the confirmed one and the kernel read like on that host.</summary>
    public static ShellScript Compare(NumberedContent intended, string tables, string devices) =>
        new ShellScript("compare", ScriptIntent.Read, Generations + Text("compare.sh")).With("NUMBER", intended.Number).With("FINGERPRINT", intended.Fingerprint)
            .WithFile("STAGED_POLICY", intended.Content).WithFile("STAGED_TABLES", tables).WithFile("STAGED_DEVICES", devices);

    public static ShellScript Claim(string mode, long epoch, string holder, string operation, string supersede, TimeSpan timeToLive) =>
        new ShellScript(mode, ScriptIntent.Write, Words + Text("claim.sh"))
            .With("MODE", mode).With("EPOCH", epoch).With("HOLDER", holder).With("OPERATION", operation).With("SUPERSEDE", supersede).With("TTL", (long)timeToLive.TotalSeconds);

    public static ShellScript Join(long epoch, string member, string weight, string description, string groupFile, string initialPolicy) =>
        new ShellScript("join", ScriptIntent.Write, Generations + Booting + Text("join.sh"))
            .With("EPOCH", epoch).With("MEMBER", member).With("WEIGHT", weight).With("DESCRIPTION", description)
            .WithFile("STAGED_GROUP", groupFile).WithFile("STAGED_INITIAL", initialPolicy).WithFile("STAGED_BOOT", Generations + Text("boot.sh"));

    public static ShellScript Set(long epoch, string groupFile, string weight, string description) =>
        new ShellScript("set", ScriptIntent.Write, Words + Text("set.sh")).With("EPOCH", epoch).With("WEIGHT", weight).With("DESCRIPTION", description).WithFile("STAGED_GROUP", groupFile);

    public static ShellScript Leave(long epoch, bool keepPolicy) =>
        new ShellScript("leave", ScriptIntent.Write, Both + Booting + Text("statesync.sh") + Text("leave.sh")).With("EPOCH", epoch).With("KEEP", keepPolicy ? "true" : "false");

    public static ShellScript Activate(long epoch) => new ShellScript("activate", ScriptIntent.Write, Words + Text("activate.sh")).With("EPOCH", epoch);

    public static ShellScript Suspend(long epoch, string member, string state, string reason) =>
        new ShellScript("suspend", ScriptIntent.Write, Words + Text("suspend.sh")).With("EPOCH", epoch).With("MEMBER", member).With("STATE", state).With("REASON", reason);

    public static ShellScript Restart(long epoch, string member, string key) =>
        new ShellScript("restart", ScriptIntent.Write, Words + Text("restart.sh")).With("EPOCH", epoch).With("MEMBER", member).With("KEY", key);

    public static ShellScript Stage(long epoch, NumberedContent generation, string tables, string devices) =>
        Generation("stage", epoch, generation).WithFile("STAGED_POLICY", generation.Content).WithFile("STAGED_TABLES", tables).WithFile("STAGED_DEVICES", devices)
            .WithFile("STAGED_TIMER", Generations + Text("timer.sh")).With("KIB", Room(generation.Content.Length));

    public static ShellScript Commit(long epoch, NumberedContent generation, ConnectionTreatment connections, TimeSpan revertAfter) =>
        Generation("commit", epoch, generation).With("CONNECTIONS", connections.ToString()).With("REVERT", (long)revertAfter.TotalSeconds);

    public static ShellScript Check(NumberedContent generation, TimeSpan atLeast) =>
        new ShellScript("check", ScriptIntent.Read, Generations + Text("check.sh")).With("NUMBER", generation.Number).With("FINGERPRINT", generation.Fingerprint).With("LEAST", (long)atLeast.TotalSeconds);

    /// <summary>Says a line each interval.</summary>
    public static ShellScript Heartbeat(TimeSpan interval) => Perl("heartbeat", Seconds(interval));

    /// <summary>Says for each round which members answered at all their addresses.</summary>
    public static ShellScript Echo(TimeSpan interval, IEnumerable<string> members) => Perl("echo", [Seconds(interval), .. members]);

    private static ShellScript Perl(string name, params string[] arguments)
    {
        var words = string.Concat(Enumerable.Range(0, arguments.Length).Select(i => $" \"$A{i}\""));
        var script = new ShellScript(name, ScriptIntent.Read, $"exec perl -e \"$PROGRAM\" --{words}").With("PROGRAM", Text(name + ".pl"));
        for (var i = 0; i < arguments.Length; i++) script.With($"A{i}", arguments[i]);
        return script;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);

    public static ShellScript Probe(string command, TimeSpan limit) =>
        new ShellScript("probe", ScriptIntent.Read, Words + Text("probe.sh")).WithFile("STAGED_PROBE", command).With("LIMIT", (long)limit.TotalSeconds);

    public static ShellScript Extend(long epoch, NumberedContent generation, TimeSpan revertAfter) => Generation("extend", epoch, generation).With("REVERT", (long)revertAfter.TotalSeconds);

    public static ShellScript Confirm(long epoch, NumberedContent generation) => Generation("confirm", epoch, generation);

    public static ShellScript Revert(long epoch, NumberedContent generation) => Generation("revert", epoch, generation);

    public static ShellScript StageConfiguration(long epoch, NumberedContent generation, string items) =>
        new ShellScript("configuration-stage", ScriptIntent.Write, Configurations + Text("judging.sh") + Text("configuration-stage.sh")).With("EPOCH", epoch).With("NUMBER", generation.Number).With("FINGERPRINT", generation.Fingerprint)
            .WithFile("STAGED_CONTENT", generation.Content).WithFile("STAGED_ITEMS", items)
            .WithFile("STAGED_TIMER", Configurations + Text("configuration-boot.sh") + Text("timer.sh")).WithFile("STAGED_BOOT", Generations + Text("boot.sh"))
            .With("KIB", Room(generation.Content.Length + items.Length));

    public static ShellScript CommitConfiguration(long epoch, NumberedContent generation, TimeSpan revertAfter) => Configuration("configuration-commit", epoch, generation).With("REVERT", (long)revertAfter.TotalSeconds);

    public static ShellScript CheckConfiguration(NumberedContent generation, TimeSpan atLeast) =>
        new ShellScript("configuration-check", ScriptIntent.Read, Configurations + Text("configuration-check.sh")).With("NUMBER", generation.Number).With("FINGERPRINT", generation.Fingerprint).With("LEAST", (long)atLeast.TotalSeconds);

    public static ShellScript ExtendConfiguration(long epoch, NumberedContent generation, TimeSpan revertAfter) => Configuration("configuration-extend", epoch, generation).With("REVERT", (long)revertAfter.TotalSeconds);

    public static ShellScript ConfirmConfiguration(long epoch, NumberedContent generation) => Configuration("configuration-confirm", epoch, generation);

    public static ShellScript RevertConfiguration(long epoch, NumberedContent generation) => Configuration("configuration-revert", epoch, generation);

    public static ShellScript ReadConfiguration(int generation) =>
        new ShellScript("configuration-read", ScriptIntent.Read, Words + "cat \"$M/configuration/generations/$NUMBER/content\" 2>/dev/null\n").With("NUMBER", generation);

    /// <summary>The items that are there, of those that should be there and those that a restart brings.</summary>
    public static ShellScript ListConfiguration(string items) => new ShellScript("configuration-list", ScriptIntent.Read, Configurations + Text("configuration-list.sh")).WithFile("STAGED_ITEMS", items);

    /// <summary>What an orchestrating host holds of a group.</summary>
    public static ShellScript ObserveSteering(string table, bool withRedundancy) =>
        new ShellScript("steering-observe", ScriptIntent.Read, Steering + Text("steering-observe.sh")).With("NAME", table).With("VRRP", withRedundancy ? "true" : "");

    /// <summary>By which rules an orchestrating host steers which groups.</summary>
    public static ShellScript ListSteering() => new ShellScript("steering-list", ScriptIntent.Read, Words + Text("steering-list.sh")).With("PREFIX", Traffic.SteeredGroup.Prefix);

    public static ShellScript WriteSteering(string table, string expected, string transaction, string ways, string stale, IEnumerable<string> downlinks, IEnumerable<int> families, string? redundancy, bool isAhead) =>
        new ShellScript("steering-write", ScriptIntent.Write, Steering + Booting + Text("steering-write.sh")).With("NAME", table).With("EXPECTED", expected)
            .With("DOWNLINKS", string.Join(" ", downlinks)).With("FAMILIES", string.Join(" ", families))
            .With("VRRP", redundancy is null ? "" : "true").With("KEEPALIVED", (redundancy ?? "").TrimEnd('\n')).With("STEERS", (Steering + Text("steers.sh")).TrimEnd('\n')).With("AHEAD", isAhead ? 1 : 0)
            .WithFile("STAGED_TABLE", transaction).WithFile("STAGED_WAYS", ways).WithFile("STAGED_STALE", stale).WithFile("STAGED_BOOT", Words + Text("vrrp.sh") + Text("steering-boot.sh"));

    public static ShellScript RemoveSteering(string table, string stale) =>
        new ShellScript("steering-remove", ScriptIntent.Write, Steering + Booting + Text("steering-remove.sh")).With("NAME", table).WithFile("STAGED_STALE", stale);

    /// <summary>Has an orchestrating host give the addresses that it shares to another.</summary>
    public static ShellScript Yield(IEnumerable<string> addresses) => new ShellScript("vrrp-yield", ScriptIntent.Write, Steering + Text("vrrp-yield.sh")).With("ADDRESSES", string.Join(" ", addresses));

    /// <summary>What passes a member, measured at these devices for a second.</summary>
    public static ShellScript Measure(IEnumerable<string> devices) => new ShellScript("measure", ScriptIntent.Read, Words + Text("tracked.sh") + Text("measure.sh")).With("DEVICES", string.Join(" ", devices));

    /// <summary>The connections that a member's kernel tracks.</summary>
    public static ShellScript ListConnections() => new("connections-list", ScriptIntent.Read, Words + Text("connections-list.sh"));

    public static ShellScript LoadConnections(string lines, long version) => new ShellScript("connections-load", ScriptIntent.Write, Words + Text("connections-load.sh")).With("VERSION", version).WithFile("STAGED_CONNECTIONS", lines);

    /// <summary>The keys by which members know one another.</summary>
    public static ShellScript StateSyncKeys() => new("statesync-keys", ScriptIntent.Write, StateSync + Text("statesync-keys.sh"));

    public static ShellScript ObserveStateSync() => new("statesync-observe", ScriptIntent.Read, StateSync + Text("statesync-observe.sh"));

    public static ShellScript WriteStateSync(string table, string peers, string address, int port, long version) =>
        new ShellScript("statesync-write", ScriptIntent.Write, StateSync + Text("statesync-write.sh")).With("ADDRESS", address).With("PORT", port).With("VERSION", version)
            .WithFile("STAGED_TABLE", table).WithFile("STAGED_PEERS", peers).WithFile("STAGED_PROGRAM", Text("statesync.pl")).WithFile("STAGED_RUN", Text("statesync-run.sh"));

    /// <summary>Fail-closed, with the management port left open.</summary>
    public static string InitialPolicy(int sshPort) => Text("initial.nft").Replace("%SSHPORT%", sshPort.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static ShellScript Generation(string name, long epoch, NumberedContent generation) =>
        new ShellScript(name, ScriptIntent.Write, Generations + Text(name + ".sh")).With("EPOCH", epoch).With("NUMBER", generation.Number).With("FINGERPRINT", generation.Fingerprint);

    private static ShellScript Configuration(string name, long epoch, NumberedContent generation) =>
        new ShellScript(name, ScriptIntent.Write, Configurations + Text(name + ".sh")).With("EPOCH", epoch).With("NUMBER", generation.Number).With("FINGERPRINT", generation.Fingerprint);

    /// <summary>KiB for a content of so many characters: itself, what the host makes of it, the transaction with it, and the small files of a commit.</summary>
    private static long Room(int characters) => (characters / 1024 * 4) + 256;

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Maestro.Gateway." + name)
            ?? throw new InvalidOperationException($"The script {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
