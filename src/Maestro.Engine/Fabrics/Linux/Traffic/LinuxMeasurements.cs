using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Ssh;
using Maestro.Engine.Operations.Plans;

namespace Maestro.Engine.Fabrics.Linux.Traffic;

/// <summary>
/// Asks the kernels of members. What a member's downlinks take in is what orchestrators hand it, in both directions of its flows, and what else comes that way:
/// copies of others' connections, and SSH where its address is there.
/// </summary>
internal sealed class LinuxMeasurements(LinuxHosts hosts) : IMeasurements
{
    public async Task<IReadOnlyList<MemberTraffic>> MeasureAsync(IReadOnlyList<MemberRef> members, CancellationToken cancellation) =>
        await Task.WhenAll(members.Select(async member =>
        {
            List<string> devices = [.. (hosts.Find(member.Gateway)?.Downlinks ?? []).Select(d => d.Interface).Distinct(StringComparer.Ordinal)];
            return Read(member.Member, devices.Count, await hosts.ReadAsync(member.Gateway, GatewayScripts.Measure(devices), cancellation));
        }));

    /// <param name="member">Whose.</param>
    /// <param name="devices">How many were to be looked at.</param>
    /// <param name="answer">Of the script.</param>
    internal static MemberTraffic Read(string member, int devices, ScriptAnswer answer)
    {
        var looks = answer.Outcome == ScriptOutcome.Answered ? answer.Values("look").Select(l => l.Split(' ')).ToList() : [];
        return new MemberTraffic(member, answer.Outcome == ScriptOutcome.Answered ? Number(answer.Value("connections")) : null, looks.Count == 2 && devices > 0 ? Rate(looks[0], looks[1], devices) : null);
    }

    /// <summary>Null where a device is not there, or began to count anew in between.</summary>
    private static long? Rate(string[] first, string[] second, int devices)
    {
        if (first.Length != 3 || second.Length != 3 || Number(first[2]) != devices || Number(second[2]) != devices) return null;
        if (Number(first[1]) is not { } before || Number(second[1]) is not { } after || after < before) return null;
        if (!double.TryParse(first[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var began) || !double.TryParse(second[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ended)) return null;
        return ended > began ? (long)((after - before) / (ended - began)) : null;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
