using BenchmarkDotNet.Running;
using Spindle.Benchmarks.Tokenizers;

// `throughput [SHARED]` takes seconds and prints megabytes a second of processor time; anything else goes to BenchmarkDotNet
if (args is not ["throughput", ..]) BenchmarkSwitcher.FromAssembly(typeof(TokenizerBenchmark).Assembly).Run(args);
else Throughput.Print(args.Length > 1 ? args[1] : Corpus.Shared);
