using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.PowerShell.Binding;
using Maestro.PowerShell.Hosting;

namespace Maestro.PowerShell.Cmdlets.Policy;

/// <summary>Cmdlets that bring a policy to groups: what they share is how it is done. The pipeline is gathered, and each group is a run of its own at the end.</summary>
public abstract class PolicyChangeCommand : ChangeCommand
{
    private readonly List<Wish> _wishes = [];

    // As a number, for the reason that ChangeCommand gives.
    private int _connections = (int)ConnectionTreatment.Keep;
    private int _mode = (int)SyncMode.RequireAll;

    private sealed class Wish(OpenSession session, string group, string what)
    {
        public OpenSession Session { get; } = session;

        public string Group { get; } = group;

        public string What { get; } = what;

        /// <summary>Null when it was not granted.</summary>
        public SyncPolicyChange? Request { get; set; }

        public IReadOnlyList<Engine.Model.Groups.GroupMember> Before { get; set; } = [];
    }

    /// <summary>How long members keep a policy that was not decided for before they take it back by themselves: 5 seconds to 1 hour.</summary>
    [Parameter]
    [Duration]
    public TimeSpan RevertAfter { get; set; } = SyncPolicyChange.DefaultRevertAfter;

    /// <summary>RequireAll: all members or none. RequireQuorum: more than half. BestEffort: who can. Who is left behind is named.</summary>
    [Parameter]
    [PSDefaultValue(Value = SyncMode.RequireAll)]
    public SyncMode Mode
    {
        get => (SyncMode)_mode;
        set => _mode = (int)value;
    }

    /// <summary>Stops when the policy lies ready on every member and has passed its parser.</summary>
    [Parameter]
    public SwitchParameter PrepareOnly { get; set; }

    /// <summary>What must be content before it is decided: tcp://host:443 or https://host/health, both from here, exec:command on each member, or a script block.</summary>
    [Parameter]
    [ProbeText]
    [ValidateNotNullOrEmpty]
    public string[] Probe { get; set; } = [];

    /// <summary>Stops when every member runs the policy; Resume-MaestroOperation confirms it, else the members take it back after -RevertAfter.</summary>
    [Parameter]
    public SwitchParameter HoldForConfirmation { get; set; }

    /// <summary>Members at once.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>What becomes of established flows that the new policy forbids: Keep lets them go on, Rematch judges them anew.</summary>
    [Parameter]
    [PSDefaultValue(Value = ConnectionTreatment.Keep)]
    public ConnectionTreatment Connections
    {
        get => (ConnectionTreatment)_connections;
        set => _connections = (int)value;
    }

    /// <summary>Judges one group's change, asks for it, and keeps it for the end.</summary>
    /// <param name="session">Where.</param>
    /// <param name="nameOrId">The group.</param>
    /// <param name="what">The policy in the user's words, by which a second one for the same group is told.</param>
    /// <param name="make">Makes the change for the group of that name.</param>
    private protected void Offer(OpenSession session, string nameOrId, string what, Func<string, SyncPolicyChange> make)
    {
        if (!Settle(session, nameOrId)) return;
        var world = Await(token => session.Engine.ObserveWorldAsync("", Options, token));
        var group = world.Group(nameOrId).Name;
        if (_wishes.FirstOrDefault(w => w.Session == session && w.Group == group) is { } earlier)
        {
            if (earlier.What == what) return;
            throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"'{group}' was piped with two policies: '{earlier.What}' and '{what}'. Nothing was sent.", group, "Pipe each group once.");
        }

        if (PrepareOnly && HoldForConfirmation) throw new MaestroException(ErrorCatalogue.ParameterInvalid, "-PrepareOnly stops before any member runs the policy, -HoldForConfirmation after it: only one of them can be meant.", group);
        var wish = new Wish(session, group, what) { Before = [.. world.MembersOf(group)] };
        var request = make(group) with { Connections = Connections, Mode = Mode, Probes = [.. Probe.Select(Engine.Fabrics.Probes.Probe.Parse)], ThrottleLimit = ThrottleLimit, RevertAfter = RevertAfter, PrepareOnly = PrepareOnly, HoldForConfirmation = HoldForConfirmation };
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

    private protected sealed override void End()
    {
        foreach (var wish in _wishes)
        {
            if (wish.Request is null) continue;
            if (StopSource.IsCancellationRequested) return;
            Run(wish.Session, wish.Request, result => WriteObject(wish.Session.Engine.ReportSync(result, wish.Before)));
        }
    }
}
