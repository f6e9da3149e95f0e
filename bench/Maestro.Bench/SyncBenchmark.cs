using System.Globalization;
using Maestro.Engine.Clustering.Membership;
using Maestro.Engine.Hosting;
using Maestro.Engine.Operations.Running;
using Maestro.Engine.Synchronisation.Policy;
using Maestro.Testbeds;

namespace Maestro.Bench;

/// <summary>
/// A policy to all gateways in the same four phases: to the disk, checked there, loaded, read back. Same account, same login
/// shell, fan-out 64. Ours is the whole operation with its lease, fence, durable journal, proof and confirmation.
/// </summary>
/// <param name="rules">Of each policy.</param>
/// <param name="runs">Of which the median is taken.</param>
internal sealed class SyncBenchmark(int rules, int runs)
{
    public const string Header = "| gateways | rules | connections | the phases alone | Maestro | ClusterShell | Ansible | ClusterShell / Maestro | Ansible / Maestro |\n|---:|---:|---|---:|---:|---:|---:|---:|---:|";

    private int _number;

    public async IAsyncEnumerable<string> RunAsync(int gateways)
    {
        await using var bed = await Testbed.StartAsync(new TestbedOptions { Gateways = gateways });
        var bare = await BareAsync(bed);
        foreach (var warm in new[] { false, true })
        {
            yield return Row(gateways, warm ? "warm" : "cold", bare, (await MaestroAsync(bed, warm), await ClusterShellAsync(bed, warm), await AnsibleAsync(bed, warm)));
        }
    }

    private string Row(int gateways, string connections, double bare, (double Maestro, double ClusterShell, double Ansible) t) => string.Format(
        CultureInfo.InvariantCulture,
        "| {0} | {1} | {2} | {3:0.00} s | {4:0.00} s | {5:0.00} s | {6:0.00} s | {7:0.0} | {8:0.0} |",
        gateways, rules, connections, bare, t.Maestro, t.ClusterShell, t.Ansible, t.ClusterShell / t.Maestro, t.Ansible / t.Maestro);

    private async Task<double> MaestroAsync(Testbed bed, bool warm)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bed.DirectoryPath, "maestro")).FullName;
        var inventory = Path.Combine(folder, "inventory.json");
        bed.WriteInventory(inventory, new Testbeds.InventoryOptions { Account = TestbedAccount.Root });
        EngineHost Open() => SessionFactory.OpenInventory(
            new SessionOptions { Name = "bench", StorePath = Path.Combine(folder, "store.db") },
            new Engine.Hosting.InventoryOptions { Path = inventory, KnownHostsPath = bed.KnownHostsPath });

        await using (var maker = Open())
        {
            var view = await maker.ObserveAsync(pending: false, CancellationToken.None);
            if (view.Groups.Count == 0) Require(await (await maker.StartAsync(new NewGroupChange { Name = "bench", Gateways = [.. bed.Gateways.Select(g => g.Id)] }, new RunOptions())).Completion);
        }

        EngineHost? kept = null;
        if (warm)
        {
            kept = Open();
            await kept.ObserveAsync(pending: false, CancellationToken.None);
        }

        var path = Path.Combine(folder, "policy.nft");
        var seconds = await Tool.MedianAsync(
            runs,
            _ => File.WriteAllTextAsync(path, Policies.Text("web", ++_number, rules, replaces: false)),
            async _ =>
            {
                var host = kept ?? Open();
                Require(await (await host.StartAsync(new SyncPolicyChange { Group = "bench", Document = host.LoadPolicy(path), ThrottleLimit = 64 }, new RunOptions())).Completion);
                if (kept is null) await host.DisposeAsync();
            });
        if (kept is not null) await kept.DisposeAsync();
        return seconds;
    }

    private static void Require(OperationResult result)
    {
        if (result.Failure is not null) throw result.Failure;
    }

    /// <summary>The four phases with no network and no controller: as many namespaces as there are gateways, all at once, on the same machine.</summary>
    private async Task<double> BareAsync(Testbed bed)
    {
        var file = Path.Combine(bed.DirectoryPath, "bare.nft");
        const string Phases = "cat \"$1\" >\"$1.$2\"; nft -c -f \"$1.$2\" && nft -f \"$1.$2\" && nft -s list table inet bare | sha256sum";
        return await Tool.MedianAsync(
            runs,
            _ => File.WriteAllTextAsync(file, Policies.Text("bare", ++_number, rules, replaces: true)),
            _ => Tool.RequireAsync("sh", ["-c", $"for i in $(seq {bed.Gateways.Count}); do unshare -n sh -c '{Phases}' sh {file} $i & done; wait"]));
    }

    private async Task<double> ClusterShellAsync(Testbed bed, bool warm)
    {
        string[] Clush(params string[] rest) => SyncBenchmark.Clush(bed, warm, rest);
        var file = Path.Combine(bed.DirectoryPath, "clush.nft");
        if (warm) await Tool.RequireAsync("clush", Clush("true"));
        return await Tool.MedianAsync(
            runs,
            async _ =>
            {
                await File.WriteAllTextAsync(file, Policies.Text("other", ++_number, rules, replaces: true));
            },
            async _ =>
            {
                await Tool.RequireAsync("clush", Clush("--copy", file, "--dest", "/var/lib/clush.nft"));
                await Tool.RequireAsync("clush", Clush("nft -c -f /var/lib/clush.nft"));
                await Tool.RequireAsync("clush", Clush("nft -f /var/lib/clush.nft"));
                await Tool.RequireAsync("clush", Clush("nft -s list table inet other | sha256sum"));
            });
    }

    /// <summary>What somebody would run who looks for a difference without Maestro: list the table on every gateway and hash it.</summary>
    public static async Task ListByClusterShellAsync(Testbed bed, string table) =>
        await Tool.RequireAsync("clush", Clush(bed, warm: true, $"nft -s list table inet {table} | sha256sum"));

    // clush reads its options as a template in which a percent sign is written twice.
    private static string[] Clush(Testbed bed, bool warm, params string[] rest) =>
        ["-l", Testbed.RootUser, "-f", "64", "-S", "-q", "-o", SshOptions(bed, warm).Replace("%", "%%", StringComparison.Ordinal), "-w", string.Join(",", bed.Gateways.Select(g => g.Address)), .. rest];

    private async Task<double> AnsibleAsync(Testbed bed, bool warm)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bed.DirectoryPath, "ansible")).FullName;
        var file = Path.Combine(folder, "ansible.nft");
        var hosts = Path.Combine(folder, "hosts");
        await File.WriteAllTextAsync(hosts, "[gateways]\n" + string.Concat(bed.Gateways.Select(g => $"{g.Address}\n")));
        var play = Path.Combine(folder, "play.yml");
        await File.WriteAllTextAsync(play, $"""
            - hosts: gateways
              gather_facts: false
              remote_user: {Testbed.RootUser}
              tasks:
                - copy: src={file} dest=/var/lib/ansible.nft
                - command: nft -c -f /var/lib/ansible.nft
                - command: nft -f /var/lib/ansible.nft
                - shell: nft -s list table inet third | sha256sum
            """);
        // Its best settings: pipelining, no facts, all hosts at once, masters kept where they may be.
        var environment = new Dictionary<string, string>
        {
            ["ANSIBLE_FORKS"] = "64",
            ["ANSIBLE_PIPELINING"] = "True",
            ["ANSIBLE_GATHERING"] = "explicit",
            ["ANSIBLE_PYTHON_INTERPRETER"] = "/usr/bin/python3",
            ["ANSIBLE_SSH_ARGS"] = SshOptions(bed, warm, persist: true),
            ["ANSIBLE_LOCALHOST_WARNING"] = "False",
            ["ANSIBLE_NOCOLOR"] = "1",
        };
        string[] arguments = ["-i", hosts, play];
        if (warm)
        {
            await File.WriteAllTextAsync(file, Policies.Text("third", ++_number, rules, replaces: true));
            await Tool.RequireAsync("ansible-playbook", arguments, environment);
        }

        return await Tool.MedianAsync(
            runs,
            async _ =>
            {
                await File.WriteAllTextAsync(file, Policies.Text("third", ++_number, rules, replaces: true));
                if (!warm) await CloseMastersAsync(bed);
            },
            _ => Tool.RequireAsync("ansible-playbook", arguments, environment));
    }

    /// <summary>Cold: a master lives for one run of a tool at most. Warm: masters are open before.</summary>
    private static string SshOptions(Testbed bed, bool warm, bool persist = false)
    {
        var common = $"-i {bed.KeyPath} -o UserKnownHostsFile={bed.KnownHostsPath} -o BatchMode=yes -o LogLevel=ERROR";
        return warm || persist ? $"{common} -o ControlMaster=auto -o ControlPersist=600 -o ControlPath={MasterPath(bed, warm)}" : common;
    }

    private static string MasterPath(Testbed bed, bool warm) => Path.Combine(bed.DirectoryPath, warm ? "w-%h" : "c-%h");

    private static async Task CloseMastersAsync(Testbed bed)
    {
        foreach (var gateway in bed.Gateways)
        {
            await Tool.RunAsync("ssh", ["-o", $"ControlPath={Path.Combine(bed.DirectoryPath, $"c-{gateway.Address}")}", "-O", "exit", gateway.Address.ToString()]);
        }
    }
}
