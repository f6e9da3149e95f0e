using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Maestro.Testbeds;

return await RunAsync(args);

static async Task<int> RunAsync(string[] args)
{
    try
    {
        switch (args)
        {
            case ["up", .. var rest]:
                await UpAsync(rest);
                return 0;
            case ["sweep"] or ["sweep", "--directory", _]:
                foreach (var path in Testbed.Sweep(args.ElementAtOrDefault(2)))
                {
                    Console.WriteLine($"removed {path}");
                }

                return 0;
            default:
                Console.Error.WriteLine("""
                    usage: up [--gateways N] [--sites 1|2] [--port N] [--jump-host] [--systemd] [--inventory FILE] [--root]
                              [--directory FOLDER]
                             starts a bed and keeps it until Ctrl+C
                           sweep [--directory FOLDER]
                             removes what beds of dead processes have left
                    """);
                return 2;
        }
    }
    catch (Exception exception) when (exception is TestbedException or ArgumentException or FormatException)
    {
        Console.Error.WriteLine(exception.Message);
        return 1;
    }
}

static async Task UpAsync(string[] args)
{
    var options = new TestbedOptions();
    string? inventory = null;
    var inventoryOptions = new InventoryOptions();
    for (var index = 0; index < args.Length; index++)
    {
        switch (args[index])
        {
            case "--gateways":
                options = options with { Gateways = Number(++index) };
                break;
            case "--sites":
                options = options with { Sites = Number(++index) };
                break;
            case "--port":
                options = options with { Port = Number(++index) };
                break;
            case "--jump-host":
                options = options with { JumpHost = true };
                break;
            case "--systemd":
                options = options with { Systemd = true };
                break;
            case "--inventory":
                inventory = Path.GetFullPath(Value(++index));
                break;
            case "--directory":
                options = options with { Directory = Value(++index) };
                break;
            case "--root":
                inventoryOptions = inventoryOptions with { Account = TestbedAccount.Root };
                break;
            default:
                throw new ArgumentException($"Unknown argument {args[index]}.");
        }
    }

    using var stop = new CancellationTokenSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    var clock = Stopwatch.StartNew();
    await using var bed = await Testbed.StartAsync(options);
    if (inventory is not null)
    {
        bed.WriteInventory(inventory, inventoryOptions);
    }

    Console.WriteLine($"{bed.Gateways.Count} gateways up in {clock.ElapsedMilliseconds} ms");
    foreach (var host in bed.JumpHost is { } jump ? bed.Gateways.Append(jump) : bed.Gateways)
    {
        Console.WriteLine($"  {host.Id,-8} {host.Address,-15} {host.AddressIPv6,-22} {host.HostKeyFingerprint}  console: nsenter -t {host.ProcessId} -a");
    }

    Console.WriteLine($"ssh -i {bed.KeyPath} -o UserKnownHostsFile={bed.KnownHostsPath} -p {options.Port} {Testbed.SudoUser}@{bed.Gateways[0].Address}");
    Console.WriteLine($"accounts: {Testbed.SudoUser} (sudo -n), {Testbed.RootUser} (user id 0)");
    if (inventory is not null)
    {
        Console.WriteLine($"Connect-Maestro -Inventory '{inventory}' -KnownHostsPath '{bed.KnownHostsPath}'");
    }

    Console.WriteLine("Ctrl+C takes it down.");
    await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        stop.Cancel();
    }

    string Value(int position) => position < args.Length ? args[position] : throw new ArgumentException($"{args[^1]} takes a value.");

    int Number(int position) => int.Parse(Value(position), CultureInfo.InvariantCulture);
}
