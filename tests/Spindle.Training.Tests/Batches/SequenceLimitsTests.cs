using Spindle.Data.Tasks;
using Spindle.Data.Text;
using Spindle.Models.Tuning;
using Spindle.Tests;
using Spindle.Training.FineTuning;
using Spindle.Training.Settings;
using Spindle.Training.Specification;
using Spindle.Training.Tuned;

namespace Spindle.Training.Tests.Batches;

/// <summary>Each backbone and task has one smallest <c>max-length</c>: its special tokens and one token of each text.</summary>
public sealed class SequenceLimitsTests : IDisposable
{
    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("spindle-lengths-");

    public void Dispose() => temporary.Delete(recursive: true);

    [Theory]
    [InlineData("bert", "builtin/sentiment", HeadKind.Joint, 3)]
    [InlineData("bert", "builtin/entailment", HeadKind.Joint, 5)]
    [InlineData("bert", "builtin/entailment", HeadKind.SentenceEncoder, 3)]
    [InlineData("roberta", "builtin/sentiment", HeadKind.Joint, 3)]
    [InlineData("roberta", "builtin/entailment", HeadKind.Joint, 6)]
    [InlineData("t5", "builtin/sentiment", HeadKind.LanguageModel, 2)]
    [InlineData("t5", "builtin/entailment", HeadKind.LanguageModel, 3)]
    public void The_smallest_length_holds_the_special_tokens_and_one_token_of_each_text(string name, string task, HeadKind head, int shortest)
    {
        var (tokenizer, known) = (TextTokenizers.Load(SharedFiles.BesideFixtures("tokenizers", name)), TaskCatalogue.Default.Find(task));
        Assert.Equal(shortest, SequenceLimits.ShortestOf(tokenizer, known, head));
        SequenceLimits.RequireLongEnough(shortest, tokenizer, known, head, name);
        var second = known.Pairs && head == HeadKind.Joint ? "films" : null;
        Assert.Equal(shortest, tokenizer.Encode("words words", second, known.Pairs && head == HeadKind.LanguageModel ? 3 : shortest).Ids.Length);
        var error = Assert.Throws<InvalidDataException>(() => SequenceLimits.RequireLongEnough(shortest - 1, tokenizer, known, head, name)).Message;
        Assert.Contains($"max-length {shortest - 1}: {name} needs at least {shortest} tokens for task '{task}'", error, StringComparison.Ordinal);
        Assert.Contains($"raise it to {shortest} or more", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("builtin/sentiment", HeadKind.Joint, 3)]
    [InlineData("builtin/entailment", HeadKind.Joint, 5)]
    [InlineData("builtin/entailment", HeadKind.SentenceEncoder, 3)]
    public void A_model_of_the_smallest_length_is_trained_and_read_back_and_a_shorter_one_is_refused_before_training(string task, HeadKind head, int shortest)
    {
        var folder = Path.Combine(temporary.FullName, "model");
        using (var tuner = Tuner(shortest - 1))
            Assert.Contains($"needs at least {shortest} tokens", Assert.Throws<InvalidDataException>(() => tuner.Task(task)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        using (var tuner = Tuner(shortest))
            Assert.Null(tuner.Train(SmallTuner.Request("bitfit", task, folder: folder)).Failure);
        using var predictor = TunedPredictor.Load(folder, StrategyRegistry.Default);
        Assert.Equal(2, predictor.Predict([.. TaskCatalogue.Default.Load(task, null).Validation[0].Examples.Take(2)], TestContext.Current.CancellationToken).Count);

        FineTuner Tuner(int length) => SmallTuner.Tuner(SmallTuner.Training with { Head = head, MaxLength = length });
    }
}
