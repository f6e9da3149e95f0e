using System.Globalization;
using Maestro.PowerShell.Tests.Conventions;
using Xunit.Abstractions;

namespace Maestro.PowerShell.Tests.Cmdlets.Kills;

/// <summary>
/// SIGKILL to a shell in the middle of each cmdlet that changes something, at a seeded random instant (with MAESTRO_ENDURANCE=1: ten). The
/// next run settles what is left and reaches the wanted state; nothing runs under a dead owner; success is said only of what is so.
/// </summary>
public sealed class CmdletKillTests(ITestOutputHelper output, CmdletKillTests.World world) : IClassFixture<CmdletKillTests.World>
{
    private const double CallSeconds = 0.6;

    /// <summary>The cmdlet's first call also has to be compiled, before it does anything.</summary>
    private const int LatestMilliseconds = 1000;

    private static readonly int Instants = Environment.GetEnvironmentVariable("MAESTRO_ENDURANCE") == "1" ? 10 : 1;

    private static readonly string[] AlreadySo = ["GroupExists", "GroupNotFound", "MemberNotFound", "GatewayInUse", "OperationNotResumable", "ParameterInvalid"];

    private static readonly string[] Ends = ["Succeeded", "RolledBack", "Failed", "Stopped"];

    /// <summary>All cmdlets that change something, as the module says: one without a row fails.</summary>
    public static TheoryData<string> Names => ModuleCmdlets.ChangingNames;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_cmdlet_that_is_killed_at_any_moment_is_settled_by_the_next_run(string name)
    {
        var row = CmdletKillRows.All[name];
        using var ready = world.Ready.Copy();
        IReadOnlyList<string> succeeded;
        using (var console = LabConsole.Open(ready.Connect))
        {
            if (row.Prepare.Length > 0) console.Run(world.Words + row.Prepare);
            succeeded = Succeeded(console);
        }

        var speed = row.Speed ?? Measure(row, ready);
        var random = new Random(name.Sum(c => c) + 20261124);
        for (var i = 0; i < Instants; i++)
        {
            using var lab = ready.Copy();
            var instant = TimeSpan.FromMilliseconds(random.Next(LatestMilliseconds));
            await VictimShell.KillAsync(lab.ConnectPaced(speed), world.Words + row.Call, instant);
            Settle(row, lab, succeeded, instant);
        }
    }

    [Fact]
    public void No_row_is_of_a_cmdlet_that_is_gone() =>
        Assert.Empty(CmdletKillRows.All.Keys.Except(ModuleCmdlets.All.Where(ModuleCmdlets.IsChanging).Select(c => c.Name)));

    /// <summary>The speed at which the whole call takes a moment.</summary>
    private int Measure(CmdletKillRow row, KeptLab ready)
    {
        using var lab = ready.Copy();
        using var console = LabConsole.Open(lab.Connect);
        console.Run(world.Words + row.Call).MustSucceed();
        Assert.Equal(row.Want, Look(console, row));
        var seconds = console.Run("(Get-MaestroOperation -Newest 1).Duration.TotalSeconds").MustSucceed().Output.Single();
        return Math.Max(1, (int)(Convert.ToDouble(seconds.BaseObject, CultureInfo.InvariantCulture) / CallSeconds));
    }

    private void Settle(CmdletKillRow row, KeptLab lab, IReadOnlyList<string> succeededBefore, TimeSpan instant)
    {
        using var console = LabConsole.Open(lab.Connect);
        var left = console.Run("Get-MaestroOperation -Newest 1").MustSucceed().Output.Single();
        output.WriteLine($"killed after {instant.TotalMilliseconds} ms: the newest operation, {left.Text("Kind")}, was left {left.Text("State")}");
        Assert.Empty(console.Run("Get-MaestroOperation -State Running").MustSucceed().Output);
        if (Succeeded(console).Except(succeededBefore).Any() && row.Next.Length == 0) Assert.Equal(row.Want, Look(console, row));

        var next = console.Run(world.Words + (row.Next.Length > 0 ? row.Next : row.Call));
        foreach (var warning in next.Warnings) output.WriteLine(warning);
        Assert.True(next.ErrorIds.All(id => AlreadySo.Contains(id["Maestro.".Length..])), string.Join('\n', next.Errors));

        Assert.Equal(row.Want, Look(console, row));
        Assert.All(console.Run("Get-MaestroOperation").MustSucceed().Values("State"), state => Assert.Contains(state, Ends));
        Assert.Empty(console.Run("Get-PendingChange").MustSucceed().Output);
        Assert.Single(console.Run("Get-GroupMember dmz | Where-Object State -eq Active").MustSucceed().Values("PolicyFingerprint").Distinct());
    }

    private string Look(LabConsole console, CmdletKillRow row) => console.Run(world.Words + row.Look).MustSucceed().Output.Single().ToString();

    private static IReadOnlyList<string> Succeeded(LabConsole console) => console.Run("Get-MaestroOperation -State Succeeded").MustSucceed().Values("Id");

    /// <summary>The world that every row begins in.</summary>
    public sealed class World : IDisposable
    {
        private readonly PolicyFile _first = new();
        private readonly PolicyFile _second = new("table inet second { }\n");
        private readonly ConfigurationFile _configuration = new(forwarding: 1);
        private readonly ConfigurationFile _secondConfiguration = new(forwarding: 2);

        public World()
        {
            using var console = LabConsole.WithGroup(4, Ready.Connect);
            console.Run("Sync-Policy dmz -Path $args[0]", _first.Path).MustSucceed();
            var free = console.Run("(Get-Gateway -Unassigned -Site 1)[0].Id").MustSucceed().Output.Single();
            Words = $"$free = '{free}'; $policy = '{_second.Path}'; $configuration = '{_configuration.Path}'; $second = '{_secondConfiguration.Path}'; ";
        }

        internal KeptLab Ready { get; } = new();

        /// <summary>Gives the rows' variables their values.</summary>
        internal string Words { get; }

        public void Dispose()
        {
            Ready.Dispose();
            _first.Dispose();
            _second.Dispose();
            _configuration.Dispose();
            _secondConfiguration.Dispose();
        }
    }
}
