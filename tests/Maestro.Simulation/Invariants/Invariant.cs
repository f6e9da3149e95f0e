using Maestro.Engine.Fabrics;
using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;
using Maestro.Simulation.Steering;
using Maestro.Simulation.Traffic;

namespace Maestro.Simulation.Invariants;

/// <summary>Something that must hold after every event, whatever goes wrong.</summary>
internal abstract class Invariant(History history)
{
    /// <summary>The number in the architecture, and what it says in a few words.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it reads the world itself after every event that changed it.</summary>
    public virtual bool WatchesWorld => false;

    protected History History { get; } = history;

    protected LabState World => History.World.State;

    public virtual void OnBegan(OperationFacts operation)
    {
    }

    public virtual void OnEntry(OperationFacts operation, JournalEntry entry)
    {
    }

    /// <summary>An operation has come to rest or to its end.</summary>
    public virtual void OnState(OperationFacts operation)
    {
    }

    /// <summary>Another process goes on with an operation; the facts are still of before.</summary>
    public virtual void OnTakenOver(OperationFacts operation, ControllerProcess by)
    {
    }

    /// <summary>The group told a run that another has, or had, its claim.</summary>
    public virtual void OnClaimLost(ControllerProcess process, string operationId)
    {
    }

    public virtual void OnSent(SentCall sent)
    {
    }

    /// <summary>A call was answered by the world.</summary>
    public virtual void OnCall(LabCall call)
    {
    }

    /// <summary>Somebody looked through the engine.</summary>
    public virtual void OnView(TopologyView view)
    {
    }

    /// <summary>A machine has its power, and its store, back.</summary>
    public virtual void OnReopened(Machine machine)
    {
    }

    /// <summary>Connections were lost as a member went out.</summary>
    public virtual void OnLoss(TrafficLoss loss)
    {
    }

    /// <summary>An orchestrator of a steered world has taken a table.</summary>
    public virtual void OnTableWritten(TableWrite write)
    {
    }

    /// <summary>A host of a steered world is about to forget all connections.</summary>
    public virtual void OnKernelLost(SteeredHost host)
    {
    }

    /// <summary>Four times a second in a steered world.</summary>
    public virtual void OnPulse()
    {
    }

    /// <summary>After every event that changed the world, for those that watch it.</summary>
    public virtual void AfterEvent()
    {
    }

    /// <summary>When faults have stopped and all had time to settle.</summary>
    public virtual void AtEnd()
    {
    }

    protected void Require(bool holds, string otherwise)
    {
        if (!holds) throw new InvariantBrokenException(Name, otherwise);
    }
}

internal sealed class InvariantBrokenException(string invariant, string what) : Exception($"{invariant}: {what}")
{
    public string Invariant { get; } = invariant;
}
