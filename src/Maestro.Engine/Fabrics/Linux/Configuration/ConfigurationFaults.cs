using System.Globalization;
using Maestro.Engine.Fabrics.Linux.Inventory;
using Maestro.Engine.Model.Errors;
using Newtonsoft.Json.Linq;

namespace Maestro.Engine.Fabrics.Linux.Configuration;

/// <summary>All that is wrong with a configuration, so that it can be put right in one go.</summary>
internal sealed class ConfigurationFaults(string file)
{
    private readonly List<(TextPlace Place, string Text)> _faults = [];

    public bool Any => _faults.Count > 0;

    public void Add(JToken at, string text) => Add(JsonPlaces.Of(at), text);

    public void Add(TextPlace place, string text)
    {
        if (!_faults.Contains((place, text))) _faults.Add((place, text));
    }

    /// <exception cref="MaestroException"><c>Maestro.ConfigurationInvalid</c>, when there is any, in the order of the file.</exception>
    public void Throw()
    {
        if (_faults.Count == 0) return;
        var lines = _faults.OrderBy(f => f.Place.Line).ThenBy(f => f.Place.Column).Select(f => $"{file}:{Number(f.Place.Line)}:{Number(f.Place.Column)}: {f.Text}");
        throw new MaestroException(ErrorCatalogue.ConfigurationInvalid, $"{(_faults.Count > 1 ? Number(_faults.Count) + " faults: " : "")}{string.Join("; ", lines)}. Nothing was sent.", file);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
