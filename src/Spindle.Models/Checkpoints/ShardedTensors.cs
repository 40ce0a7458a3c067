using static TorchSharp.torch;

namespace Spindle.Models.Checkpoints;

/// <summary>The tensors of a checkpoint in several files, by its index.</summary>
public sealed class ShardedTensors : ITensorFile
{
    private readonly IReadOnlyList<ITensorFile> shards;
    private readonly Dictionary<string, (ITensorFile File, TensorEntry Entry)> places;

    private ShardedTensors(string path, IReadOnlyList<ITensorFile> shards, Dictionary<string, (ITensorFile File, TensorEntry Entry)> places)
    {
        (Path, this.shards, this.places) = (path, shards, places);
        Tensors = places.ToDictionary(place => place.Key, place => place.Value.Entry, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Parts => [.. shards.SelectMany(shard => shard.Parts)];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens every file that an index names, and holds the index to them.</summary>
    /// <param name="indexPath">The index.</param>
    /// <param name="open">Opens one of its files.</param>
    /// <exception cref="FileNotFoundException">The index or one of its files is not there.</exception>
    /// <exception cref="InvalidDataException">The index is damaged, one of its files is, or they do not fit each other.</exception>
    public static ShardedTensors Open(string indexPath, Func<string, ITensorFile> open)
    {
        var index = ShardIndex.Read(indexPath);
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(indexPath))!;
        var absent = index.Shards.Where(shard => !File.Exists(System.IO.Path.Combine(folder, shard))).ToArray();
        if (absent.Length > 0) throw new FileNotFoundException($"{indexPath}: the files that it names are missing: {Faults.Join(absent)}; download them too", indexPath);
        var shards = new List<ITensorFile>();
        try
        {
            var places = new Dictionary<string, (ITensorFile, TensorEntry)>(StringComparer.Ordinal);
            var faults = new List<string>();
            foreach (var name in index.Shards)
            {
                var shard = open(System.IO.Path.Combine(folder, name));
                shards.Add(shard);
                foreach (var (tensor, entry) in shard.Tensors)
                    if (!places.TryAdd(tensor, (shard, entry)))
                        faults.Add($"{tensor} is in more than one file");
                faults.AddRange(index.Files.Where(file => file.Value == name && !shard.Tensors.ContainsKey(file.Key)).Select(file => $"{file.Key} is not in {name}"));
            }
            if (faults.Count > 0) throw new InvalidDataException($"{indexPath}: does not fit its files: {Faults.Join(faults)}; download them again");
            return new(indexPath, shards, places);
        }
        catch
        {
            foreach (var shard in shards) shard.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null, Device? device = null) => places.TryGetValue(name, out var place)
        ? place.File.Read(name, type, device)
        : throw new InvalidDataException($"{Path}: there is no tensor '{name}'");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in shards) shard.Dispose();
    }
}
