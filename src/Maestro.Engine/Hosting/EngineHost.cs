using Maestro.Engine.Clustering.Distribution;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Configuration;
using Maestro.Engine.Model.Distribution;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Groups;
using Maestro.Engine.Model.Monitoring;
using Maestro.Engine.Model.Operations;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Monitoring;
using Maestro.Engine.Monitoring.Watch;
using Maestro.Engine.Operations;
using Maestro.Engine.Operations.Journal;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Operations.Steps;
using Maestro.Engine.Store;
using Maestro.Engine.Synchronisation.Configuration;
using Maestro.Engine.Synchronisation.Policy;

namespace Maestro.Engine.Hosting;

/// <summary>
/// One session's engine. Everything that a cmdlet, the Shell or a server asks goes through here and runs on the engine's own scheduler.
/// All methods may be called from any thread; none blocks.
/// </summary>
public sealed class EngineHost : IAsyncDisposable
{
    private const int RememberedOperations = 200;
    private static readonly TimeSpan WaitEvery = TimeSpan.FromMilliseconds(500);

    private readonly EngineParts _parts;
    private readonly WorldObserver _observer;
    private readonly OperationCoordinator _coordinator;
    private readonly OperationArchive _archive;
    private readonly PolicyArchive _policies;
    private readonly PolicyComparisons _comparisons;
    private readonly GroupTests _tests;
    private readonly PolicyArchive _configurations;
    private readonly ConfigurationComparisons _configurationComparisons;
    private readonly GroupTraffics _traffics;
    private readonly GroupReplications _replications;
    private readonly GroupEvents _events;
    private readonly RunningOperations _running = new();

    public EngineHost(EngineParts parts)
    {
        _parts = parts;
        _observer = new WorldObserver(parts);
        _coordinator = new OperationCoordinator(parts, AllSteps.Handlers(parts.Retention), _observer);
        _archive = new OperationArchive(parts);
        _policies = new PolicyArchive(parts, _observer, Carriage.Policy);
        _comparisons = new PolicyComparisons(parts, _policies);
        _configurations = new PolicyArchive(parts, _observer, Carriage.Configuration);
        _configurationComparisons = new ConfigurationComparisons(parts, _configurations);
        _tests = new GroupTests(parts, _comparisons, _configurationComparisons);
        _traffics = new GroupTraffics(parts, _observer);
        _replications = new GroupReplications(parts, _observer);
        _events = new GroupEvents(parts);
        ConnectedAt = parts.Scheduler.Time.GetUtcNow();
    }

    public string Session => _parts.Session;

    public FabricTraits Traits => _parts.Fabric.Traits;

    public string StoreLocation => _parts.Store.Location;

    public bool ReadOnly => _parts.ReadOnly;

    public DateTimeOffset ConnectedAt { get; }

    /// <summary>The session's own clock: a lab's is not the wall's.</summary>
    public DateTimeOffset Now => _parts.Scheduler.Time.GetUtcNow();

    /// <summary>Who acts here, as <c>user@host</c>.</summary>
    public string Actor => _parts.Identity.Self.ToString();

    /// <summary>The newest view that was asked for, for completion; null before the first. Never asks by itself.</summary>
    public TopologyView? LastSeen { get; private set; }

    /// <summary>The newest operations that were asked for or run here, newest first, for completion; empty before the first.</summary>
    public IReadOnlyList<MaestroOperation> LastOperations { get; private set; } = [];

    /// <summary>Hears what goes over the wire from now on, a line each and without secrets, until what this answers is disposed of.</summary>
    /// <param name="line">Called from any thread; must not block.</param>
    public IDisposable ListenToWire(Action<string> line) => _parts.Wire.Listen(line);

    /// <summary>What is deployed, or with <paramref name="pending"/> what would be after an apply.</summary>
    public Task<TopologyView> ObserveAsync(bool pending, CancellationToken cancellation) => OnEngine(async () =>
    {
        var view = await _parts.Fabric.Topology.ObserveAsync(pending ? TopologyScope.PendingView : TopologyScope.Deployed, cancellation);
        var changes = await _observer.ObservePendingAsync(cancellation);
        var completed = GroupSummary.Complete(view, changes, await UnsettledGroupsAsync(), Session);
        if (!pending) LastSeen = completed;
        return completed;
    });

    /// <summary>Groups that an operation left unsettled, oldest first, as the store knows them. Asks no gateway.</summary>
    public Task<IReadOnlyList<UnsettledGroup>> GetUnsettledAsync() => OnEngine(UnsettledGroupsAsync);

    public Task<IReadOnlyList<PendingChange>> GetPendingChangesAsync(CancellationToken cancellation) =>
        OnEngine(() => _observer.ObservePendingAsync(cancellation));

    /// <summary>All that plans depend on, for judging one item of a pipeline before the whole is run.</summary>
    public Task<ObservedWorld> ObserveWorldAsync(string securityGroup, RunOptions options, CancellationToken cancellation, bool distributions = false) =>
        OnEngine(() => _observer.ObserveAsync(securityGroup, options.Message, options.SkipChecks, cancellation, distributions));

    /// <summary>What a run would do. Sends and writes nothing.</summary>
    /// <exception cref="MaestroException">It cannot be done in this world.</exception>
    public Task<Plan> PreviewAsync(ChangeRequest request, RunOptions options, CancellationToken cancellation) =>
        OnEngine(() => _coordinator.PreviewAsync(request, options, cancellation));

    /// <summary>Begins a change; completes when its operation is in the journal, or when it is over.</summary>
    /// <exception cref="MaestroException">It could not be begun; nothing was sent.</exception>
    public Task<OperationHandle> StartAsync(ChangeRequest request, RunOptions options) => StartAsync(options, (o, started) => _coordinator.RunAsync(request, o, started));

    /// <summary>Operations that nobody alive works on and that a change must settle first: of a group, by name or id, or for an empty name of the whole fabric. Oldest first.</summary>
    public Task<IReadOnlyList<MaestroOperation>> GetUnfinishedAsync(string securityGroup, CancellationToken cancellation) => OnEngine<IReadOnlyList<MaestroOperation>>(async () =>
    {
        var found = new List<MaestroOperation>();
        foreach (var record in await _archive.FindLeftAsync(await NameOfAsync(securityGroup, cancellation))) found.Add(await _archive.ReadAsync(record.Id));
        return found;
    });

    /// <summary>Settles those, before anything is judged by a world in which they stand half-way.</summary>
    /// <exception cref="MaestroException"><c>OperationUnfinished</c>, <c>GroupUnsettled</c>: one could not be settled, or the options say to refuse.</exception>
    public Task<OperationHandle> SettleAsync(string securityGroup, RunOptions options) =>
        StartAsync(options, async (o, _) => await _coordinator.SettleAsync(await NameOfAsync(securityGroup, o.Rest), o));

    /// <summary>Reads and checks a policy file or folder.</summary>
    /// <exception cref="MaestroException"><c>PolicyInvalid</c>, <c>PolicyNotFound</c>, <c>FabricCannot</c>.</exception>
    public PolicyDocument LoadPolicy(string path) => (_parts.Fabric.Policies ?? throw _parts.Fabric.MissingFacet(FabricFacet.PolicyCarrier)).Load(path);

    public SyncReport ReportSync(OperationResult result, IReadOnlyList<GroupMember> before) => SyncReportBuilder.Build(result, before, Session);

    /// <summary>The versions of a group's policy, newest first: those that the store remembers, and those that only members have. Reads from members, writes nothing.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>GroupAmbiguous</c>, <c>FabricCannot</c>.</exception>
    public Task<IReadOnlyList<PolicyVersion>> GetPolicyVersionsAsync(string securityGroup, CancellationToken cancellation) =>
        OnEngine(async () => (await _policies.ReadAsync(securityGroup, cancellation)).Versions);

    /// <summary>What would bring an earlier version of the policy back; without <paramref name="version"/> the one before the current.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>PolicyNotFound</c>, <c>PolicyVersionNotFound</c>: there is none, or it never was the group's policy.</exception>
    public Task<PolicyRestoration> PrepareRestoreAsync(string securityGroup, int? version, CancellationToken cancellation) =>
        OnEngine(async () =>
        {
            var found = await _policies.FindRestorableAsync(securityGroup, version, cancellation);
            var document = new PolicyDocument { Content = found.Content, Fingerprint = found.Version.Fingerprint, Source = found.Source, Commit = found.Version.Commit, Dirty = found.Version.Dirty };
            return new PolicyRestoration { Change = new SyncPolicyChange { Group = found.Group, Document = document, Restores = found.Version.Version }, AlreadyRestored = found.AlreadyRestored };
        });

    /// <summary>How the members, or only those named, differ from the group's policy; those that agree are left out.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>MemberNotFound</c>, <c>PolicyNotFound</c>: it has no policy yet.</exception>
    public Task<IReadOnlyList<PolicyComparison>> ComparePolicyAsync(string securityGroup, IReadOnlyList<string> members, CancellationToken cancellation) =>
        OnEngine(() => _comparisons.DriftAsync(securityGroup, members, cancellation));

    /// <summary>How a candidate differs from the group's policy.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>PolicyNotFound</c>: it has no policy yet.</exception>
    public Task<PolicyComparison> ComparePolicyAsync(string securityGroup, PolicyDocument candidate, CancellationToken cancellation) =>
        OnEngine(() => _comparisons.CandidateAsync(securityGroup, candidate, cancellation));

    /// <summary>How a version differs from another; without <paramref name="reference"/>, from the one before it.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>PolicyVersionNotFound</c>.</exception>
    public Task<PolicyComparison> ComparePolicyAsync(string securityGroup, int version, int? reference, CancellationToken cancellation) =>
        OnEngine(() => _comparisons.VersionAsync(securityGroup, version, reference, cancellation));

    /// <summary>The names of all checks and of their families, with what each asks.</summary>
    public static IReadOnlyList<(string Name, string About)> CheckNames { get; } =
        [.. GroupChecks.All.Select(c => (c.Name, c.About)), .. GroupChecks.All.Where(c => c.Family != c.Name).GroupBy(c => c.Family).Select(f => (f.Key, string.Join(", ", f.Select(c => c.Name))))];

    /// <summary>Asks the named checks, or all, of the groups of these names. Reads from members, writes nothing.</summary>
    /// <param name="securityGroups">Names, as a view shows them.</param>
    /// <param name="checks">Names of checks or families; empty for all.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="MaestroException"><c>ParameterInvalid</c>: there is no such check; <c>GroupNotFound</c>.</exception>
    public Task<IReadOnlyList<CheckResult>> TestAsync(IReadOnlyList<string> securityGroups, IReadOnlyList<string> checks, CancellationToken cancellation) => OnEngine<IReadOnlyList<CheckResult>>(async () =>
    {
        var wanted = GroupChecks.Named(checks);
        var found = new List<CheckResult>();
        foreach (var seen in await SeeGroupsAsync(securityGroups, cancellation)) found.AddRange(await _tests.RunAsync(seen, wanted, cancellation));
        return found;
    });

    /// <summary>How the groups of these names are, by all that <see cref="TestAsync"/> asks; groups are asked side by side. Reads from members, writes nothing.</summary>
    /// <param name="securityGroups">Names, as a view shows them.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>.</exception>
    public Task<IReadOnlyList<GroupHealth>> GetHealthAsync(IReadOnlyList<string> securityGroups, CancellationToken cancellation) => OnEngine<IReadOnlyList<GroupHealth>>(async () =>
        await Task.WhenAll((await SeeGroupsAsync(securityGroups, cancellation)).Select(async seen => GroupGrade.Judge((await _tests.GatherAsync(seen, GroupChecks.All, cancellation)) with { Watched = await _events.WatchedAsync(seen.Group.Name) }))));

    private async Task<IReadOnlyList<GroupEvidence>> SeeGroupsAsync(IReadOnlyList<string> securityGroups, CancellationToken cancellation)
    {
        var pending = await _observer.ObservePendingAsync(cancellation);
        var view = GroupSummary.Complete(await _parts.Fabric.Topology.ObserveAsync(TopologyScope.Deployed, cancellation), pending, await UnsettledGroupsAsync(), Session);
        if (securityGroups.FirstOrDefault(g => view.Groups.All(seen => seen.Name != g)) is { } unknown) throw new MaestroException(ErrorCatalogue.GroupNotFound, $"There is no Security Group '{unknown}' in '{Session}'.", unknown);
        var seen = new List<GroupEvidence>();
        foreach (var group in securityGroups)
        {
            var unfinished = new List<MaestroOperation>();
            foreach (var record in await _archive.FindLeftAsync(group)) unfinished.Add(await _archive.ReadAsync(record.Id));
            seen.Add(GroupTests.See(view, group, pending, unfinished));
        }

        return seen;
    }

    /// <summary>Reads and checks a configuration file and the files that it names.</summary>
    /// <exception cref="MaestroException"><c>ConfigurationInvalid</c>, <c>ConfigurationNotFound</c>, <c>FabricCannot</c>.</exception>
    public ConfigurationDocument LoadConfiguration(string path) => (_parts.Fabric.Configurations ?? throw _parts.Fabric.MissingFacet(FabricFacet.ConfigurationCarrier)).Load(path);

    /// <summary>The versions of a group's configuration, newest first: those that the store remembers, and those that only members have. Reads from members, writes nothing.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>GroupAmbiguous</c>, <c>FabricCannot</c>.</exception>
    public Task<IReadOnlyList<ConfigurationVersion>> GetConfigurationVersionsAsync(string securityGroup, CancellationToken cancellation) =>
        OnEngine<IReadOnlyList<ConfigurationVersion>>(async () => [.. (await _configurations.ReadAsync(securityGroup, cancellation)).Versions.Select(ConfigurationVersion.Of)]);

    /// <summary>What would bring an earlier version of the configuration back; without <paramref name="version"/> the one before the current.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>ConfigurationNotFound</c>, <c>ConfigurationVersionNotFound</c>: there is none, or it never was the group's configuration.</exception>
    public Task<ConfigurationRestoration> PrepareConfigurationRestoreAsync(string securityGroup, int? version, CancellationToken cancellation) => OnEngine(async () =>
    {
        var found = await _configurations.FindRestorableAsync(securityGroup, version, cancellation);
        var document = new ConfigurationDocument { Content = found.Content, Fingerprint = found.Version.Fingerprint, Source = found.Source, Commit = found.Version.Commit, Dirty = found.Version.Dirty };
        return new ConfigurationRestoration { Change = new SyncConfigurationChange { Group = found.Group, Document = document, Restores = found.Version.Version }, AlreadyRestored = found.AlreadyRestored };
    });

    /// <summary>How the members, or only those named, differ from the group's configuration; those that agree are left out.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>MemberNotFound</c>, <c>ConfigurationNotFound</c>: it has no configuration yet.</exception>
    public Task<IReadOnlyList<ConfigurationComparison>> CompareConfigurationAsync(string securityGroup, IReadOnlyList<string> members, CancellationToken cancellation) =>
        OnEngine(() => _configurationComparisons.DriftAsync(securityGroup, members, cancellation));

    /// <summary>How a candidate differs from the group's configuration.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>ConfigurationNotFound</c>: it has no configuration yet.</exception>
    public Task<ConfigurationComparison> CompareConfigurationAsync(string securityGroup, ConfigurationDocument candidate, CancellationToken cancellation) =>
        OnEngine(() => _configurationComparisons.CandidateAsync(securityGroup, candidate, cancellation));

    /// <summary>How a version differs from another; without <paramref name="reference"/>, from the one before it.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>ConfigurationVersionNotFound</c>.</exception>
    public Task<ConfigurationComparison> CompareConfigurationAsync(string securityGroup, int version, int? reference, CancellationToken cancellation) =>
        OnEngine(() => _configurationComparisons.VersionAsync(securityGroup, version, reference, cancellation));

    /// <summary>How a group's traffic is distributed, a line a member, by id. Reads, writes nothing.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>GroupAmbiguous</c>, <c>FabricCannot</c>.</exception>
    public Task<IReadOnlyList<GroupDistribution>> GetDistributionAsync(string securityGroup, CancellationToken cancellation) =>
        OnEngine(() => _traffics.ListAsync(securityGroup, cancellation));

    /// <summary>How a group's connections are copied to other members, a line a member, by id. Reads, writes nothing.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>GroupAmbiguous</c>, <c>FabricCannot</c>.</exception>
    public Task<IReadOnlyList<GroupStateSync>> GetStateSyncAsync(string securityGroup, CancellationToken cancellation) =>
        OnEngine(() => _replications.ListAsync(securityGroup, cancellation));

    /// <summary>Says what happens to groups until it is cancelled; with <see cref="WatchOptions.AutoFailover"/> the traffic of members that are lost is moved.</summary>
    /// <param name="securityGroups">Names, as a view shows them.</param>
    /// <param name="options">How.</param>
    /// <param name="write">Told of each event, on the engine's threads; must not block.</param>
    /// <param name="end">Ends the watch. A failover that is under way is brought to its end first.</param>
    /// <exception cref="MaestroException"><c>FabricCannot</c>: nobody probes members here; <c>SessionReadOnly</c>.</exception>
    public Task WatchAsync(IReadOnlyList<string> securityGroups, WatchOptions options, Action<MaestroEvent> write, CancellationToken end) => OnEngine(async () =>
    {
        if (options.AutoFailover && ReadOnly) throw new MaestroException(ErrorCatalogue.SessionReadOnly, $"Session '{Session}' was opened with -ReadOnly: it may watch, and moves nothing.", Session);
        if (options.AutoFailover && _parts.Fabric.Sight is null) throw _parts.Fabric.MissingFacet(FabricFacet.MemberSight);
        var run = new RunOptions { Source = options.Source, Message = options.Message };
        await Task.WhenAll(securityGroups.Select(g => new GroupWatch(_parts, g, _coordinator.NewId(), options, c => _coordinator.RunAsync(c, run, _ => { }), write).RunAsync(end)));
        return true;
    });

    /// <summary>What happened to groups, the newest first: what watches said, and the ends of operations. Asks no gateway.</summary>
    public Task<IReadOnlyList<MaestroEvent>> GetEventsAsync(EventFilter filter) => OnEngine(() => _events.FindAsync(filter));

    /// <summary>Which member carries a flow whose first packet enters on that side. A port that is not known counts only where none decides.</summary>
    /// <exception cref="MaestroException"><c>GroupNotFound</c>, <c>GroupAmbiguous</c>, <c>FabricCannot</c>, <c>ParameterInvalid</c>.</exception>
    public Task<FlowPlacement> ResolveFlowAsync(string securityGroup, Flow flow, FlowSide side, bool hasSourcePort, bool hasDestinationPort, CancellationToken cancellation) =>
        OnEngine(() => _traffics.ResolveAsync(securityGroup, flow, side, hasSourcePort, hasDestinationPort, cancellation));

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<MaestroOperation>> GetOperationsAsync(OperationQuery query) => OnEngine(async () => Remember(await _archive.ListAsync(query)));

    /// <param name="idOrBeginning">An id or its unique beginning.</param>
    /// <exception cref="MaestroException"><c>OperationNotFound</c>, <c>OperationAmbiguous</c>.</exception>
    public Task<MaestroOperation> GetOperationAsync(string idOrBeginning) => OnEngine(async () =>
    {
        var operation = await _archive.ReadAsync((await _archive.FindAsync(idOrBeginning)).Id);
        Remember([operation]);
        return operation;
    });

    /// <summary>Waits until the operation is at rest, in whichever process it runs.</summary>
    /// <exception cref="MaestroException"><c>TimedOut</c>; the operation goes on.</exception>
    public Task<MaestroOperation> WaitAsync(string idOrBeginning, TimeSpan? timeout, CancellationToken cancellation) => OnEngine(async () =>
    {
        var id = (await _archive.FindAsync(idOrBeginning)).Id;
        var began = _parts.Scheduler.Time.GetTimestamp();
        while (true)
        {
            // What it did is read once, when it is at rest: a plan of many members is long.
            var record = await _archive.FindAsync(id);
            if (record.State is not (OperationState.Running or OperationState.Waiting)) return await _archive.ReadAsync(id);
            if (timeout is { } limit && _parts.Scheduler.Time.GetElapsedTime(began) >= limit)
            {
                throw new MaestroException(ErrorCatalogue.TimedOut, $"Operation {id} is still {record.State} after {limit:c}. It goes on.", id, "Wait again, or stop it with Stop-MaestroOperation.");
            }

            await _parts.Scheduler.Time.Delay(WaitEvery, cancellation);
        }
    });

    /// <summary>Asks a running operation to come to rest, in whichever process it runs, and waits for that.</summary>
    /// <exception cref="MaestroException"><c>OperationNotResumable</c>: it does not run.</exception>
    public async Task<MaestroOperation> SuspendAsync(string idOrBeginning, RunOptions options)
    {
        var record = await FindWritableAsync(idOrBeginning);
        if (record.State is not (OperationState.Running or OperationState.Waiting)) throw NotResumable(record, "does not run");
        await AskAsync(record, RequestKind.Pause, options);
        return await WaitAsync(record.Id, options.Timeout, options.Rest);
    }

    /// <summary>Goes on with an operation that is at rest, or whose owner died.</summary>
    public async Task<OperationHandle> ResumeAsync(string idOrBeginning, RunOptions options)
    {
        var record = await FindWritableAsync(idOrBeginning);
        if (OperationStateMachine.IsEnd(record.State)) throw NotResumable(record, $"has ended: {record.State}");
        if (record.State is OperationState.Running or OperationState.Waiting) throw NotResumable(record, $"runs, under {record.Owner}");
        return await StartAsync(options, (o, started) => Started(record, started, () => _coordinator.ResumeAsync(record, o)));
    }

    /// <summary>Ends an operation for good; what is out comes back.</summary>
    public async Task<MaestroOperation> StopAsync(string idOrBeginning, RunOptions options)
    {
        var record = await FindWritableAsync(idOrBeginning);
        if (OperationStateMachine.IsEnd(record.State)) throw NotResumable(record, $"has ended: {record.State}");
        if (record.State is OperationState.Running or OperationState.Waiting)
        {
            await AskAsync(record, RequestKind.Stop, options);
            return await WaitAsync(record.Id, options.Timeout, options.Rest);
        }

        var handle = await StartAsync(options, (o, started) => Started(record, started, () => _coordinator.StopAsync(record, o, $"{Actor} stopped it")));
        return (await handle.Completion).Operation!;
    }

    /// <summary>Runs an operation's inverses, newest first: an unfinished one is rolled back, an ended one is undone by an operation of its own.</summary>
    public async Task<OperationHandle> UndoAsync(string idOrBeginning, RunOptions options)
    {
        var record = await FindWritableAsync(idOrBeginning);
        switch (record.State)
        {
            case OperationState.Running or OperationState.Waiting:
                throw NotResumable(record, $"runs, under {record.Owner}: stop it first");
            case OperationState.RolledBack or OperationState.Failed:
                throw NotResumable(record, "left everything as it was before");
            case OperationState.Succeeded or OperationState.Stopped:
                var undo = await OnEngine(async () => new UndoOperationChange(record, PlanSerializer.FromJson(record.PlanJson), OperationHistory.Of(await _parts.Store.ReadJournalAsync(record.Id))));
                return await StartAsync(undo, options);
            default:
                return await StartAsync(options, (o, started) => Started(record, started, () => _coordinator.UndoAsync(record, o, $"{Actor} took it back")));
        }
    }

    /// <summary>Brings all running operations of this engine to rest, at most <paramref name="grace"/>. Answers the ids that were running.</summary>
    public Task<IReadOnlyList<string>> RestAsync(TimeSpan grace) => OnEngine(() => _running.RestAsync(_parts.Scheduler.Time, grace));

    public async ValueTask DisposeAsync()
    {
        await _parts.Fabric.DisposeAsync();
        await _parts.Store.DisposeAsync();
        _parts.Scheduler.Dispose();
    }

    private Task<OperationHandle> StartAsync(RunOptions options, Func<RunOptions, Action<string>, Task<OperationResult>> run) =>
        _running.StartAsync(options.Rest, (rest, started) => OnEngine(async () =>
        {
            var result = await run(options with { Rest = rest }, started);
            if (result.Operation is { } ended) Remember([ended]);
            return result;
        }));

    private IReadOnlyList<MaestroOperation> Remember(IReadOnlyList<MaestroOperation> seen)
    {
        lock (_running)
        {
            LastOperations = [.. seen.Concat(LastOperations.Where(o => seen.All(s => s.Id != o.Id))).OrderByDescending(o => o.StartedAt).ThenBy(o => o.Id, StringComparer.Ordinal).Take(RememberedOperations)];
        }

        return seen;
    }

    private static Task<OperationResult> Started(OperationRecord record, Action<string> started, Func<Task<OperationResult>> run)
    {
        started(record.Id);
        return run();
    }

    private Task<OperationRecord> FindWritableAsync(string idOrBeginning) => ReadOnly
        ? throw new MaestroException(ErrorCatalogue.SessionReadOnly, $"Session '{Session}' was opened with -ReadOnly.", Session)
        : OnEngine(() => _archive.FindAsync(idOrBeginning));

    private Task AskAsync(OperationRecord record, RequestKind kind, RunOptions options) => OnEngine(async () =>
    {
        await _parts.Store.PostRequestAsync(new OperationRequest { OperationId = record.Id, Kind = kind, At = _parts.Scheduler.Time.GetUtcNow(), By = Actor, Message = options.Message });
        return true;
    });

    private async Task<IReadOnlyList<UnsettledGroup>> UnsettledGroupsAsync() =>
    [
        .. (await _parts.Store.FindOperationsAsync(new OperationQuery { States = [OperationState.Unsettled] })).Where(o => o.SecurityGroup.Length > 0)
            .OrderBy(o => o.StartedAt).Select(o => new UnsettledGroup(o.SecurityGroup, o.Id, o.Kind, o.UnsettledMembers)),
    ];

    private async Task<string> NameOfAsync(string nameOrId, CancellationToken cancellation)
    {
        if (!GroupName.IsId(nameOrId)) return nameOrId;
        var view = await _parts.Fabric.Topology.ObserveAsync(TopologyScope.Deployed, cancellation);
        return view.Groups.FirstOrDefault(g => GroupName.IdText(g.Id) == nameOrId)?.Name ?? nameOrId;
    }

    private Task<T> OnEngine<T>(Func<Task<T>> work) => _parts.Scheduler.RunAsync(work);

    private static MaestroException NotResumable(OperationRecord record, string why) =>
        new(ErrorCatalogue.OperationNotResumable, $"Operation {record.Id} ({record.Kind}) {why}.", record.Id);
}
