using Maestro.Engine.Fabrics.Simulation.World;
using Maestro.Engine.Model.Operations;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>A gateway's epoch never falls, it obeys nobody with a lower one, and one epoch is one operation's.</summary>
internal sealed class EpochsOnlyGrow(History history) : Invariant(history)
{
    private readonly Dictionary<string, long> _epochs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _raisedAt = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Gateway, long Epoch), string> _owners = [];

    public override string Name => "I5 epochs only grow";

    public override bool WatchesWorld => true;

    public override void AfterEvent()
    {
        foreach (var gateway in World.Gateways)
        {
            if (gateway.Epoch == 0) continue;
            if (_epochs.TryGetValue(gateway.Id, out var before))
            {
                if (before == gateway.Epoch) continue;
                Require(gateway.Epoch > before, $"the epoch of {gateway.Id} fell from {before} to {gateway.Epoch}");
            }

            _epochs[gateway.Id] = gateway.Epoch;
            _raisedAt[gateway.Id] = History.Now;
            if (gateway.Holder is { } holder && holder.Until > History.Now && IsAtWork(holder)) Own(gateway.Id, gateway.Epoch, holder.OperationId);
        }
    }

    public override void OnCall(LabCall call)
    {
        if (World.FindGateway(call.Subject) is not { } gateway) return;
        if (!call.Changed)
        {
            RequireHolderIsHeard(call, gateway);
            return;
        }

        Require(call.Epoch >= gateway.Epoch, $"{call.Subject} obeyed {call.Name} of {call.OperationId} under epoch {call.Epoch} though it had accepted {gateway.Epoch}");
        Own(gateway.Id, call.Epoch, call.OperationId);
        if (gateway.Holder is { } holder && holder.Until > call.At && (holder.OperationId == call.OperationId || IsAtWork(holder)))
        {
            Require(holder.OperationId == call.OperationId, $"{call.Subject} obeyed {call.Name} of {call.OperationId} while {holder.OperationId} held it");
        }
    }

    /// <summary>Whom a gateway granted its claim it obeys: a run that goes on under less than it was granted can do nothing at all.</summary>
    private void RequireHolderIsHeard(LabCall call, LabGateway gateway)
    {
        if (call.Epoch >= gateway.Epoch || gateway.Holder is not { } holder || holder.OperationId != call.OperationId || holder.Until <= call.At) return;
        var sent = History.Witness.FindSent(call.OperationId, call.StepId);
        // An earlier run of the operation may be heard no more, also when what it sent arrives after the next one has sent the same.
        if (sent is null || sent.Call.Epoch != call.Epoch || sent.At < History.Witness.Find(call.OperationId)?.RunBegan || sent.Process != History.Witness.Find(call.OperationId)?.Process || holder.Owner != sent.Process.Self) return;
        // Under way as the claim was granted: the run learns of both answers.
        if (sent.At <= _raisedAt.GetValueOrDefault(gateway.Id)) return;
        Require(false, $"{call.Subject} granted {call.OperationId} epoch {gateway.Epoch}, and {call.Name} came under {call.Epoch}");
    }

    /// <summary>A gateway that was away as its holder let go keeps the claim until it runs out, or until somebody with a higher epoch comes.</summary>
    private bool IsAtWork(LabHolder holder) =>
        History.Witness.Find(holder.OperationId) is { } operation ? operation is { State: OperationState.Running, IsReleased: false } : !History.Witness.WasGivenUp(holder.OperationId);

    private void Own(string gateway, long epoch, string operation)
    {
        if (_owners.TryAdd((gateway, epoch), operation)) return;
        var owner = _owners[(gateway, epoch)];
        Require(owner == operation, $"{gateway} accepted epoch {epoch} of both {owner} and {operation}");
    }
}
