using System.Globalization;
using System.Text;

namespace Spindle.Yaml;

/// <summary>A YAML text that a user wrote, read with care: one document of at most <see cref="MaximumBytes"/>, without anchors, aliases, tags
/// or duplicate keys, nested at most <see cref="MaximumDepth"/> deep. Everything that is wrong with it is an <see cref="InvalidDataException"/>
/// of one line, <c>file:line:column: what was wrong; what to do</c>.</summary>
public sealed class YamlSource
{
    /// <summary>The most bytes that a file may have: 1 MiB.</summary>
    public const int MaximumBytes = 1 << 20;

    /// <summary>The deepest that lists and mappings may nest.</summary>
    public const int MaximumDepth = 16;

    private YamlSource(string name, YamlValue root) => (Name, Root) = (name, root);

    /// <summary>The file's name, as errors name it.</summary>
    public string Name { get; }

    /// <summary>The document.</summary>
    public YamlValue Root { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is too large, not UTF-8 or not YAML that is supported here.</exception>
    public static YamlSource Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException(Directory.Exists(path) ? $"{path}: is a folder; name a YAML file" : $"{path}: there is no such file", path);
        using var stream = File.OpenRead(path);
        if (stream.Length > MaximumBytes) throw TooLarge(path);
        var text = new char[MaximumBytes + 1];
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        int read;
        try
        {
            // the length of a pipe or a growing file says nothing: the buffer is the limit
            read = reader.ReadBlock(text);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"{path}: is not UTF-8 text; save it as UTF-8");
        }

        return read > MaximumBytes ? throw TooLarge(path) : Parse(new string(text, 0, read), path);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">The text is too large, or not YAML that is supported here.</exception>
    public static YamlSource Parse(string text, string name) =>
        text.Length > MaximumBytes ? throw TooLarge(name) : new(name, YamlDocument.Load(text, name));

    /// <summary>The document as a mapping.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public YamlMappingReader Mapping() => Root.AsMapping();

    internal static InvalidDataException Error(string name, long line, long column, string message) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name}:{line}:{column}: {message}"));

    private static InvalidDataException TooLarge(string name) => new($"{name}: has more than 1 MiB; a study or a design needs far less");
}
