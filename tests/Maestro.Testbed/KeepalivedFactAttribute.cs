using Xunit;

namespace Maestro.Testbeds;

/// <summary>A test on real gateways behind orchestrators that share addresses by keepalived. Skipped with the reason where none can run; with MAESTRO_REQUIRE_TESTBED=1 it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KeepalivedFactAttribute : FactAttribute
{
    /// <summary>Decides from <see cref="TestbedRequirement.KeepalivedSkipReason"/>, and with systemd from <see cref="TestbedRequirement.SystemdSkipReason"/>, too.</summary>
    public KeepalivedFactAttribute(bool systemd = false) => Skip = TestbedRequirement.KeepalivedSkipReason ?? (systemd ? TestbedRequirement.SystemdSkipReason : null);
}
