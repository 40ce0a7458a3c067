namespace Spindle.Tests;

/// <summary>The memory that reading a file may take: four times the file and 64 MiB. Everything that is allocated counts, also what is free again.</summary>
internal static class Allocation
{
    private const long Allowance = 64 << 20;

    /// <summary>Fails where reading allocates more.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it on this thread.</param>
    public static void IsBounded(string path, Action read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        read();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Allowance + 4 * new FileInfo(path).Length);
    }

    /// <summary>Fails where reading allocates more, or does not end with a message of one line that begins with the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads it on this thread.</param>
    /// <param name="reason">A part of the message.</param>
    public static void IsBoundedAndRefused(string path, Action read, string reason) => IsBounded(path, () =>
    {
        var message = Assert.Throws<InvalidDataException>(read).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    });
}
