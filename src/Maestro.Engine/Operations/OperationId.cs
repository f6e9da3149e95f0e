using Maestro.Engine.Hosting;

namespace Maestro.Engine.Operations;

/// <summary>Makes operation ids: two groups of four from an alphabet without look-alikes, 40 bits in all.</summary>
public static class OperationId
{
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz023456789";

    public static string New(SeededRandom random)
    {
        var text = new char[9];
        for (var i = 0; i < text.Length; i++) text[i] = i == 4 ? '-' : Alphabet[random.Next(Alphabet.Length)];
        return new string(text);
    }
}
