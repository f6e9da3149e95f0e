using System.Globalization;

namespace Maestro.Testbeds.Machine;

/// <summary>Writes what all hosts of a bed share: two accounts, sudo's rule, sshd's settings. The machine's own files stay as they are.</summary>
internal static class CommonLayer
{
    private const int SudoUserId = 4242;
    private const UnixFileMode Secret = UnixFileMode.UserRead;

    public static void Write(string layer, TestbedOptions options, string publicKey)
    {
        foreach (var folder in (string[])["", "/etc", "/etc/ssh", "/etc/ssh/authorized_keys", "/etc/sudoers.d", "/home", "/home/toor", "/home/maestro"])
        {
            BedDirectory.MakePublic(layer + folder);
        }

        Account("/etc/passwd", $"{Testbed.RootUser}:x:0:0::/home/toor:/bin/sh", $"{Testbed.SudoUser}:x:{SudoUserId}:{SudoUserId}::/home/maestro:/bin/sh");
        Account("/etc/group", $"{Testbed.SudoUser}:x:{SudoUserId}:");
        var password = options.Password is { } text ? LinuxCalls.HashPassword(text) : "*";
        Account("/etc/shadow", $"{Testbed.RootUser}:{password}:19000:0:99999:7:::", $"{Testbed.SudoUser}:{password}:19000:0:99999:7:::");
        LinuxCalls.ChangeOwner(layer + "/home/maestro", SudoUserId, SudoUserId);

        Put("/etc/resolv.conf", string.Empty);
        Put("/etc/sudoers.d/maestro-testbed", $"{Testbed.SudoUser} ALL=(ALL:ALL) NOPASSWD: ALL\n", Secret);
        Put($"/etc/ssh/authorized_keys/{Testbed.RootUser}", publicKey);
        Put($"/etc/ssh/authorized_keys/{Testbed.SudoUser}", publicKey);
        Put("/etc/ssh/sshd_config", string.Create(CultureInfo.InvariantCulture, $"""
            Port {options.Port}
            HostKey /etc/ssh/ssh_host_ed25519_key
            {(options.RsaHostKeys ? "HostKey /etc/ssh/ssh_host_rsa_key" : "")}
            AuthorizedKeysFile /etc/ssh/authorized_keys/%u
            PermitRootLogin yes
            PasswordAuthentication {(options.Password is null ? "no" : "yes")}
            KbdInteractiveAuthentication no
            UsePAM no
            UseDNS no
            StrictModes no
            PidFile none
            PrintMotd no
            PrintLastLog no
            MaxStartups 1000
            LogLevel VERBOSE
            Subsystem sftp internal-sftp

            """));

        void Account(string file, params string[] lines)
        {
            var names = lines.Select(line => line[..(line.IndexOf(':') + 1)]).ToArray();
            var kept = File.ReadLines(file).Where(line => !names.Any(name => line.StartsWith(name, StringComparison.Ordinal)));
            Put(file, string.Concat(kept.Concat(lines).Select(line => line + '\n')), File.GetUnixFileMode(file));
        }

        void Put(string path, string text, UnixFileMode? mode = null)
        {
            File.WriteAllText(layer + path, text);
            File.SetUnixFileMode(layer + path, mode ?? (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead));
        }
    }
}
