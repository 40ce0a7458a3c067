using BenchmarkDotNet.Running;
using Spindle.Benchmarks.Designs;

BenchmarkSwitcher.FromAssembly(typeof(SolverBenchmark).Assembly).Run(args);
