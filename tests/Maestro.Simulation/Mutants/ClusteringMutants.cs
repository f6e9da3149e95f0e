namespace Maestro.Simulation.Mutants;

/// <summary>The bugs of the distribution, its moves, its copies and its failover, that the histories of steered groups must catch.</summary>
internal static class ClusteringMutants
{
    public static IReadOnlyList<Mutant> List { get; } =
    [
        // Tables
        new("slots of the lost go to anybody", "Clustering/Distribution/SlotDraft.cs", "if (Takes(Backup[slot], takers)) Give(slot, Backup[slot]);", """if (Planted.Is("slots of the lost go to anybody") && Takes((short)(slot % _members.Length), takers)) Give(slot, (short)(slot % _members.Length)); else if (Takes(Backup[slot], takers)) Give(slot, Backup[slot]);"""),
        new("who carries keeps the copy", "Clustering/Distribution/SlotDraft.cs", "if (i == owner || _members[i].Weight == 0) continue;", """if ((i == owner && !Planted.Is("who carries keeps the copy")) || _members[i].Weight == 0) continue;"""),
        new("only one orchestrator is told", "Fabrics/Linux/Traffic/LinuxTables.cs", ".Where(s => s.Listing is not null).OrderBy(s => s.Id, StringComparer.Ordinal))", """.Where(s => s.Listing is not null).OrderBy(s => s.Id, StringComparer.Ordinal).Take(Planted.Is("only one orchestrator is told") ? 1 : int.MaxValue))"""),
        new("refusal of an orchestrator is passed over", "Fabrics/Linux/Traffic/LinuxTables.cs", "            if (effect.Kind is EffectKind.Refused or EffectKind.Unknown) return effect;\n        }\n\n        return Effect.Done();", """            if (effect.Kind is EffectKind.Refused or EffectKind.Unknown && !Planted.Is("refusal of an orchestrator is passed over")) return effect;""" + "\n        }\n\n        return Effect.Done();"),

        // Moves of connections
        new("table changes before connections are copied", "Fabrics/Linux/Traffic/LinuxTables.cs", "if (await moving.CopyAsync() is { } unable", """if (!Planted.Is("table changes before connections are copied") && await moving.CopyAsync() is { } unable"""),
        new("nobody looks after the change", "Fabrics/Linux/Traffic/LinuxTables.cs", "if (await moving.SweepAsync() is { } open && !mayLeaveOut) return open;", """if (!Planted.Is("nobody looks after the change") && await moving.SweepAsync() is { } open && !mayLeaveOut) return open;""",
            // And while it changes, by which most of what begins then is found.
            Also: new("", "Fabrics/Linux/Traffic/LinuxTables.cs", "await moving.KeepUpAsync(writing);", """if (!Planted.Is("nobody looks after the change")) await moving.KeepUpAsync(writing);""")),
        new("who is called out still carries", "Fabrics/Linux/LinuxMembers.cs", "var moved = await traffic.LeaveAsync(", """var moved = Planted.Is("who is called out still carries") ? Effect.Already() : await traffic.LeaveAsync("""),
        new("what is given is taken back", "Fabrics/Linux/Traffic/ConnectionHandOver.cs", "f.Value, moves.Version)", """f.Value, Planted.Is("what is given is taken back") ? 0 : moves.Version)"""),

        new("who says that he carries keeps his slots (found)", "Fabrics/Linux/Traffic/LinuxTables.cs", "if (leaving is { } left) without.Add(left);", """if (leaving is { } left && !Planted.Is("who says that he carries keeps his slots (found)")) without.Add(left);"""),
        new("what a change began with is forgotten (found)", "Fabrics/Linux/Traffic/LinuxTables.cs", "!found.IsUnfinished && found.Remembered.Version < found.Table.Version", """!Planted.Is("what a change began with is forgotten (found)") && !found.IsUnfinished && found.Remembered.Version < found.Table.Version"""),
        new("who cannot be told takes over (found)", "Fabrics/Linux/Traffic/LinuxTables.cs", "if (!mayLeaveOut && moving.Deaf is { } deaf)", """if (!mayLeaveOut && !Planted.Is("who cannot be told takes over (found)") && moving.Deaf is { } deaf)"""),

        new("who was behind when he was taken out stays out (found)", "Operations/Steps/MemberSteps.cs", "context.Step.Arguments.Get(Names.Carried) == CarriedPolicy.Of(member)", """!Planted.Is("who was behind when he was taken out stays out (found)") && context.Step.Arguments.Get(Names.Carried) == CarriedPolicy.Of(member)"""),
        new("who shows as out is out (found)", "Operations/Running/StepRunner.cs", "&& handler is IStepThatShowsEarly", """&& !Planted.Is("who shows as out is out (found)") && handler is IStepThatShowsEarly"""),

        // What a suspend that failed gives up finds two others, too, and is planted with them.
        new("who could not be taken out goes on draining (found)", "Operations/Steps/MemberSteps.cs", "var reason = context.Step.Arguments.Get(Names.Reason);", """var reason = Planted.Is("who could not be taken out goes on draining (found)") || Planted.Is("under way counts as not done (found)") || Planted.Is("what was seen before an undo counts (found)") ? "-" : context.Step.Arguments.Get(Names.Reason);"""),

        new("what was refused half-way is not taken back (found)", "Operations/Running/StepRunner.cs", "result = result with { Outcome = StepOutcome.Unknown,", """result = result with { Outcome = Planted.Is("what was refused half-way is not taken back (found)") ? result.Outcome : StepOutcome.Unknown,"""),

        // Copies
        new("copies go by the old table", "Fabrics/Linux/Traffic/LinuxTables.cs", "replication is null ? [] :", """replication is null || Planted.Is("copies go by the old table") ? [] :"""),
        new("who says that it was told is believed", "Fabrics/Linux/Replication/LinuxReplication.cs", "internal static Effect Unproven(string version) => Effect.Refused(", """internal static Effect Unproven(string version) => Planted.Is("who says that it was told is believed") ? Effect.Done() : Effect.Refused("""),

        // Watches and failovers
        new("who answers again is given up", "Clustering/Failover/FailoverChange.cs", "var silent = Lost.Except(Heard).ToList();", """var silent = Planted.Is("who answers again is given up") ? Lost.ToList() : Lost.Except(Heard).ToList();"""),
        new("who is behind comes in by the way (found)", "Clustering/Failover/FailoverChange.cs", ".Union(behind))]", """.Union(Planted.Is("who is behind comes in by the way (found)") ? [] : behind))]"""),
        new("who answers and is not believed yet is given up (found)", "Clustering/Detection/FailureDetector.cs", "_isLost[i] && Weigh(i).Suspecting < _policy.Quorum)", """_isLost[i] && (Planted.Is("who answers and is not believed yet is given up (found)") ? _heardSince[i] is not null : Weigh(i).Suspecting < _policy.Quorum))"""),
        new("one broken way counts as much as any (found)", "Clustering/Detection/FailureDetector.cs", "history.Silent <= oldest &&", """(history.Silent <= oldest || Planted.Is("one broken way counts as much as any (found)")) &&"""),
        new("who stood still since it judged acts (found)", "Clustering/Failover/FailoverChange.cs", "if (silent.Count > 0 && !Stands())", """if (silent.Count > 0 && !Planted.Is("who stood still since it judged acts (found)") && !Stands())"""),
        new("a lead that was not renewed lasts (found)", "Monitoring/Watch/WatchLease.cs", "< LeaseTimes.TimeToLive ? _token", """< LeaseTimes.TimeToLive || Planted.Is("a lead that was not renewed lasts (found)") ? _token"""),
        // The look at the table finds either, and is planted with both.
        new("who is back gets nothing", "Monitoring/Watch/GroupWatch.cs", "                _returned.Add(found.Member);", """                if (!Planted.Is("who is back gets nothing")) _returned.Add(found.Member);"""),
        new("who came back while nobody watched gets nothing (found)", "Monitoring/Watch/GroupWatch.cs", "if (_lead.IsHeld && steered is not null", """if (_lead.IsHeld && !Planted.Is("who is back gets nothing") && !Planted.Is("who came back while nobody watched gets nothing (found)") && steered is not null"""),
    ];
}
