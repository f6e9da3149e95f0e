namespace Maestro.Build;

/// <summary>What the tests on real gateways need of the machine.</summary>
internal static class GatewayPackages
{
    private static readonly string[] Needed = ["openssh-server", "openssh-client", "nftables", "iproute2", "conntrack", "sudo", "busybox", "systemd", "dbus", "ifupdown", "keepalived"];

    /// <summary>Says what is needed, and installs it where that is possible. True when the real-gateway tests have to run here.</summary>
    public static bool Prepare(bool noInstall)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !File.Exists("/etc/debian_version"))
        {
            Console.WriteLine("The tests on real gateways need root on Debian: they are skipped here, each with its reason below.");
            return false;
        }

        var missing = Needed.Where(package => DotNet.Read("dpkg-query", "-W", "-f=${db:Status-Abbrev}", package)?.StartsWith("ii", StringComparison.Ordinal) != true).ToArray();
        Console.WriteLine(missing.Length == 0
            ? $"The tests on real gateways need {string.Join(", ", Needed)}: all there."
            : $"The tests on real gateways need {string.Join(", ", Needed)}; missing: {string.Join(", ", missing)}.");
        if (missing.Length == 0)
        {
            return true;
        }

        if (noInstall)
        {
            Console.WriteLine("-NoInstall: they stay missing, and those tests are skipped.");
            return false;
        }

        Console.WriteLine($"Installing {string.Join(", ", missing)}.");
        if (Install(missing))
        {
            return true;
        }

        Console.WriteLine("apt-get could not install them. -NoInstall runs the tests without.");
        return true;
    }

    private static bool Install(string[] packages)
    {
        var quiet = ("DEBIAN_FRONTEND", "noninteractive");
        string[] install = ["install", "-y", "-qq", "--no-install-recommends", .. packages];
        return DotNet.RunProgram("apt-get", ["update", "-qq"], quiet) == 0 && DotNet.RunProgram("apt-get", install, quiet) == 0;
    }
}
