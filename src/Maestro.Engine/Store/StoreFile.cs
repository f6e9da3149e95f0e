using System.Runtime.InteropServices;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Store;

/// <summary>Where a store's file may lie, and with which rights.</summary>
internal static class StoreFile
{
    // SQLite's locks do not hold on these (sqlite.org, "How To Corrupt An SQLite Database File", section 2.1).
    private static readonly HashSet<string> NetworkFileSystems = new(StringComparer.Ordinal)
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs", "glusterfs", "ncpfs", "lustre", "gpfs",
    };

    /// <summary>Makes the folder and the empty file, readable by their owner only.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StoreUnavailable</c>.</exception>
    public static void Prepare(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                Restrict(folder, "700");
            }

            if (NetworkFileSystem(folder) is { } kind)
            {
                throw new MaestroException(ErrorCatalogue.StoreUnavailable, $"{path} lies on a network file system ({kind}), where locks do not hold.", path, "Name a local file with -StorePath.");
            }

            if (File.Exists(path)) return;
            using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
            {
            }

            Restrict(path, "600");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MaestroException(ErrorCatalogue.StoreUnavailable, $"{path}: {fault.Message}", path, innerException: fault);
        }
    }

    internal static string? NetworkFileSystem(string folder)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            var root = Path.GetPathRoot(folder) ?? "";
            if (root.StartsWith(@"\\", StringComparison.Ordinal)) return "UNC path";
            return new DriveInfo(root).DriveType == DriveType.Network ? "network drive" : null;
        }

        if (!File.Exists("/proc/self/mountinfo")) return null;
        return NetworkFileSystem(folder, File.ReadAllLines("/proc/self/mountinfo"));
    }

    /// <param name="folder">An absolute path.</param>
    /// <param name="mountInfo">Lines of proc(5) mountinfo: field 5 is the mount point, the field after " - " the type.</param>
    internal static string? NetworkFileSystem(string folder, IEnumerable<string> mountInfo)
    {
        var best = "";
        var type = "";
        foreach (var line in mountInfo)
        {
            var halves = line.Split([" - "], 2, StringSplitOptions.None);
            var fields = halves[0].Split(' ');
            if (halves.Length != 2 || fields.Length < 5) continue;
            var point = fields[4].Replace("\\040", " ");
            var inside = point == "/" || folder == point || folder.StartsWith(point + "/", StringComparison.Ordinal);
            if (!inside || point.Length < best.Length) continue;
            best = point;
            type = halves[1].Split(' ')[0];
        }

        return NetworkFileSystems.Contains(type) ? type : null;
    }

    private static void Restrict(string path, string mode)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return;
        // netstandard has no call for it, and libc's is the same on every Unix that we run on.
        _ = NativeMethods.Chmod(path, Convert.ToUInt32(mode, 8));
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "chmod", SetLastError = true)]
        public static extern int Chmod([MarshalAs(UnmanagedType.LPStr)] string path, uint mode);
    }
}
