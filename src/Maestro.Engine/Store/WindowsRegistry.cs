using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Maestro.Engine.Store;

/// <summary>Two values of the machine's registry; null on other systems and when they are not there.</summary>
internal static class WindowsRegistry
{
    private const int AnyText = 0x0002;
    private const int AnyNumber = 0x0010;
    private const int View64 = 0x00010000;

    /// <summary>Made when Windows was installed.</summary>
    public static string? MachineGuid() => Read(@"SOFTWARE\Microsoft\Cryptography", "MachineGuid", AnyText) is { } bytes ? Encoding.Unicode.GetString(bytes).TrimEnd('\0') : null;

    /// <summary>Counts the boots, where prefetching is on.</summary>
    public static string? BootNumber() =>
        Read(@"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters", "BootId", AnyNumber) is { Length: 4 } bytes
            ? BitConverter.ToUInt32(bytes, 0).ToString(CultureInfo.InvariantCulture)
            : null;

    private static byte[]? Read(string key, string name, int kinds)
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return null;
        var buffer = new byte[512];
        var size = buffer.Length;
        var localMachine = new IntPtr(unchecked((int)0x80000002));
        return NativeMethods.RegGetValue(localMachine, key, name, kinds | View64, IntPtr.Zero, buffer, ref size) == 0 ? buffer.AsSpan(0, size).ToArray() : null;
    }

    private static class NativeMethods
    {
        [DllImport("advapi32", EntryPoint = "RegGetValueW", CharSet = CharSet.Unicode)]
        public static extern int RegGetValue(IntPtr root, string key, string name, int flags, IntPtr kind, byte[] data, ref int size);
    }
}
