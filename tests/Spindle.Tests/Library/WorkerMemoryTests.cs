using Spindle.Models.Backbones;
using Spindle.Studies;
using Spindle.Training.Settings;

namespace Spindle.Tests.Library;

public class WorkerMemoryTests
{
    private const long Gigabyte = 1_000_000_000;

    [Theory]
    [InlineData(4, 1, 8, 4)]
    [InlineData(100_000, 1, 8, 8)]
    [InlineData(2, 1, 0, 1)]
    public void As_many_workers_run_as_fit_in_memory_and_at_least_one(int wanted, long each, long free, int fitting)
    {
        var (workers, warning) = WorkerMemory.Fit(wanted, each * Gigabyte, free * Gigabyte);
        Assert.Equal(fitting, workers);
        if (fitting == wanted) Assert.Null(warning);
        else Assert.Contains(FormattableString.Invariant($"{wanted} workers of about {each}.0 GB each do not fit in the {free}.0 GB of memory that are free; {fitting} run"), warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_larger_backbone_larger_batches_and_full_fine_tuning_take_more_memory()
    {
        using var backbone = BackboneCatalogue.Outline("minilm-l6", new());
        var study = new Study("small", "minilm-l6", ["builtin/sentiment"]) { Search = new() { Baselines = [] } };
        var memory = WorkerMemory.Estimate(backbone.Shape, study);
        Assert.InRange(memory, Gigabyte / 2, 2 * Gigabyte);
        Assert.True(WorkerMemory.Estimate(backbone.Shape with { Parameters = 2 * backbone.Shape.Parameters }, study) > memory);
        Assert.True(WorkerMemory.Estimate(backbone.Shape, study with { Training = study.Training with { BatchSize = 2 * study.Training.BatchSize } }) > memory);
        Assert.True(WorkerMemory.Estimate(backbone.Shape, study with { Training = study.Training with { Precision = Precision.BFloat16 } }) < memory);
        Assert.True(WorkerMemory.Estimate(backbone.Shape, study with { Training = study.Training with { ActivationCheckpointing = true } }) < memory);
        Assert.True(WorkerMemory.Estimate(backbone.Shape, study with { Search = study.Search with { Baselines = ["full"] } }) > memory);
    }

    [Fact]
    public void The_free_memory_of_this_machine_is_known() => Assert.InRange(WorkerMemory.Free, 1 << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
