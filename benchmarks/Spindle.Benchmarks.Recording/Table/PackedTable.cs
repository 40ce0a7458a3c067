namespace Spindle.Benchmarks.Recording.Table;

/// <summary>The recorded trials as one Parquet file.</summary>
internal static class PackedTable
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is not such a table.</exception>
    public static IReadOnlyList<RecordedTrial> Read(string path) => [.. TableFile.Read<PackedTrial>(path).Select(row => row.Unpack())];

    /// <summary>Writes a file. It is written beside and renamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trials">The trials.</param>
    public static void Write(string path, IReadOnlyList<RecordedTrial> trials) => TableFile.Write(path, trials.Select(PackedTrial.Of));
}
