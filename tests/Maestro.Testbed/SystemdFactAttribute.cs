using Xunit;

namespace Maestro.Testbeds;

/// <summary>A test on real gateways whose process 1 is systemd. Skipped with the reason where none can run; with MAESTRO_REQUIRE_TESTBED=1 it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemdFactAttribute : FactAttribute
{
    /// <summary>Decides from <see cref="TestbedRequirement.SystemdSkipReason"/>.</summary>
    public SystemdFactAttribute() => Skip = TestbedRequirement.SystemdSkipReason;
}
