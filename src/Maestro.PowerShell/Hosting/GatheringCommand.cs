using Maestro.Engine.Model.Errors;
using Maestro.Engine.Operations.Plans;
using Maestro.Engine.Operations.Running;

namespace Maestro.PowerShell.Hosting;

/// <summary>
/// Cmdlets whose pipeline is gathered: each item is judged and asked for as it comes, and all that were granted are run as one operation a
/// group at the end. An item that cannot be is its own error; the rest go on.
/// </summary>
public abstract class GatheringCommand : OperationCommand
{
    private readonly List<Basket> _baskets = [];
    private readonly Dictionary<(string Session, string Group), ObservedWorld> _worlds = [];

    private protected sealed class Basket(OpenSession session, string group, Func<IReadOnlyList<string>, ChangeRequest> make)
    {
        public OpenSession Session { get; } = session;

        public string Group { get; } = group;

        public Func<IReadOnlyList<string>, ChangeRequest> Make { get; } = make;

        /// <summary>Granted, to be changed.</summary>
        public List<string> Changing { get; } = [];

        /// <summary>As wanted already.</summary>
        public List<string> AsWanted { get; } = [];
    }

    /// <summary>The world as it was seen when the first item of the group came.</summary>
    private protected ObservedWorld WorldOf(OpenSession session, string group)
    {
        if (!_worlds.TryGetValue((session.Name, group), out var world))
        {
            _worlds[(session.Name, group)] = world = Await(token => session.Engine.ObserveWorldAsync(group, Options, token));
        }

        return world;
    }

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
        if (basket.Changing.Contains(item) || basket.AsWanted.Contains(item)) return;
        Plan plan;
        try
        {
            plan = make([.. basket.Changing, item]).Plan(WorldOf(session, group));
        }
        catch (MaestroException failure)
        {
            WriteFailure(failure);
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
        if (Ask(session, target, string.Join("; ", acting.Select(d => d.Reason)))) basket.Changing.Add(item);
    }

    private protected sealed override void End()
    {
        foreach (var basket in _baskets)
        {
            if (StopSource.IsCancellationRequested) return;
            OperationResult? result = null;
            if (basket.Changing.Count > 0)
            {
                result = Run(basket.Session, basket.Make(basket.Changing));
                if (result is null || StopSource.IsCancellationRequested) continue;
            }

            if (Confirmation.WhatIf(this)) continue;
            WriteResult(basket, result);
        }
    }

    /// <summary>Writes what the cmdlet writes, once its operation is at rest. <paramref name="result"/> is null when nothing had to be done.</summary>
    private protected abstract void WriteResult(Basket basket, OperationResult? result);
}
