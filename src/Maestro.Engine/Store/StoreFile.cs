using System.Runtime.InteropServices;
using Maestro.Engine.Model.Errors;

namespace Maestro.Engine.Store;

/// <summary>Where a store's file may lie, and with which rights.</summary>
internal static class StoreFile
{
    private const int OwnerOnlyFolder = 0b111_000_000;
    private const int OwnerOnlyFile = 0b110_000_000;

    // SQLite's locks do not hold on these (sqlite.org, "How To Corrupt An SQLite Database File", section 2.1), and its shared memory is not shared.
    private static readonly HashSet<string> NetworkFileSystems = new(StringComparer.Ordinal)
    {
        "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "beegfs", "glusterfs", "gpfs", "lustre", "ncpfs", "ocfs2", "davfs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs2", "fuse.ceph-fuse",
    };

    /// <summary>Makes the folder and the empty file, for their owner only.</summary>
    /// <exception cref="MaestroException"><c>Maestro.StoreUnavailable</c>.</exception>
    public static void Prepare(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                UnixCalls.ChangeMode(folder, OwnerOnlyFolder);
            }

            if (NetworkFileSystem(File.Exists(path) ? Path.GetFullPath(path) : folder) is { } kind)
            {
                throw new MaestroException(ErrorCatalogue.StoreUnavailable, $"{path} lies on a network file system ({kind}), where locks do not hold.", path, "Name a local file with -StorePath.");
            }

            MakePrivate(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MaestroException(ErrorCatalogue.StoreUnavailable, $"{path}: {fault.Message}", path, innerException: fault);
        }
    }

    /// <summary>Makes an empty file that only its owner reads; leaves one that is there as it is.</summary>
    public static void MakePrivate(string path)
    {
        if (File.Exists(path)) return;
        using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
        }

        UnixCalls.ChangeMode(path, OwnerOnlyFile);
    }

    /// <summary>The kind of network file system that a path lies on; null when it is local, or cannot be known.</summary>
    internal static string? NetworkFileSystem(string path)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            var root = Path.GetPathRoot(path) ?? "";
            if (root.StartsWith(@"\\", StringComparison.Ordinal)) return "UNC path";
            return new DriveInfo(root).DriveType == DriveType.Network ? "network drive" : null;
        }

        return File.Exists("/proc/self/mountinfo") ? NetworkFileSystem(UnixCalls.RealPath(path), File.ReadAllLines("/proc/self/mountinfo")) : null;
    }

    internal static string? NetworkFileSystem(string path, IEnumerable<string> mountInfo) =>
        MountTable.TypeAt(path, mountInfo) is var type && NetworkFileSystems.Contains(type) ? type : null;
}
