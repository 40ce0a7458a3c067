using Parquet;
using Parquet.Serialization;

namespace Spindle.Benchmarks.Recording.Table;

/// <summary>Parquet files of rows of one type.</summary>
internal static class TableFile
{
    /// <summary>Reads a file.</summary>
    /// <typeparam name="TRow">The type of its rows.</typeparam>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is not such a table.</exception>
    public static IList<TRow> Read<TRow>(string path)
        where TRow : class, new()
    {
        try
        {
            using var stream = File.OpenRead(path);
            return ParquetSerializer.DeserializeAsync<TRow>(stream).GetAwaiter().GetResult().Data;
        }
        catch (Exception error) when (error is not (FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException))
        {
            // a damaged file causes exceptions of every kind in the reader
            throw new InvalidDataException($"{path}: this is not a table of the recorded benchmark ({error.Message.ReplaceLineEndings(" ")}); restore it, or delete it and write it again", error);
        }
    }

    /// <summary>Writes a file. It is written beside and renamed.</summary>
    /// <typeparam name="TRow">The type of its rows.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="rows">The rows.</param>
    public static void Write<TRow>(string path, IEnumerable<TRow> rows)
        where TRow : class
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var beside = path + ".new";
        using (var stream = File.Create(beside))
            ParquetSerializer.SerializeAsync(rows, stream, new() { CompressionMethod = CompressionMethod.Zstd }).GetAwaiter().GetResult();
        File.Move(beside, path, overwrite: true);
    }
}
