using System.Text.Json;

namespace Spindle.Models.Checkpoints;

/// <summary>The index of a checkpoint in several files (<c>model.safetensors.index.json</c>): which file holds which tensor.</summary>
/// <param name="Path">The index's path.</param>
/// <param name="Files">The name of the file of each tensor, by the tensor's name.</param>
public sealed record ShardIndex(string Path, IReadOnlyDictionary<string, string> Files)
{
    private const long Largest = 1 << 25;
    private const int MostShards = 10_000;

    /// <summary>The files' names, in ordinal order. Each is a plain name of the index's own folder.</summary>
    public IReadOnlyList<string> Shards { get; } = [.. Files.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Reads an index.</summary>
    /// <param name="path">The index; what stands before <c>.index.json</c> says by its ending what its files end in.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not an index, or names a file outside its folder.</exception>
    public static ShardIndex Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file", path);
        var ending = System.IO.Path.GetExtension(path[..^".index.json".Length]);
        try
        {
            if (new FileInfo(path).Length > Largest) throw new InvalidDataException($"{path}: is too large for an index");
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            var shards = new HashSet<string>(StringComparer.Ordinal); // one text for each file, not one for each tensor
            // a table of all values would take many times the index
            var reader = new Utf8JsonReader(File.ReadAllBytes(path), new JsonReaderOptions { MaxDepth = 8 });
            var isThere = false;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new InvalidOperationException();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!reader.ValueTextEquals("weight_map")) reader.Skip();
                else ReadFiles(ref reader);
            }
            while (reader.Read()) { }
            if (!isThere) throw new KeyNotFoundException();
            var index = new ShardIndex(path, files);
            return index.Shards.Count is >= 1 and <= MostShards ? index : throw new InvalidDataException($"{path}: names {index.Shards.Count} files; download the index again");

            void ReadFiles(ref Utf8JsonReader reader)
            {
                isThere = true;
                reader.Read();
                if (reader.TokenType != JsonTokenType.StartObject) throw new InvalidOperationException();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var tensor = reader.GetString()!;
                    reader.Read();
                    var file = reader.GetString() ?? "";
                    if (!TensorName.IsSound(tensor)) throw new InvalidDataException($"{path}: a tensor's name is too long or has control characters; download the index again");
                    if (!IsPlain(file) || !file.EndsWith(ending, StringComparison.Ordinal))
                        throw new InvalidDataException($"{path}: the file of tensor '{tensor}' is not a plain name that ends in {ending}; download the index again");
                    if (!shards.TryGetValue(file, out var known)) shards.Add(known = file);
                    files[tensor] = known;
                }
            }
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}:{error.LineNumber + 1}:{error.BytePositionInLine + 1}: is not valid JSON; download the index again");
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path}: has no 'weight_map' of tensors to files; download the index again");
        }
    }

    // letters, digits, dots, hyphens and underscores leave no folder and mean the same on every system
    private static bool IsPlain(string name) => name.Length is >= 1 and <= 200 && name[0] != '.'
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');
}
