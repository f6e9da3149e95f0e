using System.Security.Cryptography;

namespace Maestro.Testbeds.Machine;

/// <summary>An SSH key made by ssh-keygen.</summary>
/// <param name="PrivateKey">The text of the private key's file.</param>
/// <param name="PublicKey">Algorithm and base64, as in a line of known_hosts.</param>
internal sealed record KeyPair(string PrivateKey, string PublicKey)
{
    /// <summary>SHA256:... as ssh prints it.</summary>
    public string Fingerprint { get; } =
        "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(PublicKey.Split(' ')[1]))).TrimEnd('=');

    /// <summary>Makes keys of one type, several at a time.</summary>
    public static async Task<KeyPair[]> GenerateAsync(string folder, string type, int count)
    {
        var pairs = new KeyPair[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (index, cancellation) =>
        {
            var path = Path.Combine(folder, $"key-{type}-{index}");
            string[] arguments = ["-q", "-t", type, "-N", "", "-C", "maestro-testbed", "-f", path];
            (await SystemCommand.RunAsync("ssh-keygen", arguments, cancellation: cancellation)).EnsureSuccess();
            var publicKey = await File.ReadAllTextAsync(path + ".pub", cancellation);
            pairs[index] = new KeyPair(await File.ReadAllTextAsync(path, cancellation), string.Join(' ', publicKey.Split(' ')[..2]));
            File.Delete(path);
            File.Delete(path + ".pub");
        });
        return pairs;
    }
}
