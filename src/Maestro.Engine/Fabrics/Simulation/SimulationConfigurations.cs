using Maestro.Engine.Fabrics.Linux.Configuration;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Simulation;

/// <summary>Carries configurations to simulated gateways, whose items are values by name.</summary>
internal sealed class SimulationConfigurations(SimulationCalls calls) : SimulationCarrier(calls), IConfigurationCarrier
{
    protected override string Prefix => "configuration.";

    protected override string LookName => "configuration";

    protected override ErrorCode Reverted => ErrorCatalogue.ConfigurationReverted;

    public ConfigurationDocument Load(string path) => ConfigurationFile.Load(path);

    public IReadOnlyList<ConfigurationValue> Read(string content, string member) => ConfigurationContent.Of(content, member).Values;

    public IReadOnlyList<string> MembersIn(string content) => ConfigurationContent.Members(content);

    public Task<ConfigurationListing> ListAsync(MemberRef member, NumberedContent intended, CancellationToken cancellation)
    {
        Calls.World.Life.Settle();
        Calls.Looked("configuration.list", member.Gateway);
        if (Calls.World.State.FindGateway(member.Gateway) is not { Answers: true } gateway) return Task.FromResult(new ConfigurationListing { Answered = false, Evidence = "no answer" });
        var should = Read(intended.Content, member.Member);
        var boots = ContentOf(gateway.Configuration.Confirmed) is { } content ? Read(content, member.Member) : null;
        return Task.FromResult(new ConfigurationListing
        {
            Answered = true,
            Intended = should,
            Confirmed = boots,
            Actual = [.. should.Concat(boots ?? []).Select(v => v.Item).Distinct().Select(i => new ConfigurationValue(i, gateway.Items.TryGetValue(i, out var value) ? value : null))],
        });
    }

    protected override LabHolding HoldingOf(LabGateway gateway) => gateway.Configuration;

    protected override bool Proves(LabGateway gateway, LabGeneration running) => LabItems.Prove(Calls.World.State, gateway, running);
}
