using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Tests.Synchronisation;

public sealed class PolicyComparerTests
{
    private const string Web = "table inet web {\n\tchain forward {\n\t\ttype filter hook forward priority filter; policy drop;\n\t\ttcp dport 80 accept\n\t\ttcp dport 443 accept\n\t\tudp dport 53 accept\n\t}\n}\n";
    private static readonly (int Number, string Fingerprint) Intended = (3, "3f9c1a2e5b7d");

    [Fact]
    public void Equal_texts_differ_in_nothing()
    {
        var comparison = PolicyComparer.Texts("dmz", "a", Web, "b", Web, "lab");
        Assert.Empty(comparison.Difference);
        Assert.Empty(comparison.Unified);
    }

    [Fact]
    public void A_rule_that_was_added_is_extra_with_its_line_and_chain() =>
        Assert.Equal([(PolicyChange.Extra, "inet web forward", 6, null, "tcp dport 4444 accept")], Told(Web.Replace("\t\tudp", "\t\ttcp dport 4444 accept\n\t\tudp")));

    [Fact]
    public void A_rule_that_is_gone_is_missing_with_its_line_in_what_was_intended() =>
        Assert.Equal([(PolicyChange.Missing, "inet web forward", 5, "tcp dport 443 accept", null)], Told(Web.Replace("\t\ttcp dport 443 accept\n", "")));

    [Fact]
    public void A_rule_in_anothers_place_is_changed() =>
        Assert.Equal([(PolicyChange.Changed, "inet web forward", 5, "tcp dport 443 accept", "tcp dport 8443 accept")], Told(Web.Replace("443", "8443")));

    [Fact]
    public void A_rule_that_only_moved_is_a_matter_of_order() =>
        Assert.Equal(
            [(PolicyChange.Order, "inet web forward", 4, "udp dport 53 accept", "udp dport 53 accept")],
            Told(Web.Replace("\t\tudp dport 53 accept\n", "").Replace("\t\ttcp dport 80", "\t\tudp dport 53 accept\n\t\ttcp dport 80")));

    [Fact]
    public void The_same_rule_in_another_chain_is_no_matter_of_order()
    {
        var moved = Web.Replace("\t\tudp dport 53 accept\n", "").Replace("\t}\n}\n", "\t}\n\tchain other {\n\t\tudp dport 53 accept\n\t}\n}\n");
        Assert.Equal([PolicyChange.Missing, PolicyChange.Extra, PolicyChange.Extra], Told(moved).Select(t => t.Change).Order());
    }

    [Fact]
    public void A_chain_that_came_is_told_by_its_head_and_its_rules_and_not_by_its_closing_line() =>
        Assert.Equal(
            [("inet web", "chain input {"), ("inet web input", "drop")],
            Told(Web.Replace("\t}\n}\n", "\t}\n\tchain input {\n\t\tdrop\n\t}\n}\n")).Select(t => (t.Location, t.Actual!)));

    [Fact]
    public void An_emptied_kernel_misses_every_line()
    {
        var told = Told("");
        Assert.Equal(6, told.Count);
        Assert.All(told, t => Assert.Equal(PolicyChange.Missing, t.Change));
        Assert.Equal((1, "", "table inet web {"), (told[0].Line, told[0].Location, told[0].Intended));
    }

    [Fact]
    public void The_unified_text_is_what_diff_writes()
    {
        var comparison = PolicyComparer.Texts("dmz", "dmz #1", Web, "web.nft", Web.Replace("443", "8443"), "lab");
        Assert.Equal(
            "--- dmz #1\n+++ web.nft\n@@ -2,7 +2,7 @@\n \tchain forward {\n \t\ttype filter hook forward priority filter; policy drop;\n \t\ttcp dport 80 accept\n-\t\ttcp dport 443 accept\n+\t\ttcp dport 8443 accept\n \t\tudp dport 53 accept\n \t}\n }",
            Assert.Single(comparison.Unified));
    }

    [Fact]
    public void A_member_that_is_proven_and_would_boot_the_same_agrees_and_no_other_does()
    {
        Assert.True(PolicyComparer.Agrees(Intended, Seen()));
        Assert.False(PolicyComparer.Agrees(Intended, Seen() with { ProvenFingerprint = "" }));
        Assert.False(PolicyComparer.Agrees(Intended, Seen() with { RunningGeneration = 2 }));
        Assert.False(PolicyComparer.Agrees(Intended, Seen() with { ConfirmedGeneration = 2 }));
        Assert.False(PolicyComparer.Agrees(Intended, Seen() with { ConfirmedFingerprint = "other" }));
    }

    /// <summary>The lines say why it is not proven: a line about that as well would be one too many.</summary>
    [Fact]
    public void A_hand_made_rule_is_the_only_difference_and_a_restart_would_load_what_is_intended()
    {
        var difference = Assert.Single(Member(Seen() with { ProvenFingerprint = "" }, Web, Web.Replace("443", "8443")).Difference);
        Assert.Equal(("1_2", PolicyChange.Changed, "tcp dport 443 accept", "tcp dport 443 accept", "tcp dport 8443 accept"), (difference.Member, difference.Change, difference.Intended, difference.Confirmed, difference.Actual));
    }

    [Fact]
    public void What_only_a_restart_would_load_is_told_beside_what_runs()
    {
        var comparison = Member(Seen() with { ConfirmedGeneration = 2, ConfirmedFingerprint = "77aa0c195b" }, Web.Replace("443", "8443"), Web);
        Assert.Equal([("generation", "#3 3f9c1a2e", "#2 77aa0c19", "#3 3f9c1a2e"), ("inet web forward", "tcp dport 443 accept", "tcp dport 8443 accept", "tcp dport 443 accept")], comparison.Difference.Select(d => (d.Location, d.Intended!, d.Confirmed!, d.Actual!)));
        Assert.Contains("+++ dmz 1_2 confirmed", Assert.Single(comparison.Unified), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_running_and_confirmed_differ_in_one_place_each_is_told_in_its_column()
    {
        var comparison = Member(Seen() with { ProvenFingerprint = "", ConfirmedGeneration = 2, ConfirmedFingerprint = "77aa0c195b" }, Web.Replace("443", "8443"), Web.Replace("443", "9443"));
        var line = comparison.Difference.Single(d => d.Location != "generation");
        Assert.Equal(("tcp dport 443 accept", "tcp dport 8443 accept", "tcp dport 9443 accept"), (line.Intended, line.Confirmed, line.Actual));
        Assert.Equal(2, comparison.Unified.Count);
    }

    [Fact]
    public void A_kernel_of_equal_lines_that_does_not_say_which_generation_it_runs_differs_in_that()
    {
        var comparison = Member(Seen() with { RunningGeneration = null, ProvenFingerprint = "" }, Web, Web);
        var difference = Assert.Single(comparison.Difference);
        Assert.Equal((PolicyChange.Missing, "generation", "#3 3f9c1a2e", null), (difference.Change, difference.Location, difference.Intended, difference.Actual));
        Assert.Contains("-#3 3f9c1a2e\n+none", Assert.Single(comparison.Unified), StringComparison.Ordinal);
    }

    private static PolicyComparison Member(GenerationObservation seen, string confirmed, string actual) =>
        PolicyComparer.Member("dmz", "1_2", Intended, seen, new PolicyListing { Answered = true, Intended = Web, Confirmed = confirmed, Actual = actual }, "lab");

    private static GenerationObservation Seen() => new()
    {
        Answered = true,
        RunningGeneration = Intended.Number,
        ProvenFingerprint = Intended.Fingerprint,
        ConfirmedGeneration = Intended.Number,
        ConfirmedFingerprint = Intended.Fingerprint,
    };

    private static IReadOnlyList<(PolicyChange Change, string Location, int Line, string? Intended, string? Actual)> Told(string other) =>
        [.. PolicyComparer.Texts("dmz", "a", Web, "b", other, "lab").Difference.Select(d => (d.Change, d.Location, d.Line, d.Intended, d.Actual))];
}
