using System.Diagnostics;
using System.Globalization;
using Spindle.Benchmarks;
using Spindle.Models.Backbones;
using Spindle.Models.Generation;
using TorchSharp;
using static TorchSharp.torch;

// greedy text of one length, with the key/value cache and with the whole prefix run again for every token
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var name = args is [var wanted, ..] ? wanted : "bart-base";
var tokens = args is [_, var count] ? int.Parse(count) : 128;
set_num_threads(Environment.ProcessorCount);
var folder = RealConfigurations.Write(name);
using var backbone = (ISequenceToSequence)BackboneCatalogue.Initialise(folder.FullName, new(), seed: 1);
folder.Delete(recursive: true);
using var scope = NewDisposeScope();
using var noGrad = no_grad();
var source = new TokenBatch(randint(1000, 30000, [1, 64]), ones([1, 64], dtype: ScalarType.Int64), null);
Cached(8);
Again(8);
var (cached, again) = (double.MaxValue, double.MaxValue);
int[] first = [], second = [];
for (var round = 0; round < 2; round++)
{
    var clock = Stopwatch.StartNew();
    first = Cached(tokens);
    cached = Math.Min(cached, clock.Elapsed.TotalSeconds);
    clock.Restart();
    second = Again(tokens);
    again = Math.Min(again, clock.Elapsed.TotalSeconds);
}
Console.WriteLine($"{name}, random weights in float32, {tokens} tokens greedy from a source of 64, {get_num_threads()} threads");
Console.WriteLine($"with the cache {cached:F2} s, without {again:F2} s: {again / cached:F1} times; the texts are {(first.SequenceEqual(second) ? "equal" : "NOT equal")}");
return 0;

int[] Cached(int length)
{
    using var decoder = new SequenceDecoder(backbone, source);
    return TokenGenerator.Generate(decoder, 1, new()
    {
        StartId = backbone.Tokens.Start,
        EndId = backbone.Tokens.End,
        MaximumLength = length + 1,
        MinimumLength = length + 1,
    })[0];
}

// what a decoder without a cache does: the whole prefix for every token
int[] Again(int length)
{
    using var inner = NewDisposeScope();
    var memory = backbone.EncodeSource(source)[^1];
    var ids = new List<int> { backbone.Tokens.Start };
    for (var step = 0; step < length; step++)
    {
        using var token = NewDisposeScope();
        var hidden = backbone.Decode(tensor(ids.ToArray(), dtype: ScalarType.Int64).unsqueeze(0), memory, source.Mask)[^1];
        var logits = backbone.LanguageLogits(hidden.narrow(1, step, 1)).flatten();
        logits[backbone.Tokens.End] = float.NegativeInfinity;
        ids.Add((int)logits.argmax().ToInt64());
    }
    return [.. ids];
}
