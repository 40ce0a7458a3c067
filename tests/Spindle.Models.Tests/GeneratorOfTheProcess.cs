namespace Spindle.Models.Tests;

/// <summary>Tests that set the seed of libtorch's generator, which all tests of the process share, and depend on what is drawn from it.</summary>
[CollectionDefinition(nameof(GeneratorOfTheProcess), DisableParallelization = true)]
public sealed class GeneratorOfTheProcess;
