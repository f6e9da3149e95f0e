namespace Maestro.Testbeds;

/// <summary>The accounts that every host of a bed has.</summary>
public enum TestbedAccount
{
    /// <summary><see cref="Testbed.RootUser"/>: user id 0.</summary>
    Root,

    /// <summary><see cref="Testbed.SudoUser"/>: no rights of its own, <c>sudo -n</c>.</summary>
    Sudo,
}
