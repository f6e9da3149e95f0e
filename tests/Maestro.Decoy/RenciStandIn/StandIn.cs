namespace Renci.SshNet;

public static class StandIn
{
    public static string Name => "stand-in for Renci.SshNet";
}
