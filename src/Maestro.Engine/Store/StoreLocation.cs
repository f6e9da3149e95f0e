using System.Runtime.InteropServices;

namespace Maestro.Engine.Store;

/// <summary>Where a session's store lies: -StorePath, else MAESTRO_STORE, else the user's state folder.</summary>
public static class StoreLocation
{
    /// <param name="storePath">The parameter; null when absent.</param>
    /// <param name="environmentValue">The value of MAESTRO_STORE: a file, or a folder that then holds one file a session; null or empty when absent.</param>
    /// <param name="sessionName">Becomes the file's name.</param>
    public static string Resolve(string? storePath, string? environmentValue, string sessionName)
    {
        var file = new string([.. sessionName.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')]) + ".db";
        if (!string.IsNullOrEmpty(storePath)) return Path.GetFullPath(storePath!);
        if (!string.IsNullOrEmpty(environmentValue))
        {
            var full = Path.GetFullPath(environmentValue!);
            return Directory.Exists(full) || environmentValue!.EndsWith("/", StringComparison.Ordinal) ? Path.Combine(full, file) : full;
        }

        return Path.Combine(StateFolder(), "maestro", file);
    }

    private static string StateFolder()
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var home = Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } h ? h : Path.GetTempPath();
        if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX)) return Path.Combine(home, "Library", "Application Support");
        return Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state : Path.Combine(home, ".local", "state");
    }
}
