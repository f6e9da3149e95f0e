namespace Maestro.Testbeds.Tests;

/// <summary>Three gateways, and the jump host with its second network.</summary>
public sealed class SharedBed() : TestbedFixture(new TestbedOptions { Gateways = 3, JumpHost = true, RsaHostKeys = true });
