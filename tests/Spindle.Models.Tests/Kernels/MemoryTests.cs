using Spindle.Models.Kernels;

namespace Spindle.Models.Tests.Kernels;

/// <summary>How kernels share rows among threads.</summary>
public sealed class MemoryTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(7, 3)]
    [InlineData(1000, 4)]
    public void Every_row_is_computed_once_however_many_threads_share_them(int rows, int threads)
    {
        var computed = new int[rows];
        var parts = 0;
        Memory.ForRows(rows, work: 1 << 20, threads, (first, end) =>
        {
            Interlocked.Increment(ref parts);
            for (var row = first; row < end; row++) Interlocked.Increment(ref computed[row]);
        });
        Assert.All(computed, times => Assert.Equal(1, times));
        Assert.Equal(Math.Min(rows, threads), parts);
    }

    [Fact]
    public void Little_work_stays_on_one_thread()
    {
        var parts = 0;
        Memory.ForRows(8, work: 16, threads: 4, (_, _) => parts++);
        Assert.Equal(1, parts);
    }
}
