using System.Management.Automation;
using Maestro.Engine.Fabrics;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Synchronisation;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that bring a content to groups: what they share is how it is done. The pipeline is gathered, and each group is a run of its own at the end.</summary>
public abstract class SyncCommand : ChangeCommand
{
    private readonly List<Wish> _wishes = [];

    // As a number, for the reason that ChangeCommand gives.
    private int _mode = (int)SyncMode.RequireAll;

    /// <summary>What it brings, in the user's words.</summary>
    private protected abstract string Noun { get; }

    /// <summary>More than one of those.</summary>
    private protected abstract string Nouns { get; }

    private sealed class Wish(OpenSession session, string group, string what)
    {
        public OpenSession Session { get; } = session;

        public string Group { get; } = group;

        public string What { get; } = what;

        /// <summary>Null when it was not granted.</summary>
        public SyncChange? Request { get; set; }

        public IReadOnlyList<Engine.Model.Groups.GroupMember> Before { get; set; } = [];
    }

    /// <summary>How long members keep what was not decided for before they take it back by themselves: 5 seconds to 1 hour.</summary>
    [Parameter]
    [Duration]
    public TimeSpan RevertAfter { get; set; } = SyncChange.DefaultRevertAfter;

    /// <summary>RequireAll: all members or none. RequireQuorum: more than half. BestEffort: who can. Who is left behind is named.</summary>
    [Parameter]
    [PSDefaultValue(Value = SyncMode.RequireAll)]
    public SyncMode Mode
    {
        get => (SyncMode)_mode;
        set => _mode = (int)value;
    }

    /// <summary>Stops when it lies ready on every member, checked there.</summary>
    [Parameter]
    public SwitchParameter PrepareOnly { get; set; }

    /// <summary>What must be content before it is decided: tcp://host:443 or https://host/health, both from here, exec:command on each member, or a script block.</summary>
    [Parameter]
    [ProbeText]
    [ValidateNotNullOrEmpty]
    public string[] Probe { get; set; } = [];

    /// <summary>Stops when every member has it; Resume-MaestroOperation confirms it, else the members take it back after -RevertAfter.</summary>
    [Parameter]
    public SwitchParameter HoldForConfirmation { get; set; }

    /// <summary>Members at once.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>Judges one group's change, asks for it, and keeps it for the end.</summary>
    /// <param name="session">Where.</param>
    /// <param name="nameOrId">The group.</param>
    /// <param name="what">The content in the user's words, by which a second one for the same group is told.</param>
    /// <param name="make">Makes the change for the group of that name.</param>
    private protected void Offer(OpenSession session, string nameOrId, string what, Func<string, SyncChange> make)
    {
        if (!Settle(session, nameOrId)) return;
        var world = Await(token => session.Engine.ObserveWorldAsync("", Options, token));
        var group = world.Group(nameOrId).Name;
        if (_wishes.FirstOrDefault(w => w.Session == session && w.Group == group) is { } earlier)
        {
            if (earlier.What == what) return;
            throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"'{group}' was piped with two {Nouns}: '{earlier.What}' and '{what}'. Nothing was sent.", group, "Pipe each group once.");
        }

        if (PrepareOnly && HoldForConfirmation) throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"-PrepareOnly stops before any member has the {Noun}, -HoldForConfirmation after it: only one of them can be meant.", group);
        var wish = new Wish(session, group, what) { Before = [.. world.MembersOf(group)] };
        var request = make(group) with { Mode = Mode, Probes = [.. Probe.Select(Engine.Fabrics.Probes.Probe.Parse)], ThrottleLimit = ThrottleLimit, RevertAfter = RevertAfter, PrepareOnly = PrepareOnly, HoldForConfirmation = HoldForConfirmation };
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
