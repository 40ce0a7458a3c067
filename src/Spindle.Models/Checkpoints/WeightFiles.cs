namespace Spindle.Models.Checkpoints;

/// <summary>The forms in which a folder may hold its weights.</summary>
public static class WeightFiles
{
    /// <summary>The names of the files to look for, the best first; those that end in <c>.index.json</c> name further ones.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];

    /// <summary>Opens the weights of a folder.</summary>
    /// <param name="folder">A folder in the Hub's layout.</param>
    /// <exception cref="FileNotFoundException">The folder holds no weights, or not all that an index names.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or holds something other than tensors.</exception>
    public static ITensorFile Open(string folder)
    {
        var path = Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{folder}: there are no weights; looked for {string.Join(", ", Names)}", folder);
        Func<string, ITensorFile> open = Path.GetFileName(path).StartsWith(Names[0], StringComparison.Ordinal) ? SafetensorsFile.Open : PytorchFile.Open;
        return path.EndsWith(".index.json", StringComparison.Ordinal) ? ShardedTensors.Open(path, open) : open(path);
    }
}
