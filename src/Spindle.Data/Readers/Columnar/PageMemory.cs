namespace Spindle.Data.Readers.Columnar;

/// <summary>The memory that the pages of all columns of a file may take together: eight times the file and 64 MiB, since pages are compressed
/// and a text's characters take two bytes.</summary>
/// <param name="fileLength">The file's bytes.</param>
internal sealed class PageMemory(long fileLength)
{
    private const long Allowance = 64L << 20;

    private readonly long most = Math.Min(fileLength, long.MaxValue / 16) * 8 + Allowance;
    private long reserved;

    /// <summary>Takes memory.</summary>
    /// <exception cref="FormatException">There is not enough left.</exception>
    public void Reserve(long bytes)
    {
        reserved += bytes;
        if (bytes < 0 || reserved < 0 || reserved > most)
            throw new FormatException($"its pages need more than {most >> 20} MiB at once; save it with smaller pages");
    }

    /// <summary>Gives memory back.</summary>
    public void Release(long bytes) => reserved -= bytes;
}
