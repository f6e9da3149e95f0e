using System.Diagnostics;
using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Testbeds;

namespace Maestro.Engine.Tests.Fabrics.Linux.Policy;

/// <summary>A network namespace of its own in which the gateway's real scripts run with the real nft, on a folder instead of /var/lib/maestro.</summary>
internal sealed class Sandbox : IDisposable
{
    /// <summary>What stands before a test's own lines: the gateway's words, and a few that only tests need.</summary>
    private const string TestWords = """
        ip link set dev lo up
        # Generation, from the files policy.N and devices.N and tables.N.
        stage() {
            mkdir -p "$G/$1"
            for f in policy.nft tables devices; do cp "$M/$1.$f" "$G/$1/$f"; done
            reference_of "$1" >/dev/null || { echo "generation $1 has no reference"; nft -c -f "$M/$1.policy.nft"; exit 1; }
        }
        standins() { while read -r device; do ip link add name "$device" type bridge || exit 1; done <"$M/$1.devices"; }
        load() { load_generation "$@" || { cat "$M/nft.out"; exit 1; }; }
        prove() { if proven "$1"; then echo "proven"; else echo "not proven: $why"; fi; }
        listing() { while read -r family name; do nft -s list table "$family" "$name"; done <"$M/$1.tables"; }
        # One datagram each to 127.0.0.1 .. 127.0.0.3: what answers is from there.
        traffic() { bash -c 'for host in 1 2 3; do for port in 7 9 11 53 1500; do echo maestro >/dev/udp/127.0.0.$host/$port; done; done' 2>/dev/null; }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("maestro-nft-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public string Folder => _folder;

    /// <summary>The script text of the gateway, word for word but for the folder.</summary>
    public string GatewayWords => string.Concat(((string[])["prelude.sh", "text.sh", "generation.sh"]).Select(Resource)).Replace("M=/var/lib/maestro\n", $"M={_folder}\n", StringComparison.Ordinal);

    public void Put(int generation, NftPolicy policy)
    {
        Write($"{generation}.policy.nft", policy.Text);
        Write($"{generation}.tables", string.Concat(policy.Tables.Select(t => t + "\n")));
        Write($"{generation}.devices", string.Concat(policy.Devices.Select(d => d + "\n")));
    }

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    /// <summary>Runs lines behind the gateway's words and gives what they print, errors included.</summary>
    public string Run(string lines, string shell = "/bin/sh", string? pathBefore = null) => Start(GatewayWords + TestWords + "\n" + lines + "\n", shell, pathBefore);

    private string Start(string script, string shell, string? pathBefore)
    {
        var path = Path.Combine(_folder, "test.sh");
        File.WriteAllText(path, script.ReplaceLineEndings("\n"));
        var start = new ProcessStartInfo("unshare", ["-n", .. shell.Split(' '), path]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment["PATH"] = (pathBefore is null ? "" : pathBefore + ":") + "/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + error.GetAwaiter().GetResult();
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(NftPolicy).Assembly.GetManifestResourceStream("Maestro.Gateway." + name)!);
        return reader.ReadToEnd();
    }

    public static void SkipIfUnavailable() => TestbedRequirement.SkipIfUnavailable();
}
