using Spindle.Designs.Plans;
using Spindle.Search.Storage;
using Spindle.Search.Tests.Synthetic;
using Spindle.Search.Trials;

namespace Spindle.Search.Tests.Storage;

public sealed class TrialPageQueryTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly SqliteTrialStore store;

    public TrialPageQueryTests()
    {
        store = SqliteTrialStore.OpenOrCreate(scratch["pages.db"]);
        store.Add([.. from option in (string[])["lora", "50%_lora", "bitfit"] from sample in Enumerable.Range(0, 4) from task in (string[])["left", "right"] select Spec(option, sample, task)]);
        foreach (var (score, place) in ((double[])[70, 90, 80]).Select((score, place) => (score, place)))
            store.Complete(store.Claim($"worker {place}")!, SyntheticRunner.Outcome(score, 1) with { Seconds = place });
        store.Fail(store.Claim("worker")!, "Out of memory");
        store.Claim("worker");
    }

    public void Dispose()
    {
        store.Dispose();
        scratch.Dispose();
    }

    [Fact]
    public void Pages_follow_each_other_without_gaps_and_the_count_is_that_of_all()
    {
        var ids = Enumerable.Range(0, 4).SelectMany(page => store.Page(new() { Skip = page * 7, Take = 7 }).Trials).Select(trial => trial.Id);
        Assert.Equal(Enumerable.Range(1, 24).Select(id => (long)id).Order(), ids.Order());
        Assert.Equal(24, store.Page(new() { Skip = 100 }).Count);
        Assert.Empty(store.Page(new() { Skip = 100 }).Trials);
    }

    [Fact]
    public void Filters_hold_together()
    {
        Assert.Equal(8, store.Page(new() { Option = "lora" }).Count);
        Assert.Equal(4, store.Page(new() { Option = "lora", Task = "left" }).Count);
        Assert.Equal(0, store.Page(new() { Option = "lora", Stage = "S2" }).Count);
        Assert.Equal(3, store.Page(new() { State = TrialState.Completed }).Count);
        Assert.Equal(["running"], store.Page(new() { State = TrialState.Running }).Trials.Select(trial => trial.State.ToString().ToLowerInvariant()));
        Assert.Equal("Out of memory", Assert.Single(store.Page(new() { Text = "OUT OF" }).Trials).Failure);
    }

    [Fact]
    public void A_text_is_sought_as_it_is_and_never_as_a_pattern_or_as_a_statement()
    {
        Assert.Equal(8, store.Page(new() { Text = "0%_l" }).Count);
        Assert.Equal(0, store.Page(new() { Text = "5%_l" }).Count);
        Assert.Equal(0, store.Page(new() { Text = "' or 1 = 1 --" }).Count);
        Assert.Equal(0, store.Page(new() { Stage = "S1' or '1' = '1" }).Count);
        Assert.Equal(0, store.Page(new() { Text = "\\" }).Count);
    }

    [Theory]
    [InlineData(true, new[] { 90.0, 80, 70 })]
    [InlineData(false, new[] { 70.0, 80, 90 })]
    public void Trials_without_a_score_come_last_in_either_order(bool isDescending, double[] scores)
    {
        var sorted = store.Page(new() { Order = TrialOrder.Score, IsDescending = isDescending }).Trials;
        Assert.Equal(scores, sorted.Take(3).Select(trial => trial.Score!.Value));
        Assert.All(sorted.Skip(3), trial => Assert.Null(trial.Score));
    }

    [Fact]
    public void Trials_are_sorted_by_every_column() =>
        Assert.All(Enum.GetValues<TrialOrder>(), order => Assert.Equal(24, store.Page(new() { Order = order, Take = 100 }).Trials.DistinctBy(trial => trial.Id).Count()));

    private static TrialSpec Spec(string option, int sample, string task) => new(new("S1", option, sample, task, 1, 1), new TuningPlan.Sized(null, [new(0, [new("lora", 8, 400)])]));
}
