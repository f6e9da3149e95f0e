using System.Management.Automation;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;
using Maestro.PowerShell.Binding;

namespace Maestro.PowerShell.Hosting;

/// <summary>
/// Cmdlets whose pipeline is gathered: each item is judged and asked for as it comes, and all that were granted are run as one operation a
/// group at the end. An item that cannot be is its own error; the rest go on.
/// </summary>
public abstract class GatheringCommand : ChangeCommand
{
    private readonly List<Basket> _baskets = [];
    private readonly Dictionary<string, ObservedWorld> _worlds = [];
    private readonly HashSet<(string Id, string Message)> _said = [];

    private protected sealed class Basket(OpenSession session, string group, Func<IReadOnlyList<string>, ChangeRequest> make)
    {
        public OpenSession Session { get; } = session;

        public string Group { get; } = group;

        public Func<IReadOnlyList<string>, ChangeRequest> Make { get; } = make;

        /// <summary>What further items are judged together with: what was granted, and under -WhatIf what would be.</summary>
        public List<string> Planned { get; } = [];

        /// <summary>Granted, to be changed.</summary>
        public List<string> Changing { get; } = [];

        /// <summary>As wanted already.</summary>
        public List<string> AsWanted { get; } = [];
    }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SessionCompleter))]
    public override SessionArgument? Session { get; set; }

    /// <summary>The world as it was seen when the session's first item came. The run itself observes again, under its lease.</summary>
    private protected ObservedWorld WorldOf(OpenSession session)
    {
        if (!_worlds.TryGetValue(session.Name, out var world))
        {
            _worlds[session.Name] = world = Await(token => session.Engine.ObserveWorldAsync("", Options, token, NeedsDistributions));
        }

        return world;
    }

    /// <summary>Whether the items are judged by the groups' distributions.</summary>
    private protected virtual bool NeedsDistributions => false;

    private protected override void Forget(OpenSession session) => _worlds.Remove(session.Name);

    /// <summary>Judges one item, asks for it, and puts it with the others of its group.</summary>
    /// <param name="session">Where.</param>
    /// <param name="group">The group's name; empty for changes of the whole fabric.</param>
    /// <param name="item">What is handed to <paramref name="make"/>.</param>
    /// <param name="subject">The subject by which the plan's decisions name the item.</param>
    /// <param name="make">Makes the request for a list of items.</param>
    private protected void Offer(OpenSession session, string group, string item, string subject, Func<IReadOnlyList<string>, ChangeRequest> make)
    {
        var basket = _baskets.FirstOrDefault(b => b.Session == session && b.Group == group);
        if (basket is null) _baskets.Add(basket = new Basket(session, group, make));
        if (basket.Planned.Contains(item) || basket.AsWanted.Contains(item)) return;
        Plan plan;
        try
        {
            plan = make([.. basket.Planned, item]).Plan(WorldOf(session));
        }
        catch (MaestroException failure) when (failure.Code != ErrorCatalogue.ParameterInvalid)
        {
            if (!IsAboutAll(failure)) WriteFailure(failure, failure.Target == group ? item : null);
            else if (_said.Add((failure.Code.Id, failure.Message))) WriteFailure(failure);
            return;
        }

        var acting = plan.Decisions.Where(d => d.Subject == subject && d.Acts).ToList();
        if (acting.Count == 0)
        {
            foreach (var decision in plan.Decisions.Where(d => d.Subject == subject)) WriteVerbose(decision.ToString());
            basket.AsWanted.Add(item);
            return;
        }

        var target = group.Length > 0 && subject != $"group '{group}'" ? $"group '{group}', {subject}" : subject;
        var granted = Ask(session, target, string.Join("; ", acting.Select(d => d.Reason)));
        if (granted) basket.Changing.Add(item);
        if (granted || Confirmation.WhatIf(this)) basket.Planned.Add(item);
    }

    private protected sealed override void End()
    {
        foreach (var basket in _baskets)
        {
            if (StopSource.IsCancellationRequested) return;
            if (Confirmation.WhatIf(this))
            {
                ShowTheRestOf(basket);
                continue;
            }

            OperationResult? result = null;
            if (basket.Changing.Count > 0)
            {
                result = Run(basket.Session, basket.Make(basket.Changing));
                if (result is null) continue;
            }

            WriteResult(basket, result);
        }
    }

    /// <summary>Writes what the cmdlet writes, once its operation is at rest. <paramref name="result"/> is null when nothing had to be done.</summary>
    private protected abstract void WriteResult(Basket basket, OperationResult? result);

    // What stands in every item's way is said once.
    private static bool IsAboutAll(MaestroException failure) => failure.Code == ErrorCatalogue.ForeignChange || failure.Code == ErrorCatalogue.FabricCannot;

    // The lines about single items were printed when they were asked for.
    private void ShowTheRestOf(Basket basket)
    {
        if (basket.Planned.Count == 0) return;
        var plan = basket.Make(basket.Planned).Plan(WorldOf(basket.Session));
        foreach (var decision in plan.Decisions.Where(d => !d.Acts)) WriteVerbose(decision.ToString());
        foreach (var warning in plan.Warnings) WriteWarning(warning);
    }
}
