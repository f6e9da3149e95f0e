namespace Maestro.Testbeds.Machine;

/// <summary>Ed25519 host keys, made once per process and lent to one bed at a time: no two hosts that live at the same time share one.</summary>
internal static class HostKeys
{
    private static readonly Lock Gate = new();
    private static readonly Stack<KeyPair> Free = new();

    public static async Task<KeyPair[]> BorrowAsync(string folder, int count)
    {
        var borrowed = new List<KeyPair>();
        lock (Gate)
        {
            while (borrowed.Count < count && Free.TryPop(out var key))
            {
                borrowed.Add(key);
            }
        }

        return [.. borrowed, .. await KeyPair.GenerateAsync(folder, "ed25519", count - borrowed.Count)];
    }

    public static void Return(IEnumerable<KeyPair> keys)
    {
        lock (Gate)
        {
            foreach (var key in keys)
            {
                Free.Push(key);
            }
        }
    }
}
