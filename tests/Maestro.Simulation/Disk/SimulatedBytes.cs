namespace Maestro.Simulation.Disk;

/// <summary>Bytes that grow where they are written and hold zeros where they were not.</summary>
internal sealed class SimulatedBytes
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        var end = (int)offset + data.Length;
        if (end > _bytes.Length) Array.Resize(ref _bytes, Math.Max(end, _bytes.Length * 2));
        data.CopyTo(_bytes.AsSpan((int)offset));
        Length = Math.Max(Length, end);
    }

    public void Truncate(long length)
    {
        if (length >= Length) return;
        _bytes.AsSpan((int)length, Length - (int)length).Clear();
        Length = (int)length;
    }
}
