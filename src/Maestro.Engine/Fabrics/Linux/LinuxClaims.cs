using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Operations.Leases;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux;

/// <summary>
/// The lease that lies with the group's hosts. Each host grants it to one holder at a time under its own lock, and raises its epoch when it
/// does: two majorities share a host, so no two controllers hold the same group, whatever their stores say.
/// </summary>
internal sealed class LinuxClaims(LinuxHosts hosts, IHostIdentity identity, TimeProvider time) : IGroupClaims
{
    private const string SinceFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public async Task<ClaimAnswer> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        var answer = await AskAsync("claim", request, supersede: "", cancellation);
        // A holder that is known to be dead on this very machine need not be waited for.
        if (!answer.Granted && answer.HeldBy is { } holder && identity.IsAlive(holder.Owner) == false)
        {
            answer = await AskAsync("claim", request, holder.OperationId, cancellation);
        }

        return answer;
    }

    public Task<ClaimAnswer> RenewAsync(ClaimRequest request, CancellationToken cancellation) => AskAsync("renew", request, supersede: "", cancellation);

    public async Task ReleaseAsync(ClaimRequest request, CancellationToken cancellation) => await RunAsync("release", request, supersede: "", cancellation);

    private async Task<ClaimAnswer> AskAsync(string mode, ClaimRequest request, string supersede, CancellationToken cancellation)
    {
        var answers = await RunAsync(mode, request, supersede, cancellation);
        var granted = Granted(answers);
        var silent = answers.Where(a => a.Answer.Outcome != ScriptOutcome.Answered).Select(a => a.Member).ToList();
        var held = answers.FirstOrDefault(a => a.Answer.Value("outcome") is "held").Answer;
        var lost = answers.FirstOrDefault(a => a.Answer.Value("outcome") is "lost").Answer;
        var lack = ClaimMajority.FindLack(request, granted.Select(g => g.Member));
        var highest = granted.Count > 0 ? granted.Max(g => g.Epoch) : request.Epoch;
        if (lack is null && (mode == "renew" || held is null))
        {
            if (mode == "claim") lack = await LevelAsync(request with { Epoch = highest }, granted, cancellation);
            if (lack is null) return new ClaimAnswer { Granted = true, Epoch = highest, Silent = silent };
        }

        // All or nothing: what a few granted would only stand in another's way.
        if (mode == "claim" && granted.Count > 0) await RunAsync("release", request with { Epoch = highest }, supersede: "", cancellation);
        var refusal = answers.Select(a => a.Answer).FirstOrDefault(a => a.Outcome == ScriptOutcome.Answered && a.Value("outcome") is "refused" or "busy");
        return new ClaimAnswer
        {
            Granted = false,
            Silent = silent,
            HeldBy = Holder(held?.Value("holder"), request.Resource) ?? (lost is null ? null : Somebody(request.Resource)),
            Reason = refusal?.Word("reason") is { Length: > 0 } said
                ? said
                : $"{lack ?? "all"} granted it, a majority is needed; {answers.FirstOrDefault(a => a.Answer.Fault is not null).Answer?.Fault?.Message}",
        };
    }

    /// <summary>
    /// Each host grants one more than it had accepted, so hosts that missed an earlier claim grant less than others. Until they hold the highest, too, they would obey
    /// whoever was granted something between: a holder that was paused, and woke.
    /// </summary>
    private async Task<string?> LevelAsync(ClaimRequest request, IReadOnlyList<(MemberRef Member, long Epoch)> granted, CancellationToken cancellation)
    {
        if (granted.All(g => g.Epoch == request.Epoch)) return null;
        var raised = Granted(await RunAsync("renew", request, supersede: "", cancellation));
        return ClaimMajority.FindLack(request, granted.Where(g => g.Epoch == request.Epoch).Concat(raised).Select(g => g.Member));
    }

    private static List<(MemberRef Member, long Epoch)> Granted(IEnumerable<(MemberRef Member, ScriptAnswer Answer)> answers) =>
        [.. answers.Where(a => a.Answer.Value("outcome") == "granted").Select(a => (a.Member, long.Parse(a.Answer.Value("epoch"), CultureInfo.InvariantCulture)))];

    private async Task<(MemberRef Member, ScriptAnswer Answer)[]> RunAsync(string mode, ClaimRequest request, string supersede, CancellationToken cancellation)
    {
        var script = GatewayScripts.Claim(mode, request.Epoch, Describe(request.Owner, time.GetUtcNow()), request.OperationId, supersede, request.TimeToLive);
        return await Task.WhenAll(request.Participants.Select(async p => (p, await hosts.ReadAsync(p.Gateway, script, cancellation))));
    }

    /// <summary>The owner and, by the controller's own clock, since when; a renewal keeps the line that is there.</summary>
    private static string Describe(LeaseOwner owner, DateTimeOffset since) =>
        string.Join(" ", new[] { owner.MachineId, owner.BootId, owner.ProcessId.ToString(CultureInfo.InvariantCulture), owner.ProcessStart, owner.Host, owner.User, since.UtcDateTime.ToString(SinceFormat, CultureInfo.InvariantCulture) }.Select(f => f.Length == 0 ? "-" : f.Replace(' ', '_')));

    private static LeaseHolder? Holder(string? line, string resource)
    {
        var f = line?.Split(' ') ?? [];
        if (f.Length < 7) return null;
        return new LeaseHolder
        {
            Resource = resource,
            OperationId = f[0],
            Owner = new LeaseOwner { MachineId = f[1], BootId = f[2], ProcessId = int.TryParse(f[3], NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0, ProcessStart = f[4], Host = f[5], User = f[6] },
            Since = f.Length > 7 && DateTimeOffset.TryParseExact(f[7], SinceFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since : default,
        };
    }

    private static LeaseHolder Somebody(string resource) => new()
    {
        Resource = resource,
        OperationId = "unknown",
        Owner = new LeaseOwner { MachineId = "", BootId = "", ProcessId = 0, ProcessStart = "", Host = "unknown", User = "somebody" },
        Since = default,
    };
}
