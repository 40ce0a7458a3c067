using Parquet;
using Parquet.Serialization;

namespace Spindle.Benchmarks.Recording.Table;

/// <summary>The recorded trials as one Parquet file.</summary>
internal static class PackedTable
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is not such a table.</exception>
    public static IReadOnlyList<RecordedTrial> Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return [.. ParquetSerializer.DeserializeAsync<PackedTrial>(stream).GetAwaiter().GetResult().Data.Select(row => row.Unpack())];
        }
        catch (Exception error) when (error is not (FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException))
        {
            // a damaged file causes exceptions of every kind in the reader
            throw new InvalidDataException($"{path}: this is not a table of recorded trials ({error.Message.ReplaceLineEndings(" ")}); restore it, or delete it and pack again", error);
        }
    }

    /// <summary>Writes a file. It is written beside and renamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trials">The trials.</param>
    public static void Write(string path, IReadOnlyList<RecordedTrial> trials)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var beside = path + ".new";
        using (var stream = File.Create(beside))
            ParquetSerializer.SerializeAsync(trials.Select(PackedTrial.Of), stream, new() { CompressionMethod = CompressionMethod.Zstd }).GetAwaiter().GetResult();
        File.Move(beside, path, overwrite: true);
    }
}
