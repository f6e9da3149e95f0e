using System.Text;
using Maestro.Engine.Fabrics.Linux.Configuration;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>Carries configurations to hosts: one script a call, which checks, acts and reads back under the host's lock.</summary>
internal sealed class LinuxConfigurations(LinuxHosts hosts) : IConfigurationCarrier
{
    public ConfigurationDocument Load(string path) => ConfigurationFile.Load(path);

    public IReadOnlyList<ConfigurationValue> Read(string content, string member) => ConfigurationContent.Of(content, member).Values;

    public IReadOnlyList<string> MembersIn(string content) => ConfigurationContent.Members(content);

    public async Task<Effect> StageAsync(FabricCall call, MemberRef member, NumberedContent generation)
    {
        var items = ConfigurationContent.Of(generation.Content, member.Member).ToText();
        var (effect, answer) = await hosts.WriteAsync(call, member.Gateway, GatewayScripts.StageConfiguration(call.Epoch, generation, items));
        if (effect is not { Kind: EffectKind.Refused, Transient: false } || answer.Outcome != ScriptOutcome.Answered || effect.Code == ErrorCatalogue.LeaseLost) return effect;
        return effect with { Code = answer.Word("foreign").Length > 0 ? ErrorCatalogue.ConfigurationItemForeign : ErrorCatalogue.ConfigurationRefused, Reason = $"{member.Gateway}: {effect.Reason}" };
    }

    public async Task<Effect> CommitAsync(FabricCall call, MemberRef member, NumberedContent generation, ConnectionTreatment connections, TimeSpan revertAfter)
    {
        var effect = await WriteAsync(call, member, GatewayScripts.CommitConfiguration(call.Epoch, generation, revertAfter));
        return effect is { Kind: EffectKind.Refused, Transient: false, Code: null } ? effect with { Code = ErrorCatalogue.ConfigurationRefused } : effect;
    }

    public async Task<Effect> CheckAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan atLeast) =>
        Named(LinuxHosts.EffectOf(await hosts.ReadAsync(member.Gateway, GatewayScripts.CheckConfiguration(generation, atLeast), call.Cancellation), member.Gateway));

    public Task<Effect> ExtendAsync(FabricCall call, MemberRef member, NumberedContent generation, TimeSpan revertAfter) => WriteAsync(call, member, GatewayScripts.ExtendConfiguration(call.Epoch, generation, revertAfter));

    public Task<Effect> ConfirmAsync(FabricCall call, MemberRef member, NumberedContent generation) => WriteAsync(call, member, GatewayScripts.ConfirmConfiguration(call.Epoch, generation));

    public Task<Effect> RevertAsync(FabricCall call, MemberRef member, NumberedContent generation) => WriteAsync(call, member, GatewayScripts.RevertConfiguration(call.Epoch, generation));

    public async Task<GenerationObservation> ObserveAsync(MemberRef member, CancellationToken cancellation)
    {
        if (hosts.Find(member.Gateway) is not { } gateway) return new GenerationObservation { Answered = false, Evidence = $"the inventory has no gateway '{member.Gateway}'" };
        var seen = await hosts.ObserveAsync(gateway, cancellation);
        var holding = seen.Configuration;
        return new GenerationObservation
        {
            Answered = seen.Answered,
            RunningGeneration = holding.Running,
            ProvenFingerprint = holding.Proven,
            ConfirmedGeneration = holding.Confirmed?.Number,
            ConfirmedFingerprint = holding.Confirmed?.Fingerprint ?? "",
            Staged = holding.Staged,
            RevertsIn = holding.RevertsIn,
            Evidence = seen.Answered ? holding.Unproven : seen.Silence,
        };
    }

    public async Task<string?> ReadContentAsync(MemberRef member, int generation, string fingerprint, CancellationToken cancellation)
    {
        var answer = await hosts.ReadAsync(member.Gateway, GatewayScripts.ReadConfiguration(generation), cancellation);
        if (answer.Outcome != ScriptOutcome.Answered) return null;
        return Fingerprint.Of(answer.Output) == fingerprint ? answer.Output : null;
    }

    public async Task<ConfigurationListing> ListAsync(MemberRef member, NumberedContent intended, CancellationToken cancellation)
    {
        var should = ConfigurationContent.Of(intended.Content, member.Member);
        var answer = await hosts.ReadAsync(member.Gateway, GatewayScripts.ListConfiguration(should.ToText()), cancellation);
        if (answer.Outcome != ScriptOutcome.Answered) return new ConfigurationListing { Answered = false, Evidence = answer.Fault?.Message ?? answer.Transcript };
        if (answer.Value("outcome") != "done") return new ConfigurationListing { Answered = false, Evidence = answer.Word("reason") };
        var sections = AnswerSections.Of(answer.Output);
        return new ConfigurationListing
        {
            Answered = true,
            Intended = should.Values,
            Confirmed = sections.TryGetValue("confirmed", out var confirmed) ? Values(confirmed) : null,
            Actual = Values(sections["actual"]),
            Texts = [.. sections["texts"].Split(['\n'], StringSplitOptions.RemoveEmptyEntries).Select(l => Text(should, l)).OfType<ConfigurationText>()],
        };
    }

    /// <summary>Null for what is no text, and for one that differs in its owner or mode alone.</summary>
    private static ConfigurationText? Text(MemberConfiguration should, string line)
    {
        if (line.Split('\t') is not [var path, var content] || should.FindText(path) is not { } intended) return null;
        try
        {
            var actual = StrictText.Utf8.GetString(Convert.FromBase64String(content));
            return actual == intended || actual.Contains('\0') ? null : new ConfigurationText(path, intended, actual);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static IReadOnlyList<ConfigurationValue> Values(string lines) => [.. lines.Split(['\n'], StringSplitOptions.RemoveEmptyEntries).Select(l => ConfigurationItem.Parse(l).ToValue())];

    private async Task<Effect> WriteAsync(FabricCall call, MemberRef member, ShellScript script) => Named((await hosts.WriteAsync(call, member.Gateway, script)).Effect);

    /// <summary>The same outcome has another name where it is no policy.</summary>
    private static Effect Named(Effect effect) =>
        effect.Code == ErrorCatalogue.PolicyReverted ? effect with { Code = ErrorCatalogue.ConfigurationReverted }
        : effect.Code == ErrorCatalogue.PolicyNotProven ? effect with { Code = ErrorCatalogue.ConfigurationNotProven }
        : effect;
}
