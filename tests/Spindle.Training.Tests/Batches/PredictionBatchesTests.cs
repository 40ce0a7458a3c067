using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Designs.Plans;
using Spindle.Models;
using Spindle.Models.Backbones;
using Spindle.Models.Heads;
using Spindle.Models.Parameters;
using Spindle.Models.Tuning;
using Spindle.Training.Batches;
using Spindle.Training.Evaluation;
using static TorchSharp.torch;

namespace Spindle.Training.Tests.Batches;

public sealed class PredictionBatchesTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Every_row_is_in_one_batch_and_only_a_single_row_has_more_tokens_than_allowed(int seed, bool pairs)
    {
        const int mostRows = 7, mostTokens = 100;
        var rows = Rows(new(seed), 200, longest: 120, pairs);
        var batches = PredictionBatches.Of(rows, CPU, mostRows, mostTokens).ToArray();
        Assert.Equal(Enumerable.Range(0, rows.Length), batches.SelectMany(batch => batch).Order());
        Assert.All(batches, batch => Assert.InRange(batch.Length, 1, mostRows));
        Assert.All(batches.Where(batch => batch.Length > 1), batch => Assert.InRange(PaddedTokens(batch.Select(row => rows[row])), 1, mostTokens));
        // as many rows as fit
        Assert.All(batches.Zip(batches.Skip(1)), pair => Assert.True(pair.First.Length == mostRows || PaddedTokens(pair.First.Append(pair.Second[0]).Select(row => rows[row])) > mostTokens));
    }

    [Fact]
    public void On_a_device_with_its_own_memory_only_rows_are_counted()
    {
        var rows = Rows(new(1), 20, longest: 120, pairs: false);
        Assert.Equal([8, 8, 4], PredictionBatches.Of(rows, META, 8, 100).Select(batch => batch.Length));
    }

    [Fact]
    public void Long_rows_are_scored_in_few_tokens_at_a_time_with_the_logits_that_each_has_alone_in_the_order_of_the_rows()
    {
        const int labels = 3;
        var rows = Rows(new(5), 48, longest: 60, pairs: true);
        var task = new TaskDefinition("pairs", TaskKind.Classification, ["a", "b", "c"], true, ["accuracy"], null);
        using var backbone = BackboneCatalogue.Load("minilm-l6", new());
        CountingHead? head = null;
        using var model = TunedModel.Create(backbone, new TuningPlan.Sized(null, []), StrategyRegistry.Default, random => head = new(new SentenceEncoderHead(backbone.HiddenSize, labels, true, random)), seed: 1);
        var objective = new LabelObjective(LabelLogits.Of(task), paddingId: 0);
        var together = objective.Logits(model, rows, TestContext.Current.CancellationToken);
        Assert.InRange(head!.Largest, 512, PredictionBatches.Scored);
        foreach (var (row, logits) in rows.Zip(together))
        {
            var alone = objective.Logits(model, [row], TestContext.Current.CancellationToken)[0];
            for (var label = 0; label < labels; label++) Assert.Equal(alone[label], logits[label], 1e-5f);
        }
    }

    private static EncodedExample[] Rows(Random random, int count, int longest, bool pairs)
    {
        return [.. Enumerable.Range(0, count).Select(row => new EncodedExample(Sequence(), pairs ? Sequence() : null, row % 3))];

        Encoding Sequence()
        {
            var ids = Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => random.Next(1000, 30000)).ToArray();
            return new(ids, new int[ids.Length]);
        }
    }

    private static int PaddedTokens(IEnumerable<EncodedExample> rows)
    {
        var batch = rows.ToArray();
        return batch.Length * (batch.Max(row => row.First.Ids.Length) + batch.Max(row => row.Second?.Ids.Length ?? 0));
    }

    private sealed class CountingHead(ISequenceHead head) : ISequenceHead
    {
        public long Largest { get; private set; }

        public string Name => head.Name;

        public IReadOnlyList<TrainedParameter> Parameters => head.Parameters;

        public Tensor Logits(IBackbone backbone, ModelInput input)
        {
            Largest = Math.Max(Largest, input.First.Ids.numel() + input.Second!.Ids.numel());
            return head.Logits(backbone, input);
        }
    }
}
