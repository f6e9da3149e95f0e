using System.Net.Sockets;
using Maestro.Testbeds.Machine;

namespace Maestro.Testbeds.Traffic;

/// <summary>
/// Makes sockets in another network namespace. A socket belongs for ever to the namespace of the thread that made it, so one short-lived thread enters the
/// namespace and everybody may use the socket.
/// </summary>
internal static class NamespaceSocket
{
    public static Socket Create(string networkNamespace, Func<Socket> create)
    {
        Socket? socket = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                LinuxCalls.EnterNetworkNamespace(networkNamespace);
                socket = create();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return socket ?? throw new TestbedException($"No socket in {networkNamespace}: {failure?.Message}");
    }
}
