namespace Maestro.Simulation.Mutants;

/// <summary>The bugs that the net must catch. Those marked "found" were real: the simulation found them.</summary>
internal static class AllMutants
{
    public static IReadOnlyList<Mutant> List { get; } =
    [
        // Leases, claims and epochs
        new("lease is not renewed", "Operations/Running/LeaseKeeper.cs", "await store.RenewLeasesAsync(token);", """if (!Planted.Is("lease is not renewed")) await store.RenewLeasesAsync(token);"""),
        new("lease is taken from the living", "Store/SqliteStore.Leases.cs", "row.Owner.BootId == _options.Identity.Self.BootId\n", """!Planted.Is("lease is taken from the living") && row.Owner.BootId == _options.Identity.Self.BootId""" + "\n"),
        new("lease of the dead is kept", "Store/SqliteStore.Leases.cs", "&& MonotonicMilliseconds() < row.Expires;", """&& MonotonicMilliseconds() < row.Expires || Planted.Is("lease of the dead is kept");"""),
        new("lease is not checked on write", "Store/SqliteStore.Leases.cs", "if (row is not null && row.Operation == token.OperationId && row.Epoch == token.Epoch) continue;", """if (Planted.Is("lease is not checked on write") || (row is not null && row.Operation == token.OperationId && row.Epoch == token.Epoch)) continue;"""),
        new("claim is not asked", "Operations/Running/OperationCoordinator.cs", "if (answer.Granted) return request with { Epoch = answer.Epoch };", """if (answer.Granted || Planted.Is("claim is not asked")) return request with { Epoch = Planted.Is("claim is not asked") ? Math.Max(answer.Epoch, 100) : answer.Epoch };"""),
        new("epoch is not raised", "Operations/Running/OperationCoordinator.cs", "            if (claim is not null) token = await parts.Store.RaiseEpochAsync(token, claim.Epoch);\n", """            if (claim is not null && !Planted.Is("epoch is not raised")) token = await parts.Store.RaiseEpochAsync(token, claim.Epoch);""" + "\n"),
        new("epoch is not checked", "Fabrics/Simulation/SimulationCalls.cs", "if (call.Epoch < gateway.Epoch) return", """if (call.Epoch < gateway.Epoch && !Planted.Is("epoch is not checked")) return"""),
        new("claim lost meanwhile is kept (found)", "Operations/Running/LeaseKeeper.cs", "if (answer.Epoch > claim.Epoch) throw", """if (answer.Epoch > claim.Epoch && !Planted.Is("claim lost meanwhile is kept (found)")) throw"""),

        // The journal
        new("journal is written after", "Operations/Running/StepRunner.cs", "            await AppendAsync(undoes is null ? JournalEntryKind.StepStarting : JournalEntryKind.UndoStarting, attempt, \"\", \"\", \"\");\n            var effect = await ActAsync(handler, step);\n",
            """
                        if (!Planted.Is("journal is written after")) await AppendAsync(undoes is null ? JournalEntryKind.StepStarting : JournalEntryKind.UndoStarting, attempt, "", "", "");
                        var effect = await ActAsync(handler, step);
                        if (Planted.Is("journal is written after")) await AppendAsync(undoes is null ? JournalEntryKind.StepStarting : JournalEntryKind.UndoStarting, attempt, "", "", "");

            """),
        new("journal is not read on takeover", "Operations/Running/OperationCoordinator.cs", "            var history = OperationHistory.Of(await parts.Store.ReadJournalAsync(record.Id));", """            var history = Planted.Is("journal is not read on takeover") ? new OperationHistory() : OperationHistory.Of(await parts.Store.ReadJournalAsync(record.Id));"""),
        new("earlier life is forgotten (found)", "Operations/Journal/OperationHistory.cs", "var before = entry.Attempt == 0 ? step.MayHaveActed : step.MayHaveActedBefore;", """var before = !Planted.Is("earlier life is forgotten (found)") && (entry.Attempt == 0 ? step.MayHaveActed : step.MayHaveActedBefore);"""),
        new("ended run is gone on with (found)", "Operations/Running/OperationCoordinator.cs", "o.Id == record.Id && OperationStateMachine.IsEnd(o.State)))", """!Planted.Is("ended run is gone on with (found)") && o.Id == record.Id && OperationStateMachine.IsEnd(o.State)))"""),
        new("way back is forgotten (found)", "Operations/Running/OperationCoordinator.cs", "({ IsUndoing: true }, FailurePolicy.Rollback) => TakeBack", """({ IsUndoing: true }, FailurePolicy.Rollback) when !Planted.Is("way back is forgotten (found)") => TakeBack"""),
        new("decision holds though refused (found)", "Operations/Running/PlanRunner.cs", "private bool IsCommitted => run.History.Decided\n        &&", """private bool IsCommitted => Planted.Is("decision holds though refused (found)") ? run.History.Decided : run.History.Decided""" + "\n        &&"),

        // Check, do, verify
        new("stop past the decision leaves half (found)", "Operations/Running/PlanRunner.cs", "if (IsCommitted && run.Plan.Stages.FirstOrDefault(", """if (!Planted.Is("stop past the decision leaves half (found)") && IsCommitted && run.Plan.Stages.FirstOrDefault("""),
        new("who left holds the sync up (found)", "Operations/Steps/PolicySteps.cs", "if (effect.Code == ErrorCatalogue.MemberNotFound) return", """if (effect.Code == ErrorCatalogue.MemberNotFound && !Planted.Is("who left holds the sync up (found)")) return"""),
        // And without staging again, by which it would go on instead of waiting.
        new("overtaken run holds the sync up (found)", "Operations/Steps/PolicySteps.cs", "if (seen.Answered && seen.ConfirmedGeneration >=", """if (!Planted.Is("overtaken run holds the sync up (found)") && seen.Answered && seen.ConfirmedGeneration >=""",
            Also: new("", "Operations/Steps/PolicySteps.cs", "if (!isStaged)", """if (!isStaged && !Planted.Is("overtaken run holds the sync up (found)"))""")),
        new("discarded edits count as overtaken (found)", "Operations/Running/PlanRunner.cs", "BringsForward(f.Step.Kind) && f.Code", """(BringsForward(f.Step.Kind) || Planted.Is("discarded edits count as overtaken (found)")) && f.Code"""),
        new("verify is skipped", "Operations/Running/StepRunner.cs", "if (effect is { Kind: EffectKind.Done or EffectKind.Already, Verified: true })", """if (effect is { Kind: EffectKind.Done or EffectKind.Already, Verified: true } || (Planted.Is("verify is skipped") && effect.Kind is EffectKind.Done))"""),
        new("unknown counts as done", "Operations/Running/StepRunner.cs", "            var effect = await ActAsync(handler, step);\n", "            var effect = await ActAsync(handler, step);\n" + """            if (Planted.Is("unknown counts as done") && effect.Kind == EffectKind.Unknown) effect = Effect.Done(verified: true);""" + "\n"),
        new("under way counts as not done (found)", "Operations/Running/StepRunner.cs", "answerLost && !seen.IsUnderWay) return seen;", """answerLost && (!seen.IsUnderWay || Planted.Is("under way counts as not done (found)"))) return Planted.Is("under way counts as not done (found)") ? seen with { IsUnderWay = false } : seen;"""),
        new("unknown counts as refused", "Operations/Running/StepRunner.cs", "            if (effect.Code == ErrorCatalogue.LeaseLost)\n", """            if (Planted.Is("unknown counts as refused") && effect.Kind == EffectKind.Unknown) effect = Effect.Refused("no answer");""" + "\n            if (effect.Code == ErrorCatalogue.LeaseLost)\n"),
        new("unseen counts as seen", "Operations/Running/StepRunner.cs", "return Sight.Unseen(fault.Message);", """return Planted.Is("unseen counts as seen") ? Sight.Yes() : Sight.Unseen(fault.Message);"""),
        new("already counts though nothing is there (found)", "Operations/Steps/TopologySteps.cs", "applied.Kind != EffectKind.Already ||", """Planted.Is("already counts though nothing is there (found)") || applied.Kind != EffectKind.Already ||"""),
        new("failed step is passed over", "Operations/Running/PlanRunner.cs", "if (failed.Count > 0 && !MayGoOn(stage)) return", """if (Planted.Is("failed step is passed over")) failed.Clear(); else if (failed.Count > 0 && !MayGoOn(stage)) return"""),

        // Undo and rest
        new("undo is forgotten", "Operations/Running/PlanRunner.cs", "unsettled.AddRange(await UndoStepsAsync(stage, toUndo));", """if (!Planted.Is("undo is forgotten")) unsettled.AddRange(await UndoStepsAsync(stage, toUndo));"""),
        new("service is not restored", "Operations/Running/PlanRunner.cs", "            .Where(s => s.TakesOutOfService &&", """            .Where(s => !Planted.Is("service is not restored") && s.TakesOutOfService &&"""),
        new("unsettled is called rolled back", "Operations/Running/PlanRunner.cs", "        if (unsettled.Count > 0) return Unsettled(unsettled, why);\n        return new RunEnd(whenUndone", """        if (unsettled.Count > 0 && !Planted.Is("unsettled is called rolled back")) return Unsettled(unsettled, why);""" + "\n        return new RunEnd(whenUndone"),
        new("stop leaves all as it is", "Operations/Running/PlanRunner.cs", "    public async Task<RunEnd> StopAsync(string why)\n    {\n", "    public async Task<RunEnd> StopAsync(string why)\n    {\n" + """        if (Planted.Is("stop leaves all as it is")) return new RunEnd(OperationState.Stopped, why);""" + "\n"),

        // Pending topology
        new("foreign pending is applied", "Operations/Steps/TopologySteps.cs", "var foreign = pending.FirstOrDefault(p => IsForeign(", """var foreign = Planted.Is("foreign pending is applied") ? null : pending.FirstOrDefault(p => IsForeign("""),
        new("everybody's edits are discarded", "Operations/Steps/TopologySteps.cs", "\"this\" => [context.OperationId],", """ "this" => Planted.Is("everybody's edits are discarded") ? null : [context.OperationId],"""),

        // Decisions
        // In the arithmetic that both lines share, the plan's guard and the one right before the step: either alone holds the other's.
        new("capacity guard is off", "Clustering/Membership/CapacityGuard.cs", "        if (bearing <= 0)\n", """        if (Planted.Is("capacity guard is off")) { holds = true; return count; }""" + "\n        if (bearing <= 0)\n"),
        new("guard is not asked again (found)", "Operations/Steps/MemberSteps.cs", "leaving.Split(',')) is { } breach)", """leaving.Split(',')) is { } breach && !Planted.Is("guard is not asked again (found)"))"""),
        // In the plan's look and in the step's: either alone holds the other's, but for a run that was at rest meanwhile: that is the next bug.
        new("guard is not asked before an apply (found)", "Operations/Steps/TopologySteps.cs", "if (guarded && FindBreach(deployed, after) is { } breach) return", """if (guarded && !Planted.Is("guard is not asked before an apply (found)") && FindBreach(deployed, after) is { } breach) return""",
            // And without the drain of an undo, whose own guard comes first.
            Also: new("", "Operations/Plans/UndoOperationChange.cs", "return RemoveMembersChange.Draining(world, leavers,", """return Planted.Is("guard is not asked before an apply (found)") ? null : RemoveMembersChange.Draining(world, leavers,""")),
        new("foreign pending is written over (found)", "Clustering/Membership/MembershipPlan.cs", "if (stageOnly) RequireNoForeignOverlap", """if (stageOnly && !Planted.Is("foreign pending is written over (found)")) RequireNoForeignOverlap""",
            Also: new("", "Operations/Steps/TopologySteps.cs", "is not { } edit || await IsOursAsync", """is not { } edit || Planted.Is("foreign pending is written over (found)") || await IsOursAsync""")),
        new("who goes on stages over others (found)", "Operations/Steps/TopologySteps.cs", "return Effect.Refused($\"{who} has a pending", """if (!Planted.Is("who goes on stages over others (found)")) return Effect.Refused($"{who} has a pending"""),
        new("foreign is not looked for after staging (found)", "Operations/Steps/TopologySteps.cs", "if (await FindForeignAsync(context) is { } meanwhile) return", """if (!Planted.Is("foreign is not looked for after staging (found)") && await FindForeignAsync(context) is { } meanwhile) return"""),
        new("inverses share one id (found)", "Clustering/Membership/AddMembersChange.cs", "step.Inverse with { Id = \"replaced/\" + step.Inverse.Id },", """step.Inverse with { Id = (Planted.Is("inverses share one id (found)") ? "" : "replaced/") + step.Inverse.Id },"""),
        new("undo takes out without guard (found)", "Operations/Plans/UndoOperationChange.cs", "if (inverse.Kind == StepKinds.MemberSuspend &&", """if (!Planted.Is("undo takes out without guard (found)") && inverse.Kind == StepKinds.MemberSuspend &&"""),
        new("who goes on takes another group's member (found)", "Operations/Steps/TopologySteps.cs", "return await FindTakenAsync(context, edits) ?? await", """return (Planted.Is("who goes on takes another group's member (found)") ? null : await FindTakenAsync(context, edits)) ?? await"""),
        new("undo takes members out undrained (found)", "Operations/Plans/UndoOperationChange.cs", "if (Draining(world, restore) is { } drain) yield", """if (!Planted.Is("undo takes members out undrained (found)") && Draining(world, restore) is { } drain) yield"""),
        new("undo on its way takes members out undrained (found)", "Operations/Steps/TopologySteps.cs", "if (await DrainAsync(context, edits) is { } draining) return draining;", """if (!Planted.Is("undo on its way takes members out undrained (found)") && await DrainAsync(context, edits) is { } draining) return draining;""",
            Also: new("", "Operations/Steps/MemberSteps.cs", "view.Gateways.All(g => g.Id != step.Gateway ||", """!Planted.Is("undo on its way takes members out undrained (found)") && view.Gateways.All(g => g.Id != step.Gateway ||""")),
        new("what was staged since goes along (found)", "Operations/Steps/TopologySteps.cs", "return groups.Length > 0 &&", """return !Planted.Is("what was staged since goes along (found)") && groups.Length > 0 &&"""),
        new("what goes along is not leased (found)", "Clustering/Membership/MembershipPlan.cs", "if (world.Pending.Count == 0 || plan.AllSteps", """if (Planted.Is("what goes along is not leased (found)") || world.Pending.Count == 0 || plan.AllSteps"""),
        new("stopped run leaves edits staged (found)", "Clustering/Membership/MembershipPlan.cs", "releasedBy: stageOnly ?", """releasedBy: stageOnly || Planted.Is("stopped run leaves edits staged (found)") ?"""),
        new("one process goes on twice (found)", "Operations/Running/OperationCoordinator.cs", "if (!_goingOn.Add(operationId)) throw", """if (!_goingOn.Add(operationId) && !Planted.Is("one process goes on twice (found)")) throw"""),
        new("spare is not counted", "Clustering/Membership/CapacityGuard.cs", "var bearing = left - group.Spare;", """var bearing = Planted.Is("spare is not counted") ? left : left - group.Spare;"""),
        new("who went down counts as not drained (found)", "Operations/Steps/MemberSteps.cs", "=> Sight.Unseen(Words(member)),", """=> Planted.Is("who went down counts as not drained (found)") ? Sight.No(Words(member)) : Sight.Unseen(Words(member)),"""),
        new("drain is not awaited", "Operations/Steps/MemberSteps.cs", "{ State: MemberState.Suspended } => Sight.Yes(Words(member)),", """{ State: MemberState.Suspended } => Sight.Yes(Words(member)), { State: MemberState.Draining } when Planted.Is("drain is not awaited") => Sight.Yes(Words(member)),"""),
        new("highest is SMO Master", "Clustering/Membership/GroupSummary.cs", "ToDictionary(g => g.Key, g => g.First().Member);", """ToDictionary(g => g.Key, g => Planted.Is("highest is SMO Master") ? g.Last().Member : g.First().Member);"""),
        // And without the last look of a sync, which brings along whomever the plan did not name.
        new("sync passes over one member", "Synchronisation/SyncChange.cs", "? Stages(group, changing, number, fingerprint, isNew, current, world", """? Stages(group, Planted.Is("sync passes over one member") ? [.. changing.Take(1), .. changing.Skip(2)] : changing, number, fingerprint, isNew, current, !Planted.Is("sync passes over one member") && world"""),
        new("sync of an empty group looks at nobody (found)", "Synchronisation/SyncChange.cs", ".Traits.JoinersPullPolicy) : [];", """.Traits.JoinersPullPolicy && (members.Count > 0 || !Planted.Is("sync of an empty group looks at nobody (found)"))) : [];"""),
        new("late joiner is not brought along (found)", "Synchronisation/SyncChange.cs", "        if (joinersPull)\n", """        if (joinersPull && !Planted.Is("late joiner is not brought along (found)"))""" + "\n"),
        new("restart between commit and confirm is not noticed (found)", "Operations/Steps/PolicySteps.cs", "if (effect is not { Kind: EffectKind.Refused, Transient: false }) return effect;", """if (Planted.Is("restart between commit and confirm is not noticed (found)") || effect is not { Kind: EffectKind.Refused, Transient: false }) return effect;"""),
        // And in the look before the act: between the two there is but a moment.
        new("former member is taken out (found)", "Operations/Steps/MemberSteps.cs", "if (Find(view, context) is null) return", """if (!Planted.Is("former member is taken out (found)") && Find(view, context) is null) return""",
            Also: new("", "Operations/Steps/MemberSteps.cs", "        null => Sight.Never(IsNoMember, ErrorCatalogue.MemberNotFound),\n        { State: MemberState.Suspended }", """        null => Planted.Is("former member is taken out (found)") ? Sight.No(IsNoMember) : Sight.Never(IsNoMember, ErrorCatalogue.MemberNotFound),""" + "\n        { State: MemberState.Suspended }")),
        new("discard takes what came later (found)", "Clustering/Membership/PendingChanges.cs", "IncludeForeign ? \"*\" :", """IncludeForeign || Planted.Is("discard takes what came later (found)") ? "*" :"""),
        // And a fabric that forgets whatever has the number, as both did: else nothing but a lost disk takes it away.
        new("lost content is not staged again (found)", "Operations/Steps/PolicySteps.cs", "if (!seen.Answered || (isStaged", """if (!seen.Answered || (!isStaged && Planted.Is("lost content is not staged again (found)")) || (isStaged""",
            Also: new("", "Fabrics/Simulation/SimulationCarrier.cs", "s == Of(generation) && s != holding.Confirmed", """(s == Of(generation) || (Planted.Is("lost content is not staged again (found)") && s.Number == generation.Number)) && s != holding.Confirmed""")),
        new("returned member is restarted (found)", "Operations/Steps/MemberSteps.cs", "if (member.State is MemberState.Active or MemberState.Standby) return", """if (!Planted.Is("returned member is restarted (found)") && member.State is (MemberState.Active or MemberState.Standby)) return"""),

        // Synchronisation
        new("members are told before it is decided", "Synchronisation/SyncChange.cs", "it is decided\", undo: false) with { AfterDecision = true,", """it is decided", undo: false) with { AfterDecision = !Planted.Is("members are told before it is decided"),"""),
        new("timers are not put off", "Synchronisation/SyncChange.cs", "        stages.Add(Stage(\"extend\",", """        if (!Planted.Is("timers are not put off")) stages.Add(Stage("extend","""),
        new("members disarm while others are not told", "Operations/Running/PlanRunner.cs", "await RunStageAsync(stage, open);\n            var failed = results.Where(r => !r.IsDone && r.Outcome != StepOutcome.Running)", "await RunStageAsync(stage, open);\n" + """            var failed = results.Where(r => !r.IsDone && r.Outcome != StepOutcome.Running && !(Planted.Is("members disarm while others are not told") && stage.Name == "extend"))"""),
        new("decision needs no last look", "Operations/Steps/PolicySteps.cs", "        var effect = await Carrier(context).CheckAsync(", """        if (Planted.Is("decision needs no last look")) return Effect.Already();""" + "\n        var effect = await Carrier(context).CheckAsync("),
        new("last look grows old (found)", "Operations/Running/PlanRunner.cs", "if (old.Stage is null) return null;", """if (old.Stage is null || Planted.Is("last look grows old (found)")) return null;""",
            // And one after the other, as they were asked.
            Also: new("", "Synchronisation/SyncChange.cs", "CheckPolicyStep.Least(RevertAfter), ParallelLimit = Math.Max(1, changing.Count) }", """CheckPolicyStep.Least(RevertAfter), ParallelLimit = Planted.Is("last look grows old (found)") ? ThrottleLimit : Math.Max(1, changing.Count) }""")),
        new("hold does not hold", "Operations/Running/PlanRunner.cs", "if (stage.HoldBefore && ", """if (stage.HoldBefore && !Planted.Is("hold does not hold") && """),
        new("prepare goes on", "Synchronisation/SyncChange.cs", "if (PrepareOnly) return stages;", """if (PrepareOnly && !Planted.Is("prepare goes on")) return stages;"""),
        new("commit arms no timer", "Fabrics/Simulation/SimulationCarrier.cs", "if (holding.Confirmed != wanted) calls.World.Life.Arm(", """if (holding.Confirmed != wanted && !Planted.Is("commit arms no timer")) calls.World.Life.Arm("""),
        new("timer waits for ever", "Operations/Steps/PolicySteps.cs", "connections, RevertAfter(context));", """connections, Planted.Is("timer waits for ever") ? TimeSpan.FromDays(1000) : RevertAfter(context));"""),
        new("who went back counts as told", "Operations/Steps/PolicySteps.cs", "        var seen = await carrier.ObserveAsync(", """        if (Planted.Is("who went back counts as told") && effect.Code == ErrorCatalogue.PolicyReverted) return Effect.Already();""" + "\n        var seen = await carrier.ObserveAsync("),
        // Modes and probes. What is needed is told by the plan and kept by the run: either alone is a bug of its own.
        new("quorum is half", "Synchronisation/SyncModes.cs", "SyncMode.RequireQuorum => (members / 2) + 1,", """SyncMode.RequireQuorum => Planted.Is("quorum is half") ? members / 2 : (members / 2) + 1,"""),
        new("least count is not kept", "Operations/Running/PlanRunner.cs", "run.History[s.Id].IsDone) >= least;", """run.History[s.Id].IsDone) >= (Planted.Is("least count is not kept") ? 0 : least);"""),
        new("only one left behind is named", "Operations/Running/PlanRunner.cs", "        if (members.Count == 0) members.Add(NameOf", """        if (Planted.Is("only one left behind is named")) members = members.Take(1).ToList();""" + "\n        if (members.Count == 0) members.Add(NameOf"),
        new("partial is called succeeded", "Operations/Running/PlanRunner.cs", "return behind.Count > 0 ? LeftBehind", """return behind.Count > 0 && !Planted.Is("partial is called succeeded") ? LeftBehind"""),
        new("left behind is kept waiting for", "Operations/Running/PlanRunner.cs", "return run.History.WasUnsettled ||", """return (run.History.WasUnsettled && !Planted.Is("left behind is kept waiting for")) ||"""),
        new("probe that fails is passed over", "Operations/Steps/ProbeStep.cs", "        return effect.Kind == EffectKind.Unknown", """        if (Planted.Is("probe that fails is passed over") && effect.Code == ErrorCatalogue.ProbeFailed) return Effect.Already();""" + "\n        return effect.Kind == EffectKind.Unknown"),
        new("bad answer leaves behind (found)", "Synchronisation/SyncModes.cs", "            StepKinds.Probe => stage,", """            StepKinds.Probe => Planted.Is("bad answer leaves behind (found)") ? stage with { LeastDone = Math.Max(1, needed) } : stage,"""),
        new("prepared in part stays unsettled (found)", "Operations/Running/PlanRunner.cs", "|| !run.History.Decided ? new", """|| (!run.History.Decided && !Planted.Is("prepared in part stays unsettled (found)")) ? new"""),
        new("late joiner of a partial sync is forgotten (found)", "Synchronisation/SyncModes.cs", "        return [.. stages.Select(Lenient)];", """        return [.. stages.Where(s => !Planted.Is("late joiner of a partial sync is forgotten (found)") || s.Name != "agree").Select(Lenient)];"""),
        new("agreement grows old (found)", "Operations/Running/PlanRunner.cs", "(stage.AfterDecision && IsOld(stage, s))", """(stage.AfterDecision && IsOld(stage, s) && !Planted.Is("agreement grows old (found)"))"""),
        new("stop of a partial sync leaves half (found)", "Operations/Running/PlanRunner.cs", "FirstOrDefault(s => !IsPassed(s) &&", """FirstOrDefault(s => (!IsPassed(s) || Planted.Is("stop of a partial sync leaves half (found)")) &&"""),
        new("decided sync is settled backward", "Operations/Running/OperationCoordinator.cs", "({ Decided: true }, _) or (_, FailurePolicy.Pause) => runner.RunAsync(),", """({ Decided: true }, _) when !Planted.Is("decided sync is settled backward") => runner.RunAsync(),""" + "\n        (_, FailurePolicy.Pause) => runner.RunAsync(),"),
    ];
}
