using Maestro.Engine.Store;

namespace Maestro.Victim.Verbs;

/// <summary>Says who it is, one field a line, and stays until its input ends.</summary>
internal static class IdentityVerb
{
    public static async Task RunAsync(string[] arguments)
    {
        var self = new SystemHostIdentity().Self;
        Console.WriteLine(self.MachineId);
        Console.WriteLine(self.BootId);
        Console.WriteLine(self.ProcessId);
        Console.WriteLine(self.ProcessStart);
        await Console.In.ReadToEndAsync();
    }
}
