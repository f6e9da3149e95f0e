using System.Text;
using Maestro.Engine.Fabrics.Linux.Policy;
using Maestro.Engine.Model.Errors;
using Maestro.Engine.Store;

namespace Maestro.Engine.Fabrics.Linux.Configuration;

/// <summary>Reads a configuration file, and the files that it names beside it, into the document that travels.</summary>
internal static class ConfigurationFile
{
    /// <exception cref="MaestroException"><c>ConfigurationNotFound</c>, <c>ConfigurationInvalid</c> with file, line and column of every fault.</exception>
    public static ConfigurationDocument Load(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? "";
        var content = JsonConfiguration.Canonical(Text(full, path), path, name => ReadAll(Path.GetFullPath(Path.Combine(folder, name))));
        var origin = GitOrigin.Of(full);
        return new ConfigurationDocument { Content = content, Fingerprint = Fingerprint.Of(content), Source = full, Commit = origin.Commit, Dirty = origin.Dirty };
    }

    private static string Text(string full, string path)
    {
        if (!File.Exists(full)) throw new MaestroException(ErrorCatalogue.ConfigurationNotFound, $"There is no configuration at {full}.", path);
        try
        {
            return ReadAll(full);
        }
        catch (DecoderFallbackException)
        {
            throw new MaestroException(ErrorCatalogue.ConfigurationInvalid, $"{path} is no text in UTF-8. Nothing was sent.", path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new MaestroException(ErrorCatalogue.ConfigurationNotFound, $"The configuration {full} cannot be read: {fault.Message}", path, innerException: fault);
        }
    }

    private static string ReadAll(string file)
    {
        using var reader = new StreamReader(file, StrictText.Utf8, detectEncodingFromByteOrderMarks: false);
        return reader.ReadToEnd();
    }
}
