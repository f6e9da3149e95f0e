using System.Management.Automation;
using System.Security;

namespace Maestro.PowerShell.Binding;

/// <summary>Refuses a secret that was given as plain text without repeating it: left alone, PowerShell's own error quotes what it cannot convert.</summary>
public sealed class SecretAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var plain = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return plain is null or SecureString ? plain : throw new ArgumentTransformationMetadataException("A secret is a SecureString: Read-Host -AsSecureString asks for one, a vault returns one.");
    }
}
