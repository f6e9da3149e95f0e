namespace Maestro.Testbeds.Machine;

/// <summary>What a gateway with systemd has on its disk beside the rest: units of its own and none of the machine's.</summary>
internal static class SystemdDisk
{
    /// <summary>What a host of its own has no use for, or what would reach for the machine.</summary>
    private static readonly string[] Masked =
    [
        "dev-hugepages.mount", "dev-mqueue.mount", "getty.target", "proc-sys-fs-binfmt_misc.automount", "sys-fs-fuse-connections.mount", "sys-kernel-config.mount",
        "sys-kernel-debug.mount", "sys-kernel-tracing.mount", "systemd-firstboot.service", "systemd-hwdb-update.service", "systemd-journal-catalog-update.service",
        "systemd-logind.service", "systemd-modules-load.service", "systemd-networkd-wait-online.service", "systemd-repart.service", "systemd-udevd.service", "systemd-update-utmp.service", "systemd-update-utmp-runlevel.service",
    ];

    public static void Write(string root)
    {
        foreach (var folder in (string[])["/etc", "/etc/systemd", "/etc/systemd/system", "/etc/systemd/network", "/etc/network", "/etc/init.d"])
        {
            BedDirectory.MakePublic(root + folder);
            if (folder.Count(c => c == '/') > 1 && folder != "/etc/systemd") LinuxCalls.MakeOpaque(root + folder);
        }

        Put("/etc/fstab", string.Empty);
        Put("/etc/machine-id", Guid.NewGuid().ToString("N") + "\n");
        Put("/etc/default/ssh", "SSHD_OPTS=-e\n");
        Put("/etc/systemd/journald.conf.d/testbed.conf", "[Journal]\nStorage=volatile\nAudit=no\nReadKMsg=no\n");
        Put("/etc/network/interfaces", "source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n");
        foreach (var folder in (string[])["interfaces.d", "if-pre-up.d", "if-up.d", "if-down.d", "if-post-down.d"]) BedDirectory.MakePublic($"{root}/etc/network/{folder}");

        foreach (var unit in Masked) Link("/dev/null", unit);
        Link("/lib/systemd/system/multi-user.target", "default.target");
        // Debian's own unit, with its log where the testbed reads it.
        Put("/etc/systemd/system/ssh.service.d/testbed.conf", "[Service]\nStandardError=append:/run/testbed/sshd.log\n");
        foreach (var step in (string[])["boot", "steering"]) Put($"/etc/systemd/system/maestro-{step}.service.d/testbed.conf", "[Service]\nStandardOutput=append:/run/testbed/boot.log\nStandardError=append:/run/testbed/boot.log\n");
        Put("/etc/systemd/system/testbed-network.service", """
            [Unit]
            Description=The addresses that this host was installed with
            DefaultDependencies=no
            After=network-pre.target systemd-sysctl.service
            Before=network.target
            Wants=network.target

            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/bin/sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward && echo 1 >/proc/sys/net/ipv6/conf/all/forwarding && exec ip -batch /run/testbed/up.batch'

            """);
        foreach (var unit in (string[])["/lib/systemd/system/ssh.service", "/etc/systemd/system/testbed-network.service"]) Link(unit, "multi-user.target.wants/" + Path.GetFileName(unit));

        void Put(string path, string text)
        {
            BedDirectory.MakePublic(Path.GetDirectoryName(root + path)!);
            File.WriteAllText(root + path, text);
            File.SetUnixFileMode(root + path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        void Link(string target, string name)
        {
            var path = $"{root}/etc/systemd/system/{name}";
            BedDirectory.MakePublic(Path.GetDirectoryName(path)!);
            File.CreateSymbolicLink(path, target);
        }
    }
}
