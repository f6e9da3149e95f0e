using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Maestro.Simulation.Disk;

/// <summary>Makes SQLite read and write a <see cref="SimulatedDisk"/>: a VFS of version 2 with methods of version 2 (sqlite.org/c3ref/vfs.html, io_methods.html).</summary>
internal sealed unsafe class SimulatedVfs : IDisposable
{
    private const int Ok = 0;
    private const int InputOutput = 10;
    private const int ShortRead = InputOutput | (2 << 8);
    private const int CannotOpen = 14;
    private const int NotFound = 12;
    private const int CreateFlag = 0x4;
    private const int LongestPath = 1024;

    private static readonly IoMethods* Methods = MakeMethods();
    private static int _number;

    private readonly Vfs* _vfs;
    private GCHandle _self;

    public SimulatedVfs(SimulatedDisk disk)
    {
        Disk = disk;
        Name = "simulated-" + Interlocked.Increment(ref _number);
        _self = GCHandle.Alloc(this);
        _vfs = (Vfs*)NativeMemory.AllocZeroed((nuint)sizeof(Vfs));
        _vfs->Version = 2;
        _vfs->FileSize = sizeof(OpenFile);
        _vfs->LongestPath = LongestPath;
        _vfs->Name = (byte*)Marshal.StringToCoTaskMemUTF8(Name);
        _vfs->Data = GCHandle.ToIntPtr(_self);
        _vfs->Open = &Open;
        _vfs->Delete = &Delete;
        _vfs->Access = &Access;
        _vfs->FullPathname = &FullPathname;
        _vfs->Randomness = &Randomness;
        _vfs->Sleep = &Sleep;
        _vfs->CurrentTime = &CurrentTime;
        _vfs->CurrentTimeInt64 = &CurrentTimeInt64;
        SQLitePCL.Batteries_V2.Init();
        if (NativeMethods.Register(_vfs, 0) != Ok) throw new InvalidOperationException("SQLite does not take the simulated file system.");
    }

    public SimulatedDisk Disk { get; }

    public string Name { get; }

    public void Dispose()
    {
        NativeMethods.Unregister(_vfs);
        Marshal.FreeCoTaskMem((IntPtr)_vfs->Name);
        NativeMemory.Free(_vfs);
        _self.Free();
    }

    private static SimulatedDisk DiskOf(Vfs* vfs) => ((SimulatedVfs)GCHandle.FromIntPtr(vfs->Data).Target!).Disk;

    private static Handle HandleOf(OpenFile* file) => (Handle)GCHandle.FromIntPtr(file->Handle).Target!;

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((IntPtr)text)!;

    private static int Outcome(bool done) => done ? Ok : InputOutput;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(Vfs* vfs, byte* name, OpenFile* file, int flags, int* flagsOut)
    {
        var disk = DiskOf(vfs);
        file->Methods = null;
        // SQLite's own temporary files have no name and need no disk.
        if (name != null && !disk.Exists(Text(name)) && ((flags & CreateFlag) == 0 || disk.IsDark)) return CannotOpen;
        file->Handle = GCHandle.ToIntPtr(GCHandle.Alloc(new Handle(disk, name == null ? new SimulatedFile() : disk.Open(Text(name)))));
        file->Methods = Methods;
        if (flagsOut != null) *flagsOut = flags;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Delete(Vfs* vfs, byte* name, int syncFolder)
    {
        DiskOf(vfs).Delete(Text(name));
        return Outcome(!DiskOf(vfs).IsDark);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Access(Vfs* vfs, byte* name, int flags, int* answer)
    {
        *answer = DiskOf(vfs).Exists(Text(name)) ? 1 : 0;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FullPathname(Vfs* vfs, byte* name, int size, byte* full)
    {
        var bytes = Encoding.UTF8.GetBytes(Text(name) + "\0");
        bytes.AsSpan().CopyTo(new Span<byte>(full, size));
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Randomness(Vfs* vfs, int size, byte* bytes)
    {
        // It salts the log; the same salt in every run makes every run the same.
        new Span<byte>(bytes, size).Fill(7);
        return size;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sleep(Vfs* vfs, int microseconds) => microseconds;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CurrentTime(Vfs* vfs, double* julianDay)
    {
        *julianDay = 2461000.5;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CurrentTimeInt64(Vfs* vfs, long* julianMilliseconds)
    {
        *julianMilliseconds = 2461000L * 86_400_000L;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(OpenFile* file)
    {
        HandleOf(file).FreeSharedMemory();
        GCHandle.FromIntPtr(file->Handle).Free();
        file->Methods = null;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(OpenFile* file, byte* buffer, int amount, long offset)
    {
        var content = HandleOf(file).File.Content;
        var there = (int)Math.Clamp(content.Length - offset, 0, amount);
        if (there > 0) content.Span.Slice((int)offset, there).CopyTo(new Span<byte>(buffer, amount));
        if (there == amount) return Ok;
        new Span<byte>(buffer + there, amount - there).Clear();
        return ShortRead;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(OpenFile* file, byte* data, int amount, long offset) =>
        Outcome(HandleOf(file).Disk.Write(HandleOf(file).File, offset, new Span<byte>(data, amount).ToArray()));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(OpenFile* file, long size) => Outcome(HandleOf(file).Disk.Truncate(HandleOf(file).File, size));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(OpenFile* file, int flags) => Outcome(HandleOf(file).Disk.Sync(HandleOf(file).File));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(OpenFile* file, long* size)
    {
        *size = HandleOf(file).File.Content.Length;
        return Ok;
    }

    // One process, one connection: nobody to lock out.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Lock(OpenFile* file, int kind) => Ok;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CheckReservedLock(OpenFile* file, int* answer)
    {
        *answer = 0;
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileControl(OpenFile* file, int operation, void* argument) => NotFound;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SectorSize(OpenFile* file) => 512;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int DeviceCharacteristics(OpenFile* file) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int MapSharedMemory(OpenFile* file, int region, int size, int extend, void** memory)
    {
        *memory = (void*)HandleOf(file).SharedMemory(region, size, extend != 0);
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int LockSharedMemory(OpenFile* file, int offset, int count, int flags) => Ok;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void BarSharedMemory(OpenFile* file) => Interlocked.MemoryBarrier();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int UnmapSharedMemory(OpenFile* file, int delete)
    {
        HandleOf(file).FreeSharedMemory();
        return Ok;
    }

    private static IoMethods* MakeMethods()
    {
        var methods = (IoMethods*)NativeMemory.AllocZeroed((nuint)sizeof(IoMethods));
        *methods = new IoMethods
        {
            Version = 2,
            Close = &Close,
            Read = &Read,
            Write = &Write,
            Truncate = &Truncate,
            Sync = &Sync,
            FileSize = &FileSize,
            Lock = &Lock,
            Unlock = &Lock,
            CheckReservedLock = &CheckReservedLock,
            FileControl = &FileControl,
            SectorSize = &SectorSize,
            DeviceCharacteristics = &DeviceCharacteristics,
            ShmMap = &MapSharedMemory,
            ShmLock = &LockSharedMemory,
            ShmBarrier = &BarSharedMemory,
            ShmUnmap = &UnmapSharedMemory,
        };
        return methods;
    }

    private sealed class Handle(SimulatedDisk disk, SimulatedFile file)
    {
        private readonly List<IntPtr> _regions = [];

        public SimulatedDisk Disk { get; } = disk;

        public SimulatedFile File { get; } = file;

        public IntPtr SharedMemory(int region, int size, bool extend)
        {
            while (extend && _regions.Count <= region) _regions.Add((IntPtr)NativeMemory.AllocZeroed((nuint)size));
            return region < _regions.Count ? _regions[region] : IntPtr.Zero;
        }

        public void FreeSharedMemory()
        {
            foreach (var region in _regions) NativeMemory.Free((void*)region);
            _regions.Clear();
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenFile
    {
        public IoMethods* Methods;
        public IntPtr Handle;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct IoMethods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> Close;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Read;
        public delegate* unmanaged[Cdecl]<OpenFile*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<OpenFile*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Sync;
        public delegate* unmanaged[Cdecl]<OpenFile*, long*, int> FileSize;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Lock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> Unlock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int*, int> CheckReservedLock;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, void*, int> FileControl;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> SectorSize;
        public delegate* unmanaged[Cdecl]<OpenFile*, int> DeviceCharacteristics;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int, int, void**, int> ShmMap;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int, int, int> ShmLock;
        public delegate* unmanaged[Cdecl]<OpenFile*, void> ShmBarrier;
        public delegate* unmanaged[Cdecl]<OpenFile*, int, int> ShmUnmap;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version;
        public int FileSize;
        public int LongestPath;
        public Vfs* Next;
        public byte* Name;
        public IntPtr Data;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, OpenFile*, int, int*, int> Open;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, int, int> Delete;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, int, int*, int> Access;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, int, byte*, int> FullPathname;
        public IntPtr DlOpen;
        public IntPtr DlError;
        public IntPtr DlSym;
        public IntPtr DlClose;
        public delegate* unmanaged[Cdecl]<Vfs*, int, byte*, int> Randomness;
        public delegate* unmanaged[Cdecl]<Vfs*, int, int> Sleep;
        public delegate* unmanaged[Cdecl]<Vfs*, double*, int> CurrentTime;
        public IntPtr GetLastError;
        public delegate* unmanaged[Cdecl]<Vfs*, long*, int> CurrentTimeInt64;
    }

    private static class NativeMethods
    {
        [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register", CallingConvention = CallingConvention.Cdecl)]
        public static extern int Register(Vfs* vfs, int makeDefault);

        [DllImport("e_sqlite3", EntryPoint = "sqlite3_vfs_unregister", CallingConvention = CallingConvention.Cdecl)]
        public static extern int Unregister(Vfs* vfs);
    }
}
