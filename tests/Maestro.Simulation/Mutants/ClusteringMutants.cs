namespace Maestro.Simulation.Mutants;

/// <summary>The bugs of the distribution, its moves, its copies and its failover, that the histories of steered groups must catch.</summary>
internal static class ClusteringMutants
{
    public static IReadOnlyList<Mutant> List { get; } =
    [
        // Tables
        new("slots of the lost go to anybody", "Clustering/Distribution/SlotDraft.cs", "if (Takes(Backup[slot])) Give(slot, Backup[slot]);", """if (Planted.Is("slots of the lost go to anybody") && Takes((short)(slot % _members.Length))) Give(slot, (short)(slot % _members.Length)); else if (Takes(Backup[slot])) Give(slot, Backup[slot]);"""),
        new("who carries keeps the copy", "Clustering/Distribution/SlotDraft.cs", "if (i == owner || _members[i].Weight == 0) continue;", """if ((i == owner && !Planted.Is("who carries keeps the copy")) || _members[i].Weight == 0) continue;"""),
        new("table is written over a newer one", "Fabrics/Linux/Traffic/LinuxTables.cs", "if (current.Version != expectedVersion) return", """if (current.Version != expectedVersion && !Planted.Is("table is written over a newer one")) return""",
            // And without the second line, by which a table that comes after none is refused.
            Also: new("", "Fabrics/Linux/Traffic/LinuxTables.cs", "if (table.Version <= current.Version) return", """if (table.Version <= current.Version && !Planted.Is("table is written over a newer one")) return""")),
        new("only one orchestrator is told", "Fabrics/Linux/Traffic/LinuxTables.cs", ".Where(s => s.Listing is not null).OrderBy(s => s.Id, StringComparer.Ordinal))", """.Where(s => s.Listing is not null).OrderBy(s => s.Id, StringComparer.Ordinal).Take(Planted.Is("only one orchestrator is told") ? 1 : int.MaxValue))"""),
        new("refusal of an orchestrator is passed over", "Fabrics/Linux/Traffic/LinuxTables.cs", "            if (effect.Kind is EffectKind.Refused or EffectKind.Unknown) return effect;\n        }\n\n        return Effect.Done();", """            if (effect.Kind is EffectKind.Refused or EffectKind.Unknown && !Planted.Is("refusal of an orchestrator is passed over")) return effect;""" + "\n        }\n\n        return Effect.Done();"),
        new("silence moves slots", "Fabrics/Linux/Traffic/SteeredGroup.cs", "(known is not null && member.State is MemberState.Lost or MemberState.Held or MemberState.Joining);", """(known is not null && ((member.State is MemberState.Lost && !Planted.Is("silence moves slots")) || member.State is MemberState.Held or MemberState.Joining));"""),

        // Moves of connections
        new("table changes before connections are copied", "Fabrics/Linux/Traffic/LinuxTables.cs", "if (await moving.CopyAsync() is { } unable", """if (!Planted.Is("table changes before connections are copied") && await moving.CopyAsync() is { } unable"""),
        new("nobody looks after the change", "Fabrics/Linux/Traffic/LinuxTables.cs", "if (await moving.SweepAsync() is { } open && !mayLeaveOut) return open;", """if (!Planted.Is("nobody looks after the change") && await moving.SweepAsync() is { } open && !mayLeaveOut) return open;""",
            // And while it changes, by which most of what begins then is found.
            Also: new("", "Fabrics/Linux/Traffic/LinuxTables.cs", "await moving.KeepUpAsync(writing);", """if (!Planted.Is("nobody looks after the change")) await moving.KeepUpAsync(writing);""")),
        new("who is called out still carries", "Fabrics/Linux/LinuxMembers.cs", "var moved = await traffic.FollowAsync(", """var moved = Planted.Is("who is called out still carries") ? Effect.Already() : await traffic.FollowAsync("""),
        new("members are looked at before one's turn (found)", "Fabrics/Linux/Traffic/LinuxTraffic.cs", "        await _turn.WaitAsync();\n", """        if (Planted.Is("members are looked at before one's turn (found)")) return await act();""" + "\n        await _turn.WaitAsync();\n"),
        new("what the dead had is not asked of others (found)", "Fabrics/Linux/Traffic/ConnectionHandOver.cs", "        _keptFor.Add(giver);", """        if (!Planted.Is("what the dead had is not asked of others (found)")) _keptFor.Add(giver);"""),

        // Copies
        new("copies go by the old table", "Fabrics/Linux/Traffic/LinuxTables.cs", "replication is null ? [] :", """replication is null || Planted.Is("copies go by the old table") ? [] :"""),

        new("table counts as seen to its end before members are told (found)", "Fabrics/Linux/Traffic/LinuxTables.cs", "        var unprotected = await ProtectAsync(call, group, table, members);\n", """        if (Planted.Is("table counts as seen to its end before members are told (found)")) await TableHistory.AddAsync(store, call.Lease, group.Name, table);""" + "\n        var unprotected = await ProtectAsync(call, group, table, members);\n"),

        // Watches and failovers
        new("who answers again is given up", "Clustering/Failover/FailoverChange.cs", "var silent = Lost.Except(Heard).ToList();", """var silent = Planted.Is("who answers again is given up") ? Lost.ToList() : Lost.Except(Heard).ToList();"""),
        new("who comes back with an older policy carries", "Clustering/Failover/FailoverChange.cs", "if ((member.PolicyVersion ?? 0) <", """if (!Planted.Is("who comes back with an older policy carries") && (member.PolicyVersion ?? 0) <"""),
        new("watch acts without the lead", "Monitoring/Watch/GroupWatch.cs", "_isDue && _lead.IsHeld &&", """_isDue && (_lead.IsHeld || Planted.Is("watch acts without the lead")) &&"""),
        new("blind watch acts (found)", "Monitoring/Watch/GroupWatch.cs", "_judge is { Sees: true } && now >= _notBefore", """_judge is not null && (_judge.Sees || Planted.Is("blind watch acts (found)")) && now >= _notBefore"""),
        new("failover that was cut short counts as done (found)", "Operations/Steps/FailoverStep.cs", "if (seen.OutOfStep.Count > 0) return", """if (Planted.Is("failover that was cut short counts as done (found)")) return Sight.Yes("none of the lost has slots"); if (seen.OutOfStep.Count > 0) return"""),
        new("budget is not asked", "Clustering/Detection/FailoverBudget.cs", "        if (living - count < 1) return", """        if (Planted.Is("budget is not asked")) return null;""" + "\n        if (living - count < 1) return"),
        new("one observer is enough", "Clustering/Detection/FailureDetector.cs", "            if (missing < _policy.Quorum) continue;\n            if (suspecting >= _policy.Quorum &&", """            if (missing < (Planted.Is("one observer is enough") ? 1 : _policy.Quorum)) continue;""" + "\n" + """            if (suspecting >= (Planted.Is("one observer is enough") ? 1 : _policy.Quorum) &&"""),
        // The look at the table finds either, and is planted with both.
        new("who is back gets nothing", "Monitoring/Watch/GroupWatch.cs", "                _returned.Add(found.Member);", """                if (!Planted.Is("who is back gets nothing")) _returned.Add(found.Member);"""),
        new("who came back while nobody watched gets nothing (found)", "Monitoring/Watch/GroupWatch.cs", "if (traffic is not null && _judge is", """if (traffic is not null && !Planted.Is("who is back gets nothing") && !Planted.Is("who came back while nobody watched gets nothing (found)") && _judge is"""),
        new("orchestrator that is down holds a failover up", "Fabrics/Linux/Traffic/LinuxTables.cs", "found, members, mayLeaveOut: true, isLast: false);", """found, members, mayLeaveOut: !Planted.Is("orchestrator that is down holds a failover up"), isLast: false);"""),
    ];
}
