using System.Runtime.InteropServices;

namespace Maestro.Engine.Store;

/// <summary>Where a session's store lies: -StorePath, else MAESTRO_STORE, else the user's state folder.</summary>
public static class StoreLocation
{
    private const int LongestName = 80;

    private static readonly HashSet<string> DeviceNames = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(n => new[] { "COM" + n, "LPT" + n })],
        StringComparer.OrdinalIgnoreCase);

    /// <param name="storePath">The parameter: a file, or a folder that is there already; null when absent.</param>
    /// <param name="environmentValue">The value of MAESTRO_STORE: a file, or a folder that then holds one file a session; null or empty when absent.</param>
    /// <param name="sessionName">Becomes the file's name.</param>
    public static string Resolve(string? storePath, string? environmentValue, string sessionName)
    {
        var file = FileName(sessionName);
        if (!string.IsNullOrEmpty(storePath)) return FileOrIn(storePath!, file);
        if (!string.IsNullOrEmpty(environmentValue)) return FileOrIn(environmentValue!, file);
        return Path.Combine(StateFolder(), "maestro", file);
    }

    /// <summary>The session's name where a file may bear it; else the nearest such name with a part of its fingerprint, so that two sessions never share a file by accident.</summary>
    internal static string FileName(string sessionName)
    {
        var plain = new string([.. sessionName.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')]);
        var fits = plain == sessionName && plain.Length is > 0 and <= LongestName && plain[0] != '.' && !DeviceNames.Contains(plain.Split('.')[0]);
        return (fits ? plain : $"{plain.Substring(0, Math.Min(plain.Length, LongestName)).TrimStart('.')}-{Fingerprint.Of(sessionName).Substring(0, 8)}") + ".db";
    }

    private static string FileOrIn(string path, string file)
    {
        var full = Path.GetFullPath(path);
        var isFolder = Directory.Exists(full) || path[path.Length - 1] is '/' || path[path.Length - 1] == Path.DirectorySeparatorChar;
        return isFolder ? Path.Combine(full, file) : full;
    }

    private static string StateFolder()
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var home = Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } h ? h : Path.GetTempPath();
        if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX)) return Path.Combine(home, "Library", "Application Support");
        // A relative value is to be ignored (XDG Base Directory Specification).
        return Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state && state[0] == '/' ? state : Path.Combine(home, ".local", "state");
    }
}
