using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>Cmdlets that change something: the parameters that all of them share.</summary>
public abstract class ChangeCommand : OperationCommand
{
    // A field of an engine's value type would make the runtime look for the engine while PowerShell still reads this assembly's types,
    // before the module could say where the engine lies. So it is kept as a number.
    private int _onUnfinished = (int)UnfinishedPolicy.Settle;

    private readonly Dictionary<(string Session, string Group), bool> _settled = [];

    /// <summary>Safety checks to waive, by name; the journal says so.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SkipCheckCompleter))]
    public string[] SkipCheck { get; set; } = [];

    /// <summary>What to do with an unfinished operation found on the group: settle it first, or refuse.</summary>
    [Parameter]
    [PSDefaultValue(Value = UnfinishedPolicy.Settle)]
    public UnfinishedPolicy OnUnfinished
    {
        get => (UnfinishedPolicy)_onUnfinished;
        set => _onUnfinished = (int)value;
    }

    /// <summary>Returns at once with the operation; the work goes on in this session.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected sealed override bool NoWaitGiven => NoWait;

    private protected sealed override RunOptions Options => base.Options with { SkipChecks = SkipCheck, OnUnfinished = OnUnfinished };

    // A misspelt check would be kept, not waived: that is said before anything else is.
    private protected override void Begin()
    {
        var unknown = SkipCheck.FirstOrDefault(name => !SkipCheckCompleter.Known.Any(known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase)));
        if (unknown is null) return;
        throw new MaestroException(ErrorCatalogue.ParameterInvalid, $"There is no check '{unknown}' to skip. Nothing was sent.", unknown, $"The checks are {string.Join(", ", SkipCheckCompleter.Known.Select(k => k.Name))}.");
    }

    /// <summary>
    /// Asks for and settles what dead runs left on a group (by name or id; empty: on the whole fabric), before anything is judged by a world
    /// in which they stand half-way. False when it was not granted or failed, which has been said: then the group is left alone.
    /// </summary>
    private protected bool Settle(OpenSession session, string group)
    {
        if (_settled.TryGetValue((session.Name, group), out var before)) return before;
        return _settled[(session.Name, group)] = SettleNow(session, group);
    }

    /// <summary>What was seen before may have changed by the settling.</summary>
    private protected virtual void Forget(OpenSession session)
    {
    }

    private bool SettleNow(OpenSession session, string group)
    {
        var left = Await(token => session.Engine.GetUnfinishedAsync(group, token));
        if (left.Count == 0) return true;
        var refuse = OnUnfinished == UnfinishedPolicy.Refuse && !Confirmation.WhatIf(this);
        if (!refuse && !left.All(o => Ask(session, $"operation {o.Id} ({o.Kind}{(o.SecurityGroup.Length > 0 ? $" of '{o.SecurityGroup}'" : "")}), left {o.State} by {o.Owner}", $"settle it first: {o.NextStep}"))) return Confirmation.WhatIf(this);
        var result = Run(session, group, options => session.Engine.SettleAsync(group, options), mayOutlive: false);
        Forget(session);
        return result is not null && result.Failure is null;
    }

    /// <summary>Refuses a call that names a subject but nothing to change about it.</summary>
    /// <exception cref="MaestroException"><c>ParameterInvalid</c>.</exception>
    private protected void RequireOneOf(params string[] parameters)
    {
        if (parameters.Any(MyInvocation.BoundParameters.ContainsKey)) return;
        throw new MaestroException(
            ErrorCatalogue.ParameterInvalid,
            $"{MyInvocation.MyCommand.Name} was told nothing to change.",
            MyInvocation.MyCommand.Name,
            $"Give one of {string.Join(", ", parameters.Select(p => "-" + p))}.");
    }
}
