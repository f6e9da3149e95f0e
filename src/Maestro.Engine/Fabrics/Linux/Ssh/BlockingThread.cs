namespace Maestro.Engine.Fabrics.Linux.Ssh;

/// <summary>
/// Work of the SSH library that blocks its thread gets a thread of its own: 64 hosts at once would otherwise take the pool's few threads, and everybody
/// else's continuations would wait for the pool to grow by one or two a second.
/// </summary>
internal static class BlockingThread
{
    public static Task<T> RunAsync<T>(string name, Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                completion.TrySetResult(work());
            }
            catch (Exception fault)
            {
                completion.TrySetException(fault);
            }
        })
        { IsBackground = true, Name = "Maestro " + name }.Start();
        return completion.Task;
    }

    /// <summary>Takes something down behind everybody's back: what is to be closed may be gone already, and its faults are of no interest.</summary>
    public static Task CloseAsync(string name, Action close) => RunAsync(name, () =>
    {
        try
        {
            close();
        }
        catch (Exception)
        {
            // It is gone already.
        }

        return true;
    });
}
