using Maestro.Engine.Model.Policy;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux;

/// <summary>What happens to a member's kernel between the commit that proved it and the confirmation.</summary>
public sealed class LinuxConfirmTests
{
    private const string OfThatKernel = "nft delete table inet web && nft add table inet web\n";
    private const string Aged = "IFS=' ' read -r number boot up </var/lib/maestro/proof; printf '%s %s %s\\n' \"$number\" \"$boot\" \"$((up - 61))\" >/var/lib/maestro/proof\n";
    private const string OfAnotherBoot = "IFS=' ' read -r number boot up </var/lib/maestro/proof; printf '%s another %s\\n' \"$number\" \"$up\" >/var/lib/maestro/proof\n";

    [TestbedTheory]
    [InlineData(Aged)]
    [InlineData(OfAnotherBoot)]
    public async Task A_proof_that_is_old_or_of_another_boot_is_not_believed(string meanwhile)
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = LinuxSession.Open(bed, between: inner => new Meanwhile(inner, "confirm", bed.Gateways[1].Id, meanwhile + OfThatKernel));
        await session.MakeGroupAsync(bed);

        var sync = await session.SyncAsync(LinuxSession.Forbidding(81));

        Assert.NotNull(sync.Failure);
        Assert.Equal(["1_2"], sync.Operation!.UnsettledMember);
        Assert.NotEqual(SyncOutcome.Confirmed, session.Host.ReportSync(sync, []).Outcome);
    }

    [TestbedFact]
    public async Task A_kernel_that_was_emptied_since_its_proof_is_filled_again_before_it_is_confirmed()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = LinuxSession.Open(bed, between: inner => new Meanwhile(inner, "confirm", bed.Gateways[1].Id, "nft flush ruleset\n"));
        await session.MakeGroupAsync(bed);

        var sync = await session.SyncAsync(LinuxSession.Forbidding(81));

        Assert.True(sync.Failure is null, sync.Failure?.Message);
        Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(bed.Gateways[1], "list", "ruleset"));
    }

    [TestbedFact]
    public async Task A_host_without_room_says_so_before_anything_is_written_and_all_stay_as_they_are()
    {
        const string Fill = "free=$(df -Pk /var/lib/maestro | awk 'NR == 2 { print $4 }'); head -c $(((free - 100) * 1024)) /dev/zero >/var/lib/maestro/fill\n";
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using (var session = LinuxSession.Open(bed))
        {
            await session.MakeGroupAsync(bed);
            Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        }

        await using var next = LinuxSession.Open(bed, between: inner => new Meanwhile(inner, "stage", bed.Gateways[1].Id, Fill));
        var sync = await next.SyncAsync(LinuxSession.Forbidding(82));

        Assert.Contains("KiB are free in /var/lib/maestro", sync.Failure!.Message);
        foreach (var gateway in bed.Gateways) Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(gateway, "list", "ruleset"));
    }

    [TestbedFact]
    public async Task Healing_that_a_host_refuses_leaves_what_its_restart_loads()
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = 2 });
        await using var session = LinuxSession.Open(bed);
        await session.MakeGroupAsync(bed);
        Assert.Null((await session.SyncAsync(LinuxSession.Forbidding(81))).Failure);
        var drifted = bed.Gateways[1];
        await bed.NftLoadAsync(drifted, "flush chain inet web forward\n");
        Testbed.SetNftWrapper(drifted, "#!/bin/sh\n[ \"$1\" != -c ] || { echo 'no' >&2; exit 1; }\nexec /usr/sbin/nft \"$@\"\n");

        Assert.NotNull((await session.RunAsync(new SyncPolicyChange { Group = "dmz" })).Failure);

        Testbed.SetNftWrapper(drifted, null);
        await bed.PowerCycleAsync(drifted);
        Assert.Contains("tcp dport 81 drop", await bed.NftListAsync(drifted, "list", "ruleset"));
        var healed = await session.RunAsync(new SyncPolicyChange { Group = "dmz" });
        Assert.True(healed.Failure is null, healed.Failure?.Message);
        Assert.Equal(["1", "1"], (await session.MembersAsync()).Select(m => m.PolicyVersion?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}
