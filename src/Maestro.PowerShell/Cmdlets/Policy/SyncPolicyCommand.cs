using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Model.Policy;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Policy;

/// <summary>Makes one policy the policy of all members of a group, or of none; without a path heals members that drifted.</summary>
[Cmdlet(VerbsData.Sync, "Policy", SupportsShouldProcess = true)]
[OutputType(typeof(SyncReport))]
public sealed class SyncPolicyCommand : ChangeCommand
{
    private readonly List<Wish> _wishes = [];
    private readonly Dictionary<string, PolicyDocument> _documents = [];
    private sealed class Wish(OpenSession session, string group, string path)
    {
        public OpenSession Session { get; } = session;

        public string Group { get; } = group;

        public string Path { get; } = path;

        /// <summary>Null when it was not granted.</summary>
        public SyncPolicyChange? Request { get; set; }

        public IReadOnlyList<Engine.Model.Groups.GroupMember> Before { get; set; } = [];
    }

    /// <summary>The group, by name, id or object.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AsTyped]
    [ArgumentCompleter(typeof(SecurityGroupCompleter))]
    public SecurityGroupArgument[] SecurityGroup { get; set; } = [];

    /// <summary>An nftables file, or a folder of fragments in order; without it members that drifted are healed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>How long members keep a policy that was not decided for before they take it back by themselves: 5 seconds to 1 hour.</summary>
    [Parameter]
    [Duration]
    public TimeSpan RevertAfter { get; set; } = SyncPolicyChange.DefaultRevertAfter;

    /// <summary>Stops when the policy lies ready on every member and has passed its parser.</summary>
    [Parameter]
    public SwitchParameter PrepareOnly { get; set; }

    /// <summary>Stops when every member runs the policy; Resume-MaestroOperation confirms it, else the members take it back after -RevertAfter.</summary>
    [Parameter]
    public SwitchParameter HoldForConfirmation { get; set; }

    /// <summary>Members at once.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>What becomes of established flows that the new policy forbids: Keep lets them go on, Rematch judges them anew.</summary>
    [Parameter]
    public ConnectionTreatment Connections { get; set; } = ConnectionTreatment.Keep;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    private protected override void Process() => Each(SecurityGroup, Gather);

    private protected override void End()
    {
        foreach (var wish in _wishes)
        {
            if (wish.Request is null) continue;
            if (StopSource.IsCancellationRequested) return;
            Run(wish.Session, wish.Request, result => WriteObject(wish.Session.Engine.ReportSync(result, wish.Before)));
        }
    }

    private void Gather(SecurityGroupArgument argument)
    {
        var session = SessionOf(argument);
        if (!Settle(session, argument.Value)) return;
        var world = Await(token => session.Engine.ObserveWorldAsync("", Options, token));
        var group = world.Group(argument.Value).Name;
        var path = Path is null ? "" : GetUnresolvedProviderPathFromPSPath(Path);
        if (_wishes.FirstOrDefault(w => w.Session == session && w.Group == group) is { } earlier)
        {
            if (earlier.Path == path) return;
            throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"'{group}' was piped with two policies: '{earlier.Path}' and '{path}'. Nothing was sent.", group, "Pipe each group once.");
        }

        if (PrepareOnly && HoldForConfirmation) throw new MaestroException(ErrorCatalogue.ParameterInvalid, "-PrepareOnly stops before any member runs the policy, -HoldForConfirmation after it: only one of them can be meant.", group);
        var wish = new Wish(session, group, path) { Before = [.. world.MembersOf(group)] };
        var request = new SyncPolicyChange { Group = group, Document = Read(session, path), Connections = Connections, ThrottleLimit = ThrottleLimit, RevertAfter = RevertAfter, PrepareOnly = PrepareOnly, HoldForConfirmation = HoldForConfirmation };
        var plan = Await(token => session.Engine.PreviewAsync(request, Options, token));
        _wishes.Add(wish);
        var words = string.Join("; ", plan.Decisions.Where(d => d.Acts));
        var granted = plan.IsEmpty || Ask(session, $"group '{group}'", words);
        if (Confirmation.WhatIf(this))
        {
            foreach (var decision in plan.Decisions.Where(d => !d.Acts)) WriteVerbose(decision.ToString());
            foreach (var warning in plan.Warnings) WriteWarning(warning);
        }
        else if (granted)
        {
            wish.Request = request;
        }
    }

    private PolicyDocument? Read(OpenSession session, string path)
    {
        if (path.Length == 0) return null;
        if (!_documents.TryGetValue(path, out var document)) _documents[path] = document = session.Engine.LoadPolicy(path);
        return document;
    }
}
