using Maestro.Engine.Model.Operations;

namespace Maestro.Engine.Operations;

/// <summary>The one table of legal moves between an operation's states.</summary>
public static class OperationStateMachine
{
    private static readonly Dictionary<OperationState, OperationState[]> Moves = new()
    {
        [OperationState.Running] =
        [
            OperationState.Waiting, OperationState.Held, OperationState.Paused, OperationState.Orphaned,
            OperationState.Succeeded, OperationState.Failed, OperationState.RolledBack, OperationState.Stopped, OperationState.Unsettled,
        ],
        [OperationState.Waiting] = [OperationState.Running, OperationState.Paused, OperationState.Orphaned, OperationState.Stopped],
        [OperationState.Held] = [OperationState.Running],
        [OperationState.Paused] = [OperationState.Running],
        [OperationState.Orphaned] = [OperationState.Running],
        [OperationState.Unsettled] = [OperationState.Running],
        [OperationState.Succeeded] = [],
        [OperationState.Failed] = [],
        [OperationState.RolledBack] = [],
        [OperationState.Stopped] = [],
    };

    /// <summary>True when nothing more happens by itself or by Resume: only Unsettled is at rest and yet settled later.</summary>
    public static bool IsEnd(OperationState state) => Moves[state].Length == 0;

    /// <summary>States in which a new run must settle the operation first, once its owner no longer lives.</summary>
    public static bool IsUnfinished(OperationState state) => !IsEnd(state);

    public static bool CanMove(OperationState from, OperationState to) => Moves[from].Contains(to);

    /// <exception cref="InvalidOperationException">The move is not in the table.</exception>
    public static void Require(OperationState from, OperationState to, string occasion)
    {
        if (!CanMove(from, to)) throw new InvalidOperationException($"An operation cannot go from {from} to {to} ({occasion}).");
    }
}
