using Maestro.Engine.Operations.Journal;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Invariants;

/// <summary>All that a store acknowledged is there after the power came back; where the disk lied, the loss is noticed.</summary>
internal sealed class NothingIsLost(History history) : Invariant(history)
{
    public override string Name => "I6 nothing acknowledged is lost";

    public override void OnReopened(Machine machine)
    {
        foreach (var operation in History.Witness.Operations.Where(o => o.Machine == machine))
        {
            var record = machine.Store.FindOperationsAsync(new OperationQuery { IdPrefix = operation.Id }).GetAwaiter().GetResult().FirstOrDefault(o => o.Id == operation.Id);
            Require(record is not null, $"operation {operation.Id} is lost");
            var journal = machine.Store.ReadJournalAsync(operation.Id).GetAwaiter().GetResult();
            Require(journal.Count >= operation.Entries.Count, $"{operation.Entries.Count} entries of {operation.Id} were acknowledged, and {journal.Count} are there");
            for (var i = 0; i < operation.Entries.Count; i++)
            {
                var (was, is_) = (operation.Entries[i], journal[i]);
                Require(was with { Sequence = is_.Sequence } == is_, $"entry {i + 1} of {operation.Id} was acknowledged as {was.Kind} {was.StepId} {was.Outcome}, and is {is_.Kind} {is_.StepId} {is_.Outcome}");
            }

            // Whatever came after the last acknowledged entry was being written as the power failed.
            if (journal.Count == operation.Entries.Count) Require(record!.State == operation.State, $"{operation.Id} was {operation.State}, and is {record.State}");
        }
    }
}
