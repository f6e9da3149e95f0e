using Maestro.Engine.Fabrics.Linux.Policy;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

/// <summary>Rulesets of the kinds that people write, each loaded by the gateway's scripts into a real kernel.</summary>
public sealed class CorpusTests : IDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fabrics", "Linux", "Policy", "Corpus");

    private readonly Sandbox _sandbox = new();

    public static TheoryData<string> Names => [.. Entries];

    private static IEnumerable<string> Entries => Directory.GetFileSystemEntries(Folder).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal);

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void It_holds_at_least_25_rulesets() => Assert.InRange(Entries.Count(), 25, int.MaxValue);

    [Theory]
    [MemberData(nameof(Names))]
    public void What_travels_is_a_policy_that_reads_the_same(string name)
    {
        var policy = Load(name);

        var again = PolicyFile.Parse(policy.Text);

        Assert.Equal(policy.Text, again.Text);
        Assert.Equal(policy.Tables, again.Tables);
        Assert.Equal(policy.Devices, again.Devices);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void What_travels_loads_to_what_nft_makes_of_the_original(string name)
    {
        Sandbox.SkipIfUnavailable();
        // Only we read a folder.
        if (!name.EndsWith(".nft", StringComparison.Ordinal)) return;
        _sandbox.Put(1, Load(name));
        _sandbox.Write("original.nft", File.ReadAllText(Path.Combine(Folder, name)));

        var said = _sandbox.Run("""
            standins 1
            nft -f "$M/original.nft" && nft -s list ruleset >"$M/original"
            nft flush ruleset
            nft -f "$M/1.policy.nft" && nft -s list ruleset >"$M/travelled"
            cmp "$M/original" "$M/travelled" && [ -s "$M/original" ] && echo same
            """);

        Assert.Equal("same\n", said);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void It_is_proven_after_loading_and_under_traffic_and_not_when_a_rule_is_missing(string name)
    {
        Sandbox.SkipIfUnavailable();
        _sandbox.Put(1, Load(name));

        var said = _sandbox.Run("""
            accept_epoch 3
            standins 1
            stage 1
            load 1
            prove 1
            traffic
            prove 1
            load 1 carry
            prove 1
            while read -r family table; do
                nft -a list table "$family" "$table" | awk -v t="$family $table" '/^\tchain /{c=$2} /^\t\t/ && /# handle/ && c != "" && !/ hook / {print t, c, "handle", $NF}'
            done <"$M/1.tables" | sed -n 1p >"$M/rule"
            nft "delete rule $(cat "$M/rule")"
            prove 1
            """);

        Assert.Matches("^proven\nproven\nproven\nnot proven: the kernel lists [0-9a-f]{64}, the content makes [0-9a-f]{64}\n$", said);
    }

    [SkippableFact]
    public void Every_shell_and_awk_at_hand_gives_the_same()
    {
        Sandbox.SkipIfUnavailable();
        var policies = Entries.Select(Load).ToList();
        for (var i = 0; i < policies.Count; i++) _sandbox.Put(i + 1, policies[i]);
        var lines = string.Concat(policies.Select((_, i) => $"stage {i + 1}; cut -d ' ' -f 1 \"$G/{i + 1}/reference\"; cat \"$G/{i + 1}/moving\"; rm -rf \"$M/generations\"\n"));

        var first = _sandbox.Run(lines);

        Assert.DoesNotContain("no reference", first, StringComparison.Ordinal);
        foreach (var shell in ((string[])["/bin/dash", "/bin/bash --posix", "/bin/busybox ash"]).Where(s => File.Exists(s.Split(' ')[0]))) Assert.Equal(first, _sandbox.Run(lines, shell));
        foreach (var awk in ((string[])["/usr/bin/mawk", "/usr/bin/gawk", "/usr/bin/original-awk", "/bin/busybox"]).Where(File.Exists))
        {
            var folder = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "with-" + Path.GetFileName(awk))).FullName;
            File.CreateSymbolicLink(Path.Combine(folder, "awk"), awk);
            Assert.Equal(first, _sandbox.Run(lines, pathBefore: folder));
        }
    }

    private static NftPolicy Load(string name) => NftPolicyLoader.Load(Path.Combine(Folder, name), new FilePolicySource());
}
