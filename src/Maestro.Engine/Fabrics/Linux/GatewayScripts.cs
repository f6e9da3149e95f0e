using System.Reflection;
using Maestro.Engine.Fabrics.Linux.Ssh;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>The scripts that run on gateways; their text lies in <c>Gateway/*.sh</c>.</summary>
internal static class GatewayScripts
{
    private static readonly string Words = Text("prelude.sh");
    private static readonly string Generations = Words + Text("text.sh") + Text("generation.sh") + Text("arming.sh");

    /// <summary>Everything that is asked of a host in one go.</summary>
    public static ShellScript Observe() => new("observe", ScriptIntent.Read, Generations + Text("observe.sh"));

    public static ShellScript ReadContent(int generation) =>
        new ShellScript("read", ScriptIntent.Read, Words + "cat \"$M/generations/$NUMBER/policy.nft\" 2>/dev/null\n").With("NUMBER", generation);

    /// <summary>What the intended content, the confirmed one and the kernel read like on that host.</summary>
    public static ShellScript Compare(PolicyGeneration intended, string tables, string devices) =>
        new ShellScript("compare", ScriptIntent.Read, Generations + Text("compare.sh")).With("NUMBER", intended.Number).With("FINGERPRINT", intended.Fingerprint)
            .WithFile("STAGED_POLICY", intended.Content).WithFile("STAGED_TABLES", tables).WithFile("STAGED_DEVICES", devices);

    public static ShellScript Claim(string mode, long epoch, string holder, string operation, string supersede, TimeSpan timeToLive) =>
        new ShellScript(mode, ScriptIntent.Write, Words + Text("claim.sh"))
            .With("MODE", mode).With("EPOCH", epoch).With("HOLDER", holder).With("OPERATION", operation).With("SUPERSEDE", supersede).With("TTL", (long)timeToLive.TotalSeconds);

    public static ShellScript Join(long epoch, string member, string weight, string description, string groupFile, string initialPolicy) =>
        new ShellScript("join", ScriptIntent.Write, Generations + Text("join.sh"))
            .With("EPOCH", epoch).With("MEMBER", member).With("WEIGHT", weight).With("DESCRIPTION", description)
            .WithFile("STAGED_GROUP", groupFile).WithFile("STAGED_INITIAL", initialPolicy).WithFile("STAGED_BOOT", Generations + Text("boot.sh"));

    public static ShellScript Set(long epoch, string groupFile, string weight, string description) =>
        new ShellScript("set", ScriptIntent.Write, Words + Text("set.sh")).With("EPOCH", epoch).With("WEIGHT", weight).With("DESCRIPTION", description).WithFile("STAGED_GROUP", groupFile);

    public static ShellScript Leave(long epoch, bool keepPolicy) =>
        new ShellScript("leave", ScriptIntent.Write, Generations + Text("leave.sh")).With("EPOCH", epoch).With("KEEP", keepPolicy ? "true" : "false");

    public static ShellScript Activate(long epoch) => new ShellScript("activate", ScriptIntent.Write, Words + Text("activate.sh")).With("EPOCH", epoch);

    public static ShellScript Stage(long epoch, PolicyGeneration generation, string tables, string devices) =>
        Generation("stage", epoch, generation).WithFile("STAGED_POLICY", generation.Content).WithFile("STAGED_TABLES", tables).WithFile("STAGED_DEVICES", devices)
            .WithFile("STAGED_TIMER", Generations + Text("timer.sh"));

    public static ShellScript Commit(long epoch, PolicyGeneration generation, ConnectionTreatment connections, TimeSpan revertAfter) =>
        Generation("commit", epoch, generation).With("CONNECTIONS", connections.ToString()).With("REVERT", (long)revertAfter.TotalSeconds);

    public static ShellScript Check(PolicyGeneration generation, TimeSpan atLeast) =>
        new ShellScript("check", ScriptIntent.Read, Generations + Text("check.sh")).With("NUMBER", generation.Number).With("FINGERPRINT", generation.Fingerprint).With("LEAST", (long)atLeast.TotalSeconds);

    public static ShellScript Probe(string command, TimeSpan limit) =>
        new ShellScript("probe", ScriptIntent.Read, Words + Text("probe.sh")).WithFile("STAGED_PROBE", command).With("LIMIT", (long)limit.TotalSeconds);

    public static ShellScript Extend(long epoch, PolicyGeneration generation, TimeSpan revertAfter) => Generation("extend", epoch, generation).With("REVERT", (long)revertAfter.TotalSeconds);

    public static ShellScript Confirm(long epoch, PolicyGeneration generation) => Generation("confirm", epoch, generation);

    public static ShellScript Revert(long epoch, PolicyGeneration generation) => Generation("revert", epoch, generation);

    /// <summary>Fail-closed, with the management port left open.</summary>
    public static string InitialPolicy(int sshPort) => Text("initial.nft").Replace("%SSHPORT%", sshPort.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static ShellScript Generation(string name, long epoch, PolicyGeneration generation) =>
        new ShellScript(name, ScriptIntent.Write, Generations + Text(name + ".sh")).With("EPOCH", epoch).With("NUMBER", generation.Number).With("FINGERPRINT", generation.Fingerprint);

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Maestro.Gateway." + name)
            ?? throw new InvalidOperationException($"The script {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
