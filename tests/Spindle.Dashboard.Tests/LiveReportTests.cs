using Spindle.Dashboard.Live;

namespace Spindle.Dashboard.Tests;

public sealed class LiveReportTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Many_who_ask_at_once_share_one_computation_and_later_ones_get_the_same_report()
    {
        var report = new LiveReport(Long);
        using var begun = new ManualResetEventSlim();
        var computed = 0;
        Task<string?>[] asked = [.. Enumerable.Range(0, 8).Select(_ => report.Read("1", Compute))];
        begun.Set();
        Assert.All(await Task.WhenAll(asked), page => Assert.Equal("page 1", page));
        Assert.Equal("page 1", await report.Read("1", Compute));

        string Compute()
        {
            begun.Wait(TestContext.Current.CancellationToken);
            return $"page {Interlocked.Increment(ref computed)}";
        }
    }

    [Fact]
    public async Task A_changed_store_gets_another_report()
    {
        var report = new LiveReport(Long);
        Assert.Equal("old", await report.Read("1", () => "old"));
        // the old one is shown for as long as it took to compute
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal("new", await report.Read("2", () => "new"));
        Assert.Equal("new", await report.Read("2", () => throw new InvalidOperationException("computed without need")));
    }

    [Fact]
    public async Task Who_asks_for_a_report_that_takes_long_hears_so_at_once_and_finds_it_later_even_if_the_store_changes_all_the_time()
    {
        var report = new LiveReport(TimeSpan.FromMilliseconds(20));
        using var mayEnd = new ManualResetEventSlim();
        var computations = 0;
        Assert.Null(await report.Read("1", Compute));
        Assert.Null(await report.Read("2", Compute));
        // a computation that takes a second
        await Task.Delay(1_000, TestContext.Current.CancellationToken);
        mayEnd.Set();
        string? page = null;
        for (var version = 3; page is null; version++) page = await report.Read($"{version}", Compute);
        Assert.Equal("page 1", page);
        Assert.Equal(1, Volatile.Read(ref computations));

        string Compute()
        {
            var number = Interlocked.Increment(ref computations);
            mayEnd.Wait(TestContext.Current.CancellationToken);
            return $"page {number}";
        }
    }

    [Fact]
    public async Task Why_a_computation_failed_is_told_to_one_who_asks_and_the_next_tries_again()
    {
        var report = new LiveReport(TimeSpan.FromMilliseconds(1));
        using var mayEnd = new ManualResetEventSlim();
        Assert.Null(await report.Read("1", Fail));
        mayEnd.Set();
        InvalidDataException? why = null;
        while (why is null)
        {
            try
            {
                Assert.Null(await report.Read("1", Fail));
            }
            catch (InvalidDataException thrown)
            {
                why = thrown;
            }
        }

        Assert.Equal("damaged", why.Message);
        string? page = null;
        while (page is null) page = await report.Read("1", () => "mended");
        Assert.Equal("mended", page);

        string Fail()
        {
            mayEnd.Wait(TestContext.Current.CancellationToken);
            throw new InvalidDataException("damaged");
        }
    }
}
