using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Fabric;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Store;

namespace Maestro.Engine.Tests.Worlds;

/// <summary>Builds an observed world in one line a fact, for tests of deciders.</summary>
internal sealed class WorldBuilder
{
    private readonly List<SecurityGroup> _groups = [];
    private readonly List<GroupMember> _members = [];
    private readonly List<Gateway> _gateways = [];
    private readonly List<PendingChange> _pending = [];
    private readonly List<GenerationRecord> _generations = [];
    private readonly List<OrchestratorPort> _ports = [];
    private IReadOnlyList<string> _skipped = [];
    private bool _joinersPullPolicy = true;

    public WorldBuilder Group(string name, int spare = 1, int ceiling = 90, int? policy = null, string fingerprint = "")
    {
        _groups.Add(new SecurityGroup { Id = _groups.Count + 1, Name = name, State = SecurityGroupState.Ready, Spare = spare, CapacityCeiling = ceiling, PolicyVersion = policy, PolicyFingerprint = fingerprint });
        return this;
    }

    public WorldBuilder Member(string group, string id, MemberState state = MemberState.Active, double? load = 30, int? policy = null, string fingerprint = "", string by = "", string reason = "", int? weight = null)
    {
        var member = MemberId.Parse(id);
        var gateway = $"gw-{group}-{id}";
        _members.Add(new GroupMember
        {
            SecurityGroup = group,
            Member = id,
            Site = member.Site,
            Number = member.Number,
            Gateway = gateway,
            State = state,
            Weight = weight,
            LoadPercent = load,
            PolicyVersion = policy,
            PolicyFingerprint = fingerprint,
            SuspendedBy = by,
            Reason = reason,
        });
        _gateways.Add(new Gateway { Id = gateway, State = GatewayState.Assigned, SecurityGroup = group, Member = id, Site = member.Site });
        return this;
    }

    public WorldBuilder Free(string id, int site = 1, GatewayState state = GatewayState.Unassigned)
    {
        _gateways.Add(new Gateway { Id = id, State = state, Site = site });
        return this;
    }

    public WorldBuilder Pending(string property, ChangeOrigin origin, string gateway = "", string group = "", string by = "", string operation = "")
    {
        _pending.Add(new PendingChange { Property = property, Origin = origin, Gateway = gateway, SecurityGroup = group, StagedBy = by, Operation = operation });
        return this;
    }

    public WorldBuilder Generation(string group, int number, string fingerprint, GenerationState state)
    {
        _generations.Insert(0, new GenerationRecord { Kind = GenerationKind.Policy, SecurityGroup = group, Number = number, Fingerprint = fingerprint, State = state, CreatedAt = default });
        return this;
    }

    public WorldBuilder Uplink(string id, int site, string? group = null)
    {
        _ports.Add(new OrchestratorPort { Id = id, Name = "eth" + id, Orchestrator = $"{site}_1", Site = site, Type = PortType.Uplink, SecurityGroup = group is null ? [] : [group] });
        return this;
    }

    public WorldBuilder Skip(params string[] checks)
    {
        _skipped = checks;
        return this;
    }

    public WorldBuilder CarriesPolicyToJoiners()
    {
        _joinersPullPolicy = false;
        return this;
    }

    public ObservedWorld Build()
    {
        var view = new TopologyView { ObservedAt = default, Orchestrators = [], Ports = _ports, Gateways = _gateways, Groups = _groups, Members = _members };
        return new ObservedWorld
        {
            Deployed = view,
            PendingTopology = view,
            Pending = _pending,
            PolicyGenerations = _generations,
            Traits = new FabricTraits { Name = "Test", Endpoint = "test", DefaultTimeout = TimeSpan.FromMinutes(5), JoinersPullPolicy = _joinersPullPolicy, Capability = ["Suspend", "Restart"] },
            Facets = [FabricFacet.Topology, FabricFacet.Claims, FabricFacet.MemberActions, FabricFacet.PolicyCarrier, FabricFacet.Probes],
            Actor = "anna@jump1",
            SkippedChecks = _skipped,
            MissingFacet = facet => new MaestroException(ErrorCatalogue.FabricCannot, $"no {facet}"),
        };
    }
}
