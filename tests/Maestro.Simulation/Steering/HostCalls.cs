using Maestro.Engine.Fabrics;
using Maestro.Engine.Hosting;
using Maestro.Engine.Model.Errors;
using Maestro.Simulation.Controllers;
using Maestro.Simulation.Histories;

namespace Maestro.Simulation.Steering;

/// <summary>A controller's way to single hosts, by SSH as it were: with all that can go wrong on it, and with the patience that a dead host costs.</summary>
internal sealed class HostCalls(ControllerProcess process, ControllerCalls calls)
{
    /// <summary>How long a way that has died stays unnoticed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly SeededRandom _random = process.Random.Stream("hosts");

    public History History => process.History;

    public SteeredWorld World => process.History.Steered!;

    public ControllerProcess Process => process;

    /// <summary>What a host says, or what is known when it says nothing.</summary>
    public async Task<T> AskAsync<T>(string host, Func<bool> answers, Func<T> look, Func<T> silent, TimeSpan? patience = null)
    {
        try
        {
            return await calls.LookAsync(host, () => LookAsync(answers, look, silent, patience), silent);
        }
        catch (MaestroException fault) when (fault.Code == ErrorCatalogue.MemberUnreachable)
        {
            return silent();
        }
    }

    /// <summary>Has one host do something.</summary>
    public async Task<Effect> TellAsync(FabricCall call, string name, string host, Func<bool> answers, Func<FabricCall, Effect> act)
    {
        var last = process.Clock.GetUtcNow() + Longest;
        try
        {
            return await calls.SendAsync(last < call.Deadline ? call with { Deadline = last } : call, name, host, c => DoAsync(c, host, answers, act));
        }
        catch (IOException broken)
        {
            return Effect.Unknown("the answer was lost", broken.Message);
        }
    }

    private async Task<T> LookAsync<T>(Func<bool> answers, Func<T> look, Func<T> silent, TimeSpan? patience)
    {
        if (answers()) return look();
        await History.DelayAsync(patience ?? Silence);
        return silent();
    }

    private async Task<Effect> DoAsync(FabricCall call, string host, Func<bool> answers, Func<FabricCall, Effect> act)
    {
        await History.DelayAsync(TimeSpan.FromMilliseconds(20 + _random.Next(200)));
        if (answers()) return act(call);
        await History.DelayAsync(Silence);
        return Effect.Refused($"{host} does not answer", ErrorCatalogue.MemberUnreachable, transient: true);
    }
}
