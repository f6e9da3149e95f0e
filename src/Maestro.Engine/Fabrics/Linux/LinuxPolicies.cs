using System.Collections.Concurrent;
using System.Globalization;
using Maestro.Engine.Clustering.Distribution.Nat;
using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>Carries nftables policies to hosts: one script a call, which checks, acts and reads back under the host's lock.</summary>
internal sealed class LinuxPolicies(LinuxHosts hosts) : IPolicyCarrier, ITranslationReader
{
    private readonly ConcurrentDictionary<string, NftPolicy> _read = new(StringComparer.Ordinal);

    public PolicyDocument Load(string path)
    {
        var policy = NftPolicyLoader.Load(path, new FilePolicySource());
        // Kept for the places: an error of a gateway's nft is told in the file that its author wrote.
        _read[policy.Identity] = policy;
        return PolicyFile.Document(policy, path);
    }

    public IReadOnlyList<AddressTranslation> TranslationsOf(string fingerprint, string content) => _read.GetOrAdd(fingerprint, _ => PolicyFile.Parse(content)).Translations;

    public async Task<Effect> StageAsync(FabricCall call, MemberRef member, NumberedContent generation)
    {
        var (policy, tables, devices) = Read(generation);
        var (effect, answer) = await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Stage(call.Epoch, generation, tables, devices));
        if (effect.Kind != EffectKind.Refused || answer.Outcome != ScriptOutcome.Answered) return effect;
        if (answer.Word("foreign") is { Length: > 0 } foreign) return effect with { Code = ErrorCatalogue.PolicyTableForeign, Reason = $"the table {foreign} exists on {member.Gateway} and is not ours" };
        return answer.Value("lines").Length == 0 ? effect : effect with { Code = ErrorCatalogue.PolicyRefused, Reason = Explain(answer, policy, member) };
    }

    public async Task<Effect> CommitAsync(FabricCall call, MemberRef member, NumberedContent generation, ConnectionTreatment connections, TimeSpan revertAfter)
    {
        var (effect, answer) = await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Commit(call.Epoch, generation, connections, revertAfter));
        if (effect.Kind != EffectKind.Done) return effect;
        // A commit that went well may still have left something behind, and nothing half-done is silent.
        var lost = answer.Words("lost").Select(l => "not carried over: " + l);
        var rematched = answer.Words("rematched").Select(r => "connections judged anew: " + r);
        return effect with { Reason = string.Join("; ", lost.Concat(rematched)) };
    }

    public async Task<Effect> CheckAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan atLeast) =>
        LinuxHosts.EffectOf(await hosts.ReadAsync(member.Gateway, GatewayScripts.Check(generation, atLeast), call.Cancellation), member.Gateway);

    public async Task<Effect> ExtendAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan revertAfter) =>
        (await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Extend(call.Epoch, generation, revertAfter))).Effect;

    public async Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, NumberedContent generation) =>
        (await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Confirm(call.Epoch, generation))).Effect;

    public async Task<Effect> RevertAsync(FabricCall call, MemberRef member, NumberedContent generation) =>
        (await hosts.WriteAsync(call, member.Gateway, GatewayScripts.Revert(call.Epoch, generation))).Effect;

    public async Task<GenerationObservation> ObserveAsync(MemberRef member, CancellationToken cancellation)
    {
        if (hosts.Find(member.Gateway) is not { } gateway) return new GenerationObservation { Answered = false, Evidence = $"the inventory has no gateway '{member.Gateway}'" };
        var seen = await hosts.ObserveAsync(gateway, cancellation);
        return new GenerationObservation
        {
            Answered = seen.Answered,
            RunningGeneration = seen.Running,
            ProvenFingerprint = seen.Proven,
            ConfirmedGeneration = seen.Confirmed?.Number,
            ConfirmedFingerprint = seen.Confirmed?.Fingerprint ?? "",
            Staged = seen.Staged,
            RevertsIn = seen.RevertsIn,
            Evidence = seen.Answered ? seen.Answer.Word("unproven") : seen.Silence,
        };
    }

    public async Task<string?> ReadContentAsync(MemberRef member, int generation, string fingerprint, CancellationToken cancellation)
    {
        var answer = await hosts.ReadAsync(member.Gateway, GatewayScripts.ReadContent(generation), cancellation);
        if (answer.Outcome != ScriptOutcome.Answered) return null;
        return Fingerprint.Of(answer.Output) == fingerprint ? answer.Output : null;
    }

    public async Task<PolicyListing> ListAsync(MemberRef member, NumberedContent intended, CancellationToken cancellation)
    {
        var (_, tables, devices) = Read(intended);
        var answer = await hosts.ReadAsync(member.Gateway, GatewayScripts.Compare(intended, tables, devices), cancellation);
        if (answer.Outcome != ScriptOutcome.Answered) return new PolicyListing { Answered = false, Evidence = answer.Fault?.Message ?? answer.Transcript };
        if (answer.Value("outcome") != "done") return new PolicyListing { Answered = false, Evidence = answer.Word("reason") };
        var sections = AnswerSections.Of(answer.Output);
        return new PolicyListing
        {
            Answered = true,
            Intended = sections["intended"],
            Confirmed = sections.TryGetValue("confirmed", out var confirmed) ? confirmed : answer.Value("confirmed") == "intended" ? sections["intended"] : null,
            Actual = sections["actual"],
        };
    }

    private (NftPolicy Policy, string Tables, string Devices) Read(NumberedContent generation)
    {
        var policy = _read.GetOrAdd(generation.Fingerprint, _ => PolicyFile.Parse(generation.Content));
        return (policy, string.Concat(policy.Tables.Select(t => t + "\n")), string.Concat(policy.Devices.Select(d => d + "\n")));
    }

    /// <summary>nft's own words, with the place in the author's file.</summary>
    private static string Explain(ScriptAnswer answer, NftPolicy policy, MemberRef member)
    {
        var before = int.Parse(answer.Value("lines"), CultureInfo.InvariantCulture);
        var said = NftErrors.Map(NftErrors.Parse(answer.Evidence), policy.Places, before).Select(p => p.File.Length > 0 ? p.ToString() : p.Text).ToList();
        return said.Count > 0 ? $"nft on {member.Gateway}: {string.Join("; ", said.Distinct())}" : $"nft on {member.Gateway} does not take it: {answer.Evidence}";
    }
}
