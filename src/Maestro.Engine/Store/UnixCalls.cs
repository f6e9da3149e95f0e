using System.Runtime.InteropServices;
using System.Text;

namespace Maestro.Engine.Store;

/// <summary>What netstandard has no call for; the same in the C library of every Unix that we run on.</summary>
internal static class UnixCalls
{
    private const int NoSuchProcess = 3;

    public static bool Available => !RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    public static void ChangeMode(string path, int mode)
    {
        if (Available && NativeMethods.Chmod(path, (uint)mode) != 0) throw new IOException($"The rights of {path} cannot be set (errno {Marshal.GetLastWin32Error()}).");
    }

    /// <summary>What a symbolic link says; null when it cannot be read.</summary>
    public static string? ReadLink(string path)
    {
        if (!Available) return null;
        var buffer = new byte[4096];
        var length = (int)NativeMethods.ReadLink(path, buffer, (IntPtr)buffer.Length);
        return length <= 0 ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }

    /// <summary>The path without symbolic links; itself when it cannot be resolved.</summary>
    public static string RealPath(string path)
    {
        if (!Available) return path;
        var resolved = NativeMethods.RealPath(path, IntPtr.Zero);
        if (resolved == IntPtr.Zero) return path;
        try
        {
            return Marshal.PtrToStringAnsi(resolved) ?? path;
        }
        finally
        {
            NativeMethods.Free(resolved);
        }
    }

    /// <summary>False only when the kernel knows no such process; a process that we may not signal, or may not see, is there.</summary>
    public static bool MayExist(int processId) => NativeMethods.Kill(processId, 0) == 0 || Marshal.GetLastWin32Error() != NoSuchProcess;

    /// <summary>A text that the kernel of macOS tells; null elsewhere and when it has none of that name.</summary>
    public static string? KernelText(string name)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.OSX)) return null;
        var buffer = new byte[256];
        var length = (IntPtr)buffer.Length;
        if (NativeMethods.SysctlByName(name, buffer, ref length, IntPtr.Zero, IntPtr.Zero) != 0) return null;
        return Encoding.UTF8.GetString(buffer, 0, (int)length).TrimEnd('\0');
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "chmod", SetLastError = true)]
        public static extern int Chmod([MarshalAs(UnmanagedType.LPStr)] string path, uint mode);

        [DllImport("libc", EntryPoint = "readlink", SetLastError = true)]
        public static extern IntPtr ReadLink([MarshalAs(UnmanagedType.LPStr)] string path, byte[] buffer, IntPtr size);

        [DllImport("libc", EntryPoint = "realpath", SetLastError = true)]
        public static extern IntPtr RealPath([MarshalAs(UnmanagedType.LPStr)] string path, IntPtr buffer);

        [DllImport("libc", EntryPoint = "free")]
        public static extern void Free(IntPtr memory);

        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        public static extern int Kill(int processId, int signal);

        [DllImport("libc", EntryPoint = "sysctlbyname", SetLastError = true)]
        public static extern int SysctlByName([MarshalAs(UnmanagedType.LPStr)] string name, byte[] old, ref IntPtr oldLength, IntPtr fresh, IntPtr freshLength);
    }
}
