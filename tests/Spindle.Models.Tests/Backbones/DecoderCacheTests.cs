using Spindle.Models.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace Spindle.Models.Tests.Backbones;

/// <summary>A decoder that remembers computes what one that reads everything anew computes, whatever tunes it.</summary>
public class DecoderCacheTests
{
    private const double Tolerance = 2e-4;

    public static MatrixTheoryData<string, string> Ways { get; } = new(["bart-tiny", "t5-tiny", "t5-v1_1-tiny"], Way.Names.Where(name => !Way.Of(name).IsGated)); // a gate reads all tokens that are read at once

    [Theory]
    [MemberData(nameof(Ways))]
    public void Token_by_token_gives_the_states_of_all_tokens_at_once(string folder, string name)
    {
        var tiny = new TinyBackbone(folder);
        using var backbone = (ISequenceToSequence)tiny.Load();
        using var model = tiny.Attach(backbone, Way.Of(name));
        TinyBackbone.Disturb(model, seed: 3, deviation: 0.05);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var batch = tiny.Batch();
        var target = backbone.Tokens.ShiftRight(batch.Ids);
        var memory = backbone.EncodeSource(batch)[^1];
        var whole = backbone.Decode(target, memory, batch.Mask)[^1];
        using var cache = backbone.CreateCache(memory, batch.Mask);
        for (var at = 0; at < target.shape[1]; at++)
        {
            using var step = NewDisposeScope(); // what is remembered outlives the step
            AssertNear(whole.narrow(1, at, 1), backbone.DecodeNext(target.narrow(1, at, 1), cache), $"token {at}");
            Assert.Equal(at + 1, cache.Length);
        }
    }

    [Theory]
    [InlineData("bart-tiny")]
    [InlineData("t5-tiny")]
    public void Rows_that_were_selected_go_on_from_where_they_came(string folder)
    {
        const int Before = 4;
        var tiny = new TinyBackbone(folder);
        using var backbone = (ISequenceToSequence)tiny.Load();
        using var model = tiny.Attach(backbone, Way.Of("all four"));
        TinyBackbone.Disturb(model, seed: 3, deviation: 0.05);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var batch = tiny.Batch();
        var target = backbone.Tokens.ShiftRight(batch.Ids);
        using var cache = backbone.CreateCache(backbone.EncodeSource(batch)[^1], batch.Mask);
        for (var at = 0; at < Before; at++) backbone.DecodeNext(target.narrow(1, at, 1), cache);

        int[] rows = [2, 0, 0, 1, 2];
        cache.SelectRows(rows, sameSource: false);
        var index = tensor(rows.Select(row => (long)row).ToArray());
        var (mask, source) = (batch.Mask.index_select(0, index), batch.Ids.index_select(0, index));
        // the second of the rows that went on twice goes on with another token
        var next = target.index_select(0, index).narrow(1, 0, Before + 1).clone();
        next[2, Before] = (next[2, Before] + 1) % backbone.VocabularySize;
        var whole = backbone.Decode(next, backbone.EncodeSource(new(source, mask, null))[^1], mask)[^1];
        AssertNear(whole.narrow(1, Before, 1), backbone.DecodeNext(next.narrow(1, Before, 1), cache), "the next token");
    }

    private static void AssertNear(Tensor expected, Tensor actual, string what)
    {
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(difference <= Tolerance, $"{what}: off by {difference:G3}");
    }
}
