using System.Globalization;

namespace Maestro.Engine.Store;

/// <summary>The conditions of a query, with their parameters; all must hold.</summary>
internal sealed class SqlFilter
{
    private readonly List<string> _conditions = ["1"];

    public List<(string Name, object? Value)> Parameters { get; } = [];

    public string Sql => string.Join(" AND ", _conditions);

    public void Add(string condition, string name, object value)
    {
        _conditions.Add(condition);
        Parameters.Add((name, value));
    }

    /// <summary>A condition whose {0} stands for the list of values.</summary>
    public void AddAny(string condition, string name, IEnumerable<string> values)
    {
        var named = values.Select((value, i) => (Name: name + i.ToString(CultureInfo.InvariantCulture), Value: (object?)value)).ToList();
        _conditions.Add(string.Format(CultureInfo.InvariantCulture, condition, string.Join(", ", named.Select(n => "$" + n.Name))));
        Parameters.AddRange(named);
    }
}
