using System.Runtime.InteropServices;

namespace Maestro.Testbeds.Machine;

/// <summary>The few calls to the system's libraries that .NET does not offer.</summary>
internal static partial class LinuxCalls
{
    public const int SignalHangUp = 1;
    public const int SignalKill = 9;
    public const int SignalContinue = 18;
    public const int SignalStop = 19;
    private const int NewNetworkNamespace = 0x40000000;

    /// <summary>Sends a signal; false when there is no such process any more.</summary>
    public static bool Signal(int processId, int signal) => Kill(processId, signal) == 0;

    /// <summary>Moves the calling thread, and it alone, into a network namespace. The thread must not be used for anything else afterwards.</summary>
    public static void EnterNetworkNamespace(string path)
    {
        using var handle = File.OpenHandle(path);
        if (SetNamespace((int)handle.DangerousGetHandle(), NewNetworkNamespace) != 0)
        {
            throw new TestbedException($"Entering {path} failed with errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (Chown(path, user, group) != 0)
        {
            throw new TestbedException($"Giving {path} to user {user} failed with errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Makes a folder of an overlay's upper layer hide what the layers below have there.</summary>
    public static void MakeOpaque(string folder)
    {
        if (SetAttribute(folder, "trusted.overlay.opaque", "y", 1, 0) != 0)
        {
            throw new TestbedException($"Hiding what lies below {folder} failed with errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>What /etc/shadow keeps of a password (crypt(3), SHA-512).</summary>
    public static string HashPassword(string password)
    {
        var salt = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
        return Marshal.PtrToStringUTF8(Crypt(password, $"$6${salt}$")) ?? throw new TestbedException("crypt(3) refused the password.");
    }

    [LibraryImport("libcrypt.so.1", EntryPoint = "crypt", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Crypt(string key, string salt);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "setxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetAttribute(string path, string name, string value, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint user, uint group);
}
